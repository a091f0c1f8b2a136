"""What all entries about people add up to today. Read once, then asked; the entries stay the truth.

A credit is counted as it stands in the picture's request, then moved by splits, then corrected, then followed
through merges: so an old receipt always shows what was said, and this shows what holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from provenance.errors import NotRecorded, Remedy, StatementError, Way
from provenance.ledger.any_entries import AnyEntries
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed, Skipped
from provenance.ledger.store.records import PictureRecord
from provenance.people.candidate import Choice, Cut, read_choice
from provenance.people.claim import Claim, read_claim
from provenance.people.consent import Consent, read_consent
from provenance.people.directory import OFFERED, Directory, as_written
from provenance.people.dispute import Dispute, open_disputes, read_dispute, read_reply
from provenance.people.person import Person
from provenance.people.person_entry import added, changed
from provenance.people.project import Production, read_production
from provenance.people.ties import Correction, Credited, Ties, read_correction
from provenance.statement.commitment import MISSING, NOT_DISCLOSED, STAND_INS
from provenance.statement.credit import NOT_NAMED
from provenance.statement.names import folded

T = TypeVar("T")
_NAMES = ("name", "reading", "romaji", "behind", "also")
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


@dataclass(slots=True)
class Register:
    """People by id, and what is stated about them; made by `Register.of`."""

    ties: Ties = field(default_factory=Ties)
    history: dict[str, list[Disclosed]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[str, list[Consent]] = field(default_factory=lambda: defaultdict(list))
    overrides: list[Disclosed] = field(default_factory=list)
    productions: dict[str, Production] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    corrections: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    claims: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[Skipped] = field(default_factory=list)
    _directory: Directory | None = field(default=None, repr=False)  # made when first asked for

    @classmethod
    def of(cls, entries: Iterable[Disclosed]) -> "Register":
        """The register that these entries, in their order, add up to."""
        return cls().extended(entries)

    def extended(self, entries: Iterable[Disclosed]) -> "Register":
        """A new register with further entries in it; this one stays as it is."""
        register = Register(
            self.ties.copy(),
            _copied(self.history),
            _copied(self.consents),
            list(self.overrides),
            dict(self.productions),
            list(self.choices),
            dict(self.disputes),
            _copied(self.corrections),
            _copied(self.claims),
            list(self.skipped),
        )
        for said in entries:
            register._take_or_skip(said)
        return register

    @property
    def people(self) -> dict[str, Person]:
        """Every record of a person by its id."""
        return self.ties.people

    def raw(self, person: str) -> Person:
        """The record with this very id, merged or not. NotRecorded for a stranger."""
        return self.ties.raw(person)

    def person(self, person: str) -> Person:
        """The person that an id stands for today, through every merge."""
        return self.ties.person(person)

    def together(self, person: str) -> list[Person]:
        """Every record that stands for the same person, the leading one first."""
        return self.ties.together(person)

    def everybody(self) -> list[Person]:
        """All people, each once, in the order in which they came."""
        return [each for each in self.people.values() if each.merged_into is None]

    @property
    def sealed(self) -> int:
        """How many people's names did not come with a copy of a ledger: each may be called anything."""
        return sum(each.absent == NOT_DISCLOSED for each in self.people.values())

    @property
    def concealed(self) -> frozenset[str]:
        """The records whose own name is not shown, because they are merged into somebody who is shown otherwise."""
        return self.ties.concealed

    def written(self, text: str) -> list[Person]:
        """Who goes by this name, reading, identifier or id as it is written; merged ones are followed."""
        return self._leading(self.directory.written.get(as_written(text), ()))

    def alike(self, text: str) -> list[Person]:
        """Who goes by this text, or by a name that is the same in another spelling; as it is written comes first."""
        same = self._leading(self.directory.alike.get(folded(text), ()))
        return list({each.person: each for each in (*self.written(text), *same)}.values())

    def named(self, text: str) -> list[Person]:
        """Who goes by this text as it is written; where nobody does, who goes by it in another spelling."""
        return self.written(text) or self.alike(text)

    def namesakes(self, person: Person) -> list[Person]:
        """Everybody else who is called as this person is, in any spelling; whether it is one person nobody knows."""
        names = {name for each in self.together(person.person) for name in (each.name, each.behind) if name}
        found = self._leading(
            each for name in sorted(names) for each in self.directory.called.get(folded(name), ())
        )
        return [each for each in found if each.person != person.person]

    def near(self, text: str, found: Iterable[Person] = (), *, public: bool = False) -> list[Person]:
        """Whose name may have been meant, beside whom was `found` by this text. `public` as in `shown_as`."""
        hidden = self.concealed if public else frozenset()
        known = {each.person for each in found}
        offered = self._leading(
            each for each in self.directory.near(text, public=public) if each not in hidden
        )
        return [each for each in offered if each.person not in known][:OFFERED]

    def shown_as(self, text: str) -> list[Person]:
        """Who may be found by everybody under this text: by the forms of the name that is shown, or a public id."""
        wanted = as_written(text)
        found = []
        for person in self.named(wanted):
            # A record merged into a pseudonym's would tie the two names together.
            records = [person] if person.behind or person.name is None else self.together(person.person)
            names = {folded(name) for each in records for name in each.public_names}
            ids = [form for one in person.public_identifiers for form in (str(one), one.value)]
            if wanted and (folded(wanted) in names or wanted in (person.person if person.name else "", *ids)):
                found.append(person)
        return found

    def only(self, text: str, *, spelled: bool = False) -> Person:
        """The one person meant by a name or id. StatementError where two share it, NotRecorded where nobody has it.

        `spelled`: the name must be written as on record, for what cannot be taken back.
        """
        found = self.written(text) if spelled else self.named(text)
        if len(found) > 1:
            ids = ", ".join(each.person for each in found)
            raise StatementError(f"{text[:60]!r} is the name of {len(found)} people; say which by id: {ids}")
        if not found and text.startswith("per-"):
            raise NotRecorded(
                f"nobody in this ledger has the id {text[:60]!r}. People of an imported ledger are merged and "
                "corrected by its own keeper; here their name can stand as another name of somebody"
            )
        if not found:
            offered = self.offer(text)
            words = f"nobody is on record as {text[:60]!r}"
            raise NotRecorded(f"{words}. {offered}" if offered else words, remedies=(Remedy(Way.ADD_PERSON),))
        return found[0]

    def offer(self, text: str) -> str:
        """Whom somebody may have meant, as a question; "" where no name is near."""
        found = [f"{each.shown() or NOT_NAMED} ({each.person})" for each in self.near(text)]
        return f"Did you mean {', or '.join(found)}?" if found else ""

    @property
    def directory(self) -> Directory:
        if self._directory is None:
            self._directory = Directory.of(self.people.values())
        return self._directory

    @property
    def doubts(self) -> list[str]:
        """Why this register may know less than was written down, in sentences; empty where nothing is amiss."""
        told = [str(each) for each in self.skipped]
        lost = [person for person, said in self.history.items() if _lost_a_name(said)]
        if lost:
            few = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if lost[5:] else "")
            told.append(
                f"a name of {few} is missing from the ledger, though nobody erased it: see `genzu ledger verify`"
            )
        return told

    def credits(self, record: PictureRecord) -> list[Credited]:
        """The credits of a picture as they hold today, everybody by the name that its file was given for them.

        Whom the file names otherwise goes by that name wherever this picture is told of: the record's own name beside
        it would tell who that is. Whether two credits are one person's is asked of their ids.
        """
        found = [
            self.ties.follow(each.role, each.person, each.name, record.picture)
            for each in record.statement.credits
        ]
        for correction in self.corrections.get(record.picture, ()):
            found = self.ties.corrected(found, correction)
        shown = self._shown_in(record)
        named = [_by_name_in_file(each, shown.get(each.person.person)) for each in found]
        return list({(each.role, each.person.person, each.person.name): each for each in named}.values())

    def person_in(self, record: PictureRecord, person: str) -> Person:
        """Whom an id stands for today, by the name that a picture's file has for them."""
        found = self.person(person)
        return _by_other_name(found, self._shown_in(record).get(found.person))

    def otherwise_in(self, record: PictureRecord) -> frozenset[str]:
        """The records of everybody whom a picture's file names otherwise than the ledger does."""
        known = (each for each in self._shown_in(record) if each in self.people)
        return frozenset(one.person for each in known for one in self.together(each))

    def _shown_in(self, record: PictureRecord) -> dict[str, str]:
        """The other names that a picture's file was given: for whom, and for whom the credit counts today."""
        found: dict[str, str] = {}
        for each in record.statement.credits:
            if each.shown:
                followed = self.ties.follow(each.role, each.person, each.name, record.picture)
                found[followed.person.person] = each.shown
                if each.person in self.people:
                    found.setdefault(self.person(each.person).person, each.shown)
        return found

    def production(self, name: str) -> Production | None:
        """What is stated of a production: of this very name, else of the same in another spelling."""
        alike = (each for each in self.productions.values() if folded(each.production) == folded(name))
        return self.productions.get(name) or next(alike, None)

    def choice(self, cut: Cut) -> Choice | None:
        """The choice that counts for a cut, in any spelling of its names: the last one."""
        return next((each for each in reversed(self.choices) if each.cut.key == cut.key), None)

    def disputes_about(self, person: Person) -> list[str]:
        """Whether a person's own record is disputed, as sentences: for everybody who may know its id."""
        if person.name is None:
            return []
        tied = (each.person for each in self.together(person.person) if each.person not in self.concealed)
        return open_disputes(self.disputes.values(), tied)

    def changes(self) -> list[Disclosed]:
        """Every entry by which a person changed, was merged or split, in order."""
        found = {said.seq: said for history in self.history.values() for said in history}
        return [found[seq] for seq in sorted(found) if found[seq].kind is not EntryKind.PERSON_ADDED]

    def consents_of(self, person: str) -> list[Consent]:
        """What a person stated under any of their records."""
        return [each for one in self.together(person) for each in self.consents.get(one.person, ())]

    def _leading(self, ids: Iterable[str]) -> list[Person]:
        found = (self.person(each) for each in ids)
        return list({each.person: each for each in found}.values())

    def _take_or_skip(self, said: Disclosed) -> None:
        """What an entry says, or that it says nothing that can be read: no single entry stops the others."""
        trouble = said.trouble
        if not trouble:
            try:
                self._take(said)
            except (StatementError, NotRecorded, ValueError) as error:
                trouble = str(error)
        if trouble:
            self.skipped.append(Skipped(said.seq, trouble))

    def _take(self, said: Disclosed) -> None:  # noqa: PLR0912  (one branch a kind of entry is the plainest form)
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
                self.ties.rejoin(said)
                for each in dict.fromkeys(filter(None, (said.text("person"), said.text("into")))):
                    self.history[each].append(said)
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


