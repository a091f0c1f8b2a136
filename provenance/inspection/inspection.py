"""One picture, read in full: what stands in the file, what the ledger says, and whether the two agree.

    OBSERVED       The credentials are intact, and a signer that we know made them: Genzu.
    RECORDED       This very file is entry 12 of the ledger.
    DERIVED        AI-assisted: by AI: AI pass; by hand or camera: Layout.
    NOT AVAILABLE  No time stamp: when it was signed is the signer's own word.

A line is one of these four. There is no score, and nothing is concluded from what is missing.
Exit codes (docs/decisions/0020): 0 intact and known; 1 altered, or file and ledger disagree;
2 could not check; 3 no credentials; 4 intact, but a signer is not known to us.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, Reason, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import NotRecorded, PictureError
from provenance.inspection.classification import Classification, Classified, classify, weigh
from provenance.inspection.evidence.agreement import compared, credentials, matched, unmatched
from provenance.inspection.evidence.finding import Finding, in_order
from provenance.inspection.evidence.other_ledgers import Elsewhere, Others, found_in
from provenance.inspection.evidence.other_ledgers import findings as told_elsewhere
from provenance.inspection.evidence.other_ledgers import to_json as elsewhere_json
from provenance.inspection.evidence.timestamps import stamped
from provenance.inspection.graph_json import graph_json
from provenance.inspection.history import History, history_of
from provenance.inspection.lineage import Evidence, Graph, lineage, with_names_today
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.media.formats import media_type_of
from provenance.media.generator_text import Trace, look_at, traces
from provenance.media.picture import Picture, open_picture, pixel_digest, pixels, read_file
from provenance.media.sidecar import sidecar_of
from provenance.settings import MEGAPIXEL
from provenance.statement.canonical import Contents, Digest, Json

if TYPE_CHECKING:
    from provenance.ledger import Ledger

NOBODY = Others()
MAX_PIXELS, MAX_BYTES = 50 * MEGAPIXEL, 100 * 1024 * 1024
_EXITS = {
    Verdict.INTACT_KNOWN: 0,
    Verdict.ALTERED: 1,
    Verdict.NOT_CHECKED: 2,
    Verdict.NO_CREDENTIALS: 3,
    Verdict.INTACT_UNKNOWN: 4,
}


class Match(StrEnum):
    """How the ledger's record was found, surest first."""

    FILE = "the same file, byte for byte"
    PIXELS = "the same pixels"
    MANIFEST = "its own credentials name the entry"


@dataclass(frozen=True, slots=True)
class Observed:
    """What was read from a file, and whether these bytes are known."""

    name: str
    contents: Contents
    chain: Chain
    picture: Picture | None  # without its bytes
    pixels: Digest | None  # None too where the answer did not need them
    trouble: str | None  # why it is no picture that we can take
    traces: tuple[Trace, ...] = ()
    exact: PictureRecord | None = None  # the ledger's record of these very bytes
    clocks: str = ""  # PEM: whose time stamps count

    @property
    def size(self) -> int:
        return len(self.contents.data)

    @property
    def digest(self) -> Digest:
        return self.contents.digest


@dataclass(frozen=True, slots=True)
class Inspection:
    """The answer on one file. All text in it is untrusted: provenance/show/terminal.py before it is shown."""

    observed: Observed
    told: Graph  # by the file
    classified: Classified
    findings: tuple[Finding, ...]
    record: PictureRecord | None = None
    match: Match | None = None
    recorded: Graph = field(default_factory=lambda: Graph(()))
    elsewhere: tuple[Elsewhere, ...] = ()  # what other studios' ledgers have of it
    history: History = field(default_factory=lambda: History(Classification.UNKNOWN))

    @property
    def chain(self) -> Chain:
        return self.observed.chain

    @property
    def graph(self) -> Graph:
        """The way of the picture: as the file tells it, else as the ledger does."""
        return self.told if self.chain.steps else self.recorded

    @property
    def agrees(self) -> bool:
        """Whether no comparison of file and ledger failed."""
        return not any(finding.fault for finding in self.findings)

    @property
    def exit_code(self) -> int:
        return _EXITS[self.chain.verdict] if self.agrees else 1


