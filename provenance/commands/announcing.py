"""What will be public, told before a picture is painted or taken in; with `--dry-run` that is all that happens."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click
from rich.console import Console

from provenance.commands.showing import tell_skipped
from provenance.release.archive import Archive
from provenance.release.job import Announced, Job
from provenance.release.opening import open_archive, rehearsal
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.statement import PROMPT_LIMIT


@contextmanager
def opened(settings: Settings, *, dry_run: bool, renew: bool = False) -> Iterator[Archive]:
    """The archive; for a dry run one that is only looked at. `renew` makes a new signing certificate."""
    if dry_run:
        with rehearsal(settings) as archive:
            yield archive
        return
    with open_archive(settings, renew=renew) as archive:
        if archive.identity.notice:
            click.echo(archive.identity.notice, err=True)
        for each in archive.recovered:
            click.echo(f"recovered {each.picture}: {each.outcome}; {each.words}", err=True)
        tell_skipped(archive.ledger)
        yield archive


def announced(job: Job, *, dry_run: bool, as_json: bool, screen: Console | None = None) -> Job:
    """The job with somebody who hears of it: a dry run prints and ends the program, else a person at a terminal."""

    def rehearse(told: Announced) -> None:
        if as_json:
            print_json({"public": [{"about": about, "words": words} for about, words in told.lines]})
        else:
            _show(console(), told)
        raise click.exceptions.Exit(0)

    def say(told: Announced) -> None:
        shown = screen or console(sys.stderr)
        if shown.is_terminal:
            _show(shown, told)
        if told.against:
            _insist(shown, told.against)

    return replace(job, terms=replace(job.terms, announce=rehearse if dry_run else say))


def _insist(screen: Console, against: Sequence[str]) -> None:
    """Says what speaks against the statement; at a terminal nothing is signed unless the keeper insists."""
    screen.print(styled("This speaks against what you are about to sign:", "bold yellow"))
    for words in against:
        screen.print(styled(f"  {words}", limit=PROMPT_LIMIT))
    screen.print(styled("If it is signed all the same, this stands in the record and in the file."))
    if screen.is_terminal and sys.stdin.isatty():
        click.confirm("Sign it all the same?", abort=True, err=True)


def _show(screen: Console, told: Announced) -> None:
    screen.print(styled("Anyone with the signed file can read:", "bold"))
    for about, words in told.lines:
        screen.print(styled(f"  {about}: {words}", limit=PROMPT_LIMIT + 100))
