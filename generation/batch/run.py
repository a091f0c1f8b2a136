"""A run from its rows to its papers: which model, which hands, and what is left in the folder at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from generation.batch.check import faults
from generation.batch.farm import FarmHand
from generation.batch.hands import Hand, hands_of
from generation.batch.model_place import ModelPlace
from generation.batch.outcome import Became, Outcome
from generation.batch.painting import Painting
from generation.batch.paper import leave
from generation.batch.row import Row
from generation.batch.table import Problem
from generation.batch.work import LOCAL, Work
from generation.engine.loading import AS_IT_COMES
from generation.errors import SheetError
from generation.request.request import Capabilities
from generation.studio.studio import Studio, shelf_of
from generation.works.kit import Kit
from provenance.release.archive import Archive

MANY = 24  # pictures: from so many on, a model is converted to OpenVINO sooner than they are painted without


def run_rows(
    archive: Archive,
    work: Work,
    rows: Sequence[Row],
    problems: Sequence[Problem],
    tell: Callable[[Outcome], None],
) -> list[Outcome]:
    """Paints the rows; SheetError where none of them can be painted. The papers are left in any case."""
    outcomes = [left_out(each) for each in problems]
    if not rows:
        raise SheetError("no row of the sheet can be painted; nothing was begun")
    studio = Studio.open(archive, work.model, works=work.works, loading=work.loading)
    studio.many = sum(row.candidates for row in rows) >= MANY
    try:
        paint_rows(studio, work, rows, outcomes, tell)
    finally:
        leave(work.folder, work.title, rows, outcomes)
    return outcomes


def paint_rows(
    studio: Studio,
    work: Work,
    rows: Sequence[Row],
    outcomes: list[Outcome],
    tell: Callable[[Outcome], None],
) -> None:
    """Paints the rows with a model that is found; what became of them joins `outcomes`, also where it is stopped."""
    from generation.engine.engine_devices import devices_here

    chosen = work.loading.device if work.loading is not None else "auto"
    devices = work.devices or (devices_here() if chosen == "auto" else (chosen,))
    several = len(devices) > 1 or work.on != LOCAL or work.painted is not None
    able = studio.capabilities if several else studio.engine.capabilities
    good = rows_that_can(able, studio.adapters, rows, outcomes, tell)
    if not good:
        return
    painting: Painting | None = None
    try:
        with _hands(work, studio, devices) as hands:
            painting = Painting(studio, hands, able, work.folder, tell)
            painting.run(good)
    finally:
        if painting is not None:
            outcomes += painting.outcomes


@contextmanager
def _hands(work: Work, studio: Studio, devices: Sequence[str]) -> Iterator[Sequence[Hand]]:
    """Who paints, for as long as the block lasts."""
    place = ModelPlace(
        shelf_of(studio.archive).place(work.model),
        studio.model.digest,
        work.works,
        kept=str(studio.kept or ""),
        loading=work.loading or AS_IT_COMES,
    )
    hands: Sequence[Hand] = ()
    try:
        if work.painted is not None:
            yield [FarmHand(work.painted, place)]
        elif work.on != LOCAL:
            from generation.batch.cluster import hands_on

            with hands_on(work.on, place) as hands:
                yield hands
        else:
            hands = hands_of(place, devices, lambda: studio.engine)
            yield hands
    finally:
        for each in hands if work.on == LOCAL else ():
            each.close()


def rows_that_can(
    able: Capabilities,
    kit: Kit,
    rows: Sequence[Row],
    outcomes: list[Outcome],
    tell: Callable[[Outcome], None],
) -> list[Row]:
    """The rows that the model takes with these works; the others join the outcomes, before anything is painted."""
    good = []
    for row in rows:
        wrong = list(faults(able, row, kit))
        for each in wrong:
            outcomes.append(left_out(each, row.name))
            tell(outcomes[-1])
        if not wrong:
            good.append(row)
    return good


def left_out(problem: Problem, name: str = "") -> Outcome:
    """The outcome of a row that was not begun."""
    words = f"{problem.column}: {problem.words}" if problem.column else problem.words
    return Outcome(problem.number, name, 0, Became.FAILED, words=words)
