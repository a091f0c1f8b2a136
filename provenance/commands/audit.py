"""`genzu audit`: folders and archives in, one row a picture out, as a table or a report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from provenance.audit import report
from provenance.audit.audit import Look, audit
from provenance.audit.columns import IN_A_TERMINAL, Column
from provenance.audit.delivery import LeftOut, survey
from provenance.audit.row import Row
from provenance.commands.opening import Reading, as_json, reading
from provenance.commands.showing import print_json
from provenance.settings import Settings
from provenance.show.terminal import console, progress, styled
from provenance.show.verdict_words import ANSWER_STYLES, VERDICTS
from provenance.statement.untrusted import plain

SHOWN = 500  # rows in a terminal; a report holds all
NAMED = 50  # files that were left out

EPILOG = """\b
Exit codes:
  0  every picture was looked at; none is altered or disagrees with the ledger
  1  at least one is altered, or file and ledger do not agree
  2  at least one could not be checked (and none is altered)
Missing credentials and unknown signers are answers here, not failures.
"""


@click.command("audit", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--report", "out", type=click.Path(path_type=Path), metavar="OUT", help="Write .html, .csv or .json"
)
@click.option("--force", is_flag=True, help="Replace the report if it is there.")
@as_json
@click.pass_context
def audit_command(
    context: click.Context, paths: tuple[Path, ...], out: Path | None, force: bool, as_json: bool
) -> None:
    """Look at every picture in PATHS (files, folders, zip and tar archives): how it was made, who made
    it, with what, and the evidence for each answer.

    Every file that you give is looked at, or named with the reason why not. Nothing is unpacked to disk, links are not
    followed, nothing leaves this machine.
    """
    settings: Settings = context.obj
    if out is not None:
        report.check_target(out, force=force)
    found = survey(paths)
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    with reading(settings) as opened, progress() as bar:
        task = bar.add_task("looking", total=len(found.items))
        pictures = out is not None and out.suffix.lower() == ".html"
        digests = out is not None or as_json  # nobody sees them in a terminal
        look = look_of(opened, pictures=pictures, digests=digests)
        looking = partial(open_look, settings, pictures=pictures, digests=digests)
        rows = list(audit(found.items, look, opening=looking, on_row=lambda _: bar.advance(task)))
    if out is not None:
        report.write(out, rows, left_out=found.left_out, made=made, force=force)
    if as_json:
        print_json(report.to_json(rows, left_out=found.left_out, made=made))
    else:
        show(console(), rows, found.left_out)
        if out is not None:
            click.echo(f"report: {out}")
    context.exit(exit_code(rows))


def look_of(opened: Reading, *, pictures: bool, digests: bool) -> Look:
    return Look(opened.trust, opened.ledger, opened.others, opened.settings.limits, pictures, digests)


@contextmanager
def open_look(settings: Settings, *, pictures: bool, digests: bool) -> Iterator[Look]:
    """The same in a process of its own."""
    with reading(settings) as opened:
        yield look_of(opened, pictures=pictures, digests=digests)


def exit_code(rows: Sequence[Row]) -> int:
    """The gravest of all: 1 before 2; what is merely unsigned or unknown is an answer."""
    codes = {row.exit_code for row in rows}
    return 1 if 1 in codes else 2 if 2 in codes else 0


def show(screen: Console, rows: Sequence[Row], left_out: Sequence[LeftOut]) -> None:
    """The table and the counts for a person; one line a picture where no terminal is there."""
    if screen.is_terminal:
        screen.print(_table(rows[:SHOWN]))
    else:
        for row in rows:
            _print_line(row)
    if screen.is_terminal and len(rows) > SHOWN:
        screen.print(f"… and {len(rows) - SHOWN} more rows: --report out.html holds all")
    screen.print(report.tally(rows, left_out))
    for each in left_out[:NAMED]:
        screen.print(styled(f"  left out: {plain(each.name, 500)}, {each.why}"))
    if len(left_out) > NAMED:
        screen.print(f"  … and {len(left_out) - NAMED} more: --json names all")


def _print_line(row: Row) -> None:
    cells = [column.csv(row) for column, _ in IN_A_TERMINAL]
    cells.append(row.trouble or row.history)
    click.echo("\t".join(plain(cell, 500) for cell in cells))


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column, _ in IN_A_TERMINAL:
        table.add_column(column.heading.lower(), overflow="fold")
    for row in rows:
        table.add_row(
            *(styled(_cell(column, told(row), row), _style(column, row)) for column, told in IN_A_TERMINAL)
        )
    return table


def _cell(column: Column, cell: str, row: Row) -> str:
    """The cell; beside the verdict, why a file could not be checked."""
    return f"{cell}: {row.trouble}" if column.name == "verdict" and row.trouble else cell


def _style(column: Column, row: Row) -> str:
    if column.name == "classification":
        return ANSWER_STYLES[row.classification]
    return VERDICTS[row.verdict].terminal if column.name == "verdict" else ""


COMMANDS = (audit_command,)
