"""What other studios' ledgers, imported beside ours, hold on a file: in their name, and never mixed with our record.

    RECORDED   Recorded by another ledger, genzu/5f1c88d1a2b3c4d5 (the same pixels): pic-…, entries 7 and 9, …; proved
               to stand under its checkpoint of 12 entries, signed by its key genzu/5f1c88d1a2b3c4d5+….

A finding of theirs changes neither our answer on how a picture was made nor an exit code: it is their word, and it is
told as theirs. That it is their word is checked each time, by the proof that a receipt would carry.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from provenance.credentials.read.chain import Chain
from provenance.errors import LedgerError, NotRecorded, ProofError
from provenance.inspection.answers import AI_ANSWERS, Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.classification import classify
from provenance.inspection.evidence.conflict import conflict_of, other_names, unsigned_conflict
from provenance.inspection.evidence.finding import DISPUTE_ELSEWHERE, OTHER, Finding
from provenance.inspection.evidence.observed import Elsewhere, Match, Observed, Sources, meant
from provenance.inspection.graph import Graph
from provenance.inspection.history import history_of
from provenance.inspection.lineage import lineage, record_named, records_behind
from provenance.ledger.ancestry import is_original
from provenance.ledger.any_ledger import Others
from provenance.ledger.store.records import PictureRecord
from provenance.people.changes import changes_since, first_said
from provenance.people.dispute import open_disputes
from provenance.people.register import register_of
from provenance.proof.receipt import verify as verify_receipt
from provenance.statement.canonical import Contents, Digest
from provenance.statement.credit import credit_text
from provenance.statement.moment import moment
from provenance.statement.names import as_one
from provenance.statement.untrusted import plain

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger

Answer = TypeVar("Answer")


def found_in(
    others: Others, chain: Chain, contents: Contents, pixels: Digest | None
) -> tuple[tuple[Elsewhere, ...], tuple[str, ...]]:
    """The record that each of them has of a file, by its bytes, else its pixels, else what its credentials name.

    And a sentence for each that could not be asked.
    """

    def ask(ledger: "AnyLedger") -> Elsewhere | None:
        record, match = _record(ledger, chain, contents.digest, pixels)
        return None if record is None or match is None else _elsewhere(ledger, match, record, contents.digest)

    answers, unread = ask_each(others, ask)
    return tuple(found for _, found in answers if found is not None), tuple(unread)


def ask_each(
    others: Others, ask: Callable[["AnyLedger"], Answer]
) -> tuple[list[tuple["AnyLedger", Answer]], list[str]]:
    """What each of them answers, and a sentence for each that could not be asked, or whose copy proves nothing."""
    answers, unread = [], list(others.unread)
    for ledger in others.ledgers:
        try:
            answers.append((ledger, ask(ledger)))
        except (LedgerError, ProofError) as error:
            unread.append(f"the ledger {ledger.id}: {error}; import it again, or withdraw it")
    return answers, unread


def proved(ledger: "AnyLedger", record: PictureRecord) -> int:
    """The size of its last checkpoint that we hold, under which the record was proved to stand.

    ProofError or LedgerError where the copy does not prove it: then it is nobody's word.
    """
    receipt = ledger.receipt(record.requested, opened=False)
    return verify_receipt(receipt, ledger.verify_key).checkpoint.size


def other_ledgers(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """The lines about other ledgers: whose record it is, what it says, and what could not be told."""
    found = sources.elsewhere
    by_id = {ledger.id: ledger for ledger in sources.others.ledgers}
    for each in found:
        yield from _contradictions(each, observed, sources)
        yield from _between_ledgers(each, sources)
        yield from _lines(each, by_id[each.ledger], observed.digest)
    for ledger in sources.others.ledgers:
        here = next((each for each in found if each.ledger == ledger.id), None)
        if here is None or not here.broken:
            yield from _behind(ledger, here, observed.chain)
    named = observed.chain.ref
    if named is not None and named.ledger in sources.others.ids() - {each.ledger for each in found}:
        if record_named(named, by_id[named.ledger]) is not None:
            words = (
                f"Its credentials name an entry of the ledger {plain(named.ledger, 60)}, but they are not those that "
                "were recorded there, nor is it known to be the same picture."
            )
            yield Finding(Evidence.DERIVED, OTHER, words)
        else:
            words = (
                f"Its credentials name an entry of the ledger {plain(named.ledger, 60)}; the copy of that ledger here "
                "has no such picture. Its keeper may have exported it before this one was made."
            )
            yield Finding(Evidence.NOT_AVAILABLE, OTHER, words)
    yield from map(_unasked, sources.unread)


def _unasked(why: str) -> Finding:
    words = f"An imported ledger could not be asked: {plain(why, 400)}."
    return Finding(Evidence.NOT_AVAILABLE, OTHER, words)


def _behind(held: "AnyLedger", found: Elsewhere | None, chain: Chain) -> Iterator[Finding]:
    """What became of their records in its history, by their record of it and by the file's own earlier steps.

    Its keeper may have decided more since the copy was exported.
    """
    history = records_behind(found.graph if found is not None else Graph(()), chain, held)
    if not history:
        return
    try:
        size = found.size if found is not None else proved(held, held.picture(history[0]))
    except (LedgerError, ProofError) as error:
        yield _unasked(f"the ledger {held.id}: {error}")
        return
    register = register_of(held)
    whose = f"By the ledger {plain(held.id, 60)}, as far as the copy here goes ({size:,} entries)"
    for picture in history:
        if found is not None and picture == found.record.picture:
            continue  # told with its credits
        for change in changes_since(register, held.picture(picture)):
            yield Finding(Evidence.RECORDED, OTHER, f"{whose}: of the earlier step {picture}: {change}")
    for dispute in open_disputes(register.disputes.values(), history):
        said = f"{dispute[:1].lower()}{dispute[1:]}"
        yield Finding(Evidence.RECORDED, DISPUTE_ELSEWHERE, f"{whose}: {said}")


def _record(
    ledger: "AnyLedger", chain: Chain, digest: Digest, pixels: Digest | None
) -> tuple[PictureRecord | None, Match | None]:
    exact = next(iter(ledger.pictures_with_file(digest)), None)
    same = ledger.pictures_with_pixels(pixels) if pixels is not None and exact is None else []
    record, match = meant(_named(ledger, chain), exact, same, digest)
    # Anybody can write the name of an entry: without its pixels, only the very credentials that were recorded count.
    its_own = record is not None and chain.file is not None and record.manifest == chain.file.id
    return (None, None) if match is Match.MANIFEST and not same and not its_own else (record, match)


def _named(ledger: "AnyLedger", chain: Chain) -> PictureRecord | None:
    """The record that the file's own step names, where the entry's hash is the one in the file."""
    record = record_named(chain.ref, ledger)
    if record is None or chain.ref is None:
        return None
    try:
        same = ledger.entry(record.requested).leaf_hash.hex() == chain.ref.leaf_hash
    except NotRecorded:
        return None
    return record if same else None


def _elsewhere(ledger: "AnyLedger", match: Match, record: PictureRecord, digest: Digest) -> Elsewhere:
    broken, size = "", 0
    try:
        size = proved(ledger, record)
    except (ProofError, LedgerError) as error:
        broken = str(error)
    graph = lineage(record, ledger)
    answer = classify(graph)
    exact = record.output is not None and record.output.digest == digest
    return Elsewhere(
        ledger.id,
        str(ledger.verify_key),
        size,
        match,
        record,
        answer.answer.value,
        exact,
        broken,
        graph,
        replace(history_of(graph, answer), whose=ledger.id),
    )


def _contradictions(each: Elsewhere, observed: Observed, sources: Sources) -> Iterator[Finding]:
    """Where the file tells another history than their record of the same picture: their word against the file's."""
    named = observed.chain.ref
    if each.broken or (named is not None and named.ledger == each.ledger):
        return
    whose = f"the ledger {plain(each.ledger, 60)}"
    history = replace(each.history, whose="") if each.history is not None else None
    says = history.sentence_in(sources.language) if history is not None else ""
    found = conflict_of(sources.told, each.graph, whose, says)
    found = found or unsigned_conflict(observed.traces, each.graph, whose, says)
    if found is not None:
        yield Finding(Evidence.DERIVED, OTHER, found.words, first=True)


