"""Text in a PDF, in any script: a paragraph whose letters each take a font that has them.

Each run of letters takes the first font that has it. Two that lie in fonts/ are embedded: DejaVu Sans has Latin with
Vietnamese, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic, Arundina Sans has Thai. Japanese, Korean
and Chinese are set in fonts that PDF readers know by name (Adobe-Japan1 and its like) and are not embedded. Arabic
letters take the form that their neighbours ask for, and what runs from right to left is laid so line by line: the first
words stand in the first line. A letter that no font has is written by its number, as ‹U+0915›.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional
from xml.sax.saxutils import escape

from provenance.show.lettering import EAST_ASIA, NEVER_FIRST, may_break
from provenance.statement.untrusted import plain

LATIN, THAI = "DejaVuSans", "ArundinaSans"
_FOLDER = Path(__file__).with_name("fonts")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Marks on letters stay; of the ligatures the one that Arabic asks for.
_SHAPES = {"delete_harakat": False, "support_ligatures": True, "ARABIC LIGATURE ALLAH": False}
HEADING = 12  # points from which a paragraph is a heading
_HAIR = 0.1  # points by which our lines are shorter, so that no rounding breaks them once more
# A font of the PDF standard, and the character set by which its letters are known.
_BY_NAME = (
    ("HeiseiMin-W3", "cp932"),
    ("HYSMyeongJo-Medium", "cp949"),
    ("STSong-Light", "gbk"),
)


def paragraph(words: str, size: float, color: str = "#000000") -> Any:
    """The words as reportlab's paragraph, of this size in points."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        f"{size}{color}",
        fontName=_embedded()[0][0],
        fontSize=size,
        textColor=color,
        leading=size * 1.35,
        spaceBefore=size * 0.7 if size >= HEADING else 0,
        spaceAfter=size * 0.3,
    )
    shown = plain(words, 4_000)
    ours = any(ord(each) >= EAST_ASIA or bidirectional(each) in _RIGHT_TO_LEFT for each in shown)
    return _in_our_lines()(shown, style) if ours else Paragraph(_markup(shown), style)


def _markup(line: str) -> str:
    return "".join(f'<font name="{font}">{escape(run)}</font>' for font, run in _runs(line))


@cache
def _in_our_lines() -> Any:
    """The kind of paragraph that we break into lines: reportlab cuts Latin words beside Japanese ones, and knows no
    line that begins on the right."""
    from reportlab.platypus import Paragraph

    class InOurLines(Paragraph):  # type: ignore[misc]  # reportlab has no types
        """Its width is known once it is asked for its height. A part of it that begins a new page is laid already."""

        def __init__(self, text: str | None, style: Any = None, **more: Any) -> None:
            self._words, self._at = text, 0.0
            super().__init__(None if text is None else _markup(_laid(text)), style, **more)

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            if self._words is not None and width != self._at:
                lines = _broken(self._words, width - _HAIR, self.style.fontSize)
                super().__init__("<br/>".join(_markup(_laid(each)) for each in lines), self.style)
                self._at = width
            found: tuple[float, float] = super().wrap(width, height)
            return found

    return InOurLines


def _broken(words: str, width: float, size: float) -> list[str]:
    """The words in lines of at most this width in points, as they are read."""
    lines, used = [""], 0.0
    for each in (part for piece in _pieces(words) for part in _fitting(piece, width, size)):
        wide = _width(each.rstrip(), size)
        if lines[-1] and used + wide > width:
            lines.append("")
            used = 0.0
        lines[-1] += each
        used += _width(each, size)
    return [each.rstrip() for each in lines]


def _fitting(piece: str, width: float, size: float) -> Iterator[str]:
    """The piece; in parts where it is longer than a line, such as a digest in a narrow column."""
    if _width(piece.rstrip(), size) <= width:
        yield piece
        return
    part = ""
    for letter in piece:
        if part and _width(part + letter, size) > width:
            kept = part[-1] if letter in NEVER_FIRST and len(part) > 1 else ""
            yield part.removesuffix(kept)
            part = kept
        part += letter
    yield part


def _pieces(words: str) -> Iterator[str]:
    """The words in the pieces that a line may end between, spaces at their ends."""
    piece = ""
    for letter in words:
        if piece and may_break(piece[-1], letter):
            yield piece
            piece = ""
        piece += letter
    yield piece


def _width(line: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(run, font, size) for font, run in _runs(_laid(line))))


def _laid(line: str) -> str:
    """A line as it is drawn from left to right: scripts that run the other way turned round, Arabic joined."""
    if not any(bidirectional(letter) in _RIGHT_TO_LEFT for letter in line):
        return line
    from bidi import get_display

    return str(get_display(_reshaper().reshape(line), base_dir="L"))


@cache
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper(configuration=_SHAPES)


def _runs(words: str) -> Iterator[tuple[str, str]]:
    """The words cut where the font changes; a letter that no font has is its number."""
    font, run = "", ""
    for letter in words:
        found = _font_of(letter)
        shown = letter if found else f"‹U+{ord(letter):04X}›"
        found = found or LATIN
        if found != font and run:
            yield font, run
            run = ""
        font, run = found, run + shown
    if run:
        yield font, run


@cache
def _font_of(letter: str) -> str:
    for font, letters in _embedded():
        if ord(letter) in letters:
            return font
    for font, charset in _BY_NAME:
        if charset != "cp932" and ord(letter) < EAST_ASIA:
            continue  # their sets hold accented letters that the fonts do not draw
        try:
            letter.encode(charset)
        except UnicodeEncodeError:
            continue
        return font
    return ""


@cache
def _embedded() -> tuple[tuple[str, frozenset[int]], ...]:
    """The names of the embedded fonts, each with the letters that it has, Latin first; registers every font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name, _ in _BY_NAME:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    found = []
    for name in (LATIN, THAI):
        font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        letters = (letter for letter, glyph in font.face.charToGlyph.items() if glyph)
        found.append((name, frozenset(letters)))
    return tuple(found)
