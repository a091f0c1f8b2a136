"""The entries that a request needs: people and a model that are new to the ledger, then the picture."""

from provenance.errors import NotRecorded, StatementError
from provenance.ledger.entries.entry import EntryKind
from provenance.ledger.entries.wording import added_body, model_body, requested_body
from provenance.ledger.store.reader import Reader
from provenance.ledger.store.writer import Items
from provenance.statement.canonical import new_id
from provenance.statement.commitment import ERASED, Body
from provenance.statement.credit import Credit
from provenance.statement.statement import ModelUse, Statement


def request_items(reader: Reader, statement: Statement) -> Items:
    """In order: person.added and model.recorded where new, and picture.requested last."""
    items: list[tuple[EntryKind, Body]] = []
    fresh: dict[str, str] = {}
    people = [_person(reader, credit, fresh, items) for credit in statement.credits]
    for model in {each.digest: each for each in statement.models}.values():
        if not _knows(reader, model):
            items.append((EntryKind.MODEL_RECORDED, model_body(model)))
    items.append((EntryKind.PICTURE_REQUESTED, requested_body(statement, people)))
    return items


def _person(
    reader: Reader, credit: Credit, fresh: dict[str, str], items: list[tuple[EntryKind, Body]]
) -> str:
    """The id of the person credited. Whoever asked not to be named is a new person: nobody can tell."""
    if credit.person is not None:
        known = reader.person(credit.person)
        if credit.name != (ERASED if known.erased else known.name):
            raise StatementError(f"{credit.person} is recorded under another name than {credit.name!r}")
        return known.person
    if credit.name == ERASED:
        raise StatementError(f"{ERASED!r} stands for an erased name; name the person, or ask not to be named")
    if credit.name is not None:
        if credit.name in fresh:
            return fresh[credit.name]
        found = reader.ids_named(credit.name)
        if found:
            return found[0]
    person = new_id("per")
    items.append((EntryKind.PERSON_ADDED, added_body(person, credit.name)))
    if credit.name is not None:
        fresh[credit.name] = person
    return person


def _knows(reader: Reader, model: ModelUse) -> bool:
    try:
        return reader.model(model.digest) == model
    except NotRecorded:
        return False
