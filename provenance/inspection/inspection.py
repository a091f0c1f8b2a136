"""One picture, read in full: what stands in the file, what the ledger says, and whether the two agree.

    OBSERVED       The credentials are intact, and a signer that we know made them: Genzu.
    RECORDED       This very file is entry 12 of the ledger.
    DERIVED        AI-assisted: AI had a part in AI pass; a hand or a camera made Layout.
    NOT AVAILABLE  No time stamp: when it was signed is the signer's own word.

A line is one of these four. There is no score, and nothing is concluded from what is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, Named, Reason, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.read.verdicts import NO_CREDENTIALS
from provenance.errors import NotRecorded, PictureError, ProvenanceError, Remedy
from provenance.inspection.answers import AI_ANSWERS, Classification, Classified
from provenance.inspection.basis import Evidence
from provenance.inspection.classification import classify, weigh
from provenance.inspection.evidence.claimed import claimed, hints_of
from provenance.inspection.evidence.conflict import CONFLICT, contradiction
from provenance.inspection.evidence.credentials import credentials
from provenance.inspection.evidence.finding import Finding, in_order
from provenance.inspection.evidence.ledger import NO_SUCH, is_of, record_of
from provenance.inspection.evidence.ledger import ledger as our_ledger
from provenance.inspection.evidence.looks import looks
from provenance.inspection.evidence.metadata import metadata
from provenance.inspection.evidence.observed import Match, Observed, Sources
from provenance.inspection.evidence.other_ledgers import found_in, other_ledgers
from provenance.inspection.evidence.signatures import IDENTITY
from provenance.inspection.evidence.timestamps import timestamps
from provenance.inspection.evidence.wishes import wishes
from provenance.inspection.given import USUAL, Given, read
from provenance.inspection.graph import Graph
from provenance.inspection.history import History, history_of, with_likeness
from provenance.inspection.inspected import Inspection
from provenance.inspection.lineage import lineage, record_of_step, with_names_today
from provenance.ledger.ancestry import is_original
from provenance.ledger.any_ledger import Others
from provenance.ledger.claims import Claim, claim_of
from provenance.ledger.sizes import Sizes
from provenance.ledger.store.records import PictureRecord
from provenance.lookup.door import OUTDATED, LookUp
from provenance.lookup.likeness import Likeness
from provenance.media.first_rows import key_of_file
from provenance.media.formats import media_type_of
from provenance.media.generators.generator_text import beside_traces, look_at, unread_beside
from provenance.media.generators.generator_trace import makers_of
from provenance.media.picture import open_picture, pixel_digest, pixels
from provenance.media.wholeness import is_bare, is_whole
from provenance.settings import Limits, Settings
from provenance.statement.vocabulary import BY_AI, BY_HAND, Maker

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger

# Each tells what it knows, in this order; a new source of evidence is a file in evidence/ and a name here.
SOURCES: tuple[Callable[[Observed, Sources], Iterator[Finding]], ...] = (
    credentials,
    metadata,
    our_ledger,
    wishes,
    looks,
    claimed,
    timestamps,
    other_ledgers,
)
UNSIGNED = Chain(Verdict.NO_CREDENTIALS, (NO_CREDENTIALS,))
NOBODY = Others()
FIRST_ALONE = "it holds several pictures, and only the first is known to be the recorded one"
UNCHECKED = "it could not be checked"
NOT_ASKED = "no ledger was asked"
OURS_NOT_ASKED = "no ledger of our own was asked"
CLAIMED = "by unsigned text that came with it when our ledger took it in as a claim"
# Failed checks that say nothing of whether the picture was changed: a ledger out of a backup lacks what came later.
NOT_THE_PICTURE = frozenset({CONFLICT, IDENTITY, NO_SUCH})


class Signing(Protocol):
    """What signs pictures here: whom it trusts, its ledger, its bounds."""

    @property
    def trust(self) -> Trust: ...

    @property
    def ledger(self) -> "AnyLedger": ...

    @property
    def settings(self) -> Settings: ...


def inspect_signed(path: Path, archive: Signing) -> Inspection:
    """A picture that this archive has just signed. It is its own: no bound for strangers' pictures holds for it."""
    own = archive.settings.limits.for_our_own()
    return inspect(path, trust=archive.trust, ledger=archive.ledger, limits=own)


