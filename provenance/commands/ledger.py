"""`genzu ledger`: checking the record, copying it elsewhere, and proving what stands in it."""

from pathlib import Path

import click

from provenance.commands.group import Sentences
from provenance.commands.ledger_anchor import anchor_command, anchors_command
from provenance.commands.ledger_continue import continue_command
from provenance.commands.ledger_import import find_command, import_command
from provenance.commands.ledger_verify import verify_command
from provenance.commands.ledger_witness import witness_command
from provenance.commands.opening import as_json, read_ledger, writing
from provenance.errors import NotRecorded
from provenance.ledger.log import Ledger
from provenance.ledger.receipts import named_otherwise
from provenance.ledger.witnesses import newest
from provenance.people.receipt_given import receipt_given
from provenance.people.register import register_of
from provenance.settings import Settings
from provenance.show.terminal import print_json, progress
from provenance.statement.counted import counted
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save_new

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)


@click.group("ledger", cls=Sentences)
def ledger_group() -> None:
    """Check the record, sign it, copy it elsewhere, prove what is in it."""


@ledger_group.command("rebuild")
@click.pass_obj
def rebuild_command(settings: Settings) -> None:
    """Rebuild every table for reading, the text index and the stored tree from the entries."""
    with writing(settings) as ledger, progress() as bar:
        task = bar.add_task("entries", total=None)
        size = ledger.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
        bar.update(task, completed=size, total=size)
    click.echo(f"{counted(size, 'entry', 'entries')}; every table for reading was made again")


@ledger_group.command("checkpoint")
@click.option("-o", "--out", type=FILE, metavar="FILE", help="Write it to a new file.")
@click.pass_obj
def checkpoint_command(settings: Settings, out: Path | None) -> None:
    """Sign what the ledger holds now. Keep the result in a place that the keeper of the ledger cannot change."""
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
    """How many entries there are, how many are signed, and how many have reached the backup."""
    with writing(settings) as ledger:
        ledger.settle()
        size, signed, durable = len(ledger), ledger.signed, ledger.durability
    if as_json:
        print_json({"ledger": ledger.id, "entries": size, "signed": signed, "durability": durable})
    else:
        entries = counted(size, "entry", "entries")
        click.echo(f"{ledger.id}: {entries}, signed for up to {signed:,}; {plain(durable, 500)}")


@ledger_group.command("key")
@click.pass_obj
def key_command(settings: Settings) -> None:
    """The ledger's public key. Others need it to check checkpoints and receipts."""
    with read_ledger(settings) as ledger:
        click.echo(str(ledger.verify_key))


@ledger_group.command("prove")
@click.argument("what")
@click.option("-o", "--out", type=FILE, required=True, metavar="FILE", help="Where to write the receipt.")
@click.option("--closed", is_flag=True, help="Show no name and no prompt in it.")
@click.option("--witnessed", is_flag=True, help="Under the newest checkpoint that a witness signed.")
@click.pass_obj
def prove_command(settings: Settings, what: str, out: Path, closed: bool, witnessed: bool) -> None:
    """A receipt for WHAT: a picture's id, a person's id, or an entry's number.

    Anyone who has the receipt can show later, without the ledger, that this was in it.
    """
    with writing(settings) as ledger:
        under = newest(settings.cosigned) if witnessed else None
        if witnessed and under is None:
            raise NotRecorded(
                "no witness has signed this ledger yet; ask one: genzu ledger witness URL --key KEY"
            )
        receipt = receipt_given(ledger, _entry_number(ledger, what), opened=not closed, under=under)
    save_new(out, str(receipt))
    click.echo(f"{out}: entry {receipt.index} of {receipt.checkpoint.checkpoint.size:,}")


@ledger_group.command("export")
@click.option("-o", "--out", type=FILE, required=True, metavar="FILE", help="A new .jsonl file.")
@click.option("--from", "start", type=int, default=0, show_default=True, help="The first entry to write.")
@click.option(
    "--names",
    is_flag=True,
    help="Open the names that are shown anyway, and the prompts that files tell: for another studio.",
)
@click.option(
    "--private",
    is_flag=True,
    help="Open every sealed text, names behind pseudonyms and contacts, too: for your own copy alone.",
)
@click.pass_obj
def export_command(settings: Settings, out: Path, start: int, names: bool, private: bool) -> None:
    """Write the entries as JSON lines that anybody can check. Names stay sealed unless you ask for --names."""
    with writing(settings) as ledger:
        register = register_of(ledger)
        otherwise = ledger.ask(named_otherwise) & register.people.keys()
        hidden = {one.person for each in otherwise for one in register.together(each)} | register.concealed
        count = ledger.export(out, start=start, names=names, private=private, hidden=hidden)
    click.echo(f"{out}: {counted(count, 'entry', 'entries')} and the checkpoint over the whole ledger")
    if private:
        click.echo(
            "It opens every private text: names behind pseudonyms, contacts, prompts and disputes. Keep it to yourself."
        )
    elif names:
        click.echo(
            "It opens the names that are shown and the prompts that files tell. Names behind pseudonyms, contacts and "
            "all other private texts stay sealed, and so do all names of whoever has another name in a file."
        )


for further in (
    verify_command,
    anchor_command,
    anchors_command,
    continue_command,
    find_command,
    witness_command,
    import_command,
):
    ledger_group.add_command(further)

COMMANDS = (ledger_group,)


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
