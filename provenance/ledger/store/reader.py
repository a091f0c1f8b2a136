"""Reading the ledger: rows and bodies put together into the records of record.py.

Every function works on one connection inside one transaction, so that its parts belong together.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from provenance.errors import LedgerDamaged, NotRecorded, StatementError
from provenance.ledger.entries.bodies import IN_FILE, Added, Closed, PictureReleased, Recorded, Requested
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.people_bodies import PersonChanged
from provenance.ledger.entries.shape import Sealed, read
from provenance.ledger.store.records import CreditRecord, PersonRecord, PictureRecord, State
from provenance.ledger.store.rows import Row, entry_at, entry_of
from provenance.ledger.store.texts import Texts
from provenance.ledger.store.words import query
from provenance.statement.canonical import Digest
from provenance.statement.commitment import ERASED, STAND_INS
from provenance.statement.credit import Kind, Role
from provenance.statement.cut import cut_meant
from provenance.statement.names import folded
from provenance.statement.statement import ModelUse


@dataclass(slots=True)
class Met:
    """The people and models that were looked up so far."""

    people: dict[str, PersonRecord] = field(default_factory=dict)
    models: dict[int, ModelUse] = field(default_factory=dict)


class Reader:
    """Answers within one transaction; people and models are looked up once. `met`: those of earlier transactions."""

    def __init__(self, connection: sqlite3.Connection, met: Met | None = None) -> None:
        self._db = connection
        met = met or Met()
        self._people, self._models = met.people, met.models
        self._texts = Texts(connection)

    def picture(self, picture: str) -> PictureRecord:
        row = self._db.execute(f"{_PICTURES} WHERE picture = ?", (picture,)).fetchone()
        if row is None:
            raise NotRecorded(f"the ledger has no picture {picture[:40]!r}")
        return self._record(row)

    def record(self, requested: int) -> PictureRecord:
        """The picture that entry `requested` asked for."""
        row = self._db.execute(f"{_PICTURES} WHERE requested = ?", (requested,)).fetchone()
        if row is None:
            raise NotRecorded(f"entry {requested} asks for no picture")
        return self._record(row)

    def _record(self, row: tuple[Any, ...]) -> PictureRecord:
        """The picture in a row of _PICTURES."""
        picture, state, model, requested, closed = row[:5]
        entry = _entry_of(requested, row[5:10])
        try:
            texts = self._texts.of(entry)
            statement = read(Requested, entry.body).statement(
                self._name,
                lambda digest: self._model_of(model, digest),
                lambda sealed: texts[sealed] if sealed else "",
            )
            record = PictureRecord(picture, State(state), statement, requested, entry.at)
            return record if closed is None else _closed(record, _entry_of(closed, row[10:]))
        except (StatementError, ValueError) as error:
            raise LedgerDamaged(f"the record of picture {picture!r} cannot be true ({error})") from error

    def pictures(
        self, *, state: State | None, shot: str | None, production: str | None, text: str | None, limit: int
    ) -> list[PictureRecord]:
        where: list[str] = []
        values: list[str | int] = []
        if state is not None:
            where.append("state = ?")
            values.append(str(state))
        for column, spelt in (("shot", self._shots(shot)), ("production", self._productions(production))):
            if spelt is not None:
                where.append(f"{column} IN ({', '.join('?' * len(spelt))})")
                values += spelt
        for word in (text or "").split():
            asked = query(word)
            if not asked:
                continue
            found = _COMMON if self._is_common(asked) else _RARE
            where.append(f"({found} OR {_NAMED})")
            values += [asked, asked]
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        return self._records(f"{condition} ORDER BY requested DESC LIMIT ?", [*values, limit])

    def _productions(self, asked: str | None) -> list[str] | None:
        """How a production's name is written in the records, other spellings of it included."""
        return (
            None
            if asked is None
            else [each for each in self._written("production") if folded(each) == folded(asked)]
        )

    def _shots(self, asked: str | None) -> list[str] | None:
        """How a shot's name is written in the records: `c7` where `c007` is asked for."""
        if asked is None:
            return None
        return [each for each in self._written("shot") if cut_meant("", each) == cut_meant("", asked)]

    def _written(self, column: str) -> list[str]:
        """Every name in a column of the pictures that has an index, once: from name to name along the index."""
        return [name for (name,) in self._db.execute(_NAMES.format(column=column))]

    def _is_common(self, asked: str) -> bool:
        """Whether so many entries hold these words that it is quicker to go through the pictures from the newest."""
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT rowid FROM search WHERE search MATCH ? LIMIT ?)", (asked, COMMON)
        ).fetchone()
        return bool(row[0] >= COMMON)

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]:
        return self._records("WHERE output_digest = ? ORDER BY requested DESC", [digest.value])

    def pictures_with_pixels(self, digest: Digest) -> list[PictureRecord]:
        return self._records("WHERE output_pixels = ? ORDER BY requested DESC", [digest.value])

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]:
        """Pictures that had this file, or a file with these pixels, among their inputs."""
        return self._records(
            "WHERE requested IN (SELECT picture FROM inputs WHERE digest = ?) ORDER BY requested DESC",
            [digest.value],
        )

    def pictures_calling(self, name: str) -> list[PictureRecord]:
        """Pictures whose file was given this name for somebody in place of the one on record, newest first.

        All private texts are looked through: 33 ms of a processor where there are 400,000.
        """
        rows = self._db.execute("SELECT entry, value FROM private WHERE field = ?", (IN_FILE,)).fetchall()
        found = {entry for entry, value in rows if folded(str(value)) == folded(name)}
        return [self.record(entry) for entry in sorted(found, reverse=True)]

    def children(self, picture: str) -> list[PictureRecord]:
        return self._records(
            "WHERE requested IN (SELECT inputs.picture FROM inputs JOIN pictures ON pictures.requested = source"
            " WHERE pictures.picture = ?) ORDER BY requested DESC",
            [picture],
        )

    def people(self) -> list[PersonRecord]:
        return [self._person(row) for row in self._db.execute(_PEOPLE + " ORDER BY added")]

    def people_named(self, name: str) -> list[PersonRecord]:
        return [self.person(person) for person in self.ids_named(name)]

    def ids_named(self, name: str) -> list[str]:
        """The people of exactly this name, the longest known first."""
        rows = self._db.execute(
            "WITH found AS (SELECT entry FROM private WHERE field = 'name' AND value = ?)"
            " SELECT added, person FROM people WHERE name_entry IS NULL AND added IN found"
            " UNION SELECT added, person FROM people WHERE name_entry IN found AND name_entry IS NOT NULL"
            " ORDER BY added",
            (name,),
        )
        return [row[1] for row in rows]

    def person(self, person: str) -> PersonRecord:
        if person not in self._people:
            row = self._db.execute(_PEOPLE + " WHERE person = ?", (person,)).fetchone()
            if row is None:
                raise NotRecorded(f"the ledger has no person {person[:40]!r}")
            self._people[person] = self._person(row)
        return self._people[person]

    def credits_of(self, person: str) -> list[CreditRecord]:
        who = self.person(person)
        rows = self._db.execute(
            "SELECT picture, role FROM credits WHERE person = ? ORDER BY picture DESC, position", (who.added,)
        ).fetchall()
        return [CreditRecord(who, Role(role), self.record(picture)) for picture, role in rows]

    def model(self, digest: Digest) -> ModelUse:
        row = self._db.execute(
            "SELECT max(recorded) FROM models WHERE digest = ?", (digest.value,)
        ).fetchone()
        if row[0] is None:
            raise NotRecorded(f"the ledger has no model {digest}")
        return self._model(row[0])

    def _records(self, which: str, values: Sequence[str | int | bytes]) -> list[PictureRecord]:
        return [self._record(row) for row in self._db.execute(f"{_PICTURES} {which}", values).fetchall()]

    def _person(self, row: tuple[int, str, str, int, int | None, int | None]) -> PersonRecord:
        added, person, kind, named, erased, name_entry = row
        if not named:
            return PersonRecord(person, Kind(kind), None, added)
        name = (
            ERASED if erased is not None else self._text_of_name(added if name_entry is None else name_entry)
        )
        if name in STAND_INS:
            return PersonRecord(person, Kind(kind), None, added, absent=name)
        return PersonRecord(person, Kind(kind), name, added)

    def _text_of_name(self, seq: int) -> str:
        """The name that entry `seq` gave, or what stands in its place."""
        entry = entry_at(self._db, seq)
        shape = _naming(entry.kind)
        if shape is None:
            raise LedgerDamaged(f"entry {seq} gives no name")
        try:
            said = read(shape, entry.body)
        except StatementError as error:
            raise LedgerDamaged(f"entry {seq} cannot be read ({error})") from error
        if not isinstance(said.name, Sealed):
            raise LedgerDamaged(f"entry {seq} gives no name")
        return self._texts.of(entry)[said.name.private]

    def _name(self, person: str) -> str | None:
        try:
            found = self.person(person)
        except NotRecorded as error:
            raise LedgerDamaged(f"{error}, though a picture credits them") from error
        return found.absent or found.name

    def _model_of(self, recorded: int | None, digest: Digest) -> ModelUse:
        """A picture's own model as it was recorded then; an adapter by its digest."""
        own = self._model(recorded)
        return own if own.digest == digest else self.model(digest)

    def _model(self, recorded: int | None) -> ModelUse:
        if recorded is None:
            raise LedgerDamaged("a picture's model is missing")
        if recorded not in self._models:
            try:
                self._models[recorded] = read(Recorded, entry_at(self._db, recorded).body).use
            except StatementError as error:
                raise LedgerDamaged(f"entry {recorded} cannot be true ({error})") from error
        return self._models[recorded]


