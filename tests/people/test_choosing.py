"""`genzu choose`: by id, by file, or many from a table; all candidates are kept and told what became of them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generation.cli import genzu


@pytest.fixture
def cuts(film):
    """Two cuts with two candidates each."""
    made = {}
    for shot in ("c014", "c015"):
        layout = film.layout("layout: Mori Aoi", shot=shot)
        made[shot] = [film.paint(layout.path, "prompt: Sato Hana", shot=shot) for _ in range(2)]
    return made


def run(film, *words: object) -> Result:
    home = film.archive.settings.home
    return CliRunner().invoke(genzu, ["--home", str(home), *map(str, words)])


def test_a_candidate_is_chosen_by_its_signed_file_and_the_other_is_told_as_not_chosen(film, cuts):
    chosen, other = cuts["c014"]
    done = run(film, "choose", chosen.path, "--by", "Sato Hana", "--why", "the snow")
    assert done.exit_code == 0, done.output
    assert f"c014: {chosen.record.picture}, one of 2" in done.output
    told = run(film, "show", chosen.record.picture).output
    assert "chosen for " in told and "among 2 candidates, by Sato Hana" in told
    told = run(film, "show", other.record.picture).output
    assert f"not chosen: {chosen.record.picture} was chosen" in told
    said = json.loads(run(film, "show", other.record.picture, "--json").output)
    assert said["choice"].startswith("not chosen")
    untouched = run(film, "show", cuts["c015"][0].record.picture).output
    assert "chosen" not in untouched


def test_a_table_with_marks_chooses_for_many_cuts_at_once(film, cuts, tmp_path):
    ids = [each.record.picture for shot in cuts.values() for each in shot]
    table = tmp_path / "result.csv"
    table.write_text(
        "\ufeffpicture;chosen\n" + "".join(f"{each};{'x' * (at % 2)}\n" for at, each in enumerate(ids))
    )
    done = run(film, "choose", table, "--by", "Sato Hana")
    assert done.exit_code == 0, done.output
    assert [ids[1] in done.output, ids[3] in done.output, ids[0] in done.output] == [True, True, False]


@pytest.mark.parametrize("kind", ["two", "stranger", "column", "marks", "nothing"])
def test_where_one_cannot_be_chosen_nothing_is_written(film, cuts, tmp_path, kind):
    one, two = cuts["c014"]
    path = tmp_path / "table.csv"
    stranger = tmp_path / "other.png"
    stranger.write_bytes(one.path.read_bytes() + b"x")
    path.write_text("picture,name\na,b\n" if kind == "column" else "picture,chosen\na,\n")
    words: dict[str, tuple[list[object], str]] = {
        "two": ([one.path, two.path], "are both for"),
        "stranger": ([cuts["c015"][0].path, stranger], "has not released other.png"),
        "column": ([path], "lacks the column chosen"),
        "marks": ([path], "marks none"),
        "nothing": ([Path("no.png")], "there is no file no.png"),
    }
    what, sentence = words[kind]
    entries = len(film.archive.ledger)
    done = run(film, "choose", *what, "--by", "Sato Hana")
    assert done.exit_code != 0
    assert sentence in str(done.exception)
    assert len(film.archive.ledger) == entries
