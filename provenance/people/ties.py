"""How records of people hang together: merged into one person, or their credits split off to another.

A credit is followed from the record that was credited, through splits on its picture, then through merges, to the
person for whom it counts today; a correction puts another record's credit in its place.
"""

from dataclasses import dataclass, field, replace

from provenance.errors import NotRecorded, Remedy, StatementError, Way
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed
from provenance.people.person import Person
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import Role


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit as it holds today. `corrected` is the correction that made it, None where there was none.

    `changed` are all entries that made it what it is: splits, merges, a correction. `under` is the record whose
    credit it is, before merges are followed. `otherwise`: the picture's file names this person otherwise than the
    record does, and `person` goes by that name.
    """

    role: Role
    person: Person
    corrected: int | None = None
    changed: tuple[int, ...] = ()
    under: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A split: one record's credit on one picture is another record's since entry `seq`."""

    into: str
    seq: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A credit that changed: `before` None adds one, `after` None takes one away (both are ids of people)."""

    picture: str
    role: Role
    before: str | None
    after: str | None
    by: str
    why: str = ""
    dispute: str = ""
    seq: int = -1
    at: str = ""

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise StatementError("a correction adds, removes or replaces somebody; name one person at least")


@dataclass(slots=True)
class Ties:
    """Every record of a person by its id; the splits of credits; the entry by which a record is merged."""

    people: dict[str, Person] = field(default_factory=dict)
    moved: dict[tuple[str, str], Move] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    _concealed: frozenset[str] | None = field(default=None, repr=False)  # made when first asked for

    def copy(self) -> "Ties":
        """The same ties, to be added to."""
        return Ties(dict(self.people), dict(self.moved), dict(self.joined))

    def raw(self, person: str) -> Person:
        """The record with this very id, merged or not. NotRecorded for a stranger."""
        try:
            return self.people[person]
        except KeyError:
            words = f"no person {person[:60]!r} is on record"
            raise NotRecorded(words, remedies=(Remedy(Way.LIST_PEOPLE),)) from None

    def person(self, person: str) -> Person:
        """The person that an id stands for today, through every merge."""
        found = self.raw(person)
        while found.merged_into is not None:
            found = self.raw(found.merged_into)
        return found

    def together(self, person: str) -> list[Person]:
        """Every record that stands for the same person, the leading one first."""
        leading = self.person(person)
        return [
            leading,
            *(
                each
                for each in self.people.values()
                if each.merged_into and self.person(each.person) == leading
            ),
        ]

    @property
    def concealed(self) -> frozenset[str]:
        """The records whose own name is not shown, because they are merged into somebody who is shown otherwise."""
        if self._concealed is None:
            merged = [each.person for each in self.people.values() if each.merged_into]
            self._concealed = frozenset(
                each for each in merged if self.person(each).behind or self.person(each).name is None
            )
        return self._concealed

    def moves(self, person: str, picture: str) -> list[Move]:
        """The splits by which one record's credit on a picture came to another, in order."""
        found: list[Move] = []
        seen = {person}
        while (move := self.moved.get((person, picture))) is not None and move.into not in seen:
            found.append(move)
            seen.add(move.into)
            person = move.into
        return found

    def merges(self, person: str) -> list[tuple[int, Person, Person]]:
        """The merges from a record to the one that stands for it today: entry, from, into."""
        found = []
        record = self.raw(person)
        while record.merged_into is not None:
            into = self.raw(record.merged_into)
            found.append((self.joined[record.person], record, into))
            record = into
        return found

    def follow(
        self, role: Role, person: str | None, name: str | None, picture: str, corrected: int | None = None
    ) -> Credited:
        """A credit of one record followed through splits and merges to whom it counts for."""
        first = () if corrected is None else (corrected,)
        if person is None or person not in self.people:
            return Credited(role, Person(person or "", name=name), corrected, first, person or "")
        moves = self.moves(person, picture)
        under = moves[-1].into if moves else person
        merges = self.merges(under)
        changed = (*first, *(each.seq for each in moves), *(seq for seq, _, _ in merges))
        return Credited(role, self.person(under), corrected, changed, under)

    def corrected(self, before: list[Credited], correction: Correction) -> list[Credited]:
        """The credits of a picture after a correction of them."""

        def matches(each: Credited) -> bool:
            return (
                correction.before is not None
                and each.role is correction.role
                and each.person.person == self.person(correction.before).person
            )

        new = None
        if correction.after is not None:
            new = self.follow(correction.role, correction.after, None, correction.picture, correction.seq)
        after: list[Credited] = []
        for each in before:
            if not matches(each):
                after.append(each)
            elif new is not None:
                after.append(new)
        if new is not None and new not in after:
            after.append(new)
        return after

    def rejoin(self, said: Disclosed) -> None:
        """Takes in a merge, a split, or a merge that is taken back."""
        person, into = said.text("person"), said.text("into")
        for each in filter(None, (person, into)):
            self.raw(each)
        merging = said.kind is EntryKind.PERSON_MERGED
        if merging and (self.raw(person).merged_into or self.person(into) == self.person(person)):
            return  # two processes merged at once: the first one counts, both stand in the history
        if merging:
            self.people[person] = replace(self.raw(person), merged_into=into)
            self.joined[person] = said.seq
        elif into:
            for picture in said.texts("pictures"):
                self.moved[person, picture] = Move(into, said.seq)
        else:
            self.people[person] = replace(self.raw(person), merged_into=None)
            self.joined.pop(person, None)


def correction_body(correction: Correction) -> dict[str, Body]:
    return {
        "picture": correction.picture,
        "role": correction.role.value,
        "before": correction.before,
        "after": correction.after,
        "by": correction.by,
        "why": Private(correction.why, "reason", correction.picture) if correction.why else "",
        "dispute": correction.dispute or None,
    }


def read_correction(said: Disclosed) -> Correction:
    try:
        role = Role(said.text("role"))
    except ValueError as error:
        raise StatementError(f"entry {said.seq} is no correction: {error}") from error
    return Correction(
        picture=said.text("picture"),
        role=role,
        before=said.text("before") or None,
        after=said.text("after") or None,
        by=said.text("by"),
        why=said.text("why"),
        dispute=said.text("dispute"),
        seq=said.seq,
        at=said.at,
    )
