"""Time stamps that come later: the authority was down when a picture was signed, and is asked again until it answers.

A signed file cannot be stamped afterwards without being another file. The ledger can: its checkpoint covers the entry
that holds the file's SHA-256, so a stamp over the checkpoint shows that the signed file existed by then. The request is
written down at once (`genzu ledger anchors` lists it), and goes out with the next picture that an authority stamps, or
with `genzu ledger anchor`.
"""

import time
from typing import TYPE_CHECKING

from provenance.errors import LedgerError, TimeStampError
from provenance.ledger.entries.bodies import PictureReleased
from provenance.ledger.entries.shape import read
from provenance.ledger.store.records import PictureRecord
from provenance.ledger.timestamps import ask, send

PATIENCE = 5.0  # seconds for stamps of the past; the rest goes out with the next picture

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger


def after_signing(ledger: "AnyLedger", record: PictureRecord, authority: str | None) -> None:
    """Notes that a stamp is missing; or, where the authority has just answered, fetches those that are.

    The picture has left by now: whatever is the matter with the authority, this says nothing and stops nobody.
    """
    if authority is None or record.released is None:
        return
    began = time.monotonic()
    try:
        if not read(PictureReleased, ledger.entry(record.released).body).time_stamped:
            ask(ledger, authority)
            return
        for _, trouble in send(ledger):
            if trouble or time.monotonic() - began > PATIENCE:
                return
    except (TimeStampError, LedgerError):
        return
