"""Many pictures, one row each (provenance/audit/row.py), in the order in which they were given.

Nothing that fails stops the rest: it becomes a row with its reason. A few pictures are read in threads, since decoding,
hashing and checking leave the interpreter free; many by a process a core (provenance/audit/workers.py).
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from provenance.audit.delivery import Item
from provenance.audit.nodes import Nodes
from provenance.audit.row import Row, row_of_failure
from provenance.audit.row_of import Small, row_of
from provenance.audit.small import alike_of, layouts_of, small_picture
from provenance.audit.workers import Opening, Workers
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.thumbnails import thumbnails
from provenance.errors import NoCluster, ProvenanceError
from provenance.inspection.answers import Classification
from provenance.inspection.difference import change_of
from provenance.inspection.evidence.observed import Observed
from provenance.inspection.given import USUAL, Given, read
from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import NOBODY, conclude, looked_up, observe
from provenance.ledger.any_ledger import Others
from provenance.ledger.remembered import expect
from provenance.ledger.sizes import Sizes
from provenance.lookup.door import LookUp
from provenance.media.sidecar import LIMIT
from provenance.media.xmp_beside import LIMIT as XMP_LIMIT
from provenance.settings import Limits
from provenance.storage.vault import Vault

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger

T = TypeVar("T")
MAX_THREADS = 8
MANY = 100  # pictures for which starting a process a core is worth its second
BATCH = 8  # pictures that go to a process at once: a task of its own for each takes a tenth of the time of looking
BATCH_BYTES = 8 * 1024 * 1024  # of the pictures of a batch, which are in memory at once


class Loaded(NamedTuple):
    """A picture; its credentials and a program's XMP, where they lie beside it in an archive."""

    source: Path | bytes
    beside: bytes | None = None
    xmp: bytes | None = None


