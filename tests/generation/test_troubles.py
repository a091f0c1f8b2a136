"""What is wrong with the form is told at its field, in words for the page."""

import json
from dataclasses import replace

import pytest
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from form_samples import GOOD

from generation.studio.studio import Studio
from generation.tabs.sheet import layout_facts, mask_facts
from generation.tabs.steering import Steering
from generation.tabs.troubles import troubles_of
from provenance.tabs.fields.at_field import as_json
from provenance.tabs.fields.people import PersonRow

DREW, PAINTS = PersonRow("layout", "Mori Aoi"), PersonRow("prompt", "Abe Rin")


@pytest.fixture
def studio(archive):
    return Studio.open(archive, "house")


@pytest.fixture
def good(layout):
    return replace(GOOD, layout=str(layout), people=(DREW, PAINTS))


def test_a_form_that_is_filled_in_has_no_trouble(studio, good):
    assert troubles_of(studio, good) == []
    for steered in (Steering(extend_left=64), Steering(extend_top=8, fill=True), Steering(large=2048)):
        assert troubles_of(studio, replace(good, steering=steered)) == []
    unnamed = replace(good, people=(DREW, PersonRow("prompt", "", True)))
    assert troubles_of(studio, unnamed) == []


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"layout": None}, "gz-layout", "Drop a drawing here"),
        ({"prompt": " "}, "gz-prompt", "Say in a few words"),
        ({"prompt": "a" * 10_001}, "gz-prompt", "there is room for 10,000"),
        ({"people": (DREW, PersonRow("prompt", " "))}, "gz-your-name", "Write your name"),
        ({"people": (DREW, PersonRow("prompt", "Midjourney"))}, "gz-your-name", "software"),
        ({"people": (PersonRow("layout", "Aoi\u202e"), PAINTS)}, "gz-drawn-by", "invisible mark"),
        ({"people": (DREW, PAINTS, PersonRow("other", "Midjourney"))}, "gz-people", "software"),
        ({"origin": "print", "people": (PersonRow("layout", ""), PAINTS)}, "gz-origin", "by whom"),
        ({"seed": "x"}, "gz-seed", "whole number"),
        ({"other_names": "nobody"}, "gz-other-names", "NAME=SHOWN"),
        ({"shot": "c" * 101}, "gz-production", "at most 100"),
        ({"shot": "c\ud800"}, "gz-production", "half a character"),
        ({"production": "Film\u200b"}, "gz-production", "the production holds the invisible mark U+200B"),
        ({"other_names": "x" * 4_001}, "gz-other-names", "the other names have at most 4,000"),
        ({"credit_line": "x" * 201}, "gz-credit-line", "a credit line has at most 200"),
        ({"credit_line": "Kita \u202e atiK"}, "gz-credit-line", "invisible mark U+202E"),
        ({"credit_line": "Kita\ud800"}, "gz-credit-line", "invisible mark U+D800"),
        ({"steps": 1, "strength": 0.3}, "gz-strength", "no step"),
        ({"prompt": "a red house \ud800"}, "gz-prompt", "half a character"),
        ({"steering": Steering(fill=True)}, "gz-steering", "nothing to fill"),
        ({"steering": Steering(extend_left=1.5)}, "gz-steering", "whole number of pixels"),
        ({"steering": Steering(weights=[["ink", "much"]])}, "gz-steering", "are numbers"),
        ({"steering": Steering(references=["/tmp/a.png"])}, "gz-references", "looks at the layout alone"),
    ],
)
def test_each_trouble_stands_at_its_field(studio, good, change, field, words):
    (found,) = troubles_of(studio, replace(good, **change))
    assert found.id == field and words.lower() in found.words.lower()
    assert "--" not in found.words and found.words.endswith((".", ")"))
    assert json.loads(as_json([found]))[0]["id"] == field


def test_pictures_beside_the_layout_are_told_where_they_are_given(studio, good, tmp_path):
    """Broken ones, and a depth picture that is not as large as the layout."""
    Image.new("L", (8, 8), 255).save(tmp_path / "small.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    steered = Steering(style=str(tmp_path / "broken.png"), depth=str(tmp_path / "small.png"))
    broken, other = troubles_of(studio, replace(good, steering=steered))
    assert broken.id == "gz-style" and str(tmp_path) not in broken.words
    assert other.id == "gz-depth" and "8 x 8 pixels and the layout 96 x 64" in other.words
    assert broken.folds == other.folds == ("gz-more", "gz-steering")


@pytest.mark.parametrize(
    ("size", "steered", "words"),
    [
        (
            (20000, 40),
            {},
            "too long and narrow to be painted: crop it, so that its longer side is at most 128 times",
        ),
        (
            (2000, 100),
            {},
            "painted at 512 x 26: a side has at least 32 pixels; give a long side of at least 640",
        ),
        ((20000, 40), {"extend_top": 2000}, ""),
    ],
)
def test_a_layout_of_a_shape_that_cannot_be_painted_is_told_at_the_layout(
    studio, good, tmp_path, size, steered, words
):
    """When it arrives, and again where somebody presses Paint all the same."""
    Image.new("1", size, 1).save(tmp_path / "line.png")
    form = replace(good, layout=str(tmp_path / "line.png"), long_side=512, steering=Steering(**steered))
    arrived, troubles = layout_facts(studio, form), troubles_of(studio, form)
    assert ("gz-bad" in arrived) is bool(words) and words in arrived
    assert [(each.id, each.folds) for each in troubles] == ([("gz-layout", ())] if words else [])
    assert all(words in each.words for each in troubles)


def test_what_should_be_kept_out_is_told_there_where_the_guidance_is_too_low(studio, good):
    (found,) = troubles_of(studio, replace(good, negative="people", guidance=1.0))
    assert (found.id, found.folds) == ("gz-negative", ("gz-more", "gz-settings"))


def test_several_troubles_are_told_at_once_in_the_order_of_the_page(studio, good):
    found = troubles_of(studio, replace(good, prompt="", seed="x", people=(DREW, PersonRow("prompt", ""))))
    assert [each.id for each in found] == ["gz-prompt", "gz-your-name", "gz-seed"]
    assert found[-1].folds == ("gz-more", "gz-settings")


def test_a_mask_that_does_not_fit_is_told_where_it_is_dropped(studio, layout, tmp_path):
    small, fitting, black = (tmp_path / name for name in ("small.png", "fitting.png", "black.png"))
    Image.new("L", (8, 8), 255).save(small)
    Image.new("L", (96, 64), 255).save(fitting)
    Image.new("L", (96, 64), 0).save(black)
    assert "8 x 8 pixels and the layout 96 x 64" in mask_facts(studio, str(small), str(layout))
    assert "black all over" in mask_facts(studio, str(black), str(layout))
    assert "gz-bad" not in mask_facts(studio, str(fitting), str(layout))
    assert mask_facts(studio, None, str(layout)) == ""
