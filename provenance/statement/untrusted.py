"""Untrusted text made safe to show: on a terminal, a web page or a drawing.

Names, titles and prompts come out of files that anybody can write. A right-to-left override makes one name
look like another, an escape sequence rewrites the terminal, a megabyte of text hides the line that matters.
`plain` makes each such character visible and bounds the length; all that shows a file's words calls it first.

>>> plain("Aoi\\x1b[31m\\u202e")
'Aoi‹U+001B›[31m‹U+202E›'
>>> plain("a" * 50, limit=10)
'aaaaaaaaa… (+41)'
>>> xml("<b>&\\0")
'&lt;b&gt;&amp;‹U+0000›'
"""

import html
import unicodedata

from provenance.statement.blank import BLANKS

LIMIT = 300  # characters of one field; a name has at most 200
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# ZWJ and ZWNJ are needed to write Persian and several Indian scripts; provenance/statement/credit.py agrees.
_JOINERS = "\u200c\u200d"
# The full-width forms are formulas to a spreadsheet in Japanese.
_FORMULA = tuple("=+-@＝＋－＠|%")
CELL_LIMIT = 30_000  # characters; a spreadsheet's cell holds 32,767
_MARKS_IN_A_ROW = 4  # Hebrew and Thai need three; a tower of marks covers the lines beside it


def plain(text: str, limit: int = LIMIT) -> str:
    """The text on one line with every invisible or reordering character written as ‹U+XXXX›, and bounded."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # most names, and nearly all of what a manifest says
    shown: list[str] = []
    marks = 0
    # A text is cut before it is walked: a title may have 100 MB.
    cut = len(text) - limit if len(text) > limit else 0
    for character in text[: limit - 1] if cut else text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        hidden = category in _INVISIBLE and character not in _JOINERS
        if hidden or character in BLANKS or marks > _MARKS_IN_A_ROW:
            shown.append(f"‹U+{ord(character):04X}›")
        else:
            # Any other space (no-break, ideographic, hair) as the one that everybody knows.
            shown.append(" " if category == "Zs" else character)
    return "".join(shown) + (f"… (+{cut + 1})" if cut else "")


def cell(text: str) -> str:
    """The text as a cell that stays text in every spreadsheet.

    >>> cell("=HYPERLINK(1)"), cell("森 葵")
    ("'=HYPERLINK(1)", '森 葵')
    """
    shown = plain(text, CELL_LIMIT)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def xml(text: str, limit: int = LIMIT) -> str:
    """`plain` text, escaped for HTML and SVG, in an element or a quoted attribute."""
    return html.escape(plain(text, limit), quote=True)


def width_of(text: str) -> int:
    """Terminal columns: East Asian wide characters take two, combining marks none."""
    wide = {"W": 2, "F": 2}
    return sum(
        0 if unicodedata.combining(each) else wide.get(unicodedata.east_asian_width(each), 1) for each in text
    )
