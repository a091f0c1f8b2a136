"""`genzu receipt`: checking a receipt with nothing but the file."""

from pathlib import Path

import click
from rich.console import Console

from provenance.canonical import Json
from provenance.commands.opening import as_json
from provenance.commands.showing import print_json
from provenance.display import console, styled
from provenance.errors import LedgerError, ProofError
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import Proved, Receipt, read_receipt
from provenance.proof.receipt import verify as verify_receipt

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)


@click.group("receipt")
def receipt_group() -> None:
    """Check receipts. Needs no ledger and no network."""


@receipt_group.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", help="The ledger's public key, as its keeper publishes it (genzu ledger key).")
@click.option("--key-file", type=FILE, metavar="FILE", help="The same, in a file.")
@as_json
@click.pass_context
def receipt_verify_command(
    context: click.Context, file: Path, key: str | None, key_file: Path | None, as_json: bool
) -> None:
    """What the receipt FILE proves; exit code 1 when it does not hold."""
    if key_file is not None:
        key = _read(key_file).decode("utf-8", errors="replace").strip()
    known = VerifyKey.parse(key) if key else None
    data = _read(file)
    try:
        receipt = read_receipt(data)
        proved = verify_receipt(receipt, known)
    except ProofError as error:
        if as_json:
            print_json({"holds": False, "reason": str(error)})
        else:
            console().print(styled(f"does not hold: {error}", "bold red", 1000))
        context.exit(CHECK_FAILED)
    if as_json:
        print_json(_proved_json(receipt, proved))
    else:
        _show_proved(console(), proved)


COMMANDS = (receipt_group,)


def _show_proved(screen: Console, proved: Proved) -> None:
    first = proved.entries[0]
    screen.print(
        styled(
            f"holds: entry {first.index} stood in {proved.key.name} when it had {proved.checkpoint.size} entries",
            "green",
        )
    )
    for entry in proved.entries:
        screen.print(styled(f"  entry {entry.index}  {entry.value.get('kind')}  {entry.value.get('at')}"))
    for opened in proved.opened:
        screen.print(styled(f"  entry {opened.index}  {opened.place}: {opened.value}"))
    if not proved.key_known:
        screen.print(
            "The key came with the receipt, and is the one that the ledger is named after. Compare the name with "
            "what its keeper publishes, or give --key.",
            style="dim",
        )


def _proved_json(receipt: Receipt, proved: Proved) -> dict[str, Json]:
    return {
        "holds": True,
        "ledger": proved.key.name,
        "key": str(proved.key),
        "key_known": proved.key_known,
        "size": proved.checkpoint.size,
        "root": proved.checkpoint.root.hex(),
        "index": receipt.index,
        "entries": [{"index": each.index, "entry": each.value} for each in proved.entries],
        "opened": [{"entry": each.index, "place": each.place, "value": each.value} for each in proved.opened],
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path} could not be read: {error.strerror}") from error