# Pictures with their names; a row where it is known already that one could not be read.
Batch = list[tuple[str, "Loaded | Row"]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is looked at: whom we know, what we hold, and the limits.

    `pictures`: small ones too, and of recorded pictures what they began from, where a `vault` is given. `digests`:
    each file's SHA-256 for a report, also where no ledger is asked by it. `sizes`: those of all pictures that the
    ledgers have; a file of another size, or that begins with other rows, is not decoded to be looked up by its pixels.
    """

    trust: Trust
    ledger: "AnyLedger | None"
    others: Others = NOBODY
    limits: Limits = USUAL
    pictures: bool = False
    digests: bool = True
    language: str = "en"
    vault: Vault | None = None
    sizes: Sizes | None = None
    index: LookUp | None = None  # asked by the looks of what is unknown otherwise

    def __call__(self, batch: Batch) -> list[Row]:
        """A row for each picture, whatever happens on the way.

        Step by step, each for all of them: what a step needs is still in the processor's caches for the next picture,
        and the ledger is asked once.
        """
        given = [
            each if isinstance(each, Row) else _or_row(name, partial(self._read, name, each))
            for name, each in batch
        ]
        self._ask_at_once([each for each in given if isinstance(each, Given)])
        seen = [
            each if isinstance(each, Row) else _or_row(each.name, partial(self._observe, each))
            for each in given
        ]
        return [
            each if isinstance(each, Row) else _or_row(each.name, partial(self._row, each)) for each in seen
        ]

    def _read(self, name: str, loaded: "Loaded") -> Given:
        return read(loaded.source, name=name, beside=loaded.beside, xmp=loaded.xmp, limits=self.limits)

    def _ask_at_once(self, given: Sequence[Given]) -> None:
        # Where the question fails, each picture asks for itself, and has its own error.
        with suppress(ProvenanceError):
            if self.ledger is not None and len(given) > 1:
                expect(self.ledger, [each.contents.digest for each in given])

    def _observe(self, given: Given) -> Observed:
        return observe(
            given,
            trust=self.trust,
            ledger=self.ledger,
            others=self.others,
            limits=self.limits,
            sizes=self.sizes,
        )

    def _row(self, seen: Observed) -> Row:
        told = conclude(seen, self.ledger, self.others, self.language)
        # A look-up takes a hundred times as long as all the rest: only where nothing else says anything.
        unknown = told.own_record is None and told.classified.answer is Classification.UNKNOWN
        if unknown and self.index is not None and self.ledger is not None:
            told = conclude(looked_up(seen, self.index, self.ledger), self.ledger, self.others, self.language)
        small = self._small(told) if self.pictures else Small()
        return row_of(seen.name, told, small, digest=self.digests, language=self.language)

    def _small(self, told: Inspection) -> Small:
        seen, data = told.observed, told.observed.contents.data
        held = thumbnails(data, seen.name, beside=seen.beside) if told.chain.steps else {}
        drawn = [held[each.id] for each in told.graph.nodes if each.id in held]
        made = Small(drawn, small_picture(data, self.limits))
        if self.ledger is None or self.vault is None:
            return made
        record = told.own_record
        if record is None:
            return replace(made, alike=alike_of(seen.looks_like, self.ledger, self.vault, self.limits))
        change = change_of(record, self.vault, self.limits)
        layouts = layouts_of(record, self.ledger, self.vault, self.limits)
        return replace(
            made,
            layouts=[each for each in layouts if each != made.itself],
            change=str(change.change) if change else "",
        )


def audit(
    items: Sequence[Item],
    look: Look,
    *,
    opening: Opening[[Batch], list[Row]] | None = None,
    on_row: Callable[[Row], None] = lambda _: None,
    jobs: int | None = None,
    cluster: str = "",
) -> Iterator[Row]:
    """The rows in the order of the items; `on_row` hears of each.

    With `opening`, which gives such a `look` in another process, many pictures are looked at by `jobs` processes,
    else by one a core; with `cluster` by the processors of a Ray cluster at that address, however many there are.
    """
    at_once = jobs or os.cpu_count() or 1
    if opening is not None and (cluster or (len(items) >= MANY and at_once > 1)):
        with _workers(opening, at_once, cluster) as workers:
            yield from _rows(
                _batches(items, look.limits.size, BATCH), workers.submit, workers.size * 2, on_row
            )
    else:
        threads = min(MAX_THREADS, at_once)
        with ThreadPoolExecutor(threads, thread_name_prefix="audit") as pool:
            # As many pictures in memory as threads, and one: a hundred megabytes each add up.
            batches = _batches(items, look.limits.size, 1)
            yield from _rows(batches, lambda batch: pool.submit(look, batch), threads, on_row)


def _workers(
    opening: Opening[[Batch], list[Row]], jobs: int, cluster: str
) -> "Workers[[Batch], list[Row]] | Nodes[[Batch], list[Row]]":
    if not cluster:
        return Workers(opening, jobs)
    if find_spec("ray") is None:
        raise NoCluster("an audit on a cluster needs Ray: pip install 'genzu[cluster]'")
    return Nodes(opening, cluster)


def _batches(items: Sequence[Item], max_bytes: int, most: int) -> Iterator[Batch]:
    """As many pictures as go to a process at once: few enough that their bytes are soon let go."""
    batch: Batch = []
    held = 0
    for item in items:
        # Members of one archive share its file: read here, in order, and looked at elsewhere.
        try:
            # The file before its credentials: so they lie in an archive that can only be read forward.
            source = item.load(max_bytes)
            beside = item.beside(LIMIT) if item.beside is not None else None
            xmp = item.xmp(XMP_LIMIT) if item.xmp is not None else None
            batch.append((item.name, Loaded(source, _bytes(beside), _bytes(xmp))))
            held += _size_of(source)
        except ProvenanceError as error:
            batch.append((item.name, row_of_failure(item.name, error)))
        if len(batch) == most or held > BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _size_of(source: Path | bytes) -> int:
    try:
        return len(source) if isinstance(source, bytes) else source.stat().st_size
    except Exception:  # noqa: BLE001 - whoever reads it tells what is wrong with it
        return 0


def _bytes(loaded: Path | bytes | None) -> bytes | None:
    return loaded if isinstance(loaded, bytes) else None


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
        return [row_of_failure(each[0], error)]


def _or_row(name: str, work: Callable[[], T]) -> T | Row:
    """What it gives; where it fails, the row that says so."""
    try:
        return work()
    # One picture may find a hole in a decoder or in us; the other ten thousand must still be looked at.
    except Exception as error:  # noqa: BLE001
        return row_of_failure(name, error)
