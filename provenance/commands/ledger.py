"""`genzu ledger`: checking the record, copying it elsewhere, and proving what stands in it."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.group import Sentences
from provenance.commands.ledger_anchor import anchor_command, anchors_command
from provenance.commands.ledger_continue import continue_command
from provenance.commands.ledger_import import find_command, import_command
from provenance.commands.opening import as_json, writing
from provenance.commands.showing import print_json
from provenance.errors import NotRecorded
from provenance.ledger import Ledger
from provenance.ledger.check.checkpoints import Held
from provenance.ledger.check.verify import Report, read_ahead, verify
from provenance.ledger.key_files import read_checkpoints
from provenance.settings import Settings
from provenance.show.terminal import console, progress, styled
from provenance.statement.canonical import Json
from provenance.statement.untrusted import plain
from provenance.storage.saving import save_new
from provenance.storage.vault import Vault

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)


@click.group("ledger", cls=Sentences)
def ledger_group() -> None:
    """Check the record, sign for what it holds, copy it elsewhere, prove what stands in it."""


@ledger_group.command("verify")
@click.option(
    "--against",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Checkpoints that somebody else kept; give it again for each file. Without one, whoever holds the "
    "ledger's key can rewrite all of it unseen.",
)
@click.option("--rebuild", "thorough", is_flag=True, help="Make every table for reading again, and compare.")
@click.option("--files", is_flag=True, help="Hash every file of the vault again, evidence of disputes too.")
@click.option("--misbehaviour", type=FILE, metavar="OUT", help="Where to write the proof, if the log forked.")
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
    """Compute every hash again and compare; names the entry at fault.

    Every stored checkpoint is compared: its size and root with the entries, its text with checkpoints.txt. Of the
    signatures, the newest 1,000 are checked, and each one whose text checkpoints.txt does not hold; all with
    --rebuild.
    """
    settings: Settings = context.obj
    held = [Held(signed, str(path)) for path in against for signed in read_checkpoints(path)]
    read_ahead(settings.ledger)
    with progress() as bar:
        tasks = {name: bar.add_task(name, total=None) for name in _steps(thorough=thorough, files=files)}
        report = verify(
            settings.ledger,
            checkpoints=settings.checkpoints,
            against=held,
            thorough=thorough,
            vault=Vault(settings.vault) if files else None,
            on_progress=lambda name, done, total: bar.update(tasks[name], completed=done, total=total),
        )
        for task in tasks.values():
            bar.update(task, completed=1, total=1)
    if as_json:
        print_json(_report_json(report))
    else:
        _show(console(), report, against)
    if report.misbehaviour is not None and misbehaviour is not None:
        save_new(misbehaviour, str(report.misbehaviour))
    context.exit(0 if report.ok else CHECK_FAILED)


@ledger_group.command("rebuild")
@click.pass_obj
def rebuild_command(settings: Settings) -> None:
    """Make every table for reading, the text index and the stored tree again from the entries."""
    with writing(settings) as ledger, progress() as bar:
        task = bar.add_task("entries", total=None)
        size = ledger.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
        bar.update(task, completed=size, total=size)
    click.echo(f"{size:,} entries; every table for reading was made again")


@ledger_group.command("checkpoint")
@click.option("-o", "--out", type=FILE, metavar="FILE", help="Write it to a new file.")
@click.pass_obj
def checkpoint_command(settings: Settings, out: Path | None) -> None:
    """Sign for what the ledger holds now. Keep it where the ledger's keeper cannot change it."""
    with writing(settings) as ledger:
        text = str(ledger.checkpoint())
    if out is None:
        click.echo(text, nl=False)
    else:
        save_new(out, text)


