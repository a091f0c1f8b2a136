"""Forgetting: private texts leave the database, its write-ahead log and the text index; their entries stay.

An entry holds HMAC-SHA256(salt, text). Once text and salt are gone nobody can tell what it was taken over, and
every proof still holds. The order, so that a crash at any point is made good at the next start:

    1 one transaction   remove text, salt and words; append private.erased; note the task "scrub"
    2 VACUUM            writes the file anew: no stale copy is left in the slack of a page
    3 write-ahead log   checkpointed and cut to nothing
    4 the task is done

What a signed file that was handed out says cannot be recalled. A copy that another studio imported forgets the same
texts when it takes in the entry that says so (copies/load.py).
"""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.ledger.entries.bodies import Erased, erased_body
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.shape import read_json
from provenance.ledger.store.database import Database
from provenance.ledger.store.schema import SCRUB
from provenance.ledger.store.words import forget_words, index_words
from provenance.statement.commitment import Body

Append = Callable[[sqlite3.Connection, Sequence[tuple[EntryKind, Body]]], list[Entry]]


def erase(connection: sqlite3.Connection, append: Append, about: str) -> Entry | None:
    """Step 1; `append` is the writer's. None where nothing private about this person, picture or dispute is held."""
    rows = connection.execute(
        "SELECT entry, field FROM private WHERE about = ? ORDER BY entry, position", (about,)
    ).fetchall()
    if not rows:
        return None
    _forget(connection, {(entry, about) for entry, _ in rows})
    entry = append(connection, [(EntryKind.PRIVATE_ERASED, erased_body(about, rows))])[0]
    connection.execute("INSERT OR REPLACE INTO housekeeping VALUES (?, ?)", (SCRUB, entry.at))
    return entry


def forget_erased(connection: sqlite3.Connection) -> set[tuple[int, str]]:
    """Removes from a copy what its entries say was erased: the entry of each such text, and whom it was about."""
    erased, last = set[tuple[int, str]](), ""
    kind = EntryKind.PRIVATE_ERASED.value
    for at, body in connection.execute("SELECT at, body FROM entries WHERE kind = ? ORDER BY seq", (kind,)):
        with suppress(StatementError):  # what cannot be read erases nothing
            said = read_json(Erased, body)
            erased |= {(gone.entry, said.about) for gone in said.erased}
            last = at
    if _forget(connection, erased):
        connection.execute("INSERT OR REPLACE INTO housekeeping VALUES (?, ?)", (SCRUB, last))
    return erased


def forget_all(connection: sqlite3.Connection, now: str) -> None:
    """Removes every private text and every word of one, where only the entries and their proofs are to be kept."""
    connection.execute("DELETE FROM private")
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    connection.execute("INSERT OR REPLACE INTO housekeeping VALUES (?, ?)", (SCRUB, now))


def _forget(connection: sqlite3.Connection, gone: Collection[tuple[int, str]]) -> bool:
    """Removes the texts of these entries about these people, pictures or disputes, and their words; False for none."""
    held = {(each.entry, each.about) for each in held_texts(connection)}.intersection(gone) if gone else set()
    entries = sorted({entry for entry, _ in held})
    for entry in entries:
        forget_words(connection, entry, _texts(connection, entry))
    connection.executemany("DELETE FROM private WHERE entry = ? AND about = ?", sorted(held))
    for entry in entries:
        index_words(connection, entry, _texts(connection, entry))
    if held:
        # A deleted word stays in the index's older segments until they are merged.
        connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    return bool(held)


@dataclass(frozen=True, slots=True)
class HeldText:
    """A private text that is still held: the entry that sealed it, its field, and by whose id it is erased."""

    entry: int
    field: str
    about: str
    value: str


def held_texts(connection: sqlite3.Connection) -> list[HeldText]:
    """Every private text that is still held, oldest entry first."""
    rows = connection.execute("SELECT entry, field, about, value FROM private ORDER BY entry, position")
    return [HeldText(*row) for row in rows]


def scrub(database: Database) -> bool:
    """Steps 2 to 4, where they are due. False while another process still reads an older state."""
    with database.maintain() as connection:
        if not due(connection):
            return True
        connection.execute("VACUUM")
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:
            return False
        connection.execute("DELETE FROM housekeeping WHERE task = ?", (SCRUB,))
        return True


# What to say while it is `due`.
WAITS = (
    "the bytes are still in the database file, because another program is reading an older state of it; "
    "they go when the ledger is next opened without it: genzu ledger state"
)


def due(connection: sqlite3.Connection) -> bool:
    """Whether erased bytes may still be on the disk."""
    return connection.execute("SELECT 1 FROM housekeeping WHERE task = ?", (SCRUB,)).fetchone() is not None


def _texts(connection: sqlite3.Connection, entry: int) -> list[str]:
    """An entry's private texts in the order in which they were indexed."""
    rows = connection.execute("SELECT value FROM private WHERE entry = ? ORDER BY position", (entry,))
    return [row[0] for row in rows]
