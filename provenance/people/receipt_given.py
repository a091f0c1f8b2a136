"""A receipt as it is handed out: which names it keeps sealed, whoever asks for it."""

from contextlib import suppress

from provenance.errors import NotRecorded
from provenance.ledger.any_ledger import AnyLedger
from provenance.people.register import register_of
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.receipt import Receipt


def receipt_given(
    ledger: AnyLedger, seq: int, *, opened: bool = True, under: SignedCheckpoint | None = None
) -> Receipt:
    """The receipt of an entry. Whoever is shown under another name, in all of the record or in the file of the entry's
    picture, is opened under none of their records: one name beside the other would tell who that is.
    """
    register = register_of(ledger)
    hidden = register.concealed
    body = ledger.entry(seq).body
    picture = body.get("picture") if isinstance(body, dict) else None
    if isinstance(picture, str):
        with suppress(NotRecorded):  # an entry of another program may speak of a picture that is not there
            hidden |= register.otherwise_in(ledger.picture(picture))
    return ledger.receipt(seq, opened=opened, hidden=hidden, under=under)
