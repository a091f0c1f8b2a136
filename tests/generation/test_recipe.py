"""A recipe's steps follow each other on the record, and a mistake in it is told with its line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house

from generation.batch.recipe import read_recipe
from generation.cli import genzu
from generation.commands.columns import columns
from generation.errors import SheetError
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings

RECIPE = """\
[recipe]
name = "winter"

[all]
by = ["layout: Mori Aoi", "prompt: Abe Rin"]
steps = 2
long-side = 64

[preset.soft]
strength = 0.5

[[step]]
prompt = "{weather} sky"
strength = 1.0

[[step]]
name = "Second pass"
preset = "soft"
prompt = "{weather} sky, painted"
long-side = 96
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("c1", "c2"):
        draw_house().save(tmp_path / f"{name}.png")
    (tmp_path / "winter.toml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "sheet.csv").write_text(
        "layout,weather,production\nc1.png,snow,Film\nc2.png,rain,Film\n", encoding="utf-8"
    )
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    arguments = [
        "--home",
        str(folder / "home"),
        "run",
        str(folder / "winter.toml"),
        str(folder / "sheet.csv"),
    ]
    return CliRunner().invoke(genzu, [*arguments, "-o", str(folder / "out"), *words])


def test_each_step_is_painted_over_the_one_before_and_only_the_last_has_candidates(folder):
    told = run(folder, "--dry-run")
    assert told.exit_code == 0, told.output
    assert "c2-2-second-pass: rain sky, painted" in told.output
    assert not (folder / "home").exists()
    done = run(folder, "--candidates", "2")
    assert done.exit_code == 0, done.output
    names = sorted(each.name for each in (folder / "out").glob("*.png"))
    assert names == [
        "c1-1-pass-1.png", "c1-2-second-pass-01.png", "c1-2-second-pass-02.png",
        "c2-1-pass-1.png", "c2-2-second-pass-01.png", "c2-2-second-pass-02.png",
    ]  # fmt: skip
    with open_archive(Settings(home=folder / "home")) as archive:
        records = archive.ledger.pictures(state=State.RELEASED, limit=-1)
    assert len(records) == 6
    first = {each.picture: each for each in records if each.statement.parent.picture is None}
    second = [each for each in records if each.picture not in first]
    assert len(first) == 2
    for each in second:
        before = first[each.statement.parent.picture]
        assert before.statement.project == each.statement.project
        assert each.statement.parameters["strength"] == 0.5
        assert max(each.output.width, each.output.height) == 96
    again = run(folder, "--candidates", "2")
    assert "6 there already" in again.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("strength = 1.0", "stength = 1.0"), "line 14: stength is no option"),
        (("strength = 0.5", "strength = [[1]]"), "line 10: strength is a text, a number"),
        (('preset = "soft"', 'preset = "hard"'), "line 18: there is no preset 'hard'"),
        (('name = "Second pass"', 'name = "Pass 1"'), "line 17: two steps are called 'Pass 1'"),
        (('name = "Second pass"', 'name = "../up"'), "line 17: a step has a plain name"),
        (("[preset.soft]", "[presets.soft]"), r"line 9: \[presets\] is none of"),
        (("[recipe]", "[recipe"), "line 1"),
        (("[[step]]", "[[pass]]"), r"line 12: \[pass\] is none of"),
    ],
)
def test_a_mistake_in_a_recipe_is_told_with_its_line(folder, change, words):
    path = folder / "winter.toml"
    path.write_text(RECIPE.replace(*change), encoding="utf-8")
    with pytest.raises(SheetError, match=words):
        read_recipe(path, columns())


def test_a_place_that_nothing_fills_and_a_value_that_cannot_be_are_told_before_anything_is_painted(folder):
    text = RECIPE.replace("{weather} sky, painted", "{time} sky").replace(
        "strength = 1.0", 'strength = "much"'
    )
    (folder / "winter.toml").write_text(text, encoding="utf-8")
    done = run(folder)
    told = str(done.exception) + done.output
    assert "nothing is given for {time}" in told or "'much' is no number" in told
    assert not (folder / "out").exists() or not list((folder / "out").glob("*.png"))
