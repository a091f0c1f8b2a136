"""Writing people down: added, changed, merged, split, erased. Each is an entry; nothing is edited."""

from collections.abc import Sequence
from dataclasses import fields

from provenance.errors import NotRecorded, StatementError
from provenance.ledger import Ledger
from provenance.ledger.entries.entry import Entry, EntryKind
from provenance.people.person import Person
from provenance.people.person_entry import FURTHER, changed_body, new_person
from provenance.people.register import Register
from provenance.statement.canonical import new_id
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import clean_name


def add_people(ledger: Ledger, register: Register, people: Sequence[Person]) -> list[Entry]:
    """Adds people in one commit. StatementError when an identifier belongs to somebody already."""
    refuse_taken(register, people)
    return ledger.append_all([item for person in people for item in new_person(person)])


def named_or_new(register: Register, name: str) -> tuple[str, list[tuple[EntryKind, Body]]]:
    """The id of the one person of this name (or id), and the entries that add them where nobody has it yet."""
    found = register.named(name.strip())
    if len(found) > 1:
        ids = ", ".join(each.person for each in found)
        raise StatementError(f"{name.strip()[:40]!r} is the name of several people; write the id: {ids}")
    if found:
        return found[0].person, []
    person = new_person_id()
    return person, list(new_person(Person(person, name=clean_name(name))))


def refuse_taken(register: Register, people: Sequence[Person]) -> None:
    """Raises StatementError where two people would share an identifier."""
    holders = {one: each.person for each in register.everybody() for one in each.identifiers}
    for person in people:
        for one in person.identifiers:
            if holders.setdefault(one, person.person) not in {
                each.person for each in _same(register, person)
            }:
                raise StatementError(
                    f"{one} belongs to {holders[one]} already; merge the two, or mend the identifier"
                )


def change_person(ledger: Ledger, register: Register, person: Person, dispute: str = "") -> Entry | None:
    """Writes down what differs from the record; None where nothing does."""
    before = register.raw(person.person)
    if before.erased:
        raise StatementError(
            f"{person.person} was erased; what is forgotten is not filled in again, add a new person"
        )
    refuse_taken(register, [person])
    names = [
        each.name
        for each in fields(person)
        if each.name in (*FURTHER, "name", "kind")
        and getattr(person, each.name) != getattr(before, each.name)
    ]
    if not names:
        return None
    body = changed_body(person, names)
    if dispute:
        body["dispute"] = dispute
    return ledger.append(EntryKind.PERSON_CHANGED, body)


def merge(ledger: Ledger, register: Register, person: str, into: str, by: str, why: str) -> Entry:
    """One person under two records: `person` is counted as `into` from now on."""
    register.raw(person)
    register.refuse_circle(person, into)
    body: dict[str, Body] = {"person": person, "into": into, "by": by, "why": _why(why, person)}
    return ledger.append(EntryKind.PERSON_MERGED, body)


def unmerge(ledger: Ledger, register: Register, person: str, by: str, why: str) -> Entry:
    """Takes a merge back: the record stands for itself again."""
    if register.raw(person).merged_into is None:
        raise StatementError(
            f"{person} is not merged into anybody; to move some of its credits name --pictures"
        )
    body: dict[str, Body] = {
        "person": person,
        "into": None,
        "pictures": [],
        "by": by,
        "why": _why(why, person),
    }
    return ledger.append(EntryKind.PERSON_SPLIT, body)


def split(
    ledger: Ledger, register: Register, person: str, pictures: Sequence[str], new: Person, by: str, why: str
) -> Entry:
    """Two people under one record: the credits on these pictures go to `new`, who is added if unknown."""
    register.raw(person)
    for picture in pictures:
        if not any(each.person == person for each in ledger.picture(picture).statement.credits):
            raise NotRecorded(f"{person} has no credit on {picture}")
    first = [] if new.person in register.people else new_person(new)
    body: dict[str, Body] = {
        "person": person,
        "into": new.person,
        "pictures": list(pictures),
        "by": by,
        "why": _why(why, person),
    }
    return ledger.append_all([*first, (EntryKind.PERSON_SPLIT, body)])[-1]


def erase(ledger: Ledger, register: Register, person: str) -> list[str]:
    """Forgets every private text about a person, under all their records; the ids that were erased."""
    gone = [each.person for each in register.together(person)]
    for each in gone:
        ledger.erase(each)
    return gone


def new_person_id() -> str:
    return new_id("per")


def _same(register: Register, person: Person) -> list[Person]:
    return register.together(person.person) if person.person in register.people else [person]


def _why(text: str, about: str) -> Body:
    return Private(text, "reason", about) if text else ""
