"""`genzu watch`: a folder into which files arrive: its report follows, or each picture in it is signed."""

import os
import time
from pathlib import Path

import click

from provenance.commands.audit import Wanted, audited
from provenance.commands.job_options import CreditType
from provenance.commands.watch_signing import Signing
from provenance.errors import LedgerBusy, OutputError
from provenance.settings import Settings
from provenance.statement.credit import Credit
from provenance.statement.statement import Project
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import HUMAN_SOURCES, PAINTED_ELSEWHERE, SourceType

SOURCES = [each.value for each in (*HUMAN_SOURCES, *PAINTED_ELSEWHERE)]
Snapshot = tuple[tuple[str, int, int, int], ...]


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--report",
    "outs",
    type=click.Path(path_type=Path),
    metavar="OUT",
    multiple=True,
    help="Write .html, .pdf, .xlsx, .csv or .json, outside of FOLDER; give it again for each.",
)
@click.option(
    "--sign-to",
    "sign_to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Sign and record each picture as it is saved; the signed copies go there. Needs --by and --source.",
)
@click.option(
    "--by",
    "credits",
    type=CreditType(),
    multiple=True,
    metavar='"ROLE: NAME"',
    help="With --sign-to: who did what.",
)
@click.option("--source", type=click.Choice(SOURCES), help="With --sign-to: how the pictures are made.")
@click.option("--production", default="", help="With --sign-to: the film or series.")
@click.option("--every", type=click.FloatRange(0.1, 86_400), default=10, help="Seconds between two looks.")
@click.option("--reports", type=click.IntRange(1), metavar="N", help="End after N reports; else with Ctrl-C.")
@click.option(
    "--lang", type=click.Choice(["en", "ja"]), default="en", help="The language of the report's sentences."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes at once. Default: one per core.",
)
@click.pass_obj
def watch_command(
    settings: Settings,
    folder: Path,
    outs: tuple[Path, ...],
    sign_to: Path | None,
    credits: tuple[Credit, ...],
    source: str | None,
    production: str,
    every: float,
    reports: int | None,
    lang: str,
    jobs: int | None,
) -> None:
    """Keep a report of FOLDER up to date while files arrive in it, or sign each picture as it is saved there.

    A report is written once nothing in FOLDER changed between two looks, so a file that is still being copied is waited
    for. Only files that are new or changed are looked at again. A report that is there is replaced. Where others
    write to the ledger for long, that is said, and the next look goes on.
    """
    inside = [out for out in outs if folder.resolve() in out.resolve().parents]
    if inside:
        raise OutputError(f"{inside[0]} lies in {folder}, where it would be looked at; give another place")
    signing = None
    if sign_to is not None:
        if not credits or source is None:
            raise click.UsageError("--sign-to needs --by and --source: who made the pictures, and how.")
        signing = Signing(folder, sign_to, SourceType(source), credits, Project(production))
        signing.check()
    elif not outs:
        raise click.UsageError("Give --report OUT, or --sign-to FOLDER.")
    if signing is not None:
        click.get_current_context().with_resource(signing.alone())
    wanted = Wanted(outs, True, None, "", lang, "", jobs, "", False, False, False, False, keep=True)
    told: Snapshot | None = None
    before = snapshot(folder)
    written = 0
    click.echo(f"watching {folder}; Ctrl-C ends it", err=True)
    while reports is None or written < reports:
        time.sleep(every)
        now = snapshot(folder)
        if now == before and now != told:
            try:
                for line in signing.sign(settings, now) if signing is not None else ():
                    click.echo(plain(line, 2_000))
                if outs:
                    audited(settings, (folder,), wanted)
            except LedgerBusy as error:
                click.echo(plain(f"{error}; it is tried again in {every:g} s", 2_000), err=True)
                continue
            told, written = now, written + 1
        before = now


def snapshot(folder: Path) -> Snapshot:
    """Every file below a folder by path, size, date, and when it was last touched: a date can be set to any."""
    found = []
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here) / name
            try:
                stat = path.lstat()
            except OSError:
                continue  # it was taken away meanwhile
            found.append((str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return tuple(sorted(found))


COMMANDS = (watch_command,)
