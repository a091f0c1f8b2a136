"""Entries with their private texts opened where they are still held: what all about people is read from.

People, consents, choices and disputes are few beside pictures: an index over the entries that are not about
pictures finds them, and provenance/people/register.py adds them up. They have no tables of their own.
"""

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from provenance.errors import LedgerDamaged, StatementError
from provenance.ledger.entries.bodies import commitments
from provenance.ledger.entries.entry import Entry, EntryKind
from provenance.ledger.store.reader import COLUMNS, entry_of, private_of
from provenance.statement.canonical import Json
from provenance.statement.commitment import ERASED, commitment

__all__ = ["ERASED", "Said", "said_in"]

# Written as in the index `entries_beside_pictures`, or SQLite does not use it.
BESIDE_PICTURES = "kind NOT IN ('picture.requested', 'picture.released')"


@dataclass(frozen=True, slots=True)
class Said:
    """One entry. A private text stands in `body` as itself, or as "(erased)"."""

    seq: int
    at: str
    kind: EntryKind
    body: Mapping[str, Json]

    def text(self, name: str) -> str:
        """The text of a field; "" where it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise StatementError(f"entry {self.seq}: {name} is a text, not {str(value)[:40]!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; those that were erased are left out."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise StatementError(f"entry {self.seq}: {name} is a list of texts, not {str(value)[:40]!r}")
        return tuple(str(each) for each in value if each != ERASED)

    def text_map(self, name: str) -> dict[str, str]:
        value = self.body.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise StatementError(f"entry {self.seq}: {name} maps words to texts, not {str(value)[:40]!r}")
        return {key: str(each) for key, each in value.items()}

    def flag(self, name: str) -> bool:
        return self.body.get(name) is True

    def number(self, name: str) -> int | None:
        value = self.body.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def said_in(connection: sqlite3.Connection, kinds: Collection[EntryKind], start: int = 0) -> list[Said]:
    """The entries of these kinds from number `start` on, in order, opened."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE {BESIDE_PICTURES} AND seq >= ? ORDER BY seq",  # noqa: S608
        (start,),
    ).fetchall()
    wanted = {each.value for each in kinds}
    return [_opened(connection, entry_of(row)) for row in rows if row[2] in wanted]


def _opened(connection: sqlite3.Connection, entry: Entry) -> Said:
    sealed = set(commitments(entry.body))
    texts = {commitment(salt, value): value for salt, value in private_of(connection, entry.seq)}
    if not texts.keys() <= sealed:
        raise LedgerDamaged(f"a private text of entry {entry.seq} was changed; run `genzu ledger verify`")

    def walk(value: Json) -> Json:
        if isinstance(value, list):
            return [walk(each) for each in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"private"}:
            return texts.get(str(value["private"]), ERASED)
        return {name: walk(each) for name, each in value.items()}

    body = walk(entry.body)
    if not isinstance(body, dict):
        raise LedgerDamaged(f"entry {entry.seq} cannot be read; run `genzu ledger verify`")
    return Said(entry.seq, entry.at, entry.kind, body)
