"""Appending: an entry, its leaf in the tree, its private texts and its projected rows, in one transaction.

The writer keeps the tree's right edge in memory between entries and reads it again whenever another process
has written or a transaction was undone.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from provenance.errors import StatementError
from provenance.ledger.entries.codec import SHAPES
from provenance.ledger.entries.entry import Entry, leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.sealed import check_new, places
from provenance.ledger.entries.shape import read
from provenance.ledger.store.database import Database
from provenance.ledger.store.projection import project
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.tree import load_frontier, size_of, store_leaf
from provenance.ledger.store.words import index_words
from provenance.proof.merkle import Frontier, leaf_hash
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Body, Opening, seal

Items = Sequence[tuple[EntryKind, Body]]
T = TypeVar("T")


class Writer:
    """The one that appends to a ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._edge: Frontier | None = None

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` in one transaction: durable on return, or as if it had never begun."""
        try:
            with self._db.write() as connection:
                return work(connection)
        except BaseException:
            self._edge = None  # it may hold leaves of entries that were never committed
            raise

    def append(self, connection: sqlite3.Connection, items: Items) -> list[Entry]:
        """Appends within a running transaction."""
        size = size_of(connection)
        if self._edge is None or self._edge.size != size:
            self._edge = load_frontier(connection)
        return [append_one(connection, self._edge, kind, body) for kind, body in items]


def write_first(database: Database, body: Body) -> None:
    """The first entry of an empty ledger, unless another process was first."""
    writer = Writer(database)

    def begin(connection: sqlite3.Connection) -> None:
        if size_of(connection) == 0:
            writer.append(connection, [(EntryKind.LEDGER_CREATED, body)])

    writer.write(begin)


def append_one(connection: sqlite3.Connection, edge: Frontier, kind: EntryKind, body: Body) -> Entry:
    """Seals, numbers, hashes and stores one entry.

    StatementError, and nothing written, where anybody who reads the ledger would have to skip it.
    """
    sealed, openings = seal(body)
    body_text = canonical(sealed).decode()
    if body_text.count('{"private":') != len(openings) and len(list(places(sealed))) != len(openings):
        raise StatementError("a field called 'private' alone reads as a sealed text; give it another name")
    for each in openings:
        check_new(each.private.field, each.private.value)
    said = read(SHAPES[kind], sealed)
    KnownIds(connection).refuse_unknown(said, edge.size)
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    entry = Entry(edge.size, at, kind, sealed)
    store_entry(connection, edge, entry, body_text)
    store_private(connection, entry.seq, openings)
    project(connection, entry, said)
    index_words(connection, entry.seq, [each.private.value for each in openings])
    return entry


def store_entry(connection: sqlite3.Connection, edge: Frontier, entry: Entry, body: str) -> None:
    """The entry's own row and its leaf; `body` is the canonical text of `entry.body`."""
    digest = leaf_hash(leaf_of(entry.seq, entry.at, entry.kind.value, body))
    connection.execute(
        "INSERT INTO entries (seq, at, kind, body, leaf_hash) VALUES (?, ?, ?, ?, ?)",
        (entry.seq, entry.at, entry.kind.value, body, digest),
    )
    store_leaf(connection, edge, digest)


def store_private(connection: sqlite3.Connection, seq: int, openings: Iterable[Opening]) -> None:
    connection.executemany(
        "INSERT INTO private (entry, position, field, about, salt, value) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (seq, position, each.private.field, each.private.about, each.salt, each.private.value)
            for position, each in enumerate(openings)
        ],
    )
