"""`genzu ledger verify`: every hash computed again, what is at fault, and what was not looked at."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.opening import as_json
from provenance.ledger.check.checkpoints import SIGNATURES, Kept
from provenance.ledger.check.verify import Report, Unchecked, read_ahead, verify
from provenance.ledger.key_files import read_checkpoints
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, progress, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save_new
from provenance.storage.vault import Vault

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)
NOT_CHECKED = {
    Unchecked.TABLES: "the tables that commands answer from, such as pictures and credits: --rebuild compares each row "
    "with the entries",
    Unchecked.FILES: "the files of the vault: --files hashes each again",
    Unchecked.SIGNATURES: f"the signatures of checkpoints older than the newest {SIGNATURES:,}: --rebuild checks all",
    Unchecked.CHECKPOINTS_FILE: "checkpoints.txt, which is not there: compare with a copy of it that somebody kept "
    "(--against FILE); the next entry writes it again",
    Unchecked.KEY: "the ledger's key, which is not there: reading and checking work without it, adding does not",
}


EPILOG = """\b
Exit codes:
  0  everything that was looked at is as written
  1  something is not: the faulty entry, table or file is named
  2  there is no ledger, or it or a file of --against cannot be read
"""


@click.command("verify", epilog=EPILOG)
@click.option(
    "--against",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Checkpoints that somebody else kept; repeat for each file. Without one, "
    "anyone with the ledger's key can rewrite all of it unseen.",
)
@click.option("--rebuild", "thorough", is_flag=True, help="Rebuild every table for reading, and compare.")
@click.option("--files", is_flag=True, help="Rehash every file in the vault, evidence of disputes included.")
@click.option("--misbehaviour", type=FILE, metavar="OUT", help="Where to write the proof if the log forked.")
@as_json
@click.pass_context
def verify_command(
    context: click.Context,
    against: tuple[Path, ...],
    thorough: bool,
    files: bool,
    misbehaviour: Path | None,
    as_json: bool,
) -> None:
    """Recompute every hash, compare, and name the faulty entry.

    Every stored checkpoint is compared: its size and root with the entries, its text with checkpoints.txt. Of the
    signatures, the newest 1,000 are checked, and each one whose text checkpoints.txt does not hold; all with
    --rebuild.
    """
    settings: Settings = context.obj
    held = [Kept(signed, str(path)) for path in against for signed in read_checkpoints(path)]
    read_ahead(settings.ledger)
    with progress() as bar:
        tasks = {name: bar.add_task(name, total=None) for name in _steps(thorough=thorough, files=files)}
        report = verify(
            settings.ledger,
            checkpoints=settings.checkpoints,
            against=held,
            thorough=thorough,
            vault=Vault(settings.vault) if files else None,
            key=settings.keys / "ledger.key",
            on_progress=lambda name, done, total: bar.update(tasks[name], completed=done, total=total),
        )
        for task in tasks.values():
            bar.update(task, completed=1, total=1)
    if as_json:
        print_json(report_json(report))
    else:
        _show(console(), report, against)
    if report.misbehaviour is not None and misbehaviour is not None:
        save_new(misbehaviour, str(report.misbehaviour))
    context.exit(0 if report.ok else CHECK_FAILED)


def _steps(*, thorough: bool, files: bool) -> Sequence[str]:
    return ["entries", "checkpoints", *(["projections"] if thorough else []), *(["files"] if files else [])]


def _show(screen: Console, report: Report, against: Sequence[Path]) -> None:
    for fault in report.faults:
        screen.print(styled(f"{fault.code}: ", "bold red").append(plain(fault.words, 1000), style="default"))
    if report.more:
        screen.print(f"and {report.more:,} more")
    if report.misbehaviour is not None:
        words = (
            "The ledger's key signed two histories. --misbehaviour OUT writes the proof, for anyone to check."
        )
        screen.print(styled(words, "bold red"))
    if report.ok:
        screen.print(styled(_as_written(report), "green"))
    if report.copied:
        screen.print(
            "An earlier version of Genzu wrote it; a copy with the tables of this version was checked."
        )
    if report.files:
        screen.print(f"{counted(report.files, 'file')} of the vault hashed again")
    for seq, before, at in report.backwards:
        words = f"the clock ran back at entry {seq}: {before} stands before it, {at} in it"
        screen.print(styled(f"time: {words}", "yellow"))
    if report.backwards:
        screen.print("Times are the word of the computer that wrote them; the order is that of the numbers.")
    for each in report.unchecked:
        screen.print(styled(f"Not checked: {NOT_CHECKED[each]}.", limit=500))
    screen.print(_limits(report, against), style="dim")


def _as_written(report: Report) -> str:
    """What was compared and found to be as it was written."""
    entries = f"{counted(report.size, 'entry', 'entries')} of {report.ledger} and the texts held of them"
    checkpoints = counted(report.checkpoints, "checkpoint", "checkpoints")
    if Unchecked.TABLES in report.unchecked:
        return f"{entries}, {checkpoints}: as written"
    return f"{entries}, {checkpoints}, the tables for reading: all as written"


def _limits(report: Report, against: Sequence[Path]) -> str:
    """What a check cannot show, and what a checkpoint from outside shows all the same."""
    if report.outside is None and against:
        return "None of the checkpoints from outside agrees with these entries; what is named above says why."
    if report.outside is None:
        return (
            "No checkpoint from outside was given. Whoever holds the ledger's key could have rewritten it, and this "
            "check would not show it."
        )
    whole = report.outside == report.size
    covered = "every entry" if whole else f"the first {counted(report.outside, 'entry', 'entries')}"
    words = f"A checkpoint from outside covers {covered}"
    if not report.ok:
        words += " as they stand here. What is named above is at fault all the same."
    elif whole:
        words += ": none was changed since it was signed."
    else:
        words += ": none of these was changed since it was signed."
    return words if whole else f"{words} Anyone with the key could have rewritten those after it."


def report_json(report: Report) -> dict[str, Json]:
    """The report as data."""
    return {
        "ledger": report.ledger,
        "entries": report.size,
        "root": report.root.hex() if report.root else None,
        "checkpoints": report.checkpoints,
        "outside": report.outside,
        "files": report.files,
        "copied": report.copied,
        "ok": report.ok,
        "faults": [{"code": each.code, "entry": each.entry, "words": each.words} for each in report.faults],
        "more_faults": report.more,
        "not_checked": [each.value for each in report.unchecked],
        "clock_ran_back": [
            {"entry": seq, "before": before, "at": at} for seq, before, at in report.backwards
        ],
        "misbehaviour": str(report.misbehaviour) if report.misbehaviour else None,
    }
