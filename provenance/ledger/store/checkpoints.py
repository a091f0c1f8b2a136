"""The checkpoints of a ledger: signed over its tree, kept in their table, and held against the tree as it is now."""

import sqlite3
from collections.abc import Iterator

from provenance.errors import LedgerDamaged, NoteError, ProofError
from provenance.ledger.store.tree import root_at, size_of
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.note import SigningKey, VerifyKey


def sign_now(connection: sqlite3.Connection, key: SigningKey) -> SignedCheckpoint:
    """The checkpoint of all entries, stored; the last one again where nothing was added."""
    size, last = size_of(connection), last_checkpoint(connection)
    if last is not None:
        check_prefix(connection, last.checkpoint, size)
        if last.checkpoint.size == size:
            return last
    signed = SignedCheckpoint.sign(Checkpoint(key.name, size, root_at(connection, size)), key)
    connection.execute(
        "INSERT INTO checkpoints (size, root, note) VALUES (?, ?, ?)",
        (size, signed.checkpoint.root, str(signed)),
    )
    return signed


def check_prefix(connection: sqlite3.Connection, older: Checkpoint, size: int) -> None:
    """Raises LedgerDamaged unless the stored tree begins with what `older` states."""
    if older.size > size:
        raise LedgerDamaged(
            f"a checkpoint of {older.size} entries was signed, and {size} are left: entries were cut off, "
            "or an older copy was put back"
        )
    if older.size and root_at(connection, older.size) != older.root:
        raise LedgerDamaged(f"the first {older.size} entries are not those that were signed for")


def last_checkpoint(connection: sqlite3.Connection) -> SignedCheckpoint | None:
    return _checkpoint(connection, "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1", ())


def checkpoint_within(connection: sqlite3.Connection, size: int) -> SignedCheckpoint | None:
    """The newest checkpoint of at most `size` entries."""
    return _checkpoint(
        connection, "SELECT note FROM checkpoints WHERE size <= ? ORDER BY size DESC LIMIT 1", (size,)
    )


def checkpoints_above(connection: sqlite3.Connection, size: int) -> Iterator[SignedCheckpoint]:
    rows = connection.execute("SELECT note FROM checkpoints WHERE size > ? ORDER BY size", (size,))
    return (_read(row[0]) for row in rows)


def check_checkpoint(connection: sqlite3.Connection, signed: SignedCheckpoint, key: VerifyKey) -> None:
    """Raises LedgerDamaged unless `key` signed this and the stored tree begins with it."""
    try:
        check_prefix(connection, signed.verify(key), size_of(connection))
    except NoteError as error:
        raise LedgerDamaged(f"the last checkpoint does not belong to this ledger: {error}") from error


def _checkpoint(connection: sqlite3.Connection, sql: str, values: tuple[int, ...]) -> SignedCheckpoint | None:
    row = connection.execute(sql, values).fetchone()
    return None if row is None else _read(row[0])


def _read(note: str) -> SignedCheckpoint:
    try:
        return SignedCheckpoint.parse(note)
    except ProofError as error:
        raise LedgerDamaged(f"a stored checkpoint cannot be read ({error})") from error