_READ: WeakKeyDictionary[AnyEntries, tuple[int, Register]] = WeakKeyDictionary()
_READING = Lock()
_ALL = (*KINDS, EntryKind.PRIVATE_ERASED)


def register_of(ledger: AnyEntries) -> Register:
    """What the ledger's entries about people add up to now. A register that was given out does not change."""
    size = len(ledger)
    with _READING:
        held = _READ.get(ledger)
    read, register = held if held is not None else (0, Register())
    if read < size:
        # What came after the size was asked for is read the next time: it would count twice.
        new = [each for each in ledger.disclosed(_ALL, read) if each.seq < size]
        if any(each.kind is EntryKind.PRIVATE_ERASED for each in new):
            # Texts of older entries are gone, so what was read of them must go, too.
            register = Register.of([each for each in ledger.disclosed(KINDS) if each.seq < size])
        elif new:
            register = register.extended(new)
        with _READING:
            _READ[ledger] = (size, register)
    return register


def _by_name_in_file(credit: Credited, shown: str | None) -> Credited:
    person = _by_other_name(credit.person, shown)
    return credit if person is credit.person else replace(credit, person=person, otherwise=True)


def _by_other_name(person: Person, shown: str | None) -> Person:
    """The person by another name, their own as private as the one behind a pseudonym.

    Who was erased, or asked since not to be named, has no name, whatever a file still says.
    """
    if shown is None or shown == person.name or person.erased or person.not_named:
        return person
    absent = shown if shown in STAND_INS else ""
    return replace(
        person, name=None if absent else shown, absent=absent, behind=person.behind or person.name or "",
        reading="", romaji="", hidden=(*person.hidden, *filter(None, (person.reading, person.romaji))),
    )  # fmt: skip


def _lost_a_name(history: Sequence[Disclosed]) -> bool:
    """Whether the latest word on one of somebody's names is a text that is missing."""
    latest: dict[str, object] = {}
    for said in history:
        if said.kind in {EntryKind.PERSON_ADDED, EntryKind.PERSON_CHANGED}:
            latest |= {field: said.body[field] for field in _NAMES if field in said.body}
    return any(each == MISSING or (isinstance(each, list) and MISSING in each) for each in latest.values())


def _copied(lists: dict[str, list[T]]) -> dict[str, list[T]]:
    return defaultdict(list, {name: list(each) for name, each in lists.items()})
