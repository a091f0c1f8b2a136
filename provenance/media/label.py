"""A visible label in a corner of a picture: "AI-assisted", in six languages. On request, never by itself.

Two forms follow the EU's code of practice on marking and labelling (10 June 2026): the capital letters AI, and the same
with GENERATED or MODIFIED. They are lettered by us; the EU's own icons are artwork of the Commission and not in here.

The words are drawn from masks in `labels/` (set in Noto Sans CJK, SIL Open Font License), so that every machine
shows Japanese alike, whatever fonts it has. The label changes pixels: put it on before the picture is encoded and
signed. It is for eyes; what programs should know stands in the credentials.
"""

from enum import StrEnum
from functools import cache
from importlib import resources

from PIL import Image

from provenance.errors import StatementError
from provenance.statement.vocabulary import Maker

SHARE = 0.07  # of the shorter side for the line: letters of 5 %, as GB 45438-2025 asks
LEAST = 14  # pixels of a line whose letters can still be read
WIDEST = 0.6  # of the picture's width
_PLATE = 168  # of 255: white letters keep a contrast of more than 4.5 : 1 on it over a white picture


class Language(StrEnum):
    """The words of the label: a language by its ISO 639 code, or a form of the EU's code of practice."""

    ENGLISH = "en"
    JAPANESE = "ja"
    CHINESE = "zh"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    # No languages: the letters that the EU's code asks for everywhere, with its word for the kind, and alone.
    EU = "eu"
    EU_BASIC = "eu-basic"


class Corner(StrEnum):
    """Where the label lies."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"


def labelled(
    image: Image.Image, maker: Maker, language: Language, corner: Corner = Corner.BOTTOM_RIGHT
) -> Image.Image:
    """A copy of the picture (RGB) with the label; StatementError for a picture that no model had a part in."""
    if maker not in (Maker.AI, Maker.AI_ASSISTED):
        raise StatementError(f"a picture made by {maker.value} carries no label that speaks of AI")
    words = _words(maker, language)
    width, height = image.size
    tall = max(LEAST, round(SHARE * min(width, height)))
    room = WIDEST if width >= 8 * tall else 0.96
    tall = max(1, min(tall, int(room * width * words.height / (words.width + words.height))))
    mask = words.resize((max(1, round(words.width * tall / words.height)), tall), Image.Resampling.LANCZOS)
    pad = max(1, tall // 4)
    size = (mask.width + 2 * pad, mask.height + 2 * pad)
    left = pad if corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT) else width - size[0] - pad
    top = pad if corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT) else height - size[1] - pad
    out = image.convert("RGB") if image.mode != "RGB" else image.copy()
    out.paste((0, 0, 0), (left, top), Image.new("L", size, _PLATE))
    out.paste((255, 255, 255), (left + pad, top + pad), mask)
    return out


@cache
def _words(maker: Maker, language: Language) -> Image.Image:
    file = resources.files("provenance.media") / "labels" / f"{language.value}-{maker.value}.png"
    with resources.as_file(file) as path, Image.open(path) as image:
        return image.convert("L")
