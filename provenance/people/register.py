"""What all entries about people add up to today. Read once, then asked; the entries stay the truth.

A credit is counted as it stands in the picture's request, then moved by splits, then corrected, then followed
through merges: so an old receipt always shows what was said, and this shows what holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from provenance.errors import NotRecorded, StatementError
from provenance.ledger.entries.entry import EntryKind
from provenance.ledger.store.disclosed import Said
from provenance.ledger.store.records import PictureRecord
from provenance.people.candidate import Choice, Cut, read_choice
from provenance.people.claim import Claim, read_claim
from provenance.people.consent import Consent, read_consent
from provenance.people.dispute import (
    Correction,
    Dispute,
    read_correction,
    read_dispute,
    read_reply,
)
from provenance.people.person import Person
from provenance.people.person_entry import added, changed
from provenance.people.project import Production, read_production
from provenance.statement.credit import Role

T = TypeVar("T")
KINDS = (
    EntryKind.PERSON_ADDED,
    EntryKind.PERSON_CHANGED,
    EntryKind.PERSON_MERGED,
    EntryKind.PERSON_SPLIT,
    EntryKind.CREDIT_CLAIMED,
    EntryKind.CREDIT_CONFIRMED,
    EntryKind.CREDIT_CORRECTED,
    EntryKind.CONSENT_STATED,
    EntryKind.CONSENT_OVERRIDDEN,
    EntryKind.PROJECT_STATED,
    EntryKind.CANDIDATE_CHOSEN,
    EntryKind.DISPUTE_OPENED,
    EntryKind.DISPUTE_ANSWERED,
)


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit as it holds today. `corrected` is the entry that changed it, None where it is as first said."""

    role: Role
    person: Person
    corrected: int | None = None


