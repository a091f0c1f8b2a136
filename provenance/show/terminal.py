"""The terminal: consoles, styled text and progress bars. Text from strangers goes through `plain` first."""

import io
import json
import shutil
import sys
from collections.abc import Mapping
from typing import IO

import click
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.untrusted import LIMIT, plain

PIPED_WIDTH = 160  # columns where nobody's terminal sets them
INDENT = 3  # columns


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


def print_indented(screen: Console, text: Text) -> None:
    """A paragraph moved to the right: every line of it in a terminal, the one long line in a pipe."""
    if screen.soft_wrap:  # padding would cut what is longer than the console
        screen.print(Text(" " * INDENT).append_text(text))
    else:
        screen.print(Padding(text, (0, 0, 0, INDENT), expand=False))


def print_json(value: Json) -> None:
    """One JSON document. Escaped to ASCII: no text in it can steer a terminal, and every pipe takes it."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=True))


def show_fields(screen: Console, told: Mapping[str, Json]) -> None:
    """What a command tells as data, for the eye: a line a field, a line each for what it has several of."""
    for name, value in told.items():
        for each in value if isinstance(value, list) else [value]:
            screen.print(styled(f"{name:<12}{_in_words(name, each)}", limit=5_000), soft_wrap=True)


def _in_words(name: str, value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_in_words(key, each)}" for key, each in value.items() if each)
    if isinstance(value, list):
        return " and ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return NOT_NAMED if name == "name" else "none"
    return moment(str(value)) if name == "at" else str(value)


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
