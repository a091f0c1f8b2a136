"""The lines on our own ledger: what it holds on a picture, and whether file and ledger agree.

    RECORDED   Found in the ledger (the same pixels): pic-…, entries 7 and 9, 2026-11-28 09:12:00 UTC.
    DERIVED    File and ledger contradict each other: …

A stripped painting that a stranger signed anew as hand-drawn has the pixels of our record and tells another history:
that is told before all else, and is a failed check.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from provenance.credentials.read.chain import Chain, ChainStep, Verdict
from provenance.credentials.read.contents import IDENTITY
from provenance.inspection.basis import Evidence
from provenance.inspection.classification import classify
from provenance.inspection.evidence.conflict import CONFLICT, conflict_of, unsigned_conflict
from provenance.inspection.evidence.finding import CHANGED, DISPUTE, Finding
from provenance.inspection.evidence.observed import Elsewhere, Match, Observed, Sources, meant
from provenance.inspection.history import history_of
from provenance.inspection.lineage import record_named, record_of_step, records_behind
from provenance.ledger.ancestry import is_original
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.changes import changes_since, first_said
from provenance.people.dispute import open_disputes
from provenance.people.register import register_of
from provenance.statement.canonical import Digest
from provenance.statement.commitment import ERASED, MISSING
from provenance.statement.counted import counted
from provenance.statement.credit import NOT_NAMED, credit_text
from provenance.statement.moment import moment
from provenance.statement.names import as_one
from provenance.statement.statement import Resource
from provenance.statement.untrusted import plain

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger

NO_SUCH = "no such picture"  # what a line on an entry is about that is named and not there
NO_RECORD = "No record was found. That says nothing about how the picture was made."
ONLY_ELSEWHERE = "Our ledger has no record of it; another studio's has, by its word."


def ledger(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """What our ledger says of a file, and whether the two agree."""
    held, record, match = sources.ledger, sources.record, sources.match
    if held is None or record is None or match is None:
        yield from _unmatched(observed, sources)
        if held is not None:
            yield from _behind(observed, sources, held)
        return
    yield from _contradictions(observed, sources, record, held)
    yield from _matched(record, match.value, held)
    yield from _behind(observed, sources, held)
    yield from _compared(observed, record, held, exact=match is not Match.PIXELS)


def record_of(observed: Observed, ledger: "AnyLedger | None") -> tuple[PictureRecord | None, Match | None]:
    """The ledger's record of this picture: by bytes, else pixels, else what its credentials name."""
    if ledger is None:
        return None, None
    same = ledger.pictures_with_pixels(observed.pixels) if observed.pixels is not None else []
    return meant(record_named(observed.chain.ref, ledger), observed.exact, same, observed.digest)


def is_of(record: PictureRecord, match: Match, observed: Observed, ledger: "AnyLedger") -> bool:
    """Whether a record is of this picture at all. Anybody can write the name of an entry: of what credentials name,
    the pixels are the same, or those very credentials are the ones that were recorded.
    """
    output, step = record.output, observed.chain.file
    if match is not Match.MANIFEST:
        return True
    if observed.pixels is not None and output is not None and output.pixels == observed.pixels:
        return True
    return step is not None and record_of_step(step, ledger) is not None


def _behind(observed: Observed, sources: Sources, held: "AnyLedger") -> Iterator[Finding]:
    """What became of the records in its history, by our record of it and by the file's own earlier steps."""
    history = records_behind(sources.recorded, observed.chain, held)
    register = register_of(held)
    for picture in history:
        # Of the picture itself it is told with its credits.
        if sources.record is not None and picture == sources.record.picture:
            continue
        for change in changes_since(register, held.picture(picture)):
            words = f"Of the earlier step {picture}: {change}"
            yield Finding(Evidence.RECORDED, CHANGED, words)
    for words in open_disputes(register.disputes.values(), history):
        yield Finding(Evidence.RECORDED, DISPUTE, words)


def _contradictions(
    observed: Observed, sources: Sources, record: PictureRecord, ledger: "AnyLedger"
) -> Iterator[Finding]:
    """Where the file tells another history than our record of the same picture."""
    step = observed.chain.file
    if step is not None and record_of_step(step, ledger) is not None:
        return  # its last step is one that this very ledger recorded
    whose = f"our ledger ({record.picture})"
    says = history_of(sources.recorded, classify(sources.recorded)).sentence_in(sources.language)
    found = conflict_of(sources.told, sources.recorded, whose, says)
    found = found or unsigned_conflict(observed.traces, sources.recorded, whose, says)
    if found is not None:
        yield Finding(Evidence.DERIVED, CONFLICT, found.words, fault=found.grave, first=True)


