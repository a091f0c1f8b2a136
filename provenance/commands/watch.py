"""`genzu watch`: a folder into which deliveries arrive; the report follows what is in it."""

import os
import time
from pathlib import Path

import click

from provenance.commands.audit import Wanted, audited
from provenance.errors import OutputError
from provenance.settings import Settings

Snapshot = tuple[tuple[str, int, int], ...]


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--report",
    "outs",
    type=click.Path(path_type=Path),
    metavar="OUT",
    multiple=True,
    required=True,
    help="Write .html, .pdf, .xlsx, .csv or .json, outside of FOLDER; give it again for each.",
)
@click.option("--every", type=click.FloatRange(0.1, 86_400), default=10, help="Seconds between two looks.")
@click.option("--reports", type=click.IntRange(1), metavar="N", help="End after N reports; else with Ctrl-C.")
@click.option("--lang", type=click.Choice(["en", "ja"]), default="en", help="The language of the report.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes at once; else one a core.")
@click.pass_obj
def watch_command(
    settings: Settings,
    folder: Path,
    outs: tuple[Path, ...],
    every: float,
    reports: int | None,
    lang: str,
    jobs: int | None,
) -> None:
    """Keep a report of FOLDER up to date while files arrive in it.

    A report is written once nothing in FOLDER changed between two looks, so a file that is still being copied is waited
    for. Only files that are new or changed are looked at again. A report that is there is replaced.
    """
    inside = [out for out in outs if folder.resolve() in out.resolve().parents]
    if inside:
        raise OutputError(f"{inside[0]} lies in {folder}, where it would be looked at; give another place")
    wanted = Wanted(outs, True, None, "", lang, "", jobs, False, False, False, False, keep=True)
    told: Snapshot | None = None
    before = snapshot(folder)
    written = 0
    click.echo(f"watching {folder}; Ctrl-C ends it", err=True)
    while reports is None or written < reports:
        time.sleep(every)
        now = snapshot(folder)
        if now == before and now != told:
            audited(settings, (folder,), wanted)
            told, written = now, written + 1
        before = now


def snapshot(folder: Path) -> Snapshot:
    """Every file below a folder by path, size and time of change."""
    found = []
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here) / name
            try:
                stat = path.lstat()
            except OSError:
                continue  # it was taken away meanwhile
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))


COMMANDS = (watch_command,)