def inspect(
    source: Path | bytes,
    *,
    trust: Trust,
    ledger: "AnyLedger | None",
    others: Others = NOBODY,
    name: str | None = None,
    beside: bytes | None = None,
    xmp: bytes | None = None,
    limits: Limits = USUAL,
    index: LookUp | None = None,
    language: str = "en",
) -> Inspection:
    """The answer on a file. PictureError only where its bytes cannot be had: missing, a folder, too large.

    `others` are the imported ledgers of other studios, asked as well and told apart. `beside` are its credentials
    where it holds none itself, `xmp` what a program wrote of it into a file of its own (given.py). `index` is asked by
    the picture's looks where our ledger has no record of it. `language` is that of the histories which lines of
    evidence quote. An audit takes the same steps one by one (audit.py).
    """
    given = read(source, name=name, beside=beside, xmp=xmp, limits=limits)
    seen = observe(given, trust=trust, ledger=ledger, others=others, limits=limits)
    if index is not None and ledger is not None:
        seen = looked_up(seen, index, ledger)
    return conclude(seen, ledger, others, language)


def looked_up(seen: Observed, index: LookUp, ledger: "AnyLedger") -> Observed:
    """With the pictures that it looks like, where no record of it was found."""
    if seen.picture is None or seen.trouble or _own(*record_of(seen, ledger), seen, ledger) is not None:
        return seen
    if index.why_not:
        # Many ledgers have no index, and nothing is wrong with that.
        return replace(seen, not_looked_up=OUTDATED) if index.why_not == OUTDATED else seen
    try:
        shown = pixels(replace(seen.picture, data=seen.contents.data))
        return replace(seen, looks_like=tuple(_recorded(index.ask(shown), ledger)))
    except ProvenanceError as error:
        return replace(seen, not_looked_up=str(error))


def _recorded(alike: Iterable[Likeness], ledger: "AnyLedger") -> Iterator[Likeness]:
    """Those of which the ledger has a record: an index may have been made from another ledger."""
    for each in alike:
        with suppress(NotRecorded):
            ledger.picture(each.picture)
            yield each


def observe(
    given: Given,
    *,
    trust: Trust,
    ledger: "AnyLedger | None",
    others: Others = NOBODY,
    limits: Limits = USUAL,
    sizes: Sizes | None = None,
) -> Observed:
    """What stands in the file. A broken or hostile picture is an answer here, too.

    `sizes` are those of all pictures that the ledgers have, and keys over first rows: with them, a file of another
    size or with other rows is not decoded, and whether it is whole is told by its structure.
    """
    contents, beside, xmp = given.contents, given.beside, given.xmp
    data = contents.data
    seen, hints, unread = look_at(data)
    # Of many files most hold no credentials: where the structure shows that, the library is not asked.
    bare = sizes is not None and beside is None and seen is not None and is_bare(data, seen)
    chain = UNSIGNED if bare else read_chain(data, media_type_of(given.name), trust=trust, beside=beside)
    exact = next(iter(ledger.pictures_with_file(contents.digest)), None) if ledger is not None else None
    by_pixels = (ledger is not None or bool(others.ledgers)) and exact is None
    # Decoding takes ten times as long as checking: only where the pixels have something to tell.
    if xmp is not None:
        hints += beside_traces(xmp)
        unread += unread_beside(xmp)
    if given.unread:
        unread += (given.unread,)
    intact = chain.verdict in {Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN}
    whole = intact or bare or (sizes is not None and seen is not None and is_whole(data, seen))
    picture = seen if whole else None
    if by_pixels and sizes is not None and picture is not None:
        key = partial(key_of_file, data, picture, limits)
        by_pixels = sizes.may_hold((picture.width, picture.height), key)
    shown = trouble = None
    remedies: tuple[Remedy, ...] = ()
    try:
        if picture is None or picture.width * picture.height > limits.pixels:
            picture = None
            opened = open_picture(data, limits, layered=True)
            picture = replace(opened, data=b"")
        if by_pixels:
            shown = pixel_digest(pixels(replace(picture, data=data)))
    except PictureError as error:
        trouble, remedies = str(error), error.remedies
    if chain.verdict is Verdict.NO_CREDENTIALS:
        # Of a file that is on record byte for byte nothing more need be read.
        chain = _none_for_sure(chain, given.closed, trouble if exact is None else None)
    clocks = trust.pem_for(Purpose.TIME_STAMPS)
    claim = claim_of(ledger, contents.digest, shown) if ledger is not None and exact is None else None
    return Observed(
        given.name, contents, chain, picture, shown, trouble, hints, exact, clocks, remedies, claim,
        unread=unread, beside=beside,
    )  # fmt: skip


