"""Rows of a sheet and steps of a recipe name works and pictures of their own, and the records tell them apart."""

import json
from pathlib import Path

import pytest
import tiny_pipelines
from click.testing import CliRunner, Result
from conftest import draw_house
from PIL import Image

from generation.batch.farm_painter import paint_part
from generation.cli import genzu
from provenance.ledger.store.records import PictureRecord, State
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.statement import InputRole

pytest.importorskip("peft", reason="a LoRA needs genzu[lora]")

QUICK = ("--steps", "2", "--strength", "1", "--long-side", "64", "--by", "prompt: Abe Rin")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small model and works that were made for it."""
    folder = tmp_path_factory.mktemp("studio")
    base = tiny_pipelines.stable_diffusion(folder / "tiny")
    tiny_pipelines.control_net(folder / "nets" / "lineart", base)
    tiny_pipelines.control_net(folder / "nets" / "depth", base)
    tiny_pipelines.depth_estimator(folder / "nets" / "estimator")
    tiny_pipelines.lora(folder / "ink.safetensors", base)
    tiny_pipelines.embedding(folder / "kita-style.safetensors")
    tiny_pipelines.ip_adapter(folder / "ip", base)
    Image.new("RGB", (32, 32), "teal").save(folder / "style.png")
    draw_house((96, 64)).save(folder / "c.png")
    return folder


@pytest.fixture
def folder(tmp_path: Path, studio: Path) -> Path:
    """A production's folder: sheets are written here, everything else is named from it by links."""
    for each in studio.iterdir():
        (tmp_path / each.name).symlink_to(each)
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    model = ("--model", str(folder / "tiny"))
    return CliRunner().invoke(genzu, ["--home", str(folder / "home"), *words, *model, *QUICK])


def batch(folder: Path, rows: str, *options: str) -> Result:
    (folder / "sheet.jsonl").write_text(rows, encoding="utf-8")
    return run(folder, "batch", str(folder / "sheet.jsonl"), "-o", str(folder / "out"), *options)


def painted(folder: Path) -> dict[str, PictureRecord]:
    """The newest released picture of each shot."""
    with open_archive(Settings(home=folder / "home")) as archive:
        found = archive.ledger.pictures(state=State.RELEASED, limit=-1)
    return {each.statement.project.shot: each for each in reversed(found)}


def used(record: PictureRecord) -> list[tuple[str, float, float]]:
    return [(each.label, each.scale, each.end) for each in record.statement.adapters]


def lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(each) + "\n" for each in rows)


LINED = {"layout": "c.png", "prompt": "a house", "shot": "lines", "control": "lineart=nets/lineart:0.8@0-0.6"}
INKED = {"layout": "c.png", "prompt": "a house", "shot": "ink", "lora": "ink.safetensors:0.5"}
PLAIN = {"layout": "c.png", "prompt": "a house", "shot": "plain"}
SAID = {
    "layout": "c.png",
    "prompt": "kita-style house",
    "shot": "said",
    "embedding": "kita-style.safetensors",
}
STYLED = {
    "layout": "c.png", "prompt": "a house", "shot": "style", "style": "style.png",
    "ip-adapter": "ip/ip-adapter.safetensors:0.7",
}  # fmt: skip
DEEP = {
    "layout": "c.png", "prompt": "a house", "shot": "deep", "control": "depth=nets/depth",
    "depth-model": "nets/estimator",
}  # fmt: skip


def test_each_row_uses_the_works_that_it_names_and_is_painted_once(folder: Path) -> None:
    rows = (LINED, INKED, PLAIN, SAID, STYLED, DEEP)
    done = batch(folder, lines(*rows))
    assert done.exit_code == 0, done.output + str(done.exception)
    found = painted(folder)
    assert used(found["lines"]) == [("ControlNet (lineart)", 0.8, 0.6)]
    assert used(found["ink"]) == [("LoRA", 0.5, 1.0)]
    assert used(found["plain"]) == []
    assert used(found["said"]) == [("textual inversion", 1.0, 1.0)]
    assert used(found["style"]) == [("IP-Adapter", 0.7, 1.0)]
    assert used(found["deep"]) == [("ControlNet (depth)", 1.0, 1.0), ("depth estimator", 1.0, 1.0)]
    assert InputRole.REFERENCE in {each.role for each in found["style"].statement.inputs}
    assert found["deep"].facts["control_depth"].startswith("the layout's depth")
    looks = {each.output.pixels for each in found.values()}
    assert len(looks) == len(rows)
    # A row more brings a work more, and changes nothing of what is there.
    other = {**INKED, "shot": "more", "lora": "ink.safetensors:0.9"}
    again = batch(folder, lines(*rows, other))
    assert "1 painted, 6 there already" in again.output


