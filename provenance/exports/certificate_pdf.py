"""The certificate as PDF, for a printer and a portfolio: the same words as the page, with the QR code beside the name.

Each run of letters takes the first font that has it: Bitstream Vera, which comes with reportlab, is embedded;
Japanese, Korean and Chinese are set in fonts that PDF readers know by name (Adobe-Japan1 and its like) and are not
embedded. A letter that none of them has is written by its number, as ‹U+0645›; the page beside it shows it.
"""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import segno

from provenance.errors import OutputError
from provenance.exports.certificate import Certificate, CertificateLine, place_words, qr_text
from provenance.exports.certificate_words import WORDS
from provenance.statement.untrusted import plain

LATIN = "GenzuLatin"
_CJK = 0x2E80  # where the scripts of East Asia begin
# A font of the PDF standard, and the character set by which its letters are known.
_BY_NAME = (
    ("HeiseiMin-W3", "cp932"),
    ("HYSMyeongJo-Medium", "cp949"),
    ("STSong-Light", "gbk"),
)
_QR = 92.0  # points
_WIDTHS = (112, 84, 54, 92, 70, 92)  # points; A4 less its margins


def to_pdf(certificate: Certificate, address: str = "") -> bytes:
    """The certificate on A4. OutputError where the writer is not installed."""
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.platypus import SimpleDocTemplate
    except ModuleNotFoundError as error:
        raise OutputError(
            "a certificate as PDF needs one more package: pip install reportlab; or take FILE.html"
        ) from error
    target = io.BytesIO()
    words = WORDS[certificate.language]
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=45, rightMargin=45, topMargin=45, bottomMargin=45,
        title=f"{words['title']}: {plain(certificate.person.name)}", author="Genzu", lang=certificate.language,
        invariant=1, pageCompression=0,  # what it says can be searched for
    )  # fmt: skip
    document.build(_story(certificate, address))
    return target.getvalue()


def _story(certificate: Certificate, address: str) -> list[Any]:
    from reportlab.platypus import Spacer

    words, person = WORDS[certificate.language], certificate.person
    count = words["count"].format(
        count=len(certificate.held), ledger=certificate.ledger, size=certificate.size
    )
    head = [_text(words["title"], 9), _text(person.name, 20), _text(f"{person.reading} {person.romaji}", 10)]
    head += [_text(str(each), 9) for each in person.identifiers]
    told: list[Any] = [_beside([*head, _text(count, 10)], qr_text(certificate, address)), Spacer(0, 12)]
    told += [_table(certificate), Spacer(0, 14), *_later(certificate), _text(words["proves"], 12)]
    told += [_text(words["receipts"], 9), _text(words["limits"], 9)]
    if address:
        told.append(_text(f"{words['page']}: {address}", 9))
    told += [Spacer(0, 8), _text(words["checkpoint"], 12)]
    told += [_text(line, 8) for line in certificate.checkpoint.splitlines()]
    return [*told, _text(f"{words['key']}: {certificate.key}", 8)]


def _beside(left: list[Any], code: str) -> Any:
    from reportlab.platypus import Table

    beside = Table([[left, _qr(code)]], colWidths=[sum(_WIDTHS) - _QR - 6, _QR + 6])
    beside.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return beside


def _table(certificate: Certificate) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    words = WORDS[certificate.language]
    heading = [_text(words[name], 8) for name in ("picture", "role", "released", "before", "itself", "after")]
    table = Table(
        [heading, *(_row(each, words["none"]) for each in certificate.held)], colWidths=_WIDTHS, repeatRows=1
    )
    line = HexColor("#999999")
    table.setStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, line)]
        + [(side, (0, 0), (-1, -1), 3) for side in ("LEFTPADDING", "RIGHTPADDING")]
    )
    return table


def _row(each: CertificateLine, none: str) -> list[Any]:
    return [
        [_text(place_words(each), 8), _text(each.picture.picture, 7), _text(each.history, 7)],
        [_text(", ".join(each.roles), 8), *(_text(str(one), 7) for one in each.claims)],
        _text(each.picture.released_at[:10], 8),
        [_text(one, 7) for one in each.before or (none,)],
        _text(each.itself, 8),
        [_text(one, 7) for one in each.after or (none,)],
    ]


def _later(certificate: Certificate) -> list[Any]:
    """What was made later from the pictures of the certificate, a paragraph each."""
    from reportlab.platypus import Spacer

    if not certificate.later:
        return []
    words = WORDS[certificate.language]
    told = [_text(words["later"], 12), _text(words["later_words"], 9)]
    for each in certificate.later:
        where = f"{each.picture.picture}, {each.picture.released_at[:10]}, {words['from']} {each.source}"
        told += [_text(where, 8), _text(each.history, 8)]
    return [*told, Spacer(0, 14)]


def _text(words: str, size: float) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        f"{size}",
        fontName=_fonts()[0],
        fontSize=size,
        leading=size * 1.35,
        wordWrap="CJK",
        spaceAfter=size * 0.3,
    )
    runs = (f'<font name="{font}">{escape(run)}</font>' for font, run in _runs(plain(words, 4_000)))
    return Paragraph("".join(runs), style)


def _runs(words: str) -> Iterator[tuple[str, str]]:
    """The words cut where the font changes; a letter that no font has is its number."""
    font, run = "", ""
    for letter in words:
        found = _font_of(letter)
        shown = letter if found else f"‹U+{ord(letter):04X}›"
        found = found or _fonts()[0]
        if found != font and run:
            yield font, run
            run = ""
        font, run = found, run + shown
    if run:
        yield font, run


@cache
def _font_of(letter: str) -> str:
    latin, known = _fonts()
    if ord(letter) in known:
        return latin
    for font, charset in _BY_NAME:
        if charset != "cp932" and ord(letter) < _CJK:
            continue  # their sets hold accented letters that the fonts do not draw
        try:
            letter.encode(charset)
        except UnicodeEncodeError:
            continue
        return font
    return ""


@cache
def _fonts() -> tuple[str, frozenset[int]]:
    """The name of the embedded Latin font with the letters that it has; registers every font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name, _ in _BY_NAME:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    font = TTFont(LATIN, "Vera.ttf")
    pdfmetrics.registerFont(font)
    return LATIN, frozenset(letter for letter, glyph in font.face.charToGlyph.items() if glyph)


def _qr(text: str) -> Any:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import black, white

    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    cell = _QR / (len(matrix) + 8)  # four cells of quiet on each side
    drawing = Drawing(_QR, _QR)
    drawing.add(Rect(0, 0, _QR, _QR, fillColor=white, strokeColor=None))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                place = ((x + 4) * cell, _QR - (y + 5) * cell)
                drawing.add(Rect(*place, cell, cell, fillColor=black, strokeColor=None))
    return drawing
