"""What ledgers have of a name or of a picture, as groups of records: for the tab Credits and its endpoint."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from provenance.errors import NotRecorded
from provenance.inspection.classification import classify
from provenance.inspection.history import history_of
from provenance.inspection.inspected import Inspection
from provenance.inspection.lineage import lineage
from provenance.inspection.translated import in_language
from provenance.inspection.translated import name_in as named_in
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.claims import claims_on
from provenance.people.credited import PersonCredit, called, later_from
from provenance.people.dispute import open_disputes
from provenance.people.register import Register, register_of
from provenance.statement.credit import NOT_NAMED
from provenance.statement.vocabulary import Step
from provenance.statement.words import MARKS, ROLES
from provenance.tabs.text.language import now

_STEPS = {
    Step.PAINT: "painted by AI over a picture",
    Step.RECORD: "recorded",
    Step.RETOUCH: "revised by hand",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record as the page tells it: `people` is everybody on the way, `how` its last step alone.

    `roles` are those of the person asked about, where a name was asked.
    """

    record: PictureRecord
    roles: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    history: str
    how: str
    claims: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()  # which records on the way are disputed
    small: str = ""  # the address of a small picture, where it may be shown


@dataclass(frozen=True, slots=True)
class Group:
    """Records under one heading; `whose` is the other ledger that has them, "" for ours. `roles`: of one person."""

    title: str
    lines: list[Line]
    whose: str = ""
    entries: int = 0  # of the copy of that ledger
    roles: bool = False
    beside: bool = False  # told beside the answer, and no part of it
    disputes: tuple[str, ...] = ()  # whether the record of the person asked about is disputed


def id_in(ledger: AnyLedger, picture: str) -> list[Group]:
    """A recorded picture, and what was made from it."""
    register = register_of(ledger)
    try:
        record = ledger.picture(picture)
    except NotRecorded:
        return []
    return _with_later(ledger, register, [record], {each.picture: each for each in ledger.children(picture)})


def name_in(ledger: AnyLedger, name: str) -> list[Group]:
    """The pictures that credit this name, and those that were made later from what they drew.

    A name that only some pictures' files have finds these, and not whose it is (decision 0139).
    """
    register = register_of(ledger)
    found = called(ledger, register, name, public=True)
    credits = [*(each for _, theirs in found.people for each in theirs), *found.in_files]
    credits.sort(key=lambda each: each.record.requested)
    disputes = tuple(one for person, _ in found.people for one in register.disputes_about(person))
    return [
        Group(f"“{name}”", _crediting(ledger, register, credits), roles=True, disputes=disputes),
        Group(
            f"Made later with pictures of “{name}”",
            [_line(ledger, register, each.record, ()) for each in reversed(later_from(ledger, credits))],
            beside=True,
        ),
    ]


def _crediting(ledger: AnyLedger, register: Register, credits: Sequence[PersonCredit]) -> list[Line]:
    """A line for each released picture of these credits, newest first."""
    found: dict[str, list[str]] = {}
    records: dict[str, PictureRecord] = {}
    for each in reversed(credits):
        if each.role is not None and each.record.state is State.RELEASED:
            records[each.record.picture] = each.record
            found.setdefault(each.record.picture, []).append(each.role.value)
    return [_line(ledger, register, records[picture], roles) for picture, roles in found.items()]


def of_picture(ledger: AnyLedger, told: Inspection) -> list[Group]:
    """The records of a picture that was inspected, and of those that were made from it."""
    register, file, shown = register_of(ledger), told.observed.digest, told.observed.shown
    own = {each.picture: each for each in ledger.pictures_with_file(file)}
    made = {each.picture: each for each in ledger.pictures_made_from(file)}
    if shown is not None:
        own |= {each.picture: each for each in ledger.pictures_with_pixels(shown)}
        made |= {each.picture: each for each in ledger.pictures_made_from(shown)}
    for each in own.values():
        made |= {child.picture: child for child in ledger.children(each.picture)}
    return _with_later(ledger, register, list(own.values()), made)


def alike(ledger: AnyLedger, told: Inspection) -> Group:
    """The records that a picture looks like, where its bytes and pixels lead to none."""
    register, lines = register_of(ledger), []
    for each in told.observed.looks_like:
        with suppress(NotRecorded):  # an index that was not made from this ledger
            line = _line(ledger, register, ledger.picture(each.picture), ())
            lines.append(replace(line, claims=(each.words, *line.claims)))
    return Group("Looks like this picture, which proves no origin", lines, beside=True)


def _with_later(
    ledger: AnyLedger, register: Register, own: list[PictureRecord], made: dict[str, PictureRecord]
) -> list[Group]:
    """The picture itself, and those that were made from it, each where it was released."""
    names = {each.picture for each in own}
    later = [each for name, each in made.items() if name not in names]
    return [
        Group(title, [_line(ledger, register, each, ()) for each in records if each.state is State.RELEASED])
        for title, records in (("This picture", own), ("Made with this picture", later))
    ]


def _line(ledger: AnyLedger, register: Register, record: PictureRecord, roles: Sequence[str]) -> Line:
    """One record with its whole history: everybody on the way to it, not only who made the last step."""
    graph = lineage(record, ledger)
    history = history_of(graph, classify(graph))
    people = tuple((role_in(now(), each.role), each.name or NOT_NAMED) for each in history.credits)
    marks = MARKS[now()]
    claims = tuple(
        marks.comma.join([role_in(now(), each.role.value), named_in(each.person.shown() or NOT_NAMED, now())])
        + f"{marks.colon}{in_language(str(one), now())}"
        for each in register.credits(record)
        for one in claims_on(register, record, each.person, each.role)
    )
    return Line(
        record,
        tuple(role_in(now(), each) for each in dict.fromkeys(roles)),
        people,
        history.sentence_in(now()),
        _STEPS[record.statement.step],
        claims,
        tuple(
            open_disputes(
                register.disputes.values(), [each.picture for each in reversed(graph.nodes) if each.picture]
            )
        ),
    )


def role_in(language: str, role: str) -> str:
    """A role in the visitor's language; as it is recorded in English, and where a file names one of its own."""
    known = next((words for each, words in ROLES.items() if each.value == role), None)
    return role if known is None or language == "en" else known.roll[language]
