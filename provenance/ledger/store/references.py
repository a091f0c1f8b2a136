"""What an entry speaks of, looked for among the entries before it: people, pictures, disputes, entries."""

import sqlite3
from functools import lru_cache

from provenance.errors import StatementError
from provenance.ledger.entries.shape import Shape
from provenance.ledger.store.schema import BESIDE_PICTURES
from provenance.statement.canonical import canonical

REMEMBERED = 4096  # ids of each sort: a check of a whole ledger stays small


class KnownIds:
    """What the log holds, asked within one transaction; the last answers are remembered."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._person = lru_cache(REMEMBERED)(self._find_person)
        self._picture = lru_cache(REMEMBERED)(self._find_picture)
        self._dispute = lru_cache(REMEMBERED)(self._find_dispute)

    def refuse_unknown(self, said: Shape, seq: int) -> None:
        """Raises StatementError where entry `seq` speaks of what no entry before it has."""
        spoken = said.speaks_of()
        for sort, ids, find in (
            ("person", spoken.people, self._person),
            ("picture", spoken.pictures, self._picture),
            ("dispute", spoken.disputes, self._dispute),
        ):
            for each in ids:
                first = find(each)
                if first is None or first >= seq:
                    raise StatementError(
                        f"it speaks of the {sort} {each[:60]}, and none is on record before it"
                    )
        for number in spoken.entries:
            if number >= seq:
                raise StatementError(f"it speaks of entry {number}, which is not before it")

    def _find_person(self, person: str) -> int | None:
        return self._first("SELECT added FROM people WHERE person = ?", person)

    def _find_picture(self, picture: str) -> int | None:
        return self._first("SELECT requested FROM pictures WHERE picture = ?", picture)

    def _find_dispute(self, dispute: str) -> int | None:
        return self._first(
            f"SELECT min(seq) FROM entries WHERE {BESIDE_PICTURES} AND kind = 'dispute.opened'"  # noqa: S608
            " AND instr(body, ?)",
            f'"dispute":{canonical(dispute).decode()}',
        )

    def _first(self, question: str, value: str) -> int | None:
        row = self._db.execute(question, (value,)).fetchone()
        found: int | None = None if row is None else row[0]
        return found
