"""Whether today's ledger begins with what somebody holds of it, and the proof of that for them to keep."""

from pathlib import Path

from provenance.errors import ConsistencyError, LedgerError, ProofError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.key_files import parse_checkpoints
from provenance.ledger.store.tree import nodes_in, root_at
from provenance.proof.checkpoint import Checkpoint, Continuation, SignedCheckpoint, continuation
from provenance.proof.receipt import HEADER, Receipt, tidy


def continue_from(ledger: AnyLedger, older: SignedCheckpoint) -> Continuation:
    """From that checkpoint to the one of now.

    NoteError where this ledger's key did not sign it, ConsistencyError where the ledger does not continue it.
    """
    newest = ledger.checkpoint()
    _refuse_fewer(older.verify(ledger.verify_key), newest.checkpoint.size)
    return ledger.ask(lambda db: continuation(ledger.verify_key, older, newest, nodes_in(db)))


def check_begins_with(ledger: AnyLedger, stated: Checkpoint) -> None:
    """Raises ConsistencyError unless the ledger begins with the entries that this checkpoint was signed for."""
    _refuse_fewer(stated, len(ledger))
    if stated.size and ledger.ask(lambda db: root_at(db, stated.size)) != stated.root:
        raise ConsistencyError(
            f"the first {stated.size} entries of the ledger are not those that were signed for: it was rewritten"
        )


def _refuse_fewer(stated: Checkpoint, size: int) -> None:
    if stated.size > size:
        raise ConsistencyError(
            f"{stated.size} entries were signed for, and the ledger has {size}: it was cut off, "
            "or an older copy was put back"
        )


def read_held(path: Path) -> tuple[SignedCheckpoint, Receipt | None]:
    """The newest checkpoint in what somebody held, and the receipt where it is one."""
    try:
        text = tidy(path.read_bytes())
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error
    if text.startswith(f"{HEADER}\n"):
        receipt = Receipt.parse(text)
        return receipt.checkpoint, receipt
    try:
        newest = max(parse_checkpoints(text), key=lambda each: each.checkpoint.size)
    except ValueError:
        raise ProofError(f"{path} holds neither a receipt nor a checkpoint") from None
    return newest, None
