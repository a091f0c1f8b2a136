"""Whose picture it is, and whether our marks are in it, as data: what `genzu who` and `genzu detect` tell programs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import (
    CHANGED,
    DISPUTE,
    DISPUTE_ELSEWHERE,
    DISPUTES,
    OTHER,
    Finding,
)
from provenance.inspection.inspected import Inspection
from provenance.inspection.lineage import history_of_record
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.records_json import record_json
from provenance.ledger.store.releases import released_with
from provenance.lookup.door import LookUp
from provenance.lookup.likeness import Likeness
from provenance.lookup.trustmark import FACT, by_chance, read_in, why_not
from provenance.media.picture import pixels
from provenance.people.changes import changes_since
from provenance.people.claims import all_claims_json
from provenance.people.register import register_of
from provenance.statement.json_value import Json

NO_LEDGER = "There is no ledger here to ask."
UNREADABLE = "the picture cannot be read"
LEDGER = "ledger"  # what a line on our own ledger is about


def who_json(told: Inspection, ledger: AnyLedger | None, index: LookUp) -> dict[str, Json]:
    """How it was found: file, pixels, manifest, looks, or null."""
    how = told.match.name.lower() if told.match else None
    if how is None and told.observed.looks_like:
        how = "looks"
    return {
        "format": "genzu who 1",
        "asked": told.observed.name,
        "how": how,
        "history": told.history.sentence,
        "against": [*speaks_against(told)],
        "record": record_json(told.record) if told.record else None,
        "corrections": corrections(told, ledger),
        "claims": claims(told, ledger),
        "disputes": [*disputes_on(told)],
        "besides": [*known_besides(told)],
        "looks_like": _alike_json(told, ledger),
        "not_asked": [*not_asked(told, ledger, index)],
        "trouble": told.observed.trouble,
        "elsewhere": [
            {"ledger": each.ledger, "picture": each.record.picture}
            for each in told.elsewhere
            if not each.broken
        ],
    }


def speaks_against(told: Inspection) -> list[str]:
    """Where file, credentials and record do not go together, as sentences: what is told first, and failed checks."""
    return [each.words for each in told.findings if each.first or each.fault]


def disputes_on(told: Inspection) -> list[str]:
    """Which records in its history are disputed, in our ledger or an imported one, as sentences."""
    return [each.words for each in told.findings if each.about in DISPUTES]


def behind(told: Inspection) -> list[str]:
    """What became of our records in its history, as sentences: earlier steps that were changed since, open disputes."""
    return [each.words for each in told.findings if each.about in {CHANGED, DISPUTE}]


def said_elsewhere(told: Inspection) -> list[Finding]:
    """What the imported ledgers say of it."""
    return [each for each in told.findings if each.about in {OTHER, DISPUTE_ELSEWHERE}]


def known_besides(told: Inspection) -> list[str]:
    """What our ledger knows of a file that it has no record of: what it went into, what was claimed of it or a step."""
    if told.record is not None:
        return []
    found = (each for each in told.findings if each.about == LEDGER and each.evidence is Evidence.RECORDED)
    return [*(each.words for each in found), *behind(told)]


def corrections(told: Inspection, ledger: AnyLedger | None) -> list[Json]:
    """What was changed since of the credits that the record shows, as sentences."""
    if told.record is None or ledger is None:
        return []
    return [str(each) for each in changes_since(register_of(ledger), told.record)]


def claims(told: Inspection, ledger: AnyLedger | None) -> dict[str, Json]:
    """What was claimed about each credit that the record shows, by role and name."""
    if told.record is None or ledger is None:
        return {}
    return all_claims_json(register_of(ledger), told.record)


@dataclass(frozen=True, slots=True)
class OtherMark:
    """What was read of TrustMark in a file: the code, or "", the records of ours that it stands in, or why not."""

    code: str = ""
    pictures: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def words(self) -> str:
        if self.why_not:
            return f"not looked for: {self.why_not}"
        if not self.code:
            return "none was read"
        if self.pictures:
            return f"found: that of {', '.join(self.pictures)} ({self.code})"
        often = f"by chance one is read in one of {by_chance(self.code):,} pictures without"
        return f"a code was read, {self.code}, that no record of ours has; {often}"


def trustmark_in(told: Inspection, ledger: AnyLedger | None) -> OtherMark:
    """The TrustMark in the picture, where its extra is here."""
    hindrance, picture = why_not(), told.observed.picture
    if hindrance or picture is None or told.observed.trouble:
        return OtherMark(why_not=hindrance or UNREADABLE)
    code = read_in(pixels(replace(picture, data=told.observed.contents.data)))
    if not code or ledger is None:
        return OtherMark(code)
    return OtherMark(code, tuple(ledger.ask(lambda db: released_with(db, FACT, code))))


def detect_json(
    told: Inspection, found: Sequence[Likeness], index: LookUp, other: OtherMark
) -> dict[str, Json]:
    """The marks; `read` says whether the faint one could be looked for."""
    why = why_no_mark(told, index)
    return {
        "format": "genzu detect 1",
        "asked": told.observed.name,
        "credentials": told.chain.verdict.value,
        "history": told.history.sentence,
        "marks": [{"picture": each.picture, "mark": round(each.mark or 0, 1)} for each in found],
        "read": not why,
        "why_not_read": why or None,
        "trustmark": {
            "value": other.code or None,
            "pictures": [*other.pictures],
            "why_not": other.why_not or None,
        },
    }


def why_no_mark(told: Inspection, index: LookUp) -> str:
    """Why the faint mark could not be looked for, as the end of a sentence; "" where it could."""
    if told.observed.picture is None or told.observed.trouble:
        return UNREADABLE
    if index.why_not:
        return index.why_not
    return "" if index.key is not None else "the ledger's key is not here"


def marks_in(told: Inspection, index: LookUp) -> list[Likeness]:
    """The records of ours whose faint mark is in the picture."""
    alike = told.observed.looks_like or _alike(told, index)
    return [each for each in alike if each.has_mark]


def not_asked(told: Inspection, ledger: AnyLedger | None, index: LookUp) -> list[str]:
    """What could not be asked, as sentences."""
    if ledger is None:
        return [NO_LEDGER]
    if told.observed.trouble:
        return [f"It could not be looked up: {told.observed.trouble}."]
    reason = index.why_not or told.observed.not_looked_up
    if reason:
        return [f"It was not looked up by its looks: {reason}."]
    behind = index.caught_up()
    return [f"Not all was looked through: {behind}."] if behind else []


def _alike(told: Inspection, index: LookUp) -> tuple[Likeness, ...]:
    """What a file looks like whose record was found by surer means: its mark is read all the same."""
    picture = told.observed.picture
    if picture is None or told.observed.trouble:
        return ()
    return index.ask(pixels(replace(picture, data=told.observed.contents.data)))


def _alike_json(told: Inspection, ledger: AnyLedger | None) -> list[Json]:
    found: list[Json] = []
    for each in told.observed.looks_like:
        assert ledger is not None
        record = ledger.picture(each.picture)
        history = history_of_record(ledger, record).sentence
        found.append({**each.to_json(), "history": history, "record": record_json(record)})
    return found
