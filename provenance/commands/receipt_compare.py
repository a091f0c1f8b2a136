"""`genzu receipt compare`: an old receipt beside the ledger of today, or an imported copy of the one it is of."""

from pathlib import Path

import click

from provenance.commands.opening import as_json as as_json_option
from provenance.commands.opening import reading
from provenance.errors import OutputError, ProofError
from provenance.people.receipt_today import ReceiptChange, TodayComparison, compare, ledger_of
from provenance.people.register import register_of
from provenance.proof.receipt import MAX_RECEIPT, read_receipt
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain


@click.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@as_json_option
@click.pass_context
def compare_command(context: click.Context, file: Path, as_json: bool) -> None:
    """Compare an old receipt with the ledger of today: what was credited then, and what is now.

    A receipt of another studio's ledger is compared with the copy of it that was imported, as far as that goes. Exit
    code 0 when nothing changed or what changed is on the record, 1 when the ledger contradicts the receipt.
    """
    try:
        with file.open("rb") as opened_file:
            receipt = read_receipt(opened_file.read(MAX_RECEIPT * 4))
    except OSError as error:
        raise OutputError.of(error, f"{file} could not be read") from error
    with reading(context.obj) as opened:
        ledger = ledger_of(receipt, opened.ledger, opened.others)
        try:
            found = compare(ledger, register_of(ledger), receipt, copy=ledger is not opened.ledger)
        except ProofError as error:
            if as_json:
                print_json({"holds": False, "reason": str(error)})
            else:
                click.echo(f"does not hold: {plain(str(error), 1000)}")
            context.exit(1)
    if as_json:
        print_json(_told(found, ledger.id))
    else:
        _show(found, ledger.id)


def _told(found: TodayComparison, ledger: str) -> dict[str, Json]:
    return {
        "holds": True,
        "subject": found.subject,
        "ledger": ledger,
        "copy_of_entries": found.copy or None,
        "entries_then": found.tree_size,
        "changes": [_change(each) for each in found.changes],
        "same": list(found.same),
        "untold": [_change(each) for each in found.untold],
    }


def _change(each: ReceiptChange) -> Json:
    return {"about": each.about, "then": each.then, "now": each.now, "entries": list(each.entries)}


def _show(found: TodayComparison, ledger: str) -> None:
    screen = console()
    screen.print(
        styled(f"{found.subject}, when the ledger had {counted(found.tree_size, 'entry', 'entries')}")
    )
    if found.copy:
        many = counted(found.copy, "entry", "entries")
        words = f"Compared with the copy of {ledger} here, which has {many}. Its keeper may have added more since."
        screen.print(styled(words, limit=1_000), soft_wrap=True)
    for line in found.same:
        screen.print(styled(f"  as it was   {line}"))
    for change in found.changes:
        screen.print(styled(f"  changed     {change}"))
    for each in found.untold:
        words = f"  not told    {each.about}: then {each.then}; the copy came without the name of today"
        screen.print(styled(words))
    if found.changes or found.untold:
        return
    if not found.same:
        screen.print("  the entry stands as it did; whether later ones say otherwise was not looked at")
    elif found.copy:
        screen.print("  nothing changed, as far as the copy goes")
    else:
        screen.print("  nothing changed since")
