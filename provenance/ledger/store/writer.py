"""Appending: an entry, its leaf in the tree, its private texts and its projected rows, in one transaction.

A request brings the people and models with it that are new to the ledger.

The writer keeps the tree's right edge in memory between entries and reads it again whenever another process
has written or a transaction was undone.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from provenance.errors import LedgerDamaged, LedgerError, NoteError, NotRecorded, ProofError, StatementError
from provenance.ledger.entries.bodies import added_body, model_body, requested_body
from provenance.ledger.entries.codec import SHAPES, check_text, places, read
from provenance.ledger.entries.entry import Entry, EntryKind, leaf_of
from provenance.ledger.store.database import Database
from provenance.ledger.store.projection import project
from provenance.ledger.store.reader import Reader
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.tree import load_frontier, root_at, size_of, store_leaf
from provenance.ledger.store.words import index_words
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.merkle import Frontier, leaf_hash
from provenance.proof.note import SigningKey, VerifyKey
from provenance.statement.canonical import canonical, new_id
from provenance.statement.commitment import MISSING, STAND_INS, Body, Opening, seal
from provenance.statement.credit import Credit
from provenance.statement.statement import ModelUse, Statement

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


def append_one(connection: sqlite3.Connection, edge: Frontier, kind: EntryKind, body: Body) -> Entry:
    """Seals, numbers, hashes and stores one entry.

    StatementError, and nothing written, where anybody who reads the ledger would have to skip it.
    """
    sealed, openings = seal(body)
    body_text = canonical(sealed).decode()
    if body_text.count('{"private":') != len(openings) and len(list(places(sealed))) != len(openings):
        raise StatementError("a field called 'private' alone reads as a sealed text; give it another name")
    for each in openings:
        check_text(each.private.field, each.private.value)
    KnownIds(connection).refuse_unknown(read(SHAPES[kind], sealed), edge.size)
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    entry = Entry(edge.size, at, kind, sealed)
    store_entry(connection, edge, entry, body_text)
    store_private(connection, entry.seq, openings)
    project(connection, entry)
    index_words(connection, entry.seq, [each.private.value for each in openings])
    return entry


def request_items(reader: Reader, statement: Statement) -> Items:
    """In order: person.added and model.recorded where new, and picture.requested last."""
    items: list[tuple[EntryKind, Body]] = []
    fresh: dict[str, str] = {}
    people = [_person(reader, credit, fresh, items) for credit in statement.credits]
    for model in {each.digest: each for each in statement.models}.values():
        if not _knows(reader, model):
            items.append((EntryKind.MODEL_RECORDED, model_body(model)))
    items.append((EntryKind.PICTURE_REQUESTED, requested_body(statement, people)))
    return items


def _person(
    reader: Reader, credit: Credit, fresh: dict[str, str], items: list[tuple[EntryKind, Body]]
) -> str:
    """The id of the person credited. Somebody who asked not to be named is a new person each time."""
    if credit.person is not None:
        known = reader.person(credit.person)
        if known.absent == MISSING:
            raise StatementError(
                f"the name of {credit.person} is missing from the ledger; run `genzu ledger verify`"
            )
        if credit.name != (known.absent or known.name):
            raise StatementError(f"{credit.person} is recorded under another name than {credit.name!r}")
        return known.person
    if credit.name in STAND_INS:
        raise StatementError(
            f"{credit.name!r} stands for a name that is not held; name the person, or ask not to be named"
        )
    if credit.name is not None:
        if credit.name in fresh:
            return fresh[credit.name]
        found = reader.ids_named(credit.name)
        if found:
            return found[0]
    person = new_id("per")
    items.append((EntryKind.PERSON_ADDED, added_body(person, credit.name)))
    if credit.name is not None:
        fresh[credit.name] = person
    return person


def _knows(reader: Reader, model: ModelUse) -> bool:
    try:
        return reader.model(model.digest) == model
    except NotRecorded:
        return False


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


def open_request(connection: sqlite3.Connection, picture: str) -> int:
    """The number of the entry that asked for this picture, which must not be closed yet."""
    row = connection.execute(
        "SELECT requested, state, closed FROM pictures WHERE picture = ?", (picture,)
    ).fetchone()
    if row is None:
        raise NotRecorded(f"picture {picture[:40]!r} was never requested; write it down before it is made")
    requested, state, closed = row
    if closed is not None:
        raise LedgerError(
            f"picture {picture!r} is {state} already (entry {closed}); a further one needs its own request"
        )
    found: int = requested
    return found


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
            "or an older copy was put back; run `genzu ledger verify`"
        )
    if older.size and root_at(connection, older.size) != older.root:
        raise LedgerDamaged(
            f"the first {older.size} entries are not those that were signed for; run `genzu ledger verify`"
        )


def last_checkpoint(connection: sqlite3.Connection) -> SignedCheckpoint | None:
    return _checkpoint(connection, "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1", ())


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
        raise LedgerDamaged(
            f"a stored checkpoint cannot be read ({error}); run `genzu ledger verify`"
        ) from error
