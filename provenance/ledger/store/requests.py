"""What a request writes down: the picture, with the people and models that are new to the ledger."""

import sqlite3
from typing import Protocol

from provenance.errors import LedgerError, NotRecorded, Remedy, StatementError, Way
from provenance.ledger.entries.bodies import added_body, model_body, requested_body
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PersonRecord
from provenance.statement.canonical import Digest, new_id
from provenance.statement.commitment import MISSING, STAND_INS, Body
from provenance.statement.credit import Credit
from provenance.statement.statement import ModelUse, Statement


class Known(Protocol):
    """The people and models that a ledger has (reader.py)."""

    def person(self, person: str) -> PersonRecord: ...

    def ids_named(self, name: str) -> list[str]: ...

    def model(self, digest: Digest) -> ModelUse: ...


def request_items(known: Known, statement: Statement) -> list[tuple[EntryKind, Body]]:
    """In order: person.added and model.recorded where new, and picture.requested last."""
    items: list[tuple[EntryKind, Body]] = []
    fresh: dict[str, str] = {}
    people = [_person(known, credit, fresh, items) for credit in statement.credits]
    for model in {each.digest: each for each in statement.models}.values():
        if not _knows(known, model):
            items.append((EntryKind.MODEL_RECORDED, model_body(model)))
    items.append((EntryKind.PICTURE_REQUESTED, requested_body(statement, people)))
    return items


def _person(known: Known, credit: Credit, fresh: dict[str, str], items: list[tuple[EntryKind, Body]]) -> str:
    """The id of the person credited. Somebody who asked not to be named is a new person each time."""
    if credit.person is not None:
        found = known.person(credit.person)
        if found.absent == MISSING:
            words = f"the name of {credit.person} is missing from the ledger"
            raise StatementError(words, remedies=(Remedy(Way.VERIFY),))
        if credit.name != (found.absent or found.name):
            raise StatementError(f"{credit.person} is recorded under another name than {credit.name!r}")
        return found.person
    if credit.name in STAND_INS:
        raise StatementError(
            f"{credit.name!r} stands for a name that is not held; name the person, or ask not to be named"
        )
    if credit.name is not None:
        if credit.name in fresh:
            return fresh[credit.name]
        named = known.ids_named(credit.name)
        if named:
            return named[0]
    person = new_id("per")
    items.append((EntryKind.PERSON_ADDED, added_body(person, credit.name)))
    if credit.name is not None:
        fresh[credit.name] = person
    return person


def _knows(known: Known, model: ModelUse) -> bool:
    try:
        return known.model(model.digest) == model
    except NotRecorded:
        return False


def open_request(connection: sqlite3.Connection, picture: str) -> int:
    """The number of the entry that asked for this picture, which must not be closed yet."""
    row = connection.execute(
        "SELECT requested, state, closed FROM pictures WHERE picture = ?", (picture,)
    ).fetchone()
    if row is None:
        raise NotRecorded(f"picture {picture[:40]!r} was never requested; write it down before it is made")
    requested, state, closed = row
    if closed is not None:
        raise LedgerError(
            f"picture {picture!r} is {state} already (entry {closed}); a further one needs its own request"
        )
    found: int = requested
    return found