def inspect(
    source: Path | bytes,
    *,
    trust: Trust,
    ledger: "Ledger | None",
    others: Others = NOBODY,
    name: str | None = None,
    beside: bytes | None = None,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
) -> Inspection:
    """The answer on a file. PictureError only where its bytes cannot be had: missing, a folder, too large.

    `others` are the imported ledgers of other studios, asked as well and told apart. `beside` are its credentials
    where it holds none itself; of a path the `.c2pa` next to it is read.
    """
    beside = beside or (None if isinstance(source, bytes) else sidecar_of(source))
    data = source if isinstance(source, bytes) else read_file(source, max_bytes)
    if len(data) > max_bytes:
        raise PictureError(
            f"the picture has more than the {max_bytes:,} bytes let in; raise GENZU_MAX_MEGABYTES"
        )
    shown = name or ("the picture" if isinstance(source, bytes) else source.name)
    seen = _observed(
        data,
        shown,
        beside,
        trust=trust,
        ledger=ledger,
        others=others,
        max_pixels=max_pixels,
        max_bytes=max_bytes,
    )
    return conclude(seen, ledger, others)


def _observed(
    data: bytes,
    name: str,
    beside: bytes | None,
    *,
    trust: Trust,
    ledger: "Ledger | None",
    others: Others,
    max_pixels: int,
    max_bytes: int,
) -> Observed:
    """What stands in the file. A broken or hostile picture is an answer here, too."""
    contents = Contents(data)
    chain = read_chain(data, media_type_of(name), trust=trust, beside=beside)
    intact = chain.verdict in {Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN}
    # Decoding takes ten times as long as checking: only where the pixels have something to tell.
    exact = next(iter(ledger.pictures_with_file(contents.digest)), None) if ledger is not None else None
    by_pixels = (ledger is not None or bool(others.ledgers)) and exact is None
    picture, hints = look_at(data) if intact else (None, None)
    shown = trouble = None
    try:
        if picture is None or picture.width * picture.height > max_pixels:
            picture = None
            opened = open_picture(data, max_pixels=max_pixels, max_bytes=max_bytes, layered=True)
            picture = replace(opened, data=b"")
        if by_pixels:
            shown = pixel_digest(pixels(replace(picture, data=data)))
    except PictureError as error:
        trouble = str(error)
    if trouble is not None and chain.verdict is Verdict.NO_CREDENTIALS:
        # Neither a picture nor credentials: "none" would be an answer to a question that could not be asked.
        chain = Chain(
            Verdict.NOT_CHECKED, (Reason("genzu.notAPicture", f"no credentials were found, but {trouble}"),)
        )
    if hints is None or picture is None:
        hints = traces(data) if picture else ()
    return Observed(name, contents, chain, picture, shown, trouble, hints, exact, trust.pem)


def conclude(observed: Observed, ledger: "Ledger | None", others: Others = NOBODY) -> Inspection:
    """The observed beside the recorded."""
    shown = observed.pixels or (
        observed.exact.output.pixels if observed.exact and observed.exact.output else None
    )
    elsewhere, unread = found_in(others, observed.chain, observed.contents, shown)
    hints = (Finding(Evidence.OBSERVED, "metadata", f"It carries {each}.") for each in observed.traces)
    findings = [*credentials(observed.chain), *hints]
    if observed.trouble is not None:
        findings.append(
            Finding(Evidence.NOT_AVAILABLE, "picture", f"Its pixels were not read: {observed.trouble}.")
        )
    if observed.picture is not None and observed.picture.note is not None:
        note = observed.picture.note
        findings.append(Finding(Evidence.OBSERVED, "picture", f"{note[:1].upper()}{note[1:]}."))
    record, match = _recorded(observed, ledger)
    recorded = Graph(())
    if record is None or match is None or ledger is None:
        findings += unmatched(observed.chain, observed.contents, ledger, others.ids())
    else:
        recorded = lineage(record, ledger)
        findings += [*matched(record, match.value, ledger), *stamped(ledger, record, observed.clocks)]
        exact = match is not Match.PIXELS
        findings += compared(record, observed.chain, observed.digest, observed.pixels, ledger, exact=exact)
    findings += told_elsewhere(elsewhere, unread, others.ids(), observed.chain)
    told = lineage(observed.chain)
    file = classify(told)
    faults = [finding for finding in findings if finding.fault]
    if faults and file.answer is not Classification.ALTERED:
        answer = Classified(Classification.ALTERED, faults[0].words.rstrip("."))
    else:
        said = classify(recorded) if recorded.nodes else None
        answer = weigh(file, said, (each.maker for each in observed.traces))
    if answer.both:
        findings.append(
            Finding(
                Evidence.DERIVED, "conflict", f"{answer.because[:1].upper()}{answer.because[1:]}.", first=True
            )
        )
    findings.append(Finding(Evidence.DERIVED, "classification", f"{answer.answer.value}: {answer.because}."))
    history = _history(observed, told, recorded, answer, ledger)
    return Inspection(
        observed, told, answer, in_order(findings), record, match, recorded, elsewhere, history=history
    )


