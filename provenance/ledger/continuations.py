"""What a keeper answers to somebody who holds an old receipt: the proof that today's record begins with it."""

from pathlib import Path

from provenance.errors import ConsistencyError, LedgerError, ProofError
from provenance.ledger.key_files import parse_checkpoints
from provenance.ledger.log import Ledger
from provenance.ledger.store.tree import nodes_in
from provenance.proof.checkpoint import Continuation, SignedCheckpoint, continuation
from provenance.proof.receipt import HEADER, Receipt, tidy


def continue_from(ledger: Ledger, older: SignedCheckpoint) -> Continuation:
    """From that checkpoint to the one of now.

    NoteError where this ledger's key did not sign it, ConsistencyError where the ledger does not continue it.
    """
    stated = older.verify(ledger.verify_key)
    newest = ledger.checkpoint()
    if stated.size > newest.checkpoint.size:
        raise ConsistencyError(
            f"{stated.size} entries were signed for, and the ledger has {newest.checkpoint.size}: it was cut off, "
            "or an older copy was put back"
        )
    return ledger.ask(lambda db: continuation(ledger.verify_key, older, newest, nodes_in(db)))


def read_held(path: Path) -> tuple[SignedCheckpoint, Receipt | None]:
    """The newest checkpoint in what somebody held, and the receipt where it is one."""
    try:
        text = tidy(path.read_bytes())
    except OSError as error:
        raise LedgerError(f"{path} could not be read: {error.strerror}") from error
    if text.startswith(f"{HEADER}\n"):
        receipt = Receipt.parse(text)
        return receipt.checkpoint, receipt
    try:
        newest = max(parse_checkpoints(text), key=lambda each: each.checkpoint.size)
    except ValueError:
        raise ProofError(f"{path} holds neither a receipt nor a checkpoint") from None
    return newest, None
