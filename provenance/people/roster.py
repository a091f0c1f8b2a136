"""Who is meant by a name, and writing people down: added, changed, merged, split, erased.

Each is an entry; nothing is edited. Every verb signs the checkpoint that covers what it wrote.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace

from provenance.errors import NotRecorded, Remedy, StatementError, Way
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.people.directory import as_written
from provenance.people.person import Person
from provenance.people.person_entry import FURTHER, READINGS, changed_body, new_person
from provenance.people.register import Register, register_of
from provenance.statement.canonical import new_id
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import NOT_NAMED, Credit, clean_name
from provenance.statement.names import folded


def add_people(ledger: AnyLedger, register: Register, people: Sequence[Person]) -> list[Entry]:
    """Adds people in one commit. StatementError when an identifier belongs to somebody already."""
    refuse_taken(register, people)
    return _written(ledger, [item for person in people for item in new_person(person)])


def known_credits(ledger: AnyLedger, given: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits with everybody on record under their id and public name; strangers stay as typed.

    A real name becomes its pseudonym, or nobody's name for who asked not to be named: it goes into no file.
    """
    if all(each.person or not each.name for each in given):
        return tuple(given)
    register = register_of(ledger)
    known = tuple(_known(register, each) for each in given)
    new: dict[str, str] = {}
    for each in known:
        if each.person is None and each.name is not None:
            first = new.setdefault(folded(each.name), each.name)
            if first != each.name:
                raise StatementError(
                    f"{first!r} and {each.name!r} are spellings of one name; write one of them"
                )
    return known


def known_person(register: Register, name: str) -> Person | None:
    """The one person on record who is meant by a name or an id; None where nobody is.

    StatementError where several are, and where a shown name is spelled otherwise than on record: whether that is the
    same person is a question for whoever typed it. The name behind a pseudonym is theirs in any spelling, and silent.
    """
    wanted = as_written(name)
    written = register.written(wanted)
    found = [each for each in written if each.name == wanted] or written
    if not found:
        found = register.alike(wanted)
        for each in found:
            if folded(wanted) in {folded(form) for form in each.public_names}:
                raise StatementError(
                    f"{wanted!r} is another spelling of {each.name} ({each.person}), who is on record. If that is "
                    f"the person, write {each.name!r}; somebody else of that name is added to the record first"
                )
    if len(found) > 1:
        ids = ", ".join(each.person for each in found)
        raise StatementError(
            f"{wanted[:60]!r} is the name of several people; write the id instead of the name: {ids}"
        )
    return found[0] if found else None


def named_or_new(register: Register, name: str) -> tuple[str, list[tuple[EntryKind, Body]]]:
    """The id of the one person of this name (or id), and the entries that add them where nobody has it yet."""
    found = known_person(register, name)
    if found is not None:
        return found.person, []
    person = new_person_id()
    return person, list(new_person(Person(person, name=clean_name(name))))


def refuse_known(register: Register, person: Person) -> None:
    """Raises StatementError where somebody of this name, in any spelling of it, is on record already."""
    for name in filter(None, (person.name, person.behind)):
        same = register.alike(name)
        if same:
            shown = same[0].shown() or NOT_NAMED
            words = f"{name} is on record as {shown} ({same[0].person})"
            raise StatementError(words, remedies=(Remedy(Way.SAME_NAME),))


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


def change_person(
    ledger: AnyLedger, register: Register, person: Person, dispute: str = "", *, said: Collection[str] = ()
) -> Entry | None:
    """Writes down what differs from the record; None where nothing does.

    With another name go the reading and the romaji of the old one, unless `said` has them: then they are stated anew.
    """
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
    if "name" in names:
        names += [each for each in READINGS if each in said and each not in names]
        left = [each for each in READINGS if each not in names and getattr(before, each)]
        person = replace(
            person,
            reading="" if "reading" in left else person.reading,
            romaji="" if "romaji" in left else person.romaji,
        )
        names += left
    if not names:
        return None
    body = changed_body(person, names)
    if dispute:
        body["dispute"] = dispute
    return _written(ledger, [(EntryKind.PERSON_CHANGED, body)])[0]


