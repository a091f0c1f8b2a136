"""Entries as rows for reading: each entry changes the projected tables in one way, here and nowhere else.

What a row holds follows from the entries alone. Names and prompts stay in `private`; the one exception is the
full-text index, which is made from it and emptied of what is erased.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from provenance.errors import StatementError
from provenance.ledger.entries.bodies import (
    Added,
    Closed,
    Created,
    Erased,
    PictureReleased,
    Recorded,
    Requested,
)
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.people_bodies import CreditCorrected, PersonChanged, PersonSplit
from provenance.ledger.entries.shape import Shape
from provenance.ledger.store.records import State
from provenance.statement.canonical import Digest


def project(connection: sqlite3.Connection, entry: Entry, said: Shape) -> None:
    """Applies one entry, whose body says `said`. StatementError where it cannot be true after the entries before."""
    projector = _PROJECTORS.get(entry.kind)  # most of what is said about people stands in the entries alone
    if projector is not None:
        projector(connection, entry.seq, said)


def _created(_: sqlite3.Connection, seq: int, _said: Created) -> None:
    if seq != 0:
        raise StatementError(f"a ledger is created once, in entry 0, not in entry {seq}")


def _person(connection: sqlite3.Connection, seq: int, added: Added) -> None:
    connection.execute(
        "INSERT INTO people (added, person, kind, named) VALUES (?, ?, ?, ?)",
        (seq, added.person, added.kind.value, int(added.name is not None)),
    )


def _model(connection: sqlite3.Connection, seq: int, said: Recorded) -> None:
    model = said.use
    connection.execute(
        "INSERT INTO models (recorded, digest, name, source, revision, license, training)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, model.digest.value, model.name, model.source, model.revision, model.license, model.training),
    )


def _requested(connection: sqlite3.Connection, seq: int, asked: Requested) -> None:
    model = None if asked.model is None else _recorded_model(connection, asked.model)
    for adapter in asked.adapters or ():
        _recorded_model(connection, adapter.model)
    connection.execute(
        "INSERT INTO pictures"
        " (requested, picture, state, step, source_type, production, episode, shot, stage, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq, asked.picture, State.REQUESTED.value, asked.step.value, asked.source_type.value,
            asked.project.production, asked.project.episode, asked.project.shot, asked.project.stage.value,
            model,
        ),
    )  # fmt: skip
    for position, credit in enumerate(asked.credits):
        added = _one(
            connection,
            "SELECT added FROM people WHERE person = ?",
            credit.person,
            f"person {credit.person}",
        )
        connection.execute(
            "INSERT INTO credits VALUES (?, ?, ?, ?)", (seq, position, added, credit.role.value)
        )
    for position, given in enumerate(asked.inputs):
        source = None
        if given.picture is not None:
            source = _one(
                connection,
                "SELECT requested FROM pictures WHERE picture = ?",
                given.picture,
                f"picture {given.picture}",
            )
        file = given.value().resource
        pixels = file.pixels.value if file.pixels else None
        connection.execute(
            "INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (seq, position, given.role.value, given.relation.value, file.digest.value, pixels, source),
        )


def _released(connection: sqlite3.Connection, seq: int, done: PictureReleased) -> None:
    _close(connection, seq, done.picture, done.requested, State.RELEASED)
    file = done.file
    pixels = file.pixels.value if file.pixels else None
    connection.execute(
        "UPDATE pictures SET output_digest = ?, output_pixels = ? WHERE requested = ?",
        (file.digest.value, pixels, done.requested),
    )


def _cancelled(connection: sqlite3.Connection, seq: int, closed: Closed) -> None:
    _close(connection, seq, closed.picture, closed.requested, State.CANCELLED)


def _failed(connection: sqlite3.Connection, seq: int, closed: Closed) -> None:
    _close(connection, seq, closed.picture, closed.requested, State.FAILED)


def _close(connection: sqlite3.Connection, seq: int, picture: str, requested: int, state: State) -> None:
    changed = connection.execute(
        "UPDATE pictures SET state = ?, closed = ? WHERE requested = ? AND picture = ? AND state = ?",
        (state.value, seq, requested, picture, State.REQUESTED.value),
    ).rowcount
    if changed != 1:
        raise StatementError(
            f"picture {picture[:40]!r} was not requested by entry {requested}, or is closed already"
        )


def _erased(connection: sqlite3.Connection, seq: int, said: Erased) -> None:
    for gone in said.erased:
        if gone.entry >= seq:
            raise StatementError(f"entry {gone.entry} is not there yet, and cannot have been erased")
        if gone.field == "name":
            connection.execute(
                "UPDATE people SET erased = ? WHERE added = ? OR name_entry = ?",
                (seq, gone.entry, gone.entry),
            )


def _person_changed(connection: sqlite3.Connection, seq: int, changed: PersonChanged) -> None:
    """A new name is shown from now on; everything else about people is read from the entries (disclosed.py)."""
    person = changed.person
    added = _one(connection, "SELECT added FROM people WHERE person = ?", person, f"person {person}")
    if changed.name is not UNSET:
        connection.execute(
            "UPDATE people SET name_entry = ?, named = ? WHERE added = ?",
            (seq, int(changed.name is not None), added),
        )


def _corrected(connection: sqlite3.Connection, seq: int, said: CreditCorrected) -> None:
    """A credit of one picture that this entry gave to somebody else."""
    _note_correction(connection, seq, [said.picture])


def _split(connection: sqlite3.Connection, seq: int, said: PersonSplit) -> None:
    """Some of the credits under a record, given to somebody else."""
    _note_correction(connection, seq, said.pictures)


def _note_correction(connection: sqlite3.Connection, seq: int, pictures: Sequence[str]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO corrections SELECT requested, ? FROM pictures WHERE picture = ?",
        [(seq, each) for each in pictures],
    )


def _recorded_model(connection: sqlite3.Connection, digest: str) -> int:
    value = Digest.parse(digest).value
    return _one(connection, "SELECT max(recorded) FROM models WHERE digest = ?", value, f"model {digest}")


def _one(connection: sqlite3.Connection, sql: str, value: str | bytes, what: str) -> int:
    row = connection.execute(sql, (value,)).fetchone()
    if row is None or row[0] is None:
        raise StatementError(f"{what[:80]} is not recorded")
    found: int = row[0]
    return found


_PROJECTORS: dict[EntryKind, Callable[[sqlite3.Connection, int, Any], None]] = {
    EntryKind.LEDGER_CREATED: _created,
    EntryKind.PERSON_ADDED: _person,
    EntryKind.MODEL_RECORDED: _model,
    EntryKind.PICTURE_REQUESTED: _requested,
    EntryKind.PICTURE_RELEASED: _released,
    EntryKind.PICTURE_CANCELLED: _cancelled,
    EntryKind.PICTURE_FAILED: _failed,
    EntryKind.PRIVATE_ERASED: _erased,
    EntryKind.PERSON_CHANGED: _person_changed,
    EntryKind.PERSON_SPLIT: _split,
    EntryKind.CREDIT_CORRECTED: _corrected,
}
