"""The visible label: there, legible, in its corner, in its language, and only where a model had a part."""

import pytest
from PIL import Image, ImageChops

from provenance.errors import StatementError
from provenance.media.label import Corner, Language, labelled
from provenance.statement.vocabulary import Maker


def changed(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.difference(before, after).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("maker", [Maker.AI, Maker.AI_ASSISTED])
@pytest.mark.parametrize("paper", ["white", "black", "gray"])
def test_the_letters_stand_out_from_any_picture(language: Language, maker: Maker, paper: str) -> None:
    before = Image.new("RGB", (512, 512), paper)
    left, top, right, bottom = changed(before, labelled(before, maker, language))
    greys = sorted(labelled(before, maker, language).crop((left, top, right, bottom)).convert("L").tobytes())
    plate, letters = (greys[len(greys) // 4] / 255) ** 2.2, (greys[-20] / 255) ** 2.2
    assert (letters + 0.05) / (plate + 0.05) >= 4.5  # WCAG AA
    assert bottom - top >= 20


@pytest.mark.parametrize("corner", list(Corner))
def test_it_lies_in_its_corner_and_touches_nothing_else(corner: Corner) -> None:
    before = Image.new("RGB", (600, 400), "white")
    left, top, right, bottom = changed(before, labelled(before, Maker.AI, Language.ENGLISH, corner))
    assert ("left" in corner) == (left < 300) and ("top" in corner) == (top < 200)
    assert right - left <= 0.75 * 600 and bottom - top <= 50


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (40, 30), (64, 64), (30, 900), (900, 30), (4096, 2160)])
def test_pictures_of_any_size_can_carry_it(size: tuple[int, int]) -> None:
    before = Image.new("RGB", size, "white")
    assert labelled(before, Maker.AI_ASSISTED, Language.FRENCH).size == size


def test_the_longest_words_stay_legible_on_a_small_picture() -> None:
    before = Image.new("RGB", (256, 256), "white")
    _, top, right, bottom = changed(before, labelled(before, Maker.AI_ASSISTED, Language.FRENCH))
    assert bottom - top >= 14 and right <= 256


def test_the_picture_itself_is_left_alone() -> None:
    before = Image.new("RGB", (100, 100), "white")
    labelled(before, Maker.AI, Language.GERMAN)
    assert before.getextrema() == ((255, 255),) * 3


def test_the_eus_letters_say_whether_it_was_generated_or_modified() -> None:
    before = Image.new("RGB", (800, 450), "white")
    made = {
        (form, maker): labelled(before, maker, form).tobytes()
        for form in (Language.EU, Language.EU_BASIC)
        for maker in (Maker.AI, Maker.AI_ASSISTED)
    }
    assert made[Language.EU, Maker.AI] != made[Language.EU, Maker.AI_ASSISTED]
    assert made[Language.EU_BASIC, Maker.AI] == made[Language.EU_BASIC, Maker.AI_ASSISTED]
    words = changed(before, labelled(before, Maker.AI, Language.EU))
    letters = changed(before, labelled(before, Maker.AI, Language.EU_BASIC))
    assert words[2] - words[0] > 2 * (letters[2] - letters[0])


@pytest.mark.parametrize("maker", [Maker.HUMAN, Maker.CAMERA, Maker.SOFTWARE, Maker.UNKNOWN])
def test_no_model_no_label(maker: Maker) -> None:
    with pytest.raises(StatementError, match="no label that speaks of AI"):
        labelled(Image.new("RGB", (9, 9)), maker, Language.ENGLISH)
