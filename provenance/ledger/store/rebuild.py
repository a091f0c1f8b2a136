"""Everything that follows from the entries, made again: the tree, the projections, the full-text index."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from provenance.errors import StatementError
from provenance.ledger.entries.codec import SHAPES
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.shape import read
from provenance.ledger.store import checkpoints, tree
from provenance.ledger.store.projection import project
from provenance.ledger.store.rows import entries_from
from provenance.ledger.store.schema import PROJECTIONS
from provenance.ledger.store.words import index_words

PAGE = 500


def rebuild(connection: sqlite3.Connection, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Works within a running transaction; how many entries there are.

    LedgerDamaged where the entries are not those that were signed for: a rebuild makes nothing false look right. An
    entry that cannot be read adds nothing; `verify` names it.
    """
    size = tree.size_of(connection)
    tree.rebuild(connection)
    last = checkpoints.last_checkpoint(connection)
    if last is not None:
        checkpoints.check_prefix(connection, last.checkpoint, size)
    fill_again(connection, _entries(connection, size, on_progress))
    return size


def project_or_skip(connection: sqlite3.Connection, entry: Entry) -> str:
    """Applies one entry, or nothing of it: then why it cannot be true."""
    connection.execute("SAVEPOINT one_entry")
    try:
        project(connection, entry, read(SHAPES[entry.kind], entry.body))
    except (StatementError, sqlite3.IntegrityError) as error:
        connection.execute("ROLLBACK TO one_entry")
        return str(error)
    finally:
        connection.execute("RELEASE one_entry")
    return ""


def fill_again(connection: sqlite3.Connection, entries: Iterable[Entry]) -> list[int]:
    """Empties every projection and fills it again from the entries, in their order; which were skipped."""
    skipped = []
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    for table in PROJECTIONS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    for entry in entries:
        if project_or_skip(connection, entry):
            skipped.append(entry.seq)
        rows = connection.execute("SELECT value FROM private WHERE entry = ? ORDER BY position", (entry.seq,))
        index_words(connection, entry.seq, [row[0] for row in rows])
    return skipped


def _entries(
    connection: sqlite3.Connection, size: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[Entry]:
    for start in range(0, size, PAGE):
        if on_progress is not None:
            on_progress(start, size)
        yield from entries_from(connection, start, min(size, start + PAGE))
