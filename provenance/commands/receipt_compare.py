"""`genzu receipt compare`: an old receipt beside the ledger of today."""

from pathlib import Path

import click

from provenance.commands.opening import as_json as as_json_option
from provenance.commands.opening import reading
from provenance.errors import OutputError, ProofError
from provenance.people.receipt_today import compare
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

    Exit code 0 when nothing changed or what changed is on the record, 1 when the ledger contradicts the receipt.
    """
    try:
        with file.open("rb") as opened_file:
            receipt = read_receipt(opened_file.read(MAX_RECEIPT * 4))
    except OSError as error:
        raise OutputError.of(error, f"{file} could not be read") from error
    with reading(context.obj) as opened:
        try:
            found = compare(opened.held, register_of(opened.held), receipt)
        except ProofError as error:
            if as_json:
                print_json({"holds": False, "reason": str(error)})
            else:
                click.echo(f"does not hold: {plain(str(error), 1000)}")
            context.exit(1)
    if as_json:
        changes: list[Json] = [
            {"about": each.about, "then": each.then, "now": each.now, "entries": list(each.entries)}
            for each in found.changes
        ]
        told: dict[str, Json] = {
            "holds": True,
            "subject": found.subject,
            "entries_then": found.tree_size,
            "changes": changes,
        }
        print_json(told | {"same": list(found.same)})
        return
    screen = console()
    screen.print(
        styled(f"{found.subject}, when the ledger had {counted(found.tree_size, 'entry', 'entries')}")
    )
    for line in found.same:
        screen.print(styled(f"  as it was   {line}"))
    for change in found.changes:
        screen.print(styled(f"  changed     {change}"))
    if found.changes:
        return
    if found.same:
        screen.print("  nothing changed since")
    else:
        screen.print("  the entry stands as it did; whether later ones say otherwise was not looked at")
