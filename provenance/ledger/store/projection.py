"""Entries as rows for reading: each entry changes the projected tables in one way, here and nowhere else.

What a row holds follows from the entries alone. Names and prompts stay in `private`; the one exception is the
full-text index, which is made from it and emptied of what is erased.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence

from provenance.errors import StatementError
from provenance.ledger.entries.bodies import (
    read_added,
    read_closed,
    read_created,
    read_erased,
    read_model,
    read_released,
    read_requested,
)
from provenance.ledger.entries.entry import Entry, EntryKind
from provenance.ledger.entries.strict import an_object, text
from provenance.ledger.store.records import State
from provenance.ledger.store.schema import PROJECTIONS
from provenance.statement.canonical import Json

# A word is a run of letters in most scripts; Chinese, Japanese and Korean text has no spaces to split at.
_UNSPACED = re.compile(
    r"([\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3100-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003fffd])"
)


def project(connection: sqlite3.Connection, entry: Entry) -> None:
    """Applies one entry. StatementError where it cannot be true after the entries before it."""
    _PROJECTORS[entry.kind](connection, entry.seq, entry.body)


def rebuild(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Empties every projection and fills it again from the entries, in their order."""
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    for table in PROJECTIONS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    for entry in entries:
        project(connection, entry)
        rows = connection.execute("SELECT value FROM private WHERE entry = ? ORDER BY position", (entry.seq,))
        index_words(connection, entry.seq, [row[0] for row in rows])


def index_words(connection: sqlite3.Connection, seq: int, values: Sequence[str]) -> None:
    """Makes an entry's private texts findable."""
    if values:
        connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (seq, searchable(values)))


def forget_words(connection: sqlite3.Connection, seq: int, values: Sequence[str]) -> None:
    """Takes an entry out of the index; `values` are all that it was indexed with."""
    if values:
        connection.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (seq, searchable(values))
        )


def searchable(values: Iterable[str]) -> str:
    """The texts as they are indexed: every unspaced character is a word of its own."""
    return _UNSPACED.sub(r" \1 ", "\n".join(values))


def query(words: str) -> str:
    """An FTS5 query for entries that hold every one of these words; nothing in it is an operator.

    >>> query('snow "AND 犬と')
    '"snow" "AND" "犬 と"'
    """
    quoted = []
    for word in words.split():
        inner = " ".join(_UNSPACED.sub(r" \1 ", word.replace('"', " ").replace("\0", " ")).split())
        if inner:
            quoted.append(f'"{inner}"')
    return " ".join(quoted)


def _created(_: sqlite3.Connection, seq: int, body: Json) -> None:
    read_created(body)
    if seq != 0:
        raise StatementError(f"a ledger is created once, in entry 0, not in entry {seq}")


def _person(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    added = read_added(body)
    connection.execute(
        "INSERT INTO people (added, person, kind, named) VALUES (?, ?, ?, ?)",
        (seq, added.person, added.kind.value, int(added.name is not None)),
    )


def _model(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    model = read_model(body)
    connection.execute(
        "INSERT INTO models (recorded, digest, name, source, revision, license, training)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, model.digest.value, model.name, model.source, model.revision, model.license, model.training),
    )


def _requested(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    asked = read_requested(body)
    model = None
    if asked.model is not None:
        model = _one(
            connection,
            "SELECT max(recorded) FROM models WHERE digest = ?",
            asked.model.value,
            f"model {asked.model}",
        )
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
    for position, (role, person, _) in enumerate(asked.credits):
        added = _one(connection, "SELECT added FROM people WHERE person = ?", person, f"person {person}")
        connection.execute("INSERT INTO credits VALUES (?, ?, ?, ?)", (seq, position, added, role.value))
    for position, each in enumerate(asked.inputs):
        source = None
        if each.picture is not None:
            source = _one(
                connection,
                "SELECT requested FROM pictures WHERE picture = ?",
                each.picture,
                f"picture {each.picture}",
            )
        pixels = each.resource.pixels.value if each.resource.pixels else None
        connection.execute(
            "INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (seq, position, each.role.value, each.relation.value, each.resource.digest.value, pixels, source),
        )


def _released(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    done = read_released(body)
    _close(connection, seq, done.picture, done.requested, State.RELEASED)
    pixels = done.output.pixels.value if done.output.pixels else None
    connection.execute(
        "UPDATE pictures SET output_digest = ?, output_pixels = ? WHERE requested = ?",
        (done.output.digest.value, pixels, done.requested),
    )


def _cancelled(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    closed = read_closed(body)
    _close(connection, seq, closed.picture, closed.requested, State.CANCELLED)


def _failed(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    closed = read_closed(body)
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


def _erased(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    for entry, field in read_erased(body).erased:
        if field == "name":
            connection.execute(
                "UPDATE people SET erased = ? WHERE added = ? OR name_entry = ?", (seq, entry, entry)
            )


def _person_changed(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    """A new name is shown from now on; everything else about people is read from the entries (disclosed.py)."""
    changed = an_object(body)
    person = text(changed.get("person"))
    added = _one(connection, "SELECT added FROM people WHERE person = ?", person, f"person {person}")
    if "name" in changed:
        connection.execute(
            "UPDATE people SET name_entry = ?, named = ? WHERE added = ?",
            (seq, int(changed["name"] is not None), added),
        )


def _corrected(connection: sqlite3.Connection, seq: int, body: Json) -> None:
    """Credits that a later entry gave to others: one picture's, or some of those under a record."""
    said = an_object(body)
    pictures = said.get("pictures") if "pictures" in said else [said.get("picture")]
    connection.executemany(
        "INSERT OR IGNORE INTO corrections SELECT requested, ? FROM pictures WHERE picture = ?",
        [(seq, text(each)) for each in (pictures if isinstance(pictures, list) else [])],
    )


def _about_people(_: sqlite3.Connection, seq: int, body: Json) -> None:
    an_object(body)
    del seq  # it stands in the entries alone


def _one(connection: sqlite3.Connection, sql: str, value: str | bytes, what: str) -> int:
    row = connection.execute(sql, (value,)).fetchone()
    if row is None or row[0] is None:
        raise StatementError(f"{what[:80]} is not recorded")
    found: int = row[0]
    return found


_PROJECTORS: dict[EntryKind, Callable[[sqlite3.Connection, int, Json], None]] = {
    EntryKind.LEDGER_CREATED: _created,
    EntryKind.PERSON_ADDED: _person,
    EntryKind.MODEL_RECORDED: _model,
    EntryKind.PICTURE_REQUESTED: _requested,
    EntryKind.PICTURE_RELEASED: _released,
    EntryKind.PICTURE_CANCELLED: _cancelled,
    EntryKind.PICTURE_FAILED: _failed,
    EntryKind.PRIVATE_ERASED: _erased,
    EntryKind.PERSON_CHANGED: _person_changed,
    EntryKind.PERSON_MERGED: _about_people,
    EntryKind.PERSON_SPLIT: _corrected,
    EntryKind.CREDIT_CLAIMED: _about_people,
    EntryKind.CREDIT_CONFIRMED: _about_people,
    EntryKind.CREDIT_CORRECTED: _corrected,
    EntryKind.CONSENT_STATED: _about_people,
    EntryKind.CONSENT_OVERRIDDEN: _about_people,
    EntryKind.PROJECT_STATED: _about_people,
    EntryKind.CANDIDATE_CHOSEN: _about_people,
    EntryKind.DISPUTE_OPENED: _about_people,
    EntryKind.DISPUTE_ANSWERED: _about_people,
}
