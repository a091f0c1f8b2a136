"""A large picture: a bare drawing is painted first, then made larger, in one press; both are on the record."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import draw_house
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from form_samples import GOOD

from generation.request.request import UPSCALE_STRENGTH
from generation.studio.studio import Studio
from generation.tabs.form import AskedForm, Fields, asked, painted_first
from generation.tabs.line import Run
from generation.tabs.steering import Steering
from generation.tabs.work import work, work_of
from provenance.ledger.store.records import State
from provenance.release.archive import Archive
from provenance.tabs.fields.people import PersonRow
from provenance.tabs.fields.uploads import own_uploads

SMALL = {"steps": 4, "long_side": 64, "strength": 1.0, "guidance": None}


@pytest.fixture
def studio(archive: Archive) -> Studio:
    return Studio.open(archive, "house")


def ask(studio: Studio, layout: Path, **more: object) -> AskedForm:
    people = (PersonRow("layout", "Mori Aoi"), PersonRow("prompt", "Abe Rin"))
    form: Fields = replace(
        GOOD, **SMALL, layout=str(layout), people=people, steering=Steering(large=96), **more
    )  # type: ignore[arg-type]
    plain = asked(form, studio.capabilities)
    return painted_first(form, studio.capabilities, plain, bare=studio.is_bare(layout))


def run(studio: Studio, wanted: AskedForm) -> Run:
    made = Run("visitor", "203.0.113.5", wanted.pictures, lambda *_: None)
    work(studio, wanted, made, lambda *_: None, lambda: False)
    return made


@pytest.mark.parametrize("no_training", [False, True])
def test_a_bare_drawing_is_painted_and_then_made_larger_and_the_record_says_both(
    studio: Studio, tmp_path: Path, no_training: bool
) -> None:
    draw_house((96, 64)).save(tmp_path / "layout.png")
    wanted = ask(studio, tmp_path / "layout.png", count=2, no_training=no_training, label="en")
    assert wanted.pictures == 4
    made = run(studio, wanted).made
    records = [each.record for each in made]
    assert [each.state for each in records] == [State.RELEASED] * 4
    assert [each.output.width for each in records if each.output] == [64, 96, 64, 96]
    strengths = [each.statement.parameters["strength"] for each in records]
    assert strengths == [1.0, UPSCALE_STRENGTH] * 2
    seeds = [each.statement.parameters["seed"] for each in records]
    assert seeds == ["7", "7", "8", "8"]
    for first, second in (records[:2], records[2:]):
        assert second.statement.inputs[0].picture == first.picture
        assert "label" not in first.facts and second.facts["label"] == "en"
        assert second.statement.prompt == first.statement.prompt


def test_what_is_painted_already_is_only_made_larger(studio: Studio, tmp_path: Path) -> None:
    draw_house((96, 64)).save(tmp_path / "layout.png")
    Image.linear_gradient("L").resize((96, 64)).convert("RGB").save(tmp_path / "painting.png")
    assert ask(studio, tmp_path / "painting.png").pictures == 1
    # White snow under a white sky looks like paper; our record knows better.
    small = replace(ask(studio, tmp_path / "layout.png"), count=1)
    first = run(studio, replace(small, settings=small.passes[0], first=None)).made[0]
    assert ask(studio, first.path).pictures == 1


def test_a_part_of_a_drawing_is_not_painted_as_a_whole_first(studio: Studio, tmp_path: Path) -> None:
    draw_house((96, 64)).save(tmp_path / "layout.png")
    Image.new("L", (96, 64), 255).save(tmp_path / "mask.png")
    assert ask(studio, tmp_path / "layout.png", mask=str(tmp_path / "mask.png")).first is None


def test_a_run_needs_no_upload_once_it_has_its_place_and_leaves_nothing_behind(
    studio: Studio, tmp_path: Path
) -> None:
    layout = tmp_path / "layout.png"
    draw_house((96, 64)).save(layout)
    before = {each.name for each in own_uploads().parent.iterdir()}
    todo = work_of(studio, ask(studio, layout, count=2))
    layout.unlink()  # as the page clears uploads away after an hour ...

    def step(*_: object) -> None:
        shutil.rmtree(own_uploads() / "deliveries", ignore_errors=True)  # ... and its own copies

    made = Run("visitor", "203.0.113.5", 4, todo)
    todo(made, step, lambda: False)
    assert len(made.made) == 4
    never = work_of(studio, ask(studio, made.made[0].path))
    assert {each.name for each in own_uploads().parent.iterdir()} - before - {"uploads"} != set()
    del never  # called off while it waited
    assert {each.name for each in own_uploads().parent.iterdir()} - before - {"uploads"} == set()
