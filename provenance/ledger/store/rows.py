"""Entries as they lie in their table: each row is hashed again before it is believed."""

import sqlite3
from typing import cast

from provenance.errors import LedgerDamaged, NotRecorded
from provenance.ledger.entries.entry import Entry, leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.proof.merkle import leaf_hash
from provenance.statement.json_value import Json, read_json

Row = tuple[int, str, str, str, bytes]
COLUMNS = "seq, at, kind, body, leaf_hash"


def entry_of(row: Row) -> Entry:
    """The entry in a row of `entries`. LedgerDamaged where the row is not what its hash was taken over."""
    seq, at, kind, body, stored = row
    try:
        if leaf_hash(leaf_of(seq, at, kind, body)) != stored:
            raise LedgerDamaged(f"entry {seq} is not what its hash was taken over")
        return Entry(seq, at, EntryKind(kind), cast("Json", read_json(body)))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LedgerDamaged(f"entry {seq} cannot be read ({error})") from error


def entry_at(connection: sqlite3.Connection, seq: int) -> Entry:
    row = connection.execute(f"SELECT {COLUMNS} FROM entries WHERE seq = ?", (seq,)).fetchone()  # noqa: S608
    if row is None:
        raise NotRecorded(f"the ledger has no entry {seq}")
    return entry_of(row)


def entries_from(connection: sqlite3.Connection, start: int, stop: int) -> list[Entry]:
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq",  # noqa: S608
        (start, stop),
    )
    return [entry_of(row) for row in rows]
