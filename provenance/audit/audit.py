"""Many pictures, one row each: how it was made as far as can be told, by whom, with what, and the evidence.

    path              classification   verdict                signer   people              model
    cut01/bg.png      AI-assisted      intact, known signer   Genzu    layout: Mori Aoi    genzu-house
    cut02/bg.png      unknown          no credentials

Nothing that fails stops the rest: it becomes a row with its reason. A few pictures are read in threads, since decoding,
hashing and checking leave the interpreter free; many by a process a core (provenance/audit/workers.py).
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from provenance.audit.delivery import Item
from provenance.audit.workers import Crew, Opening
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Reason, Verdict
from provenance.errors import ProvenanceError
from provenance.inspection.classification import Classification
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.other_ledgers import Others
from provenance.inspection.inspection import MAX_BYTES, MAX_PIXELS, NOBODY, Inspection, inspect
from provenance.inspection.lineage import Evidence
from provenance.inspection.step_thumbnails import thumbnails
from provenance.media.sidecar import LIMIT
from provenance.statement.canonical import Json
from provenance.statement.credit import NOT_NAMED

if TYPE_CHECKING:
    from provenance.ledger import Ledger

MAX_THREADS = 8
MANY = 100  # pictures for which starting a process a core is worth its second
BATCH = 8  # pictures that go to a process at once: a task of its own for each takes a tenth of the time of looking
BATCH_BYTES = 8 * 1024 * 1024  # of archives, read ahead for one batch

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


# Pictures with their names; a row where it is known already that one could not be read.
Batch = list[tuple[str, "Loaded | Row"]]


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
        with Crew(partial(_opened, opening)) as crew:
            yield from _rows(_batches(items, look.max_bytes, BATCH), crew.submit, crew.size * 2, on_row)
    else:
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        with ThreadPoolExecutor(threads, thread_name_prefix="audit") as pool:
            # As many pictures in memory as threads, and one: a hundred megabytes each add up.
            submit = partial(pool.submit, partial(_look_at, look))
            yield from _rows(_batches(items, look.max_bytes, 1), submit, threads, on_row)


@contextmanager
def _opened(opening: Opening[[str, Loaded], Row]) -> Iterator[Callable[[Batch], list[Row]]]:
    with opening() as look:
        yield partial(_look_at, look)


def _batches(items: Sequence[Item], max_bytes: int, most: int) -> Iterator[Batch]:
    """As many pictures as go to a process at once: few enough that what was read of archives is soon let go."""
    batch: Batch = []
    held = 0
    for item in items:
        # Members of one archive share its file: read here, in order, and looked at elsewhere.
        try:
            beside = item.beside(LIMIT) if item.beside is not None else None
            source = item.load(max_bytes)
            batch.append((item.name, (source, beside if isinstance(beside, bytes) else None)))
            held += len(source) if isinstance(source, bytes) else 0
        except ProvenanceError as error:
            batch.append((item.name, _failed(item.name, error)))
        if len(batch) == most or held > BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _rows(
    batches: Iterator[Batch],
    submit: "Callable[[Batch], Future[list[Row]]]",
    ahead: int,
    on_row: Callable[[Row], None],
) -> Iterator[Row]:
    waiting: deque[tuple[Batch, Future[list[Row]]]] = deque()

    def next_rows() -> Iterator[Row]:
        batch, future = waiting.popleft()
        try:
            rows = future.result()
        # A process that ended, or an answer that cannot be handed over: each alone this time, so that whichever picture
        # it was, the others have their answer.
        except Exception:  # noqa: BLE001
            rows = [row for each in batch for row in _alone(each, submit)]
        for row in rows:
            on_row(row)
            yield row

    for batch in batches:
        waiting.append((batch, submit(batch)))
        if len(waiting) > ahead:
            yield from next_rows()
    while waiting:
        yield from next_rows()


def _alone(each: tuple[str, "Loaded | Row"], submit: "Callable[[Batch], Future[list[Row]]]") -> list[Row]:
    try:
        return submit([each]).result()
    except Exception as error:  # noqa: BLE001 - as above
        return [_failed(each[0], error)]


def _look_at(look: Callable[[str, Loaded], Row], batch: Batch) -> list[Row]:
    """A row for each picture, whatever happens on the way."""
    rows = []
    for name, loaded in batch:
        try:
            rows.append(loaded if isinstance(loaded, Row) else look(name, loaded))
        # One picture may find a hole in a decoder or in us; the other ten thousand must still be looked at.
        except Exception as error:  # noqa: BLE001
            rows.append(_failed(name, error))
    return rows


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
