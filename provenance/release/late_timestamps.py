"""Time stamps that come later: the authority was down when a picture was signed, and is asked again until it answers.

A signed file cannot be stamped afterwards without being another file. The ledger can: its checkpoint covers the entry
that holds the file's SHA-256, so a stamp over the checkpoint shows that the signed file existed by then. The request is
written down at once (`genzu ledger anchors` lists it), and goes out with the next picture that an authority stamps, or
with `genzu ledger anchor`.
"""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from provenance.errors import LedgerError, TimeStampError
from provenance.inspection.evidence.agreement import Finding
from provenance.inspection.lineage import Evidence
from provenance.ledger.entries.bodies import read_released
from provenance.ledger.store.records import PictureRecord
from provenance.ledger.timestamps import anchor_over, ask, send
from provenance.proof.timestamp import read_roots, verify
from provenance.statement.untrusted import plain

PATIENCE = 5.0  # seconds for stamps of the past; the rest goes out with the next picture

if TYPE_CHECKING:
    from provenance.ledger import Ledger


def after_signing(ledger: "Ledger", record: PictureRecord, authority: str | None) -> None:
    """Notes that a stamp is missing; or, where the authority has just answered, fetches those that are.

    The picture has left by now: whatever is the matter with the authority, this says nothing and stops nobody.
    """
    if authority is None or record.released is None:
        return
    began = time.monotonic()
    try:
        if not read_released(ledger.entry(record.released).body).time_stamped:
            ask(ledger, authority)
            return
        for _, trouble in send(ledger):
            if trouble or time.monotonic() - began > PATIENCE:
                return
    except (TimeStampError, LedgerError):
        return


def stamped(ledger: "Ledger", record: PictureRecord, roots: str) -> Iterator[Finding]:
    """What the ledger's own time stamps say of when a picture stood in it. `roots` (PEM): whose word counts."""
    anchor = anchor_over(ledger, record.released) if record.released is not None else None
    if anchor is None:
        return
    size = f"{anchor.checkpoint.checkpoint.size:,}"
    asked = f"asked of {plain(anchor.authority, 120)} on {plain(anchor.asked_at, 40)}"
    if anchor.time_stamp is None:
        words = (
            f"A time stamp over the ledger was {asked}, and has not come; `genzu ledger anchor` asks again."
        )
        yield Finding(Evidence.RECORDED, "time", words)
        return
    try:
        found = verify(anchor.time_stamp, anchor.data, read_roots(roots.encode()) if roots else [])
    except TimeStampError as error:
        words = f"The ledger's checkpoint of {size} entries has a time stamp, {asked}, that was not checked: {error}."
        yield Finding(Evidence.RECORDED, "time", words)
        return
    by = f"the checkpoint of {size} entries was stamped by {plain(found.authority, 120)}"
    words = f"It was in the ledger by {found.at.isoformat()}: {by}."
    yield Finding(Evidence.RECORDED, "time", words)