def _history(
    observed: Observed, told: Graph, recorded: Graph, answer: Classified, ledger: "Ledger | None"
) -> History:
    """Who made it: as the file tells it, with the names that hold today, else as the ledger does."""
    graph = with_names_today(told, ledger) if told.nodes else recorded
    history = history_of(graph, answer, observed.traces)
    if not graph.nodes and observed.chain.verdict is Verdict.NOT_CHECKED:
        return replace(history, because="it could not be checked")
    return history


def to_json(inspection: Inspection) -> dict[str, Json]:
    """The documented shape (docs/reading.md). Texts are as the file has them."""
    seen = inspection.observed
    return {
        "format": "genzu inspection 1",
        "file": {
            "name": seen.name,
            "digest": str(seen.digest),
            "size": seen.size,
            "media_type": seen.picture.media_type if seen.picture else None,
            "width": seen.picture.width if seen.picture else None,
            "height": seen.picture.height if seen.picture else None,
            "pixels": str(seen.pixels) if seen.pixels else None,
        },
        "verdict": seen.chain.verdict.value,
        "reasons": [{"code": each.code, "words": each.words} for each in seen.chain.reasons],
        "exit_code": inspection.exit_code,
        **graph_json(inspection.graph),
        "classification": inspection.classified.answer.value,
        "because": inspection.classified.because,
        "findings": [
            {"source": each.evidence.value, "about": each.about, "words": each.words, "fault": each.fault}
            for each in inspection.findings
        ],
        "match": inspection.match.name.lower() if inspection.match else None,
        "record": record_json(inspection.record) if inspection.record else None,
        "elsewhere": elsewhere_json(inspection.elsewhere),
    }


def _recorded(observed: Observed, ledger: "Ledger | None") -> tuple[PictureRecord | None, Match | None]:
    """The ledger's record of this picture: by bytes, else pixels, else what its credentials name."""
    if ledger is None:
        return None, None
    named = _named(observed.chain, ledger)
    if observed.exact is not None:
        # A file whose credentials lie beside it may be recorded twice: those that lie there say which is meant.
        meant = named is not None and named.output is not None and named.output.digest == observed.digest
        return named if meant else observed.exact, Match.FILE
    if observed.pixels is not None:
        same = ledger.pictures_with_pixels(observed.pixels)
        if same:
            # Several records may share pixels (a picture that was recorded twice): the named one is meant.
            if named is not None and named.picture in {each.picture for each in same}:
                return named, Match.MANIFEST
            return same[0], Match.PIXELS
    return named, Match.MANIFEST if named is not None else None


def _named(chain: Chain, ledger: "Ledger") -> PictureRecord | None:
    """The record that the file's own step names, where it is one of this ledger."""
    said = chain.file.record if chain.file is not None else None
    if said is None or said.get("ledger") != ledger.id or not isinstance(picture := said.get("picture"), str):
        return None
    try:
        return ledger.picture(picture)
    except NotRecorded:
        return None
