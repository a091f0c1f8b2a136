"""Recorded pictures painted again: with the real model, from what ledger and vault hold."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house
from PIL import Image

from generation.cli import genzu
from generation.engine.engine import Engine
from generation.errors import ReplayError
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio import replay as replays
from generation.studio.replay import ReplayOutcome, distance, replay
from generation.studio.studio import Studio
from provenance.errors import Stopped
from provenance.media.label import Language
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.credit import parse_credit

QUICK = PaintSettings("night", strength=1.0, num_inference_steps=2, long_side=128, seed=2**63 + 1)
BY = (parse_credit("prompt: Sato Hana"),)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(find_model("house"))


@pytest.fixture
def studio(archive: Archive, engine: Engine) -> Studio:
    opened = Studio.open(archive, "house")
    opened._engine = engine  # loaded once for all tests
    return opened


@pytest.mark.parametrize("name", ["out.png", "out.jpg", "out.webp"])
def test_the_same_machine_paints_the_same_picture_in_every_format(studio, layout, tmp_path, name):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / name))
    told = replay(studio, studio.archive.ledger.picture(made.record.picture))
    assert told.outcome is ReplayOutcome.IDENTICAL
    assert str(told) == "identical"


def test_mask_label_and_the_layouts_own_colours_are_painted_again_too(studio, tmp_path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path, mask = tmp_path / "layout.png", tmp_path / "mask.png"
    draw_house().save(path, icc_profile=profile)
    Image.new("L", (96, 64), 255).save(mask)
    job = Job(BY, tmp_path / "out.png")
    made = studio.paint(path, QUICK, job, mask=mask, label=Language("ja"))
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL


def test_a_record_whose_numbers_are_not_the_pictures_is_different(studio, layout, tmp_path):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
    said = made.record.statement
    forged = replace(made.record, statement=replace(said, parameters={**said.parameters, "seed": "7"}))
    told = replay(studio, forged)
    assert told.outcome is ReplayOutcome.DIFFERENT
    assert told.distance is not None and told.distance.largest > replays.LARGEST
    assert "of 255 at most" in str(told)


def test_what_differs_between_the_two_runs_is_told(studio, layout, tmp_path):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
    elsewhere = replace(made.record, facts={**made.record.facts, "torch": "2.8.0", "threads": 64})
    told = replay(studio, elsewhere)
    assert told.outcome is ReplayOutcome.IDENTICAL
    assert "threads 64 and " in str(told) and "torch 2.8.0 and " in str(told)


@pytest.mark.parametrize(
    ("largest", "share", "outcome"),
    [(16, 1, ReplayOutcome.WITHIN), (17, 1, ReplayOutcome.DIFFERENT), (16, 96 * 64, ReplayOutcome.DIFFERENT)],
)
def test_the_tolerance_bounds_the_largest_and_the_mean_difference(largest, share, outcome):
    one, other = Image.new("RGB", (96, 64)), Image.new("RGB", (96, 64))
    for place in range(share):
        other.putpixel((place % 96, place // 96), (largest,) * 3)
    far = distance(one, other)
    near = far.largest <= replays.LARGEST and far.mean <= replays.MEAN
    assert (ReplayOutcome.WITHIN if near else ReplayOutcome.DIFFERENT) is outcome


def test_what_cannot_be_painted_again_says_why(studio, layout, tmp_path, film):
    drawn = film.layout("layout: Mori Aoi").record
    with pytest.raises(ReplayError, match="was not painted by a model"):
        replay(studio, drawn)
    other = film.paint(drawn and film.draw(), "prompt: Sato Hana").record
    with pytest.raises(ReplayError, match="name the model that painted it"):
        replay(studio, other)
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
    studio.archive.ledger.erase(made.record.picture)
    with pytest.raises(ReplayError, match="its words are erased"):
        replay(studio, studio.archive.ledger.picture(made.record.picture))


def test_a_layout_that_is_not_in_the_vault_is_named(studio, layout, tmp_path):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
    given = made.record.statement.parent.resource.digest
    studio.archive.vault.discard(given)
    with pytest.raises(ReplayError, match="is not in the vault"):
        replay(studio, made.record)


def run(home: Path, *words: str):
    return CliRunner().invoke(genzu, ["--home", str(home), "replay", *words])


def test_the_command_answers_with_an_exit_code_and_writes_nothing(studio, layout, tmp_path, film):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png")).record
    drawn = film.layout("layout: Mori Aoi").record
    studio.archive.later.close()
    home = studio.archive.settings.home
    before = sorted(each for each in home.rglob("*") if each.is_file())
    size = len(list(studio.archive.ledger.entries()))
    told = run(home, made.picture)
    assert told.exit_code == 0 and f"{made.picture}  identical" in told.output
    told = run(home, "--all", "--json")
    assert json.loads(told.stdout)["pictures"][0]["outcome"] == "identical"
    told = run(home, made.picture, drawn.picture)
    assert told.exit_code == 2 and "was not painted by a model" in told.output
    assert size == len(list(studio.archive.ledger.entries()))
    assert {each.name for each in before} >= {
        each.name
        for each in home.rglob("*")
        if each.is_file() and not each.name.startswith("ledger.sqlite3-")
    } - {"models.json"}


def test_an_interrupt_that_python_swallowed_ends_a_replay(studio, layout, tmp_path, monkeypatch):
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png")).record
    monkeypatch.setattr("generation.commands.replay.was_asked", lambda: True)
    told = run(studio.archive.settings.home, made.picture)
    assert isinstance(told.exception, Stopped)
    assert "identical" not in told.output


def test_a_sample_is_drawn_again_by_the_same_words(studio, layout, tmp_path):
    for number in range(4):
        asked = replace(QUICK, seed=number)
        studio.paint(layout, asked, Job(BY, tmp_path / f"{number}.png"))
    home = studio.archive.settings.home

    def drawn(*words: str) -> list[str]:
        answer = run(home, "--all", "--sample", "2", "--json", *words)
        assert answer.exit_code == 0
        return [each["picture"] for each in json.loads(answer.stdout)["pictures"]]

    assert drawn("--lot", "autumn") == drawn("--lot", "autumn")
    assert len({*drawn("--lot", "a"), *drawn("--lot", "b"), *drawn("--lot", "c"), *drawn("--lot", "d")}) > 2


@pytest.mark.parametrize("words", [(), ("--all", "pic-1"), ("--sample", "3", "pic-1")])
def test_what_is_asked_is_ids_or_all(settings, words):
    assert run(settings.home, *words).exit_code == 2