def _none_for_sure(chain: Chain, closed: str, trouble: str | None) -> Chain:
    """That there are no credentials, where that is known: "none" would answer a question that could not be asked."""
    if trouble is not None:
        return Chain(
            Verdict.NOT_CHECKED, (Reason("genzu.notAPicture", f"no credentials were found, but {trouble}"),)
        )
    return Chain(Verdict.NOT_CHECKED, (Reason("genzu.sidecar.unread", closed),)) if closed else chain


def conclude(
    observed: Observed, ledger: "AnyLedger | None", others: Others = NOBODY, language: str = "en"
) -> Inspection:
    """The observed beside the recorded."""
    sources = replace(held_against(observed, ledger, others), language=language)
    findings = [finding for source in SOURCES for finding in source(observed, sources)]
    answer = _answer(observed, sources, findings)
    if answer.both:
        findings.append(
            Finding(
                Evidence.DERIVED, CONFLICT, f"{answer.because[:1].upper()}{answer.because[1:]}.", first=True
            )
        )
    findings.append(Finding(Evidence.DERIVED, "classification", f"{answer.answer.value}: {answer.because}."))
    answering = _answering(sources, answer, findings)
    return Inspection(
        observed,
        sources.told,
        answer,
        in_order(findings),
        sources.record,
        sources.match,
        sources.recorded,
        tuple(sources.elsewhere),
        _history(observed, sources, answering, answer, findings),
        answering,
    )


def held_against(observed: Observed, ledger: "AnyLedger | None", others: Others) -> Sources:
    """All that speaks for and against what a file says of itself."""
    elsewhere, unread = found_in(others, observed.chain, observed.contents, observed.shown)
    record, match = record_of(observed, ledger)
    own = _own(record, match, observed, ledger)
    recorded = lineage(own, ledger) if own is not None else Graph(())
    told = lineage(observed.chain)
    return Sources(ledger, others, told, record, match, recorded, elsewhere, unread)


def _own(
    record: PictureRecord | None, match: Match | None, observed: Observed, ledger: "AnyLedger | None"
) -> PictureRecord | None:
    """Our record of this very picture, not one that its credentials merely name."""
    if record is None or match is None or ledger is None:
        return None
    return record if is_of(record, match, observed, ledger) else None


def _answer(observed: Observed, sources: Sources, findings: Sequence[Finding]) -> Classified:
    """How the picture was made, by the file and the ledger together."""
    file = classify(sources.told)
    recorded = _recorded_answer(observed, sources)
    conflict = contradiction(findings)
    if conflict is not None:
        # A ledger's word of AI stands against a hand alone; its word of a hand against AI settles nothing.
        by_ledger = recorded is not None and recorded.answer in AI_ANSWERS
        answer = recorded.answer if recorded is not None and by_ledger else Classification.UNKNOWN
        return Classified(answer, _clause(conflict.words))
    altering = next((each for each in findings if each.fault and each.about not in NOT_THE_PICTURE), None)
    if altering is not None and file.answer is not Classification.ALTERED:
        return Classified(Classification.ALTERED, altering.words.rstrip("."))
    hint = next((each for each in observed.traces if each.maker in BY_AI), None)
    makers = makers_of(observed.traces)
    told = sources.told.nodes
    by_hand = bool(told) and all(node.maker in BY_HAND for node in told)
    found = weigh(file, recorded, makers, beside=hint is not None and hint.beside, by_strangers=by_hand)
    if left_open(found, sources):
        return replace(
            found,
            because=f"our ledger records it as made by hand or camera, but in the file {file.because}",
        )
    if found.answer is not Classification.UNKNOWN or found.both:
        return found
    if observed.claim is not None:
        found = _by_claim(observed.claim, found)
    unread = observed.chain.verdict is Verdict.NOT_CHECKED and not told
    if unread and found.answer is Classification.UNKNOWN and observed.chain.reasons:
        return replace(found, because=observed.chain.reasons[0].words)
    return found


