"""The seam: a painted picture and its record, made together with the real model and the real engine."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from generation.engine.engine import Engine
from generation.errors import GenerationError, RequestError
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import OutputError, PictureError, StatementError, Stopped
from provenance.ledger.store.records import State
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Disclosure, Maker, SourceType

BY = (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "田中 蓮"))
WORDS = "sunset, pink sky, house"


def quick(words: str = WORDS, **said) -> PaintSettings:
    return PaintSettings(words, strength=1.0, num_inference_steps=2, long_side=128, seed=2**63 + 1, **said)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(find_model("house"))


@pytest.fixture
def studio(archive: Archive, engine: Engine) -> Studio:
    opened = Studio.open(archive, "house")
    opened._engine = engine  # loaded once for all tests
    return opened


def test_a_painted_picture_says_who_what_and_which_model(studio, layout, tmp_path):
    out = studio.paint(layout, quick(), Job(BY, tmp_path / "out.png", project=Project(shot="c014")))
    step = read_chain(out.path, trust=studio.archive.trust).file
    assert step.verdict is Verdict.INTACT_KNOWN
    assert step.maker is Maker.AI_ASSISTED
    assert step.source_type == SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    assert {(each.name, each.role) for each in step.people} == {("Mori Aoi", "layout"), ("田中 蓮", "prompt")}
    assert step.prompt == WORDS
    assert step.models[0]["digest"] == f"sha256:{studio.model.digest}"
    found = studio.archive.ledger.picture(out.record.picture)
    assert found.statement.prompt.text == WORDS
    assert found.statement.parameters["seed"] == str(2**63 + 1)
    assert found.facts["steps_run"] == found.statement.parameters["effective_steps"] == 2
    assert found.statement.project.shot == "c014"
    assert found.statement.model.license and found.statement.model.training


def test_the_model_that_is_recorded_is_the_one_on_disk(studio, layout, tmp_path):
    out = studio.paint(layout, quick(), Job(BY, tmp_path / "out.png"))
    folder = Path(studio.model.path)
    files = out.record.statement.model.files
    assert files
    for name, digest in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest.hex


def test_a_second_pass_carries_the_first_and_its_layout(studio, layout, tmp_path):
    first = studio.paint(layout, quick(), Job(BY, tmp_path / "1.png"))
    second = studio.paint(first.path, quick("night"), Job(BY, tmp_path / "2.png"))
    chain = read_chain(second.path, trust=studio.archive.trust)
    assert chain.verdict is not Verdict.ALTERED
    assert [step.prompt for step in chain.steps][-2:] == [WORDS, "night"]
    assert second.record.statement.parent.picture == first.record.picture


@pytest.mark.parametrize("disclosure", [Disclosure.DIGEST, Disclosure.ABSENT])
def test_a_prompt_that_is_not_to_be_public_is_nowhere_in_the_file(studio, layout, tmp_path, disclosure):
    secret = "the twist of episode nine"
    out = studio.paint(
        layout,
        quick(secret, negative_prompt="no spoilers"),
        Job(BY, tmp_path / "out.png"),
        disclosure=disclosure,
    )
    data = out.path.read_bytes()
    assert b"twist" not in data
    assert b"spoilers" not in data
    assert studio.archive.ledger.picture(out.record.picture).statement.prompt.text == secret


@pytest.mark.parametrize("name", ["out.png", "out.jpg", "out.webp", "out.tif"])
def test_each_format_is_signed_and_reads_back_intact(studio, layout, tmp_path, name):
    out = studio.paint(layout, quick(), Job(BY, tmp_path / name))
    assert read_chain(out.path, trust=studio.archive.trust).file.verdict is Verdict.INTACT_KNOWN
    assert Image.open(out.path).size == Image.open(tmp_path / name).size


def test_progress_counts_the_steps_that_run(studio, layout, tmp_path):
    seen = []
    studio.paint(layout, quick(), Job(BY, tmp_path / "out.png"), on_step=lambda *step: seen.append(step[:2]))
    assert seen[-1] == (2, 2)


def test_a_cancelled_picture_is_on_the_record_and_leaves_no_file(studio, layout, tmp_path):
    with pytest.raises(Stopped):
        studio.paint(layout, quick(), Job(BY, tmp_path / "out.png"), cancelled=lambda: True)
    assert [each.state for each in studio.archive.ledger.pictures()] == [State.CANCELLED]
    assert not (tmp_path / "out.png").exists()


def test_what_cannot_be_painted_is_refused_before_it_is_written_down(studio, layout, tmp_path):
    out = tmp_path / "out.png"
    with pytest.raises(RequestError, match="leaves no step"):
        studio.paint(layout, PaintSettings(WORDS, strength=0.1, num_inference_steps=2), Job(BY, out))
    with pytest.raises(RequestError, match="10,000"):
        studio.paint(layout, PaintSettings("x" * 100_000), Job(BY, out))
    with pytest.raises(StatementError, match="nobody is named"):
        studio.paint(layout, PaintSettings(WORDS), Job((), out))
    with pytest.raises(PictureError):
        studio.paint(tmp_path, PaintSettings(WORDS), Job(BY, out))
    with pytest.raises(OutputError, match="folder"):
        studio.paint(layout, PaintSettings(WORDS), Job(BY, tmp_path / "nowhere" / "out.png"))
    assert studio.archive.ledger.pictures() == []


def test_an_engine_that_fails_leaves_a_failed_record(studio, layout, tmp_path):
    def broken(*_: object) -> None:
        raise GenerationError("out of paint")

    studio.renderer = broken
    with pytest.raises(GenerationError, match="out of paint"):
        studio.paint(layout, quick(), Job(BY, tmp_path / "out.png"))
    assert [each.state for each in studio.archive.ledger.pictures()] == [State.FAILED]


def test_the_same_seed_paints_the_same_pixels(studio, layout, tmp_path):
    one = studio.paint(layout, quick(), Job(BY, tmp_path / "1.png"))
    two = studio.paint(layout, quick(), Job(BY, tmp_path / "2.png"))
    assert one.record.output.pixels == two.record.output.pixels
    assert one.digest != two.digest
    assert one.digest == Digest.of_file(one.path)
