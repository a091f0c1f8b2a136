"""Many pictures, one row each: how it was made as far as can be told, by whom, with what, and the evidence.

    path              classification   verdict                signer   people              model
    cut01/bg.png      AI-assisted      intact, known signer   Genzu    layout: Mori Aoi    genzu-house
    cut02/bg.png      unknown          no credentials

Nothing that fails stops the rest: it becomes a row with its reason. Reading runs in threads, since decoding,
hashing and checking leave the interpreter free.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from provenance.agreement import Finding
from provenance.canonical import Json
from provenance.classification import Classification
from provenance.credentials.chain import Reason, Verdict
from provenance.credentials.trust import Trust
from provenance.credits import NOT_NAMED
from provenance.elsewhere import Others
from provenance.errors import ProvenanceError
from provenance.inspection import MAX_BYTES, MAX_PIXELS, NOBODY, Inspection, inspect
from provenance.lineage import Evidence
from provenance.sidecar import LIMIT
from provenance.walk import Item

if TYPE_CHECKING:
    from provenance.ledger import Ledger

MAX_THREADS = 8

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


def audit(
    items: Sequence[Item],
    *,
    trust: Trust,
    ledger: "Ledger | None",
    others: Others = NOBODY,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
    on_row: Callable[[Row], None] = lambda _: None,
) -> Iterator[Row]:
    """The rows in the order of the items; `on_row` hears of each."""
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    waiting: deque[tuple[Item, Future[Inspection]]] = deque()

    def look(item: Item, loaded: Loaded | ProvenanceError) -> Inspection:
        if isinstance(loaded, ProvenanceError):
            raise loaded
        source, beside = loaded
        return inspect(
            source,
            trust=trust,
            ledger=ledger,
            others=others,
            name=item.name,
            beside=beside,
            max_pixels=max_pixels,
            max_bytes=max_bytes,
        )

    with ThreadPoolExecutor(threads, thread_name_prefix="audit") as pool:
        for item in items:
            # Members of one archive share its file: read here, in order, and looked at in the threads.
            waiting.append((item, pool.submit(look, item, _loaded(item, max_bytes))))
            # As many pictures in memory as threads, and one: a hundred megabytes each add up.
            if len(waiting) > threads:
                yield _next(waiting, on_row)
        while waiting:
            yield _next(waiting, on_row)


def row_of(path: str, inspection: Inspection) -> Row:
    """The row for an inspection."""
    nodes = inspection.graph.nodes
    people = [each for node in nodes for each in node.people]
    return Row(
        path=path,
        classification=inspection.classified.answer,
        because=inspection.classified.because,
        verdict=inspection.chain.verdict,
        exit_code=inspection.exit_code,
        digest=str(inspection.observed.digest),
        signers=_once(node.signer.name for node in nodes if node.signer is not None),
        people=_once(f"{each.role}: {NOT_NAMED if each.name is None else each.name}" for each in people),
        models=_once([*(model for node in nodes for model in node.models), *_hinted(inspection)]),
        record=inspection.record.picture if inspection.record else "",
        elsewhere=_once(
            f"{each.ledger}: {each.record.picture}" for each in inspection.elsewhere if not each.broken
        ),
        evidence=inspection.findings,
        reasons=_once([*inspection.chain.reasons, *(reason for node in nodes for reason in node.reasons)]),
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


def _next(waiting: "deque[tuple[Item, Future[Inspection]]]", on_row: Callable[[Row], None]) -> Row:
    item, future = waiting.popleft()
    try:
        row = row_of(item.name, future.result())
    # One picture may find a hole in a decoder or in us; the other ten thousand must still be looked at.
    except Exception as error:  # noqa: BLE001
        row = _failed(item.name, error)
    on_row(row)
    return row


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