def _matched(record: PictureRecord, how: str, ledger: "AnyLedger") -> Iterator[Finding]:
    """What the ledger holds, once a record is found."""
    last = "" if record.released is None else f" and {record.released}"
    entries = f"entr{'ies' if last else 'y'} {record.requested}{last}"
    found = f"Found in the ledger ({how}): {record.picture}, {entries}, {moment(record.at)}."
    yield Finding(Evidence.RECORDED, "ledger", found)
    if record.state is not State.RELEASED:
        words = f"There it is {record.state.value}: no finished picture was written down."
        yield Finding(Evidence.RECORDED, "ledger", words)
    yield Finding(Evidence.RECORDED, "ledger", _credits(record, ledger))
    if record.statement.model is not None:
        model = record.statement.model.public
        words = f"Model: {as_one(plain(model.name, 100))}, licence {as_one(plain(model.license, 80))}, {model.digest}."
        yield Finding(Evidence.RECORDED, "ledger", words)
    for adapter in record.statement.adapters:
        own = adapter.model.public
        by = f" by {as_one(plain(own.attribution, 100))}" if own.attribution else ""
        name, rights = as_one(plain(own.name, 100)), as_one(plain(own.license, 80))
        words = f"{plain(adapter.label, 60)}: {name}{by}, licence {rights}, {own.digest}, {adapter.measure}."
        yield Finding(Evidence.RECORDED, "ledger", words)
    for words in record.held_against:
        said = f"When it was signed, this spoke against it: {plain(words, 300)}."
        yield Finding(Evidence.RECORDED, "ledger", said)
    register = register_of(ledger)
    for change in changes_since(register, record):
        yield Finding(Evidence.RECORDED, "ledger", str(change))
    if register.skipped:
        first, more = register.skipped[0], len(register.skipped) - 1
        others = f", and {more:,} more are skipped" if more else ""
        words = f"What is told here may lack something: {plain(str(first), 300)}{others}."
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", words)
    later = len(ledger.children(record.picture))
    if later:
        words = f"It went into {counted(later, 'later picture')} of the ledger."
        yield Finding(Evidence.RECORDED, "ledger", words)


def no_record(elsewhere: Sequence[Elsewhere]) -> str:
    """That our ledger has no record of a picture, where others were asked as well."""
    return NO_RECORD if all(each.broken for each in elsewhere) else ONLY_ELSEWHERE


def _unmatched(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """What can be said without a record."""
    if sources.ledger is None:
        whose = " of our own" if sources.others.ledgers else ""
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", f"No ledger{whose} was asked: there is none here.")
    else:
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", no_record(sources.elsewhere))
        yield from _near(observed, sources.ledger)
    named = observed.chain.ref
    if named is None or named.ledger in sources.others.ids():
        return
    if sources.ledger is None or named.ledger != sources.ledger.id:
        entry = f"entry {plain(named.entry, 20)}" if named.entry else "an entry"
        words = f"Its credentials name {entry} of the ledger {plain(named.ledger, 60)}: ask its keeper."
        yield Finding(Evidence.OBSERVED, "ledger", words)
    else:
        picture = plain(named.picture, 60) or "a picture that cannot be read"
        words = f"Its credentials name {picture} of this ledger, where there is no such picture."
        yield Finding(Evidence.DERIVED, NO_SUCH, words, fault=True)


def _near(observed: Observed, ledger: "AnyLedger") -> Iterator[Finding]:
    """What our ledger knows of it all the same: that it went into something, and earlier steps."""
    made = ledger.pictures_made_from(observed.digest)
    if made:
        more = f" and {len(made) - 1} more" if len(made) > 1 else ""
        words = (
            f"This very file went into {made[0].picture}{more}; how it was made itself is not recorded here."
        )
        yield Finding(Evidence.RECORDED, "ledger", words)
    steps = observed.chain.steps
    known = [step for step in steps[:-1] if record_of_step(step, ledger) is not None]
    if known:
        words = f"Of the earlier steps, {len(known)} of {len(steps) - 1} were found in this ledger."
        yield Finding(Evidence.RECORDED, "ledger", words)


def _compared(
    observed: Observed, record: PictureRecord, ledger: "AnyLedger", *, exact: bool
) -> Iterator[Finding]:
    """File against record. `exact`: it should be the very file that left; else only its pixels were found."""
    output, chain = record.output, observed.chain
    if output is None:
        return
    if observed.digest == output.digest:
        yield Finding(
            Evidence.DERIVED, "agreement", "Its SHA-256 is the one that was written down when it left."
        )
    elif not exact:
        yield Finding(Evidence.DERIVED, "agreement", _only_pixels(record, chain, observed.digest))
        return
    else:
        yield Finding(Evidence.DERIVED, "agreement", _another_file(observed, output), fault=True)
    step = chain.file
    if step is None or chain.verdict is Verdict.ALTERED:
        return
    signed_by = step.signer.fingerprint if step.signer is not None else ""
    if signed_by and record.signer is not None and signed_by != str(record.signer):
        words = f"The record was signed by another certificate ({record.signer}) than the file."
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)
    elif signed_by and record.signer is not None and step.signer is not None and not step.signer.known:
        words = "It was signed with the certificate that the record names."
        yield Finding(Evidence.DERIVED, "agreement", words)
    yield from _names(step, record, ledger, alone=len(chain.steps) == 1)


