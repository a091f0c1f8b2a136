"""Many pictures, one row each: how it was made as far as can be told, by whom, with what, and the evidence.

    path              classification   verdict                signer   people              model
    cut01/bg.png      AI-assisted      intact, known signer   Genzu    layout: Mori Aoi    genzu-house
    cut02/bg.png      unknown          no credentials

Nothing that fails stops the rest: it becomes a row with its reason. A few pictures are read in threads, since decoding,
hashing and checking leave the interpreter free; many by a process a core (provenance/crew.py).
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from provenance.agreement import Finding
from provenance.canonical import Json
from provenance.classification import Classification
from provenance.credentials.chain import Reason, Verdict
from provenance.credentials.trust import Trust
from provenance.credits import NOT_NAMED
from provenance.crew import Crew, Opening
from provenance.elsewhere import Others
from provenance.errors import ProvenanceError
from provenance.inspection import MAX_BYTES, MAX_PIXELS, NOBODY, Inspection, inspect
from provenance.lineage import Evidence
from provenance.sidecar import LIMIT
from provenance.thumbnails import thumbnails
from provenance.walk import Item

if TYPE_CHECKING:
    from provenance.ledger import Ledger

MAX_THREADS = 8
MANY = 100  # pictures for which starting a process a core is worth its second

Loaded = tuple[
    Path | bytes, bytes | None
]  # a picture, and its credentials where they lie beside it in an archive


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says of one picture. All text is untrusted."""

    path: str
    classification: Classification
    because: str
    verdict: Verdict
    exit_code: int
    digest: str = ""
    signers: tuple[str, ...] = ()  # of each step, oldest first, without repeats
    people: tuple[str, ...] = ()  # "role: name"
    models: tuple[str, ...] = ()
    record: str = ""  # the picture's id in the ledger
    elsewhere: tuple[str, ...] = ()  # "ledger: id", of other studios' ledgers that have it
    evidence: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pictures: tuple[str, ...] = ()  # small ones that its credentials hold, oldest first, as `data:` addresses


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is looked at: whom we know, what we hold, and the limits.

    `pictures`: thumbnails too. `digests`: each file's SHA-256 for a report, also where no ledger is asked by it.
    """

    trust: Trust
    ledger: "Ledger | None"
    others: Others = NOBODY
    max_pixels: int = MAX_PIXELS
    max_bytes: int = MAX_BYTES
    pictures: bool = False
    digests: bool = True

    def __call__(self, name: str, loaded: "Loaded") -> "Row":
        source, beside = loaded
        told = inspect(
            source,
            trust=self.trust,
            ledger=self.ledger,
            others=self.others,
            name=name,
            beside=beside,
            max_pixels=self.max_pixels,
            max_bytes=self.max_bytes,
        )
        held = thumbnails(source, name, beside=beside) if self.pictures else {}
        return row_of(
            name, told, [held[each.id] for each in told.graph.nodes if each.id in held], self.digests
        )


def audit(
    items: Sequence[Item],
    look: Look,
    *,
    opening: Opening[[str, Loaded], Row] | None = None,
    on_row: Callable[[Row], None] = lambda _: None,
) -> Iterator[Row]:
    """The rows in the order of the items; `on_row` hears of each.

    With `opening`, which gives such a `look` in another process, many pictures are looked at by all cores.
    """
    if opening is not None and len(items) >= MANY and (os.cpu_count() or 1) > 1:
        with Crew(opening) as crew:
            yield from _rows(items, crew.submit, crew.size * 2, look.max_bytes, on_row)
    else:
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        with ThreadPoolExecutor(threads, thread_name_prefix="audit") as pool:
            # As many pictures in memory as threads, and one: a hundred megabytes each add up.
            def submit(name: str, loaded: Loaded) -> Future[Row]:
                return pool.submit(look, name, loaded)

            yield from _rows(items, submit, threads, look.max_bytes, on_row)


def _rows(
    items: Sequence[Item],
    submit: "Callable[[str, Loaded], Future[Row]]",
    ahead: int,
    max_bytes: int,
    on_row: Callable[[Row], None],
) -> Iterator[Row]:
    waiting: deque[tuple[str, Loaded | None, Future[Row]]] = deque()

    def next_row() -> Row:
        name, loaded, future = waiting.popleft()
        try:
            row = future.result()
        except BrokenProcessPool:
            row = _again(name, loaded, submit)
        # One picture may find a hole in a decoder or in us; the other ten thousand must still be looked at.
        except Exception as error:  # noqa: BLE001
            row = _failed(name, error)
        on_row(row)
        return row

    for item in items:
        # Members of one archive share its file: read here, in order, and looked at elsewhere.
        loaded = _loaded(item, max_bytes)
        if isinstance(loaded, ProvenanceError):
            future: Future[Row] = Future()
            future.set_exception(loaded)
            waiting.append((item.name, None, future))
        else:
            waiting.append((item.name, loaded, submit(item.name, loaded)))
        if len(waiting) > ahead:
            yield next_row()
    while waiting:
        yield next_row()


def _again(name: str, loaded: "Loaded | None", submit: "Callable[[str, Loaded], Future[Row]]") -> Row:
    """Alone this time: whichever picture it was that ended the process, the others have their answer."""
    try:
        assert loaded is not None
        return submit(name, loaded).result()
    except Exception as error:  # noqa: BLE001 - as above
        return _failed(name, error)


def row_of(path: str, inspection: Inspection, pictures: Sequence[str] = (), digest: bool = True) -> Row:
    """The row for an inspection."""
    nodes = inspection.graph.nodes
    people = [each for node in nodes for each in node.people]
    return Row(
        path=path,
        classification=inspection.classified.answer,
        because=inspection.classified.because,
        verdict=inspection.chain.verdict,
        exit_code=inspection.exit_code,
        digest=str(inspection.observed.digest) if digest else "",
        signers=_once(node.signer.name for node in nodes if node.signer is not None),
        people=_once(f"{each.role}: {NOT_NAMED if each.name is None else each.name}" for each in people),
        models=_once([*(model for node in nodes for model in node.models), *_hinted(inspection)]),
        record=inspection.record.picture if inspection.record else "",
        elsewhere=_once(
            f"{each.ledger}: {each.record.picture}" for each in inspection.elsewhere if not each.broken
        ),
        evidence=inspection.findings,
        reasons=_once([*inspection.chain.reasons, *(reason for node in nodes for reason in node.reasons)]),
        pictures=tuple(pictures),
    )


def counts(rows: Sequence[Row]) -> dict[Classification, int]:
    """How many rows of each answer, in the order of the answers, zeros included."""
    found = Counter(row.classification for row in rows)
    return {answer: found[answer] for answer in Classification}


def row_json(row: Row) -> dict[str, Json]:
    """A row as data."""
    return {
        "path": row.path,
        "classification": row.classification.value,
        "because": row.because,
        "verdict": row.verdict.value,
        "exit_code": row.exit_code,
        "digest": row.digest or None,
        "signers": list(row.signers),
        "people": list(row.people),
        "models": list(row.models),
        "record": row.record or None,
        "elsewhere": list(row.elsewhere),
        "evidence": [
            {"source": each.evidence.value, "about": each.about, "words": each.words, "fault": each.fault}
            for each in row.evidence
        ],
        "reasons": [{"code": each.code, "words": each.words} for each in row.reasons],
    }


def _loaded(item: Item, max_bytes: int) -> Loaded | ProvenanceError:
    try:
        beside = item.beside(LIMIT) if item.beside is not None else None
        return item.load(max_bytes), beside if isinstance(beside, bytes) else None
    except ProvenanceError as error:
        return error


def _failed(path: str, error: Exception) -> Row:
    words = str(error) if isinstance(error, ProvenanceError) else f"an error of ours, {type(error).__name__}"
    finding = Finding(Evidence.NOT_AVAILABLE, "picture", f"It could not be checked: {words}.")
    return Row(
        path,
        Classification.UNKNOWN,
        words,
        Verdict.NOT_CHECKED,
        exit_code=2,
        evidence=(finding,),
        reasons=(Reason("genzu.notRead", words),),
    )


def _hinted(inspection: Inspection) -> Iterator[str]:
    return (trace.model for trace in inspection.observed.traces if trace.model)


T = TypeVar("T")


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