@ledger_group.command("state")
@as_json
@click.pass_obj
def state_command(settings: Settings, as_json: bool) -> None:
    """How long the record is, what is signed for, and how durable it is now: what has arrived in the backup."""
    with writing(settings) as ledger:
        ledger.settle()
        size, signed, durable = len(ledger), ledger.signed, ledger.durability
    if as_json:
        print_json({"ledger": ledger.id, "entries": size, "signed": signed, "durability": durable})
    else:
        entries = "1 entry" if size == 1 else f"{size:,} entries"
        click.echo(f"{ledger.id}: {entries}, signed for up to {signed:,}; {plain(durable, 500)}")


@ledger_group.command("key")
@click.pass_obj
def key_command(settings: Settings) -> None:
    """The ledger's public key, for others to check its checkpoints and receipts with."""
    with _reading(settings) as ledger:
        click.echo(str(ledger.verify_key))


@ledger_group.command("prove")
@click.argument("what")
@click.option("-o", "--out", type=FILE, required=True, metavar="FILE", help="Where to write the receipt.")
@click.option("--closed", is_flag=True, help="Show no name and no prompt in it.")
@click.pass_obj
def prove_command(settings: Settings, what: str, out: Path, closed: bool) -> None:
    """A receipt for WHAT: a picture's id, a person's id, or an entry's number.

    Whoever has it can show later, without the ledger, that this stood in it.
    """
    with writing(settings) as ledger:
        receipt = ledger.receipt(_entry_number(ledger, what), opened=not closed)
    save_new(out, str(receipt))
    click.echo(f"{out}: entry {receipt.index} of {receipt.checkpoint.checkpoint.size:,}")


@ledger_group.command("export")
@click.option("-o", "--out", type=FILE, required=True, metavar="FILE", help="A new .jsonl file.")
@click.option("--from", "start", type=int, default=0, show_default=True, help="The first entry to write.")
@click.option("--names", is_flag=True, help="Open the sealed names and prompts; for your own copies.")
@click.pass_obj
def export_command(settings: Settings, out: Path, start: int, names: bool) -> None:
    """Write the entries as JSON lines that anybody can check; names stay sealed without --names."""
    with writing(settings) as ledger:
        count = ledger.export(out, start=start, names=names)
    click.echo(f"{out}: {count:,} entries and the checkpoint that covers them")


for further in (anchor_command, anchors_command, continue_command, find_command, import_command):
    ledger_group.add_command(further)

COMMANDS = (ledger_group,)


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
        line = (
            f"{report.size:,} entries of {report.ledger}, {report.checkpoints:,} checkpoints: all as written"
        )
        screen.print(styled(line, "green"))
    if report.copied:
        screen.print(
            "An earlier version of Genzu wrote it; a copy with the tables of this version was checked."
        )
    if report.files:
        screen.print(f"{report.files:,} files of the vault hashed again")
    screen.print(_limits(report, against), style="dim")


def _limits(report: Report, against: Sequence[Path]) -> str:
    if report.outside is None:
        why = (
            "None of the checkpoints from outside agrees."
            if against
            else "No checkpoint from outside was given."
        )
        return (
            f"{why} Whoever holds the ledger's key could have rewritten it, and this check would not show it."
        )
    if report.outside == report.size:
        return "A checkpoint from outside covers every entry: none was changed since it was signed."
    return (
        f"A checkpoint from outside covers the first {report.outside:,} entries. Those after it could have been "
        "rewritten by whoever holds the key."
    )


def _report_json(report: Report) -> dict[str, Json]:
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
        "misbehaviour": str(report.misbehaviour) if report.misbehaviour else None,
    }


def _entry_number(ledger: Ledger, what: str) -> int:
    if what.isdecimal() and len(what) < 20:
        return int(what)
    try:
        return ledger.picture(what).requested
    except NotRecorded:
        pass
    try:
        return ledger.person(what).added
    except NotRecorded:
        raise NotRecorded(f"the ledger has no picture, person or entry {plain(what, 60)}") from None


def _reading(settings: Settings) -> Ledger:
    return Ledger.open(settings.ledger, key=settings.keys / "ledger.key", create=False, read_only=True)
