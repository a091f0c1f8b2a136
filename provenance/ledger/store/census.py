"""Whether the tables hold as many pictures as the entries: no answer hides one in silence.

Entries are counted once for each person who is asked about, and from then on only those that were added.
"""

import sqlite3

from provenance.errors import LedgerDamaged, Remedy, StatementError, Way
from provenance.ledger.entries.bodies import Requested
from provenance.ledger.entries.codec import read_text
from provenance.statement.canonical import canonical

REMEMBERED = 1000  # people
_CREDITING = (
    "SELECT seq, kind, body FROM entries WHERE seq >= ? AND kind = 'picture.requested' AND instr(body, ?)"
)
_CLOSED = (
    "SELECT {} FROM entries"
    " WHERE seq >= ? AND kind IN ('picture.released', 'picture.cancelled', 'picture.failed')"
)


class Census:
    """What was counted so far in one ledger."""

    def __init__(self) -> None:
        self._credited: dict[
            str, tuple[int, int]
        ] = {}  # by person: entries looked at, pictures that credit them
        self._closed = (0, 0)  # entries looked at, pictures that came to an end

    def need_whole(self, connection: sqlite3.Connection, person: str, added: int) -> None:
        """Raises LedgerDamaged where the tables hold fewer pictures crediting this person than the entries say."""
        size: int = connection.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
        wanted = self._count_credited(connection, person, size)
        found: int = connection.execute(
            "SELECT count(DISTINCT credits.picture) FROM credits JOIN pictures ON pictures.requested = credits.picture"
            " WHERE person = ?",
            (added,),
        ).fetchone()[0]
        if found != wanted:
            raise LedgerDamaged(
                f"the tables hold {found} of the {wanted} pictures that credit {person}: they were changed",
                remedies=(Remedy(Way.REBUILD),),
            )
        ended = self._count_closed(connection, size)
        told: int = connection.execute("SELECT count(closed) FROM pictures").fetchone()[0]
        if told != ended and told != _readable_ends(connection):
            raise LedgerDamaged(
                f"the tables hold the end of {told} pictures, and the entries that of {ended}: they were changed",
                remedies=(Remedy(Way.REBUILD),),
            )

    def _count_credited(self, connection: sqlite3.Connection, person: str, size: int) -> int:
        start, count = self._credited.get(person, (0, 0))
        if start < size:
            rows = connection.execute(_CREDITING, (start, f'"person":{canonical(person).decode()}'))
            count += sum(1 for _, kind, body in rows if _credits(kind, body, person))
            if len(self._credited) >= REMEMBERED:
                self._credited.clear()
            self._credited[person] = (size, count)
        return count

    def _count_closed(self, connection: sqlite3.Connection, size: int) -> int:
        start, count = self._closed
        if start < size:
            count += connection.execute(_CLOSED.format("count(*)"), (start,)).fetchone()[0]
            self._closed = (size, count)
        return count


def _readable_ends(connection: sqlite3.Connection) -> int:
    """How many entries say of a picture how it ended, without those that cannot be read."""
    return sum(
        1 for kind, body in connection.execute(_CLOSED.format("kind, body"), (0,)) if _is_read(kind, body)
    )


def _is_read(kind: str, body: str) -> bool:
    try:
        read_text(kind, body)
    except StatementError:
        return False
    return True


def _credits(kind: str, body: str, person: str) -> bool:
    """Whether this entry can be read, and credits the person."""
    try:
        said = read_text(kind, body)
    except StatementError:
        return False  # skipped by everything that reads; `verify` names it
    return isinstance(said, Requested) and any(each.person == person for each in said.credits)
