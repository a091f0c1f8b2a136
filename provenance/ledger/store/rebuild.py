"""Everything that follows from the entries, made again: the tree, the projections, the full-text index."""

import sqlite3
from collections.abc import Callable, Iterator

from provenance.ledger.entries.entry import Entry
from provenance.ledger.store import projection, tree
from provenance.ledger.store import writer as writing
from provenance.ledger.store.reader import entries_from

PAGE = 500


def rebuild(connection: sqlite3.Connection, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Works within a running transaction; how many entries there are.

    LedgerDamaged where the entries are not those that were signed for: a rebuild makes nothing false look right. An
    entry that cannot be read adds nothing; `verify` names it.
    """
    size = tree.size_of(connection)
    tree.rebuild(connection)
    last = writing.last_checkpoint(connection)
    if last is not None:
        writing.check_prefix(connection, last.checkpoint, size)
    projection.rebuild(connection, _entries(connection, size, on_progress))
    return size


def _entries(
    connection: sqlite3.Connection, size: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[Entry]:
    for start in range(0, size, PAGE):
        if on_progress is not None:
            on_progress(start, size)
        yield from entries_from(connection, start, min(size, start + PAGE))
