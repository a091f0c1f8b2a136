"""Untrusted text on its way to a terminal, a web page or a drawing; and the terminal itself.

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
import io
import shutil
import sys
import unicodedata
from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

LIMIT = 300  # characters of one field; a name has at most 200
PIPED_WIDTH = 160  # columns where nobody's terminal sets them
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# ZWJ and ZWNJ are needed to write Persian and several Indian scripts; provenance/credits.py agrees.
_JOINERS = "\u200c\u200d"
# Blank or filler letters that are no marks by category, yet print nothing.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_MARKS_IN_A_ROW = 4  # Hebrew and Thai need three; a tower of marks covers the lines beside it


def plain(text: str, limit: int = LIMIT) -> str:
    """The text on one line with every invisible or reordering character written as ‹U+XXXX›, and bounded."""
    shown: list[str] = []
    marks = 0
    # A text is cut before it is walked: a title may have 100 MB.
    cut = len(text) - limit if len(text) > limit else 0
    for character in text[: limit - 1] if cut else text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        hidden = category in _INVISIBLE and character not in _JOINERS
        if hidden or character in _BLANKS or marks > _MARKS_IN_A_ROW:
            shown.append(f"‹U+{ord(character):04X}›")
        else:
            # Any other space (no-break, ideographic, hair) as the one that everybody knows.
            shown.append(" " if category == "Zs" else character)
    return "".join(shown) + (f"… (+{cut + 1})" if cut else "")


def xml(text: str, limit: int = LIMIT) -> str:
    """`plain` text, escaped for HTML and SVG, in an element or a quoted attribute."""
    return html.escape(plain(text, limit), quote=True)


def styled(text: str, style: str = "", limit: int = LIMIT) -> Text:
    """`plain` text for a rich console: markup in data stays text."""
    return Text(plain(text, limit), style=style)


def width_of(text: str) -> int:
    """Terminal columns: East Asian wide characters take two, combining marks none."""
    wide = {"W": 2, "F": 2}
    return sum(
        0 if unicodedata.combining(each) else wide.get(unicodedata.east_asian_width(each), 1) for each in text
    )


def console(file: IO[str] | None = None) -> Console:
    """A console with colour in a terminal and none elsewhere (NO_COLOR is heard). It reads no markup."""
    stream = file or sys.stdout
    # An ASCII-only pipe must not end the program at the first Japanese name.
    if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
        stream.reconfigure(errors="backslashreplace")
    width = None if stream.isatty() else shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    # A line stays a line for whoever reads it from a pipe.
    return Console(
        file=stream, markup=False, emoji=False, highlight=False, width=width, legacy_windows=False,
        soft_wrap=width is not None,
    )  # fmt: skip


def print_indented(screen: Console, text: Text, columns: int = 3) -> None:
    """A paragraph moved to the right: every line of it in a terminal, the one long line in a pipe."""
    if screen.soft_wrap:  # padding would cut what is longer than the console
        screen.print(Text(" " * columns).append_text(text))
    else:
        screen.print(Padding(text, (0, 0, 0, columns), expand=False))


def progress() -> Progress:
    """A progress bar on the standard error; nothing at all where that is no terminal."""
    screen = console(sys.stderr)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
    )