def _naming(kind: EntryKind) -> type[Added | PersonChanged] | None:
    """The shape of an entry that gives a person their name."""
    if kind is EntryKind.PERSON_ADDED:
        return Added
    return PersonChanged if kind is EntryKind.PERSON_CHANGED else None


def _entry_of(seq: int, row: Row) -> Entry:
    """The entry of this number, by the columns that were found beside a picture."""
    if row[0] is None:
        raise NotRecorded(f"the ledger has no entry {seq}")
    return entry_of(row)


def _closed(record: PictureRecord, entry: Entry) -> PictureRecord:
    """The record with what its second entry says."""
    if entry.kind is not EntryKind.PICTURE_RELEASED:
        reason = read(Closed, entry.body).reason
        return PictureRecord(
            record.picture, record.state, record.statement, record.requested, record.requested_at,
            facts={"reason": reason},
        )  # fmt: skip
    done = read(PictureReleased, entry.body)
    return PictureRecord(
        picture=record.picture,
        state=record.state,
        statement=record.statement,
        requested=record.requested,
        requested_at=record.requested_at,
        released=entry.seq,
        released_at=entry.at,
        output=done.file,
        signer=Digest.parse(done.signer),
        manifest=done.manifest,
        facts=done.facts,
    )


# A picture with both of its entries, at once: an audit asks for three of them a file.
_PICTURES = """
SELECT picture, state, model, requested, closed,
       asked.seq, asked.at, asked.kind, asked.body, asked.leaf_hash,
       done.seq, done.at, done.kind, done.body, done.leaf_hash
FROM pictures LEFT JOIN entries AS asked ON asked.seq = requested LEFT JOIN entries AS done ON done.seq = closed
"""
COMMON = 2000  # entries
_RARE = "requested IN (SELECT rowid FROM search WHERE search MATCH ?)"
_COMMON = "EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = pictures.requested)"
_NAMED = (
    "requested IN (SELECT picture FROM credits WHERE person IN (SELECT added FROM people"
    " WHERE EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = coalesce(name_entry, added))))"
)
# From name to name along the index: as many steps as there are names, however many pictures they have.
_NAMES = """
WITH RECURSIVE found(name) AS (
    SELECT min({column}) FROM pictures
    UNION ALL
    SELECT (SELECT min({column}) FROM pictures WHERE {column} > found.name) FROM found WHERE found.name IS NOT NULL
)
SELECT name FROM found WHERE name IS NOT NULL
"""
_PEOPLE = "SELECT added, person, kind, named, erased, name_entry FROM people"