def merge(ledger: AnyLedger, register: Register, person: str, into: str, by: str, why: str) -> Entry:
    """One person under two records: `person` is counted as `into` from now on."""
    register.raw(person)
    _refuse_circle(register, person, into)
    body: dict[str, Body] = {"person": person, "into": into, "by": by, "why": _why(why, person)}
    return _written(ledger, [(EntryKind.PERSON_MERGED, body)])[0]


def _refuse_circle(register: Register, person: str, into: str) -> None:
    """Raises StatementError when merging `person` into `into` would leave nobody to lead."""
    if register.person(into).person == register.person(person).person:
        raise StatementError(
            f"{person} and {into} stand for the same person already; a circle of merges is refused"
        )
    if register.raw(person).merged_into is not None:
        raise StatementError(
            f"{person} is merged into {register.raw(person).merged_into} already; split it first"
        )


def unmerge(ledger: AnyLedger, register: Register, person: str, by: str, why: str) -> Entry:
    """Takes a merge back: the record stands for itself again."""
    if register.raw(person).merged_into is None:
        raise StatementError(
            f"{person} is not merged into anybody; to move some of its credits name their pictures"
        )
    body: dict[str, Body] = {
        "person": person,
        "into": None,
        "pictures": [],
        "by": by,
        "why": _why(why, person),
    }
    return _written(ledger, [(EntryKind.PERSON_SPLIT, body)])[0]


def split(
    ledger: AnyLedger,
    register: Register,
    person: str,
    pictures: Sequence[str],
    new: Person,
    by: str,
    why: str,
) -> Entry:
    """Two people under one record: the credits on these pictures go to `new`, who is added if unknown.

    One entry for each record whose credits they are: a credit may have come by a merge or an earlier split.
    """
    by_record: dict[str, list[str]] = {}
    for picture in pictures:
        for record in _records_on(ledger, register, person, picture):
            by_record.setdefault(record, []).append(picture)
    items = [] if new.person in register.people else new_person(new)
    for record, moved in by_record.items():
        body: dict[str, Body] = {
            "person": record,
            "into": new.person,
            "pictures": list(moved),
            "by": by,
            "why": _why(why, record),
        }
        items.append((EntryKind.PERSON_SPLIT, body))
    return _written(ledger, items)[-1]


def _records_on(ledger: AnyLedger, register: Register, person: str, picture: str) -> list[str]:
    """The records by which somebody is credited on a picture; NotRecorded where none is."""
    credits = register.credits(ledger.picture(picture))
    under = [each.under for each in credits if each.under == person]
    if not under and register.raw(person).merged_into is None:
        under = [each.under for each in credits if each.person.person == person]
    if not under:
        raise NotRecorded(f"{person} has no credit on {picture}")
    return list(dict.fromkeys(under))


def new_person_id() -> str:
    return new_id("per")


def _known(register: Register, credit: Credit) -> Credit:
    if credit.person is not None or credit.name is None:
        return credit
    meant = known_person(register, credit.name)
    if meant is None:
        return credit
    if meant.erased:
        raise StatementError(f"{meant.person} was erased on request; name them anew, or ask not to be named")
    return Credit(credit.role, meant.name, meant.person)


def _written(ledger: AnyLedger, items: Sequence[tuple[EntryKind, Body]]) -> list[Entry]:
    """Appends in one commit and signs the checkpoint."""
    entries = ledger.append_all(items)
    ledger.checkpoint()
    return entries


def _same(register: Register, person: Person) -> list[Person]:
    return register.together(person.person) if person.person in register.people else [person]


def _why(text: str, about: str) -> Body:
    return Private(text, "reason", about) if text else ""