def test_a_row_that_weighs_its_work_anew_is_painted_anew_and_the_others_are_not(folder: Path) -> None:
    assert batch(folder, lines(LINED, INKED)).exit_code == 0
    less = {**LINED, "control": "lineart=nets/lineart:0.3@0-0.6"}
    again = batch(folder, lines(less, INKED), "--force")
    assert "1 painted, 1 there already" in again.output, again.output
    assert used(painted(folder)["lines"]) == [("ControlNet (lineart)", 0.3, 0.6)]


def test_works_of_the_command_hold_for_every_row_that_names_none(folder: Path) -> None:
    own = {**LINED, "control": "lineart=nets/lineart:0.2"}
    everywhere = ("--control", f"lineart={folder / 'nets' / 'lineart'}:0.9", "--dtype", "bfloat16")
    assert batch(folder, lines(PLAIN, own), *everywhere).exit_code == 0
    found = painted(folder)
    assert used(found["plain"]) == [("ControlNet (lineart)", 0.9, 1.0)]
    assert used(found["lines"]) == [("ControlNet (lineart)", 0.2, 1.0)]
    assert {each.facts["dtype"] for each in found.values()} == {"bfloat16"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**STYLED, "style": "gone.png"}, "row 1, style: there is no file"),
        ({**STYLED, "ip-adapter": None}, "a style picture needs an IP-Adapter"),
        ({**DEEP, "depth-model": None}, "name a depth estimator"),
        ({**SAID, "prompt": "a house"}, "nothing in the prompt calls kita-style.safetensors"),
        ({**INKED, "lora": "ink.safetensors:9"}, "row 1: a LoRA is named FILE or FILE:SCALE, with a scale from -4"),
        ({**LINED, "guide": "lineart=style.png"}, "the picture for lineart is 32 x 32 pixels"),
        ({**PLAIN, "reference": "style.png"}, "looks at the layout alone"),
        ({**PLAIN, "weigh": "ink=0.3"}, "there is no 'ink' beside this model to weigh"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told_at_its_row_and_the_others_are_painted(
    folder: Path, row: dict[str, object], words: str
) -> None:
    done = batch(folder, lines(row, {**PLAIN, "name": "kept"}))
    told = done.output + str(done.exception or "")
    assert words in told, told
    assert "1 painted" in told
    assert set(painted(folder)) == {"plain"}


def test_two_networks_for_one_kind_are_one_sentence_before_anything_is_painted(folder: Path) -> None:
    other = {**LINED, "shot": "other", "control": "lineart=nets/depth"}
    done = batch(folder, lines(LINED, other))
    assert "two works of this run are called lineart" in str(done.exception)
    assert not (folder / "home").exists()


def test_a_farm_paints_a_row_with_its_works_and_pictures_as_this_machine_does(folder: Path) -> None:
    rows = lines(LINED, STYLED, {**DEEP, "extend": "left=32", "strength": "1"})
    assert batch(folder, rows, "--job", str(folder / "job")).exit_code == 0
    for shot in ("lines", "style", "deep"):
        assert paint_part(folder / "job", shot, "1-8") == [f"{shot}-0.png painted"]
    done = batch(folder, rows, "--painted", str(folder / "job"))
    assert done.exit_code == 0, done.output
    far = {shot: each.output.pixels for shot, each in painted(folder).items()}
    (folder / "home").rename(folder / "far")
    (folder / "out").rename(folder / "far-out")
    assert batch(folder, rows).exit_code == 0
    assert {shot: each.output.pixels for shot, each in painted(folder).items()} == far


RECIPE = """\
[all]
by = "prompt: Abe Rin"
prompt = "a house"
steps = 2

[[step]]
name = "lines"
strength = 1.0
long-side = 64
control = "lineart=nets/lineart:0.8"

[[step]]
name = "ink"
strength = 0.6
lora = "ink.safetensors"

[[step]]
name = "upscale"
upscale = 160
steps = 4
model = "{model}"
"""


def recipe(folder: Path, text: str, *options: str) -> Result:
    (folder / "way.toml").write_text(text.replace("{model}", str(folder / "tiny")), encoding="utf-8")
    (folder / "layouts").mkdir(exist_ok=True)
    draw_house((96, 64)).save(folder / "layouts" / "c1.png")
    words = ("run", str(folder / "way.toml"), str(folder / "layouts"), "-o", str(folder / "out"))
    model = ("--model", str(folder / "tiny"))
    return CliRunner().invoke(genzu, ["--home", str(folder / "home"), *words, *model, *options])


def test_a_recipe_goes_from_lines_to_a_large_picture_and_each_step_has_its_own_works(folder: Path) -> None:
    done = recipe(folder, RECIPE)
    assert done.exit_code == 0, done.output + str(done.exception)
    with open_archive(Settings(home=folder / "home")) as archive:
        steps = list(reversed(archive.ledger.pictures(state=State.RELEASED, limit=-1)))
    assert [used(each) for each in steps] == [[("ControlNet (lineart)", 0.8, 1.0)], [("LoRA", 1.0, 1.0)], []]
    large = steps[-1]
    assert (large.output.width, large.output.height) == (160, 108)
    assert large.statement.parameters["upscaled"] is True
    assert (large.statement.parameters["strength"], large.facts["tiles"]) == (0.25, 6)
    assert steps[1].picture == large.statement.parent.picture
    assert "3 there already" in recipe(folder, RECIPE).output


def test_a_step_takes_none_of_the_works_that_all_steps_have(folder: Path) -> None:
    everywhere = '[all]\ncontrol = "lineart=nets/lineart"\nip-adapter = "ip/ip-adapter.safetensors"\n'
    none = RECIPE.replace("[all]\n", everywhere).replace(
        "upscale = 160", 'upscale = 160\ncontrol = ""\nip-adapter = ""'
    )
    told = recipe(folder, none, "--dry-run")
    assert told.exit_code == 0, told.output + str(told.exception)
    assert not (folder / "home").exists()
    done = recipe(folder, none)
    assert done.exit_code == 0, done.output + str(done.exception)
    with open_archive(Settings(home=folder / "home")) as archive:
        steps = list(reversed(archive.ledger.pictures(state=State.RELEASED, limit=-1)))
    assert [len(used(each)) for each in steps] == [1, 2, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("upscale = 160", "upscale = 9000"), "9000"),
        (('model = "{model}"', 'model = "gone"'), "there is no model 'gone'"),
        (('model = "{model}"', 'model = ["a", "b"]'), "a step is painted with one model"),
        (("strength = 0.6", "strength = 0.01"), "leaves no step to run"),
        (("nets/lineart", "nets/not/there"), "there is no ControlNet"),
    ],
)
def test_what_a_later_step_cannot_do_is_told_before_the_first_is_painted(
    folder: Path, change: tuple[str, str], words: str
) -> None:
    done = recipe(folder, RECIPE.replace(*change))
    assert words in done.output + str(done.exception), done.output
    assert not list((folder / "out").glob("*.png"))


def test_a_grid_varies_how_a_work_is_weighed(folder: Path) -> None:
    done = run(
        folder, "grid", str(folder / "c.png"), "-o", str(folder / "out"), "--prompt", "a house",
        "--lora", str(folder / "ink.safetensors"), "--vary", "weigh=ink=0.2,ink=1", "--vary", "seed=1..2",
    )  # fmt: skip
    assert done.exit_code == 0, done.output + str(done.exception)
    with open_archive(Settings(home=folder / "home")) as archive:
        found = archive.ledger.pictures(state=State.RELEASED, limit=-1)
    assert sorted(used(each)[0][1] for each in found) == [0.2, 0.2, 1.0, 1.0]
    assert (folder / "out" / "grid.jpg").exists()
