"""The certificate as PDF, for a printer and a portfolio: the same words as the page, with the QR code beside the name.

Which font a letter is set in: pdf_text.py.
"""

import io
from collections.abc import Sequence
from typing import Any

import segno

from provenance.errors import OutputError
from provenance.exports.certificate import Certificate, CertificateLine, place_words, qr_text
from provenance.exports.certificate_words import WORDS
from provenance.exports.pdf_text import paragraph
from provenance.inspection.translated import in_language
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS

_QR = 92.0  # points
_WIDTHS = (108, 81, 54, 90, 70, 90)  # points; A4 less its margins


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
        title=f"{words['title']}{MARKS[certificate.language].colon}{plain(certificate.person.name)}",
        author="Genzu", lang=certificate.language,
        invariant=1, pageCompression=0,  # what it says can be searched for
    )  # fmt: skip
    document.build(_story(certificate, address))
    return target.getvalue()


def _story(certificate: Certificate, address: str) -> list[Any]:
    from reportlab.platypus import Spacer

    words, person = WORDS[certificate.language], certificate.person
    marks = MARKS[certificate.language]
    count = words["count"].format(
        count=len(certificate.held), ledger=certificate.ledger, size=certificate.size
    )
    head = [
        paragraph(words["title"], 9),
        paragraph(person.name, 20),
        paragraph(f"{person.reading} {person.romaji}", 10),
    ]
    head += [paragraph(str(each), 9) for each in person.identifiers]
    told: list[Any] = [
        _beside(
            [*head, paragraph(count, 10), *_disputes(certificate.disputes, certificate.language, 9)],
            qr_text(certificate, address),
        ),
        Spacer(0, 12),
    ]
    told += [_table(certificate), Spacer(0, 14), *_later(certificate), paragraph(words["proves"], 12)]
    told += [paragraph(words["receipts"], 9), paragraph(words["limits"], 9)]
    if address:
        told.append(paragraph(f"{words['page']}{marks.colon}{address}", 9))
    told += [Spacer(0, 8), paragraph(words["checkpoint"], 12)]
    told += [paragraph(line, 8) for line in certificate.checkpoint.splitlines()]
    return [*told, paragraph(f"{words['key']}{marks.colon}{certificate.key}", 8)]


def _beside(left: list[Any], code: str) -> Any:
    from reportlab.platypus import Table

    beside = Table([[left, _qr(code)]], colWidths=[sum(_WIDTHS) - _QR - 6, _QR + 6])
    beside.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return beside


def _table(certificate: Certificate) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    words = WORDS[certificate.language]
    heading = [
        paragraph(words[name], 8) for name in ("picture", "role", "released", "before", "itself", "after")
    ]
    table = Table(
        [heading, *(_row(each, words["none"], certificate.language) for each in certificate.held)],
        colWidths=_WIDTHS,
        repeatRows=1,
    )
    line = HexColor("#999999")
    table.setStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, line)]
        + [(side, (0, 0), (-1, -1), 3) for side in ("LEFTPADDING", "RIGHTPADDING")]
        + [("LEFTPADDING", (0, 0), (0, -1), 0)]  # where the paragraphs begin, too
    )
    return table


def _row(each: CertificateLine, none: str, language: str) -> list[Any]:
    return [
        [
            paragraph(place_words(each), 8),
            paragraph(each.picture.picture, 7),
            paragraph(each.history, 7),
            *_disputes(each.disputes, language, 7),
        ],
        [
            paragraph(MARKS[language].comma.join(each.roles), 8),
            *(paragraph(in_language(str(one), language), 7) for one in each.claims),
        ],
        paragraph(each.picture.released_at[:10], 8),
        [paragraph(one, 7) for one in each.before or (none,)],
        paragraph(each.itself, 8),
        [paragraph(one, 7) for one in each.after or (none,)],
    ]


def _disputes(told: Sequence[str], language: str, size: float) -> list[Any]:
    return [paragraph(in_language(one, language), size) for one in told]


def _later(certificate: Certificate) -> list[Any]:
    """What was made later from the pictures of the certificate, a paragraph each."""
    from reportlab.platypus import Spacer

    if not certificate.later:
        return []
    words = WORDS[certificate.language]
    told = [paragraph(words["later"], 12), paragraph(words["later_words"], 9)]
    for each in certificate.later:
        where = (each.picture.picture, each.picture.released_at[:10], f"{words['from']} {each.source}")
        told += [paragraph(MARKS[certificate.language].comma.join(where), 8), paragraph(each.history, 8)]
        told += _disputes(each.disputes, certificate.language, 8)
    return [*told, Spacer(0, 14)]


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
