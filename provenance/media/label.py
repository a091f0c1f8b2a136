"""A visible label in a corner of a picture: "AI-assisted", in six languages. On request, never by itself.

Two forms are the icons of the EU's code of practice on marking and labelling (10 June 2026): "AI GENERATED" or "AI
MODIFIED", and "AI" alone. They are drawn from the Commission's own files (docs/decisions/0247), black or white,
whichever stands out more from what lies below.

The words are drawn from masks in `labels/` (set in Noto Sans CJK, SIL Open Font License), so that every machine
shows Japanese alike, whatever fonts it has. The label changes pixels: put it on before the picture is encoded and
signed. It is for eyes; what programs should know stands in the credentials.
"""

from enum import StrEnum
from functools import cache
from importlib import resources

from PIL import Image, ImageStat

from provenance.errors import StatementError
from provenance.statement.vocabulary import Maker

SHARE = 0.07  # of the shorter side for the line: letters of 5 %, as GB 45438-2025 asks
ICON_SHARE = 0.09  # of the shorter side for an icon, whose letters take not quite half of it
LEAST = 14  # pixels of a line whose letters can still be read
WIDEST = 0.6  # of the picture's width
_MIDDLE = 118  # of 255: black and white have the same contrast to it (WCAG)
_PLATE = 168  # of 255: white letters keep a contrast of more than 4.5 : 1 on it over a white picture


class Language(StrEnum):
    """The words of the label: a language by its ISO 639 code, or an icon of the EU's code of practice."""

    ENGLISH = "en"
    JAPANESE = "ja"
    CHINESE = "zh"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    # No languages: the icons are the same everywhere. Fully generated or partially modified, by the record; and basic.
    EU = "eu"
    EU_BASIC = "eu-basic"


def labelled(image: Image.Image, maker: Maker, language: Language) -> Image.Image:
    """A copy of the picture (RGB) with the label at its lower right; StatementError where no model had a part in it."""
    if maker not in (Maker.AI, Maker.AI_ASSISTED):
        raise StatementError(f"a picture made by {maker.value} carries no label that speaks of AI")
    if language in (Language.EU, Language.EU_BASIC):
        generated = "generated" if maker is Maker.AI else "modified"
        return _with_icon(image, "basic" if language is Language.EU_BASIC else generated)
    words = _words(maker, language)
    width, height = image.size
    mask = words.resize(_fitting(words.size, image.size, SHARE, LEAST), Image.Resampling.LANCZOS)
    pad = max(1, mask.height // 4)
    size = (mask.width + 2 * pad, mask.height + 2 * pad)
    left, top = _place(size, (width, height), pad)
    out = image.convert("RGB") if image.mode != "RGB" else image.copy()
    out.paste((0, 0, 0), (left, top), Image.new("L", size, _PLATE))
    out.paste((255, 255, 255), (left + pad, top + pad), mask)
    return out


def _with_icon(image: Image.Image, name: str) -> Image.Image:
    out = image.convert("RGB") if image.mode != "RGB" else image.copy()
    black = _icon(name, "black")
    size = _fitting(black.size, out.size, ICON_SHARE, 2 * LEAST)
    place = _place(size, out.size, max(1, size[1] // 4))
    below = out.convert("L").crop((*place, place[0] + size[0], place[1] + size[1]))
    # The middle of the two in luminance: from there on black stands out more.
    light = ImageStat.Stat(below).mean[0] >= _MIDDLE
    icon = (black if light else _icon(name, "white")).resize(size, Image.Resampling.LANCZOS)
    out.paste(icon.convert("RGB"), place, icon.getchannel("A"))
    return out


def _fitting(words: tuple[int, int], picture: tuple[int, int], share: float, least: int) -> tuple[int, int]:
    """The size of a label: so high for the picture's shorter side, and no wider than there is room."""
    width, height = picture
    tall = max(least, round(share * min(width, height)))
    room = WIDEST if width >= 8 * tall else 0.96
    tall = max(1, min(tall, int(room * width * words[1] / (words[0] + words[1]))))
    return max(1, round(words[0] * tall / words[1])), tall


def _place(size: tuple[int, int], picture: tuple[int, int], pad: int) -> tuple[int, int]:
    """Where the label's upper left corner lies."""
    return picture[0] - size[0] - pad, picture[1] - size[1] - pad


@cache
def _icon(name: str, colour: str) -> Image.Image:
    file = resources.files("provenance.media") / "labels" / f"icon-{name}-{colour}.png"
    with resources.as_file(file) as path, Image.open(path) as image:
        return image.convert("RGBA")


@cache
def _words(maker: Maker, language: Language) -> Image.Image:
    file = resources.files("provenance.media") / "labels" / f"{language.value}-{maker.value}.png"
    with resources.as_file(file) as path, Image.open(path) as image:
        return image.convert("L")