def left_open(found: Classified, sources: Sources) -> bool:
    """Whether our record calls it the work of hands, and the file names a step of which that is not stated.

    Who has the file alone reads "unknown", so whoever has the record too is told of that step.
    """
    by_hand = found.answer is Classification.HUMAN_MADE
    return by_hand and any(node.maker not in BY_HAND for node in sources.told.nodes)


def _recorded_answer(observed: Observed, sources: Sources) -> Classified | None:
    """How the picture was made by our record of it; None where there is none."""
    if not sources.recorded.nodes:
        return None
    found = classify(sources.recorded)
    several = observed.picture is not None and observed.picture.first_of_several
    # The very file that was taken in is known with all that it holds.
    several &= sources.record is None or not is_original(observed.digest, sources.record)
    if several and sources.match is Match.PIXELS and found.answer is Classification.HUMAN_MADE:
        # An animation, or pages: the others may be anything.
        return Classified(Classification.UNKNOWN, FIRST_ALONE)
    return found


def _by_claim(claim: Claim, found: Classified) -> Classified:
    """A picture of which nothing else is known, by what came with it when it was taken in."""
    hinted = next((each for each in makers_of(hints_of(claim)) if each in BY_AI), None)
    if hinted is None:
        return found
    answer = Classification.AI_GENERATED if hinted is Maker.AI else Classification.AI_ASSISTED
    return Classified(answer, CLAIMED)


def _answering(sources: Sources, answer: Classified, findings: Sequence[Finding]) -> Graph:
    """The steps that the answer rests on: the file's, with the names that hold today, or those of our record of it.

    Where the answer is the record's and not the file's, so is who made it: nobody is recorded by a file's own word.
    """
    settled = answer.answer is not Classification.UNKNOWN
    by_record = not sources.told.nodes or (settled and contradiction(findings) is not None)
    if sources.recorded.nodes and answer.answer is not Classification.ALTERED:
        theirs = classify(sources.told).answer
        by_record |= theirs is not answer.answer and classify(sources.recorded).answer is answer.answer
    if by_record and sources.recorded.nodes:
        return sources.recorded
    return with_names_today(sources.told, sources.ledger, sources.recorded)


def _history(
    observed: Observed, sources: Sources, graph: Graph, answer: Classified, findings: Sequence[Finding]
) -> History:
    """Who made it: by the steps that the answer rests on."""
    conflict = contradiction(findings) is not None
    if answer.because == FIRST_ALONE or (conflict and answer.answer is Classification.UNKNOWN):
        words = "file and ledger contradict each other" if conflict else FIRST_ALONE
        return History(answer.answer, because=words)
    by_claim = answer.because == CLAIMED and observed.claim is not None
    hints = hints_of(observed.claim) if by_claim and observed.claim is not None else observed.traces
    history = history_of(graph, answer, hints)
    if graph is sources.recorded:
        credits = _with_those_of_the_file(history.credits, observed, sources)
        history = replace(history, credits=credits, left_open=left_open(answer, sources))
    if by_claim:
        return replace(history, taken_in=True)
    if graph.nodes or history.parts:
        return history
    theirs = next((each.history for each in sources.elsewhere if not each.broken), None)
    if theirs is not None:
        return theirs
    unasked = _unasked(observed, sources, answer)
    if unasked:
        return replace(history, because=unasked)
    return with_likeness(history, next(iter(observed.looks_like), None))


def _with_those_of_the_file(
    credits: tuple[Named, ...], observed: Observed, sources: Sources
) -> tuple[Named, ...]:
    """The people of our record, and those whom the file names for steps before the one that we recorded."""
    step, ledger = observed.chain.file, sources.ledger
    if step is None or ledger is None or record_of_step(step, ledger) is None:
        return credits
    in_file = history_of(with_names_today(sources.told, ledger, sources.recorded), classify(sources.told))
    return tuple(dict.fromkeys((*in_file.credits, *credits)))


def _unasked(observed: Observed, sources: Sources, answer: Classified) -> str:
    """Why a file has no history where its record was not looked for; "" where that is an answer: there is none."""
    if observed.chain.verdict is Verdict.NOT_CHECKED:
        return UNCHECKED
    if sources.ledger is None and answer.answer is Classification.UNKNOWN:
        return OURS_NOT_ASKED if sources.others.ledgers else NOT_ASKED
    return ""


def _clause(sentence: str) -> str:
    """A sentence as a part of another."""
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}"
