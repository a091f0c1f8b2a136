"""Entries with their private texts opened where they are still held: what all about people is read from.

People, consents, choices and disputes are few beside pictures: an index over the entries that are not about
pictures finds them, and provenance/people/register.py adds them up. They have no tables of their own.

An entry that cannot be read stops nobody: it comes with its `trouble` and an empty body, and is told of as skipped.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping

from provenance.errors import LedgerDamaged, StatementError
from provenance.ledger.entries.codec import read_text
from provenance.ledger.entries.entry import Entry, leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed
from provenance.ledger.entries.sealed import check_text, places
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.rows import COLUMNS, Row
from provenance.ledger.store.schema import BESIDE_PICTURES
from provenance.ledger.store.texts import Texts
from provenance.proof.merkle import leaf_hash
from provenance.statement.commitment import STAND_INS
from provenance.statement.json_value import Json


def disclosed_in(
    connection: sqlite3.Connection, kinds: Collection[EntryKind], start: int = 0
) -> list[Disclosed]:
    """The entries of these kinds from number `start` on, in order, opened."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE {BESIDE_PICTURES} AND seq >= ? ORDER BY seq",  # noqa: S608
        (start,),
    ).fetchall()
    wanted = {each.value for each in kinds}
    known, texts = KnownIds(connection), Texts(connection)
    return [_disclosed(row, known, texts) for row in rows if row[2] in wanted]


def _disclosed(row: Row, known: KnownIds, texts: Texts) -> Disclosed:
    seq, at, kind, body, stored = row
    if leaf_hash(leaf_of(seq, at, kind, body)) != stored:
        raise LedgerDamaged(f"entry {seq} is not what its hash was taken over")
    try:
        known.refuse_unknown(read_text(kind, body), seq)
    except StatementError as error:
        return Disclosed(seq, at, EntryKind(kind), {}, str(error))
    entry = Entry(seq, at, EntryKind(kind), json.loads(body))
    held = texts.of(entry)
    try:
        for digest, field in places(entry.body):
            if held[digest] not in STAND_INS:
                check_text(field, held[digest])
    except StatementError as error:
        return Disclosed(seq, at, entry.kind, {}, str(error))
    opened = _opened(entry.body, held)
    assert isinstance(opened, dict)  # each shape is an object
    return Disclosed(seq, at, entry.kind, opened)


def _opened(value: Json, texts: Mapping[str, str]) -> Json:
    """The value with each commitment replaced by its text."""
    if isinstance(value, list):
        return [_opened(each, texts) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"private"}:
        return texts[str(value["private"])]
    return {name: _opened(each, texts) for name, each in value.items()}
