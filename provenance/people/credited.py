"""What somebody is credited on, as the record holds today: the one answer of command line, page and certificate.

A credit is followed through splits, merges and corrections (register.py). Pictures that were made later from somebody's
drawings are told beside their credits, and as such: nobody is credited on them by this.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from provenance.ledger.ancestry import descendants
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.changes import changes_since
from provenance.people.claims import Claimed, claims_on
from provenance.people.directory import as_written
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.statement.credit import DRAWING, Role
from provenance.statement.names import folded


@dataclass(frozen=True, slots=True)
class PersonCredit:
    """A role on a picture; `role` None where the credit was theirs and is not any more.

    `corrected` is the correction that made or removed it, `changed` every entry that had a part in it. `in_file`: the
    name by which the picture's file calls them, where that is another one than theirs.
    """

    record: PictureRecord
    role: Role | None
    corrected: int | None = None
    changed: tuple[int, ...] = ()
    claims: tuple[Claimed, ...] = ()
    in_file: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """A picture that was made from somebody's picture, directly or over other steps; `source` is theirs."""

    record: PictureRecord
    source: str


@dataclass(frozen=True, slots=True)
class Called:
    """People by a name, each with the credits of theirs, oldest first; `in_files`: credits under the name in pictures'
    files alone, not whose they are (decision 0139).
    """

    people: tuple[tuple[Person, list[PersonCredit]], ...]
    in_files: list[PersonCredit]


def credits_of(ledger: AnyLedger, register: Register, person: Person) -> list[PersonCredit]:
    """Everything that somebody is credited on, or was, oldest first."""
    found: list[PersonCredit] = []
    for record in _touched(ledger, register, person):
        mine = [each for each in register.credits(record) if each.person.person == person.person]
        found += [
            PersonCredit(
                record,
                each.role,
                each.corrected,
                each.changed,
                claims_on(register, record, each.person, each.role),
                (each.person.shown() or "") if each.otherwise else "",
            )
            for each in mine
        ]
        if not mine:
            changed = tuple(each.seq for each in changes_since(register, record))
            corrected = next((each.seq for each in register.corrections.get(record.picture, ())), None)
            found.append(PersonCredit(record, None, corrected, changed))
    return found


def openly(credits: Iterable[PersonCredit]) -> list[PersonCredit]:
    """Those of somebody's credits that may be told under their own name: not where a picture's file has another."""
    return [each for each in credits if not each.in_file]


def credits_in_files(ledger: AnyLedger, register: Register, name: str) -> list[PersonCredit]:
    """The credits under a name that only a picture's file has for somebody, oldest first; not whose they are."""
    found: list[PersonCredit] = []
    for record in reversed(ledger.pictures_calling(name)):
        found += [
            PersonCredit(record, each.role, in_file=each.person.shown() or "")
            for each in register.credits(record)
            if each.otherwise and folded(each.person.shown() or "") == folded(name)
        ]
    return found


def called(ledger: AnyLedger, register: Register, name: str, *, public: bool) -> Called:
    """Who is credited by a name, and which pictures' files alone have it: the one finder of command line and page.

    `public` is what strangers may find: people by the name that is shown, and nothing under it whose file has another.
    """
    people = register.shown_as(name) if public else register.alike(name)
    credits = [(each, credits_of(ledger, register, each)) for each in people]
    if public:
        credits = [(person, openly(theirs)) for person, theirs in credits]
    return Called(tuple(credits), credits_in_files(ledger, register, as_written(name)))


def records_crediting(ledger: AnyLedger, register: Register, person: Person) -> list[PictureRecord]:
    """The pictures on which somebody is openly credited today, each once, oldest first."""
    credited = (each for each in openly(credits_of(ledger, register, person)) if each.role is not None)
    return list({each.record.picture: each.record for each in credited}.values())


def later_from(ledger: AnyLedger, credits: list[PersonCredit]) -> list[Later]:
    """What was made from the pictures that these credits say somebody drew, oldest first; their own are left out."""
    own = {each.record.picture for each in credits if each.role is not None}
    found: dict[str, Later] = {}
    for credit in credits:
        if credit.role not in DRAWING:
            continue
        for record in descendants(ledger, credit.record):
            if record.picture not in own and record.state is State.RELEASED:
                found.setdefault(record.picture, Later(record, credit.record.picture))
    return sorted(found.values(), key=lambda each: each.record.requested)


def _touched(ledger: AnyLedger, register: Register, person: Person) -> list[PictureRecord]:
    """The pictures that credit one of somebody's records, or did, or came to it or left it; oldest first."""
    ids = {each.person for each in register.together(person.person)}
    found = {each.record.picture: each.record for one in ids for each in ledger.credits_of(one)}
    pictures = {picture for (_, picture), move in register.ties.moved.items() if move.into in ids}
    for picture, corrections in register.corrections.items():
        if any(each.after in ids or each.before in ids for each in corrections):
            pictures.add(picture)
    for picture in pictures - found.keys():
        found[picture] = ledger.picture(picture)
    return sorted(found.values(), key=lambda each: each.requested)
