"""A person as entries and back: person.added holds the name, person.changed whatever else is known or has changed.

A reading and a romaji belong to a name. One that is stated together with a new name belongs to that name; one that
is stated together with a name behind alone belongs to the name behind; with neither, to the name that is shown. When
the shown name changes, those of the old one are left behind with it, and are private where it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed
from provenance.people.person import Identifier, Person
from provenance.statement.commitment import MISSING, STAND_INS, Body, Private
from provenance.statement.credit import Kind
from provenance.statement.names import folded
from provenance.statement.vocabulary import Scheme

READINGS = ("reading", "romaji")
FURTHER = ("reading", "romaji", "behind", "also", "identifiers", "contact")


def new_person(person: Person) -> list[tuple[EntryKind, Body]]:
    """The entries that add a person: the name, and in a second entry whatever more is known."""
    about = person.person
    added: dict[str, Body] = {
        "person": about,
        "kind": person.kind.value,
        "name": None if person.name is None else Private(person.name, "name", about),
    }
    further = [name for name in FURTHER if getattr(person, name)]
    if not further:
        return [(EntryKind.PERSON_ADDED, added)]
    return [(EntryKind.PERSON_ADDED, added), (EntryKind.PERSON_CHANGED, changed_body(person, further))]


def changed_body(person: Person, names: Sequence[str]) -> dict[str, Body]:
    """The body of a change of these fields of a person; everything personal lies apart."""
    about = person.person
    body: dict[str, Body] = {"person": about}
    for name in names:
        value = getattr(person, name)
        if name == "identifiers":
            body[name] = [_identifier_body(each, about) for each in person.identifiers]
        elif name == "also":
            body[name] = [Private(each, name, about) for each in person.also]
        elif name == "kind":
            body[name] = person.kind.value
        elif name == "name":
            body[name] = None if value is None else Private(value, name, about)
        else:
            body[name] = Private(value, name, about) if value else ""
    return body


def added(said: Disclosed) -> Person:
    name = said.text("name") or None
    absent = name if name in STAND_INS else ""
    return Person(
        person=said.text("person"),
        kind=Kind(said.text("kind") or "person"),
        name=None if absent else name,
        absent=absent or "",
        added=said.seq,
    )


def changed(person: Person, said: Disclosed) -> Person:
    """The person after a change; a field that the entry does not mention stays. Erased texts fall away."""
    body = said.body
    changes: dict[str, object] = {name: _kept(said, name) for name in ("behind", "contact") if name in body}
    if said.text("behind") == MISSING:
        changes["behind"] = MISSING  # a pseudonym stays one, though nobody can say any more whose
    if "name" in body:
        stated = said.text("name")
        changes |= {
            "name": _kept(said, "name") or None,
            "absent": stated if stated in STAND_INS else "",
        }
    changes |= _readings(person, said)
    if "kind" in body:
        changes["kind"] = Kind(said.text("kind"))
    if "also" in body:
        changes["also"] = said.texts("also")
    if "identifiers" in body:
        changes["identifiers"] = tuple(_identifiers(said))
    return replace(person, **changes)  # type: ignore[arg-type]  # the names above are the fields of Person


def _readings(person: Person, said: Disclosed) -> dict[str, object]:
    """Reading and romaji after a change, and what became private of them."""
    stated = {name: _kept(said, name) for name in READINGS if name in said.body}
    if "name" in said.body and _kept(said, "name") != (person.name or ""):
        private = bool(said.text("behind") if "behind" in said.body else person.behind)
        left = (person.reading, person.romaji) if private or not _kept(said, "name") else ()
        return {**dict.fromkeys(READINGS, ""), **stated, "hidden": _hidden(person, left)}
    if said.text("behind") and "name" not in said.body:
        own = {name: text for name, text in stated.items() if folded(text) == folded(person.name or "")}
        return {**own, "hidden": _hidden(person, [stated[name] for name in stated.keys() - own.keys()])}
    return {**stated}


def _hidden(person: Person, further: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (*person.hidden, *sorted(further)) if each))


def _kept(said: Disclosed, name: str) -> str:
    value = said.text(name)
    return "" if value in STAND_INS else value


def _identifiers(said: Disclosed) -> Iterator[Identifier]:
    listed = said.body["identifiers"]
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and isinstance(each.get("value"), str) and each["value"] not in STAND_INS:
            yield Identifier(Scheme(str(each.get("scheme"))), str(each["value"]))


def _identifier_body(identifier: Identifier, about: str) -> dict[str, Body]:
    return {"scheme": identifier.scheme.value, "value": Private(identifier.value, "identifier", about)}