@dataclass(slots=True)
class Register:
    """People by id, and what is stated about them; made by `Register.of`."""

    people: dict[str, Person] = field(default_factory=dict)
    history: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[str, list[Consent]] = field(default_factory=lambda: defaultdict(list))
    overrides: list[Said] = field(default_factory=list)
    productions: dict[str, Production] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    corrections: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    claims: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[tuple[str, str], str] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=dict, repr=False)  # made when first asked for

    @classmethod
    def of(cls, entries: Iterable[Said]) -> "Register":
        """The register that these entries, in their order, add up to."""
        return cls().extended(entries)

    def extended(self, entries: Iterable[Said]) -> "Register":
        """A new register with further entries in it; this one stays as it is."""
        register = Register(
            dict(self.people),
            _copied(self.history),
            _copied(self.consents),
            list(self.overrides),
            dict(self.productions),
            list(self.choices),
            dict(self.disputes),
            _copied(self.corrections),
            _copied(self.claims),
            dict(self.moved),
        )
        for said in entries:
            register._take(said)
        return register

    def raw(self, person: str) -> Person:
        """The record with this very id, merged or not. NotRecorded for a stranger."""
        try:
            return self.people[person]
        except KeyError:
            raise NotRecorded(f"no person {person[:60]!r} is on record; see `genzu people list`") from None

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

    def everybody(self) -> list[Person]:
        """All people, each once, in the order in which they came."""
        return [each for each in self.people.values() if each.merged_into is None]

    def named(self, text: str) -> list[Person]:
        """Who goes by this exact name, reading, identifier or id; merged ones are followed."""
        if not self._names:
            for each in self.people.values():
                ids = [form for one in each.identifiers for form in (str(one), one.value)]
                for key in dict.fromkeys((each.person, *each.every_name, *ids)):
                    self._names.setdefault(key, []).append(each.person)
        found = [self.person(each) for each in self._names.get(" ".join(text.split()), ())]
        return list({each.person: each for each in found}.values())

    def shown_as(self, text: str) -> list[Person]:
        """Who may be found by everybody under this text: never by the name behind a pseudonym."""
        wanted = " ".join(text.split())
        found = []
        for person in self.named(wanted):
            # A record merged into a pseudonym's would tie the two names together.
            records = [person] if person.behind or person.name is None else self.together(person.person)
            names = [
                name
                for each in records
                for name in ((each.name or "",) if each.behind or each.name is None else each.every_name)
            ]
            ids = [form for one in person.public_identifiers for form in (str(one), one.value)]
            if wanted and wanted in (person.person if person.name else "", *names, *ids):
                found.append(person)
        return found

    def only(self, text: str) -> Person:
        """The one person meant by a name or id. StatementError where two share it, NotRecorded where nobody has it."""
        found = self.named(text)
        if len(found) > 1:
            ids = ", ".join(each.person for each in found)
            raise StatementError(f"{text[:60]!r} is the name of {len(found)} people; say which by id: {ids}")
        if not found:
            raise NotRecorded(f"nobody is on record as {text[:60]!r}; add them with `genzu people add`")
        return found[0]

    def credits(self, record: PictureRecord) -> list[Credited]:
        """The credits of a picture as they hold today."""
        found = [
            Credited(each.role, self._today(each.person, each.name, record.picture))
            for each in record.statement.credits
        ]
        for correction in self.corrections.get(record.picture, ()):
            found = self._corrected(found, correction)
        return list({(each.role, each.person.person, each.person.name): each for each in found}.values())

    def choice(self, cut: Cut) -> Choice | None:
        """The choice that counts for a cut: the last one."""
        return next((each for each in reversed(self.choices) if each.cut == cut), None)

    def changed_by(self, picture: str) -> list[int]:
        """The entries that changed a picture's credits after it was requested, in order."""
        moved = [
            said.seq
            for said in self.changes()
            if said.kind is EntryKind.PERSON_SPLIT and picture in said.texts("pictures")
        ]
        return sorted([*moved, *(each.seq for each in self.corrections.get(picture, ()))])

    def disputes_about(self, *, picture: str = "", person: str = "") -> list[Dispute]:
        return [
            each
            for each in self.disputes.values()
            if (picture and each.picture == picture) or (person and each.person == person)
        ]

    def changes(self) -> list[Said]:
        """Every entry by which a person changed, was merged or split, in order."""
        found = {said.seq: said for history in self.history.values() for said in history}
        return [found[seq] for seq in sorted(found) if found[seq].kind is not EntryKind.PERSON_ADDED]

    def consents_of(self, person: str) -> list[Consent]:
        """What a person stated under any of their records."""
        return [each for one in self.together(person) for each in self.consents.get(one.person, ())]

    def refuse_circle(self, person: str, into: str) -> None:
        """Raises StatementError when merging `person` into `into` would leave nobody to lead."""
        if self.person(into).person == self.person(person).person:
            raise StatementError(
                f"{person} and {into} stand for the same person already; a circle of merges is refused"
            )
        if self.raw(person).merged_into is not None:
            raise StatementError(
                f"{person} is merged into {self.raw(person).merged_into} already; split it first"
            )

    def _today(self, person: str | None, name: str | None, picture: str) -> Person:
        if person is None or person not in self.people:
            return Person(person or "", name=name)
        return self.person(self.moved.get((person, picture), person))

    def _corrected(self, before: list[Credited], correction: Correction) -> list[Credited]:
        def matches(each: Credited) -> bool:
            return (
                correction.before is not None
                and each.role is correction.role
                and each.person.person == self.person(correction.before).person
            )

        new = None
        if correction.after is not None:
            new = Credited(
                correction.role, self._today(correction.after, None, correction.picture), correction.seq
            )
        corrected: list[Credited] = []
        for each in before:
            if not matches(each):
                corrected.append(each)
            elif new is not None:
                corrected.append(new)
        if new is not None and new not in corrected:
            corrected.append(new)
        return corrected

    def _take(self, said: Said) -> None:  # noqa: PLR0912  (one branch a kind of entry is the plainest form)
        match said.kind:
            case EntryKind.PERSON_ADDED:
                person = said.text("person")
                self.people[person] = added(said)
                self.history[person].append(said)
            case EntryKind.PERSON_CHANGED:
                person = said.text("person")
                self.people[person] = changed(self.raw(person), said)
                self.history[person].append(said)
            case EntryKind.PERSON_MERGED | EntryKind.PERSON_SPLIT:
                self._rejoin(said)
            case EntryKind.CREDIT_CLAIMED | EntryKind.CREDIT_CONFIRMED:
                claim = read_claim(said)
                self.claims[claim.picture].append(claim)
            case EntryKind.CREDIT_CORRECTED:
                correction = read_correction(said)
                self.corrections[correction.picture].append(correction)
            case EntryKind.CONSENT_STATED:
                consent = read_consent(said)
                self.consents[consent.person].append(consent)
            case EntryKind.CONSENT_OVERRIDDEN:
                self.overrides.append(said)
            case EntryKind.PROJECT_STATED:
                production = read_production(said)
                self.productions[production.production] = production
            case EntryKind.CANDIDATE_CHOSEN:
                self.choices.append(read_choice(said))
            case EntryKind.DISPUTE_OPENED:
                dispute = read_dispute(said)
                self.disputes[dispute.dispute] = dispute
            case EntryKind.DISPUTE_ANSWERED:
                answered = said.text("dispute")
                if answered in self.disputes:
                    self.disputes[answered] = self.disputes[answered].with_reply(read_reply(said))
            case _:
                pass

    def _rejoin(self, said: Said) -> None:
        person, into = said.text("person"), said.text("into")
        self.history[person].append(said)
        merging = said.kind is EntryKind.PERSON_MERGED
        if merging and (self.raw(person).merged_into or self.person(into) == self.person(person)):
            return  # two processes merged at once: the first one counts, both stand in the history
        if merging:
            self.people[person] = replace(self.raw(person), merged_into=into)
            self.history[into].append(said)
        elif into:
            for picture in said.texts("pictures"):
                self.moved[person, picture] = into
            self.history[into].append(said)
        else:
            self.people[person] = replace(self.raw(person), merged_into=None)


def _copied(lists: dict[str, list[T]]) -> dict[str, list[T]]:
    return defaultdict(list, {name: list(each) for name, each in lists.items()})
