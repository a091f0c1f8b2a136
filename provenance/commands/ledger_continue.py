"""`genzu ledger continue`: the keeper's answer to somebody with an old receipt."""

from pathlib import Path

import click

from provenance.commands.opening import writing
from provenance.errors import ConsistencyError, LedgerError
from provenance.ledger.continuations import continue_from, read_held
from provenance.people.receipt_given import receipt_given
from provenance.settings import Settings
from provenance.statement.counted import counted
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save_new

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)


@click.command("continue")
@click.argument("held", type=FILE)
@click.option(
    "-o", "--out", type=FILE, required=True, metavar="FILE", help="Where to write the continuation."
)
@click.option(
    "--receipt",
    "again",
    type=FILE,
    metavar="FILE",
    help="Also write a receipt of today for the same entry, with the corrections since.",
)
@click.option("--closed", is_flag=True, help="Show no name and no prompt in that receipt.")
@click.pass_context
def continue_command(context: click.Context, held: Path, out: Path, again: Path | None, closed: bool) -> None:
    """Prove that today's ledger begins with HELD, an old receipt or checkpoint.

    Its holder checks the proof without us: genzu receipt verify HELD --against FILE. Exit code 1 if the ledger does not
    begin with it. Then the record was rewritten, and `genzu ledger verify --against HELD` says more.
    """
    settings: Settings = context.obj
    older, receipt = read_held(held)
    if again is not None and receipt is None:
        raise LedgerError(f"{held} is no receipt: there is no entry to prove again; leave out --receipt")
    with writing(settings) as ledger:
        try:
            found = continue_from(ledger, older)
        except ConsistencyError as error:
            click.echo(f"does not continue: {plain(str(error), 500)}")
            context.exit(CHECK_FAILED)
        today = None
        if again is not None and receipt is not None:
            today = receipt_given(ledger, receipt.index, opened=not closed)
    save_new(out, str(found))
    click.echo(
        f"{out}: from {counted(older.checkpoint.size, 'entry', 'entries')} to {found.newer.checkpoint.size:,}"
    )
    if again is not None and today is not None:
        save_new(again, str(today))
        more = counted(len(today.also), "entry", "entries")
        click.echo(f"{again}: entry {today.index}, with {more} that it speaks of")
