"""The form of the page: what it takes, what it refuses in a sentence, and what it says will be public."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from form_samples import GOOD, read

from generation.errors import GenerationError, RequestError
from generation.model.model import Model, find_model
from generation.model.pipelines import capabilities_of
from generation.request.request import SEEDS
from generation.tabs.choices import new_seed
from generation.tabs.form import asked, made_public, seed_of
from provenance.errors import ProvenanceError, StatementError
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import Disclosure, SourceType, Stage
from provenance.tabs.fields.people import PersonRow, credits_of

HOUSE = capabilities_of(find_model("house"))


@pytest.fixture(scope="module")
def model() -> Model:
    return find_model("house")


def test_a_filled_form_is_a_request():
    ask = asked(GOOD, HOUSE)
    assert ask.settings.seed == 7
    assert ask.credits == (Credit(Role.LAYOUT, "Mori Aoi"),)
    assert ask.project.shot == "c014" and ask.project.stage is Stage.TEMP
    assert ask.disclosure is Disclosure.FULL and ask.origin is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layout": None}, "choose a layout"),
        ({"prompt": "  "}, "prompt is empty"),
        ({"prompt": "\u200b\u3000"}, "prompt is empty"),
        ({"prompt": "a" * 100_000}, "at most 10,000 characters"),
        ({"negative": "a" * 10_001}, "at most 10,000 characters"),
        ({"seed": "-1"}, "whole number"),
        ({"seed": "１２"}, "whole number"),
        ({"seed": str(SEEDS.stop)}, "whole number"),
        ({"shot": "c" * 101}, "at most 100 characters"),
        ({"people": (PersonRow("layout", " "),)}, "at least one person"),
        ({"other_names": "Mori Aoi, Kumo"}, "NAME=SHOWN"),
        ({"other_names": "Mori Aio = Kumo"}, "nobody of that name is credited"),
        ({"credit_line": "k" * 201}, "credit line"),
        ({"people": (PersonRow("layout", "Midjourney"),)}, "person 1 \\(layout\\)"),
        ({"people": (PersonRow("layout", "Aoi\u202e"),)}, "invisible mark"),
        ({"origin": "digitalCreation", "people": (PersonRow("prompt", "Tanaka Ren"),)}, "by whom"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_sentence(change, words):
    with pytest.raises((RequestError, StatementError), match=words):
        asked(replace(GOOD, **change), HOUSE)


def test_a_layout_with_an_origin_may_be_by_somebody_who_asked_not_to_be_named():
    ask = asked(replace(GOOD, origin="print", people=(PersonRow("layout", "", True),)), HOUSE)
    assert ask.origin is SourceType.PRINT and ask.credits == (Credit(Role.LAYOUT, None),)


def test_seeds_keep_every_digit():
    assert seed_of("18446744073709551615") == SEEDS.stop - 1
    assert seed_of(new_seed()) in SEEDS


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=40), st.booleans()), max_size=4))
def test_whatever_a_browser_sends_as_people_gives_credits_or_a_sentence(rows):
    try:
        credits = credits_of([PersonRow(*row) for row in rows])
    except (ProvenanceError, GenerationError) as error:
        assert str(error)
    else:
        assert credits


def test_empty_lines_are_left_out_and_repeated_ones_count_once():
    row = PersonRow("layout", "Mori Aoi")
    assert credits_of([row, PersonRow("other", ""), row]) == (Credit(Role.LAYOUT, "Mori Aoi"),)


def test_what_will_be_public_is_told_before_and_is_text(model):
    hostile = replace(GOOD, people=(PersonRow("layout", "<img src=x onerror=alert(1)>"),))
    told = made_public(hostile, model, HOUSE, "Genzu")
    assert "&lt;img src=x onerror=alert(1)&gt;" in told and "<img" not in told
    assert "sunset, house" in told and "CC-BY-SA-4.0" in told
    assert "24 steps, 16 of them run, seed 7" in read(told)


def test_the_size_that_is_told_is_the_one_that_the_layout_will_give(model, tmp_path):
    layout = tmp_path / "layout.png"
    Image.new("RGB", (1921, 1080)).save(layout)
    told = made_public(replace(GOOD, layout=str(layout)), model, HOUSE, "Genzu")
    assert "256 pixels wide, 144 high" in read(told)
    wrong = made_public(replace(GOOD, steps=1, strength=0.3), model, HOUSE, "Genzu")
    assert "leaves no step to run" in wrong


def test_a_mask_is_among_what_is_public_and_goes_along_with_the_request(model, tmp_path):
    mask = tmp_path / "mask.png"
    Image.new("L", (64, 64), 255).save(mask)
    form = replace(GOOD, mask=str(mask))
    assert asked(form, HOUSE).mask == mask and asked(GOOD, HOUSE).mask is None
    told = made_public(form, model, HOUSE, "Genzu")
    assert "<em>Mask:</em>" in told and "the layout and the mask themselves" in told
    assert "Mask" not in made_public(GOOD, model, HOUSE, "Genzu")


@pytest.mark.parametrize("disclosure", [Disclosure.DIGEST, Disclosure.ABSENT])
def test_a_prompt_that_stays_here_is_not_among_what_is_public(model, disclosure):
    told = made_public(replace(GOOD, disclosure=disclosure.value), model, HOUSE, "Genzu")
    assert "sunset" not in told and "the words of the prompt" in told


def test_the_preview_says_what_is_missing_instead_of_failing(model):
    assert "at least one person" in made_public(replace(GOOD, people=()), model, HOUSE, "Genzu")


def test_another_name_for_the_file_is_shown_beforehand_in_place_of_the_first(model):
    form = replace(GOOD, other_names="Mori Aoi = Kumo\n", credit_line=" Studio  Kita ", label="ja")
    told = made_public(form, model, HOUSE, "Genzu")
    assert "Kumo" in told and "Mori Aoi" not in told
    assert "Studio Kita" in told and "in a corner" in told
    assert "on this record's credit pages" in told  # the ledger's own name is no secret
    said = asked(form, HOUSE).job(Path("out.png")).terms.publication
    assert said.pseudonyms == {"Mori Aoi": "Kumo"} and said.credit_line == "Studio Kita"


def test_how_many_pictures_a_browser_asks_for_is_bounded():
    assert [asked(replace(GOOD, count=number), HOUSE).count for number in (-3, 1, 8, 4000)] == [1, 1, 8, 8]