def _between_ledgers(each: Elsewhere, sources: Sources) -> Iterator[Finding]:
    """Where our record of the picture and theirs do not go together, whatever the file says: neither settles it."""
    if each.broken or not sources.recorded.nodes or each.history is None:
        return
    ours = classify(sources.recorded)
    answers, names = {ours.answer, classify(each.graph).answer}, other_names(sources.recorded, each.graph)
    if Classification.HUMAN_MADE in answers and not AI_ANSWERS.isdisjoint(answers):
        says = history_of(sources.recorded, ours).sentence_in(sources.language).rstrip(".。")
        theirs = replace(each.history, whose="").sentence_in(sources.language).rstrip(".。")
        one, other = f"has the picture as {says}", f"has it as {theirs}"
    elif names is not None:
        one, other = f"names {names[0]}", f"names {names[1]}"
    else:
        return
    named = sources.record.picture if sources.record is not None else ""
    words = (
        f"Two ledgers contradict each other: ours ({plain(named, 60)}) {one}; "
        f"the ledger {plain(each.ledger, 60)} {other}."
    )
    yield Finding(Evidence.DERIVED, OTHER, words, first=True)


def _lines(each: Elsewhere, held: "AnyLedger", digest: Digest) -> Iterator[Finding]:
    record, whose = each.record, f"the ledger {plain(each.ledger, 60)}"
    if each.broken:
        words = (
            f"The copy of {whose} that was imported has a record of it that is not proved: "
            f"{plain(each.broken, 300)}. Import it again."
        )
        yield Finding(Evidence.NOT_AVAILABLE, OTHER, words)
        return
    last = "" if record.released is None else f" and {record.released}"
    words = (
        f"Recorded by another ledger, {plain(each.ledger, 60)} ({each.match.value}): {plain(record.picture, 60)}, "
        f"entr{'ies' if last else 'y'} {record.requested}{last}, {moment(record.at)} by its own word; proved to "
        f"stand under its checkpoint of {each.size:,} entries, signed by its key {plain(each.key, 120)}."
    )
    yield Finding(Evidence.RECORDED, OTHER, words)
    register = register_of(held)
    people = ", ".join(
        plain(credit_text(role, name), 240) for role, name in first_said(register, record)[:50]
    )
    words = f"By {whose}: {each.answer}, {record.state.value}; credits: {people or 'nobody'}."
    if record.statement.model is not None:
        model = record.statement.model.public
        words += f" Model: {as_one(plain(model.name, 100))}, licence {as_one(plain(model.license, 80))}."
    words = " ".join([words, *map(str, changes_since(register, record))])
    yield Finding(Evidence.RECORDED, OTHER, words)
    if not each.exact:
        words = (
            f"It is the very file that was taken into the record of {whose}, before it was signed."
            if is_original(digest, record)
            else f"The file is not, byte for byte, the one that {whose} wrote down."
        )
        yield Finding(Evidence.DERIVED, OTHER, words)
