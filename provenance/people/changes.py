"""What later entries changed of a picture's credits: corrections, splits and merges, told in one way everywhere.

Corrected by entry 41: layout: Mori Aio became Mori Aoi.
Split by entry 42: layout: Sato Yuki became Yuki Sato.
Merged by entry 43: layout: Aoi is counted as Mori Aoi.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from provenance.ledger.store.records import PictureRecord
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.statement.credit import NOT_NAMED
from provenance.statement.names import as_one
from provenance.statement.untrusted import plain


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that changed a credit. `seq` is its number; `str` says it."""

    seq: int
    words: str

    def __str__(self) -> str:
        return self.words


def changes_since(register: Register, record: PictureRecord) -> list[Change]:
    """What entries after the request changed of its credits, in their order; each once.

    Never a name beside the pseudonym of the same person, nor one that the picture's file was not to show.
    """
    found = [
        change
        for credit in record.statement.credits
        if credit.person in register.people
        for change in _followed(register, credit.role.value, credit.person or "", record)
    ]
    for each in register.corrections.get(record.picture, ()):
        then, now = (_shown(register, record, who) for who in (each.before, each.after))
        words = f"Corrected by entry {each.seq}: {each.role.value}: {then} became {now}."
        found.append(Change(each.seq, words))
        if each.after is not None:
            found += _followed(register, each.role.value, each.after, record)
    return sorted(dict.fromkeys(found), key=lambda each: each.seq)


def first_said(register: Register, record: PictureRecord) -> list[tuple[str, str]]:
    """The credits as they were first said: role and name, by the other name where the file shows one.

    A name that became private since is not told.
    """
    told = []
    for credit in record.statement.credits:
        name = credit.shown or credit.name or NOT_NAMED
        if credit.person in register.concealed and not credit.shown:
            name = _name(register.person(credit.person or ""))
        told.append((credit.role.value, name))
    return told


def _followed(register: Register, role: str, person: str, record: PictureRecord) -> Iterator[Change]:
    """The splits and merges of one record's credit on a picture."""
    before, otherwise = person, register.otherwise_in(record)
    for move in register.ties.moves(person, record.picture):
        then, now = _shown(register, record, before), _shown(register, record, move.into)
        yield Change(move.seq, f"Split by entry {move.seq}: {role}: {then} became {now}.")
        before = move.into
    for seq, merged, into in register.ties.merges(before):
        if merged.person in register.concealed | otherwise:
            told = f"the credit is {_shown(register, record, into.person)}'s"
        else:
            told = f"{as_one(_name(merged))} is counted as {as_one(_name(into))}"
        yield Change(seq, f"Merged by entry {seq}: {role}: {told}.")


def _shown(register: Register, picture: PictureRecord, person: str | None) -> str:
    """The name of a record as it stands by itself; of one merged into a pseudonym, the pseudonym.

    Of one whom the picture's file names otherwise, that name.
    """
    if person is None:
        return "nobody"
    if person in register.otherwise_in(picture):
        return as_one(_name(register.person_in(picture, person)))
    return as_one(_name(register.person(person) if person in register.concealed else register.raw(person)))


def _name(person: Person) -> str:
    return plain(person.shown() or NOT_NAMED, 100)