def _another_file(observed: Observed, output: Resource) -> str:
    """That it is not the very file that left; and whether it shows the same picture, where both are known."""
    words = "The file is not the one that left: its SHA-256 differs from the record"
    if observed.pixels is None or output.pixels is None:
        return f"{words}."
    same = observed.pixels == output.pixels
    return f"{words}, though its pixels are the same." if same else f"{words}, and so do its pixels."


def _only_pixels(record: PictureRecord, chain: Chain, digest: Digest) -> str:
    if is_original(digest, record):
        return "It is the very file that was taken into the record, before it was signed."
    gone = ", without credentials" if chain.verdict is Verdict.NO_CREDENTIALS else ""
    return f"Only its pixels are those of the record: the file around them is another{gone}."


def _names(step: ChainStep, record: PictureRecord, ledger: "AnyLedger", *, alone: bool) -> Iterator[Finding]:
    """Names in the file against names in the ledger. An erased, changed or corrected one is no disagreement.

    Only those of the last step; `alone`: there is no other.
    """
    credited = (each for each in step.people if not each.role.startswith(IDENTITY))
    in_file = {(each.role, each.name or NOT_NAMED) for each in credited}
    said = record.statement.credits
    in_ledger = {(each.role.value, each.shown or each.name or NOT_NAMED) for each in said}
    in_ledger -= {(each.role.value, name) for each in said for name in (ERASED, MISSING)}
    erased = {each.role.value for each in said if each.name == ERASED}
    if erased:
        roles = ", ".join(sorted(erased))
        yield Finding(Evidence.RECORDED, "ledger", f"A name was erased from the ledger on request ({roles}).")
    missing = {each.role.value for each in said if each.name == MISSING}
    if missing:
        roles = ", ".join(sorted(missing))
        words = f"A name is missing from the ledger, though nobody erased it ({roles}): check the ledger."
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", words)
    more = {each for each in in_file - in_ledger if each[0] not in erased | missing}
    less = in_ledger - in_file
    if not in_file:
        return
    if more or less:
        former = _former(record, ledger)
        changed = [now for now in less if more & former.get(now, set())]
        more -= {then for now in changed for then in former[now]}
        less -= set(changed)
        if changed:
            words = f"Since it was signed, the ledger has another name: {_listed(changed)}."
            yield Finding(Evidence.RECORDED, "ledger", words)
    sides = [
        f"only the {side} names {_listed(names)}"
        for side, names in (("file", more), ("ledger", less))
        if names
    ]
    if sides:
        words = f"File and ledger name different people: {'; '.join(sides)}."
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)
    elif in_ledger:
        words = _same_people(record, ledger, gone=bool(erased | missing))
        yield Finding(Evidence.DERIVED, "agreement", f"{words}{'' if alone else ' for its last step'}.")


def _same_people(record: PictureRecord, ledger: "AnyLedger", *, gone: bool) -> str:
    """That both name the same, and how far: not those whose names are `gone`, nor as the credits were changed since."""
    if changes_since(register_of(ledger), record):
        return "When it was signed, file and ledger named the same people"
    return f"{'Apart from that, file' if gone else 'File'} and ledger name the same people"


def _former(record: PictureRecord, ledger: "AnyLedger") -> dict[tuple[str, str], set[tuple[str, str]]]:
    """For each credit as the ledger names it today: the same credit under every name that it was ever given."""
    history = register_of(ledger).history
    return {
        (each.role.value, each.name or NOT_NAMED): {
            (each.role.value, said.text("name") or NOT_NAMED)
            for said in history.get(each.person or "", ())
            if "name" in said.body
        }
        for each in record.statement.credits
    }


def _credits(record: PictureRecord, ledger: "AnyLedger") -> str:
    """The credits as they were first said; what changed them since is told beside them."""
    said = first_said(register_of(ledger), record)
    if not said:
        return "Nobody is credited."
    return f"Credits: {', '.join(plain(credit_text(role, name), 240) for role, name in said)}."


def _listed(people: Iterable[tuple[str, str]]) -> str:
    return ", ".join(credit_text(plain(role, 40), plain(name, 100)) for role, name in sorted(people)[:10])
