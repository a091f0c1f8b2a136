"""Time stamps over checkpoints: asked for once, kept with the checkpoint, and asked for again until they come.

An anchor says that what the ledger held existed at that time, by the word of somebody who holds no key of ours. The
request is written down first, so that a machine without a network keeps it; painting never waits for it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from provenance.errors import LedgerDamaged, ProofError, TimeStampError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.schema import digest_of
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.timestamp import check_address, stamp

Stamp = Callable[[bytes, str], bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint, the authority that was asked, and its answer (DER); None while it has not come."""

    checkpoint: SignedCheckpoint
    authority: str
    asked_at: str
    time_stamp: bytes | None

    @property
    def data(self) -> bytes:
        """What is stamped: the checkpoint as its file holds it."""
        return str(self.checkpoint).encode()


def ask(ledger: AnyLedger, authority: str) -> SignedCheckpoint:
    """Notes that the checkpoint of now is to be stamped by this authority."""
    check_address(authority)
    signed = ledger.checkpoint()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    ledger.change(
        lambda db: db.execute(
            "INSERT OR IGNORE INTO anchors (size, authority, asked_at, digest) VALUES (?, ?, ?, ?)",
            (signed.checkpoint.size, authority, now, digest_of(signed.checkpoint.size, authority, now, None)),
        ).close()
    )
    return signed


def send(ledger: AnyLedger, stamp: Stamp = stamp) -> Iterator[tuple[Anchor, str]]:
    """Asks for every stamp that has not come, oldest first; each with "" or why it did not come this time."""
    for each in [anchor for anchor in anchors(ledger) if anchor.time_stamp is None]:
        try:
            answer = stamp(each.data, each.authority)
        except (
            TimeStampError
        ) as error:  # of whatever kind: those behind it in the queue are asked all the same
            yield each, str(error)
            continue
        if not ledger.change(partial(_store, anchor=each, answer=answer)):
            yield each, "its stamp was asked for, and the request withdrawn before it came"
            continue
        yield Anchor(each.checkpoint, each.authority, each.asked_at, answer), ""


def withdraw(ledger: AnyLedger, authority: str) -> int:
    """Asks this authority no more for what it has not answered; how many requests that were."""
    return ledger.change(
        lambda db: (
            db.execute(
                "DELETE FROM anchors WHERE authority = ? AND time_stamp IS NULL", (authority,)
            ).rowcount
        )
    )


def _store(connection: sqlite3.Connection, anchor: Anchor, answer: bytes) -> bool:
    """Keeps the answer under the request as it is now; False where it was withdrawn since."""
    place = (anchor.checkpoint.checkpoint.size, anchor.authority)
    asked = connection.execute(
        "SELECT asked_at FROM anchors WHERE size = ? AND authority = ?", place
    ).fetchone()
    if asked is None:
        return False
    connection.execute(
        "UPDATE anchors SET time_stamp = ?, digest = ? WHERE size = ? AND authority = ? AND time_stamp IS NULL",
        (answer, digest_of(*place, asked[0], answer), *place),
    )
    return True


def anchors(ledger: AnyLedger) -> list[Anchor]:
    """All anchors, oldest first."""
    return ledger.ask(lambda db: _read(db.execute(f"{_ROWS} ORDER BY size, authority")))


def anchor_over(ledger: AnyLedger, seq: int) -> Anchor | None:
    """The first anchor whose checkpoint holds entry `seq`: one that is stamped before one that waits."""
    if not getattr(ledger, "anchored", True):  # a ledger that remembers knows where there is none
        return None
    first = f"{_ROWS} WHERE size > ? ORDER BY time_stamp IS NULL, size LIMIT 1"
    found = ledger.ask(lambda db: _read(db.execute(first, (seq,))))
    return found[0] if found else None


_ROWS = "SELECT note, authority, asked_at, time_stamp FROM anchors JOIN checkpoints USING (size)"


def _read(rows: Iterable[tuple[str, str, str, bytes | None]]) -> list[Anchor]:
    try:
        return [
            Anchor(SignedCheckpoint.parse(note), authority, at, data) for note, authority, at, data in rows
        ]
    except ProofError as error:
        raise LedgerDamaged(f"a stored checkpoint cannot be read ({error})") from error
