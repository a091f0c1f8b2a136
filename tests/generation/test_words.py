"""What a model understands is told, and what it was given is recorded beside what was typed, as private as that."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house

from generation.cli import genzu
from generation.engine.engine import Engine
from generation.errors import ModelError
from generation.model.model import HOUSE, find_model
from generation.request.request import PaintSettings
from generation.studio.replay import ReplayOutcome, replay
from generation.studio.studio import Studio
from generation.words.lexicon import understood
from provenance.credentials.read.reader import read_chain
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Prompt
from provenance.statement.vocabulary import Disclosure

BY = (parse_credit("prompt: Sato Hana"),)
TYPED, GIVEN = "雪の夜、赤い屋根の家", "white snow, winter, night, red roof, house"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(find_model("house"))


@pytest.fixture
def studio(archive: Archive, engine: Engine) -> Studio:
    opened = Studio.open(archive, "house")
    opened._engine = engine  # loaded once for all tests
    return opened


def quick(words: str) -> PaintSettings:
    return PaintSettings(words, strength=1.0, num_inference_steps=2, long_side=128)


def command(home: Path, *words: str) -> Result:
    return CliRunner().invoke(genzu, ["--home", str(home), *words])


def test_the_record_has_what_was_typed_and_the_file_says_both(studio, layout, tmp_path):
    made = studio.paint(layout, quick(TYPED), Job(BY, tmp_path / "out.png"))
    assert made.record.statement.prompt == Prompt(TYPED, given=GIVEN)
    step = read_chain(made.path, trust=studio.archive.trust).file
    assert step is not None
    assert (step.prompt, step.given) == (TYPED, GIVEN)


def test_japanese_paints_what_its_english_paints_and_is_painted_again_the_same(studio, layout, tmp_path):
    made = studio.paint(layout, quick(TYPED), Job(BY, tmp_path / "1.png"))
    english = studio.paint(layout, quick(GIVEN), Job(BY, tmp_path / "2.png"))
    assert made.record.output.pixels == english.record.output.pixels
    assert english.record.statement.prompt == Prompt(GIVEN)
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL


@pytest.mark.parametrize("disclosure", [Disclosure.DIGEST, Disclosure.ABSENT])
def test_a_prompt_kept_private_is_not_told_by_what_the_model_was_given(studio, layout, tmp_path, disclosure):
    made = studio.paint(layout, quick("怪獣、雪、橋"), Job(BY, tmp_path / "out.png"), disclosure=disclosure)
    data = made.path.read_bytes()
    step = read_chain(made.path, trust=studio.archive.trust).file
    assert step is not None
    assert (step.prompt, step.given) == (None, None)
    for secret in ("怪獣", "雪", "winter", "bridge"):
        assert secret.encode() not in data
        assert secret not in json.dumps(dict(made.record.statement.parameters), ensure_ascii=False)
        assert secret not in json.dumps(dict(made.record.facts), ensure_ascii=False)
    told = " ".join(json.dumps(each.body, ensure_ascii=False) for each in studio.archive.ledger.entries())
    assert "winter" not in told


def test_a_model_without_a_list_is_given_what_was_typed():
    assert understood(TYPED, None).prompt == TYPED
    assert understood(TYPED, None).remarks == ()


def test_what_is_wholly_unknown_is_given_as_it_was_typed():
    words = find_model("house").words
    found = understood("怪獣", words)
    assert found.prompt == "怪獣"
    assert found.remarks == ("The model was not taught: 怪獣. It paints by the other words.",)


def test_the_words_of_a_model_are_listed_by_kind(tmp_path: Path):
    told = json.loads(command(tmp_path, "words", "--json").output)
    assert {"time", "ground", "thing", "colour"} <= told["words"].keys()
    assert told["japanese"]["夜"] == "night"
    assert "night" in command(tmp_path, "words").output


def test_a_prompt_is_read_without_painting_it(tmp_path: Path):
    told = json.loads(command(tmp_path, "words", "雪、怪獣", "--json").output)
    assert (told["given"], told["unknown"]) == ("white snow, winter", ["怪獣"])
    assert not (tmp_path / "ledger.sqlite3").exists()


def test_a_model_that_lists_no_words_says_so(tmp_path: Path):
    found = command(tmp_path / "home", "words", "--model", str(HOUSE))  # a folder without its card
    assert isinstance(found.exception, ModelError)
    assert "does not list the words" in str(found.exception)


@pytest.mark.slow
def test_an_unknown_word_is_said_before_it_is_painted(tmp_path: Path):
    layout = tmp_path / "layout.png"
    draw_house().save(layout)
    asked = "--steps 2 --strength 1 --long-side 64 --by".split()
    found = command(
        tmp_path / "home", "paint", str(layout), "--prompt", "夜、dragon", *asked, "prompt: Sato Hana",
        "-o", str(tmp_path / "out.png"),
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "It is given: night, dragon (夜 = night)" in found.output
    assert "The model was not taught: dragon" in found.output
