"""A grid paints every meeting of its axes once, and its contact sheet names them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from generation.cli import genzu
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings


def grid(layout: Path, *words: str) -> Result:
    folder = layout.parent
    fixed = ("--steps", "2", "--long-side", "64", "--by", "prompt: Abe Rin", "-o", str(folder / "out"))
    return CliRunner().invoke(genzu, ["--home", str(folder / "home"), "grid", str(layout), *fixed, *words])


def test_words_seeds_and_strengths_meet_and_the_sheet_shows_them(layout, tmp_path):
    done = grid(layout, "--prompt", "{dusk|night} sky", "--vary", "strength=0.5,1", "--vary", "seed=3..4")
    assert done.exit_code == 0, done.output
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        records = archive.ledger.pictures(state=State.RELEASED, limit=-1)
    assert {
        (each.statement.prompt.text, each.statement.parameters["strength"], each.statement.parameters["seed"])
        for each in records
    } == {
        (f"{time} sky", strength, seed)
        for time in ("dusk", "night")
        for strength in (0.5, 1.0)
        for seed in "34"
    }
    assert {each.statement.project.shot for each in records} == {"layout"}
    assert sorted(each.name for each in (tmp_path / "out").glob("grid*")) == ["grid-1.jpg", "grid-2.jpg"]
    with Image.open(tmp_path / "out" / "grid-1.jpg") as sheet:
        assert sheet.width > 2 * 64
    assert (
        "8 there already"
        in grid(
            layout, "--prompt", "{dusk|night} sky", "--vary", "strength=0.5,1", "--vary", "seed=3..4"
        ).output
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--vary", "stength=1"), "OPTION=VALUE"),
        (("--vary", "strength"), "OPTION=VALUE"),
        (("--vary", "seed=1,1"), "one twice"),
        (("--vary", "seed="), "has no value"),
        (("--vary", "seed=9..1"), "the smaller one first"),
        (("--vary", "seed=1..900", "--vary", "strength=0.5,0.6"), "1,800 pictures"),
        (("--vary", "seed=1", "--vary", "seed=2"), "named twice"),
        (
            ("--vary", "seed=1", "--vary", "steps=2", "--vary", "strength=1", "--vary", "guidance=1"),
            "3 axes at most",
        ),
        ((), "name an axis"),
        (("--vary", "seed=one"), "is no whole number"),
    ],
)
def test_a_grid_that_cannot_be_is_one_sentence_and_nothing_is_made(layout, tmp_path, words, sentence):
    done = grid(layout, "--prompt", "night", *words)
    assert done.exit_code != 0
    assert sentence in done.output + str(done.exception)
    assert not list(tmp_path.glob("out/*.png"))
