"""The terminal: consoles, styled text and progress bars. Text from strangers goes through `plain` first."""

import io
import shutil
import sys
from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from provenance.statement.untrusted import LIMIT, plain

PIPED_WIDTH = 160  # columns where nobody's terminal sets them


def styled(text: str, style: str = "", limit: int = LIMIT) -> Text:
    """`plain` text for a rich console: markup in data stays text."""
    return Text(plain(text, limit), style=style)


def console(file: IO[str] | None = None) -> Console:
    """A console with colour in a terminal and none elsewhere (NO_COLOR is heard). It reads no markup."""
    stream = file or sys.stdout
    # An ASCII-only pipe must not end the program at the first Japanese name.
    if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
        stream.reconfigure(errors="backslashreplace")
    width = None if stream.isatty() else shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    # A line stays one line when it is read from a pipe.
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
