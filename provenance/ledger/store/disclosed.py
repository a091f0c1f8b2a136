"""Entries with their private texts opened where they are still held: what all about people is read from.

People, consents, choices and disputes are few beside pictures: an index over the entries that are not about
pictures finds them, and provenance/people/register.py adds them up. They have no tables of their own.

An entry that cannot be read stops nobody: it comes with its `trouble` and an empty body, and is told of as skipped.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from provenance.errors import LedgerDamaged, StatementError
from provenance.ledger.entries.codec import check_text, places, read_text
from provenance.ledger.entries.entry import Entry, EntryKind, leaf_of
from provenance.ledger.store.reader import COLUMNS, Row
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.texts import BESIDE_PICTURES, Texts
from provenance.proof.merkle import leaf_hash
from provenance.statement.canonical import Json
from provenance.statement.commitment import STAND_INS


@dataclass(frozen=True, slots=True)
class Said:
    """One entry. A private text stands in `body` as itself, or as what became of it, such as "(erased)".

    `trouble` says why the entry cannot be read; "" where it can.
    """

    seq: int
    at: str
    kind: EntryKind
    body: Mapping[str, Json]
    trouble: str = ""

    def text(self, name: str) -> str:
        """The text of a field; "" where it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise StatementError(f"entry {self.seq}: {name} is a text, not {str(value)[:40]!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; those that are not held are left out."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise StatementError(f"entry {self.seq}: {name} is a list of texts, not {str(value)[:40]!r}")
        return tuple(str(each) for each in value if each not in STAND_INS)

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


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry about people that cannot be read, and why."""

    seq: int
    why: str

    def __str__(self) -> str:
        return f"entry {self.seq} cannot be read, and is skipped ({self.why})"


def said_in(connection: sqlite3.Connection, kinds: Collection[EntryKind], start: int = 0) -> list[Said]:
    """The entries of these kinds from number `start` on, in order, opened."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE {BESIDE_PICTURES} AND seq >= ? ORDER BY seq",  # noqa: S608
        (start,),
    ).fetchall()
    wanted = {each.value for each in kinds}
    known, texts = KnownIds(connection), Texts(connection)
    return [_disclosed(row, known, texts) for row in rows if row[2] in wanted]


def _disclosed(row: Row, known: KnownIds, texts: Texts) -> Said:
    seq, at, kind, body, stored = row
    if leaf_hash(leaf_of(seq, at, kind, body)) != stored:
        raise LedgerDamaged(f"entry {seq} is not what its hash was taken over; run `genzu ledger verify`")
    try:
        known.refuse_unknown(read_text(kind, body), seq)
    except StatementError as error:
        return Said(seq, at, EntryKind(kind), {}, str(error))
    entry = Entry(seq, at, EntryKind(kind), json.loads(body))
    held = texts.of(entry)
    try:
        for digest, field in places(entry.body):
            if held[digest] not in STAND_INS:
                check_text(field, held[digest])
    except StatementError as error:
        return Said(seq, at, entry.kind, {}, str(error))
    opened = _opened(entry.body, held)
    assert isinstance(opened, dict)  # each shape is an object
    return Said(seq, at, entry.kind, opened)


def _opened(value: Json, texts: Mapping[str, str]) -> Json:
    """The value with each commitment replaced by its text."""
    if isinstance(value, list):
        return [_opened(each, texts) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"private"}:
        return texts[str(value["private"])]
    return {name: _opened(each, texts) for name, each in value.items()}
