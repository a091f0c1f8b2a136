"""The visible label: there, legible, in its corner, in its language, and only where a model had a part."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from provenance.errors import StatementError
from provenance.media.label import Language, labelled
from provenance.statement.vocabulary import Maker

DRAWINGS = Path(__file__).parents[1] / "data" / "eu_icons"
# Of the files in the Commission's pack (newsroom document 129546), as three others wrote them down who took it.
ICONS = {
    "basic-black": "58ffe859a4d74829d397f534a988081bcefb716849c7d3b84fa7a026dd1d257f",
    "basic-white": "5b3b94ae67fea55c4f2d013d0b8ed5b876c1533555ed0ed60e688f2f3ccf1a50",
    "generated-black": "503af176b05fd725e68b0aa526977d31bcd657d74b15c6103a57ace81384940f",
    "generated-white": "10125cdef3fc60a351df72fe1266bb00ea046086921bd1bb20135f0f07b5ed36",
    "modified-black": "2e7349e5eca4ee78eeef160dfef4545c31850932245373a07c5401e73e6599c0",
    "modified-white": "0c72a7d569a1447e2982a843e156bd5f9cb2ab6f201943c6c68f988dc2f1bb6e",
}


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
    icon = language in {Language.EU, Language.EU_BASIC}  # black letters in white, or white ones in black
    plate, letters = (greys[20 if icon else len(greys) // 4] / 255) ** 2.2, (greys[-20] / 255) ** 2.2
    assert (letters + 0.05) / (plate + 0.05) >= 4.5  # WCAG AA
    assert bottom - top >= 20


def test_it_lies_at_the_lower_right_and_touches_nothing_else() -> None:
    before = Image.new("RGB", (600, 400), "white")
    left, top, right, bottom = changed(before, labelled(before, Maker.AI, Language.ENGLISH))
    assert left >= 300 and top >= 200
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


def test_the_eus_icons_are_the_commissions_own_drawings() -> None:
    for name, digest in ICONS.items():
        assert hashlib.sha256((DRAWINGS / f"{name}.svg").read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize(
    ("paper", "badge"), [("white", 0), ("black", 255), ((118, 118, 118), 0), ((90, 90, 90), 255)]
)
def test_an_icon_is_black_on_light_and_white_on_dark(paper: str | tuple[int, int, int], badge: int) -> None:
    before = Image.new("RGB", (1000, 1000), paper)
    after = labelled(before, Maker.AI, Language.EU)
    left, top, right, bottom = changed(before, after)
    assert after.getpixel((left + 30, (top + bottom) // 2)) == (badge,) * 3
    assert 85 <= bottom - top <= 95 and right - left > 4 * (bottom - top)


def test_the_eus_icons_say_whether_it_was_generated_or_modified() -> None:
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
