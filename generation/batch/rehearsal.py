"""What a run would do: each row as far as it can be asked without painting, writing or loading weights."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generation.batch.check import faults
from generation.batch.farm import write_job
from generation.batch.model_place import ModelPlace
from generation.batch.painting import OURS, Painting, said_of
from generation.batch.row import Row
from generation.batch.work import Work
from generation.engine.loading import AS_IT_COMES
from generation.errors import SheetError
from generation.studio.studio import Studio, shelf_of
from provenance.release.archive import Archive
from provenance.release.job import Announced
from provenance.release.release import begin_release
from provenance.statement.json_value import Json


class _Heard(Exception):
    """Ends a release where everything is checked and nothing is written down."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One row: how many candidates are to be painted and are there already, at which size; or why it is refused."""

    row: int
    name: str
    to_paint: int = 0
    there: int = 0
    size: tuple[int, int] = (0, 0)
    refused: str = ""
    public: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        if self.refused:
            return f"row {self.row}  {self.name}: not painted: {self.refused}"
        there = f", {self.there} there already" if self.there else ""
        size = f" at {self.size[0]} x {self.size[1]}" if self.to_paint else ""
        return f"row {self.row}  {self.name}: {self.to_paint} to paint{size}{there}"

    def to_json(self) -> dict[str, Json]:
        """The same as data."""
        return {
            "row": self.row,
            "name": self.name,
            "to_paint": self.to_paint,
            "there": self.there,
            "width": self.size[0] or None,
            "height": self.size[1] or None,
            "refused": self.refused or None,
            "public": [{"about": about, "words": words} for about, words in self.public],
        }


def rehearse(archive: Archive, work: Work, rows: Sequence[Row]) -> list[Rehearsed]:
    """What would become of each row. `archive` is one that is only looked at."""
    studio = Studio.open(archive, work.model, works=work.works, loading=work.loading)
    # A folder that is still to be made stands empty.
    with tempfile.TemporaryDirectory(prefix="genzu-") as empty:
        folder = work.folder if work.folder.is_dir() else Path(empty)
        painting = Painting(studio, (), studio.capabilities, folder)
        return [_one(painting, row) for row in rows]


def _one(painting: Painting, row: Row) -> Rehearsed:
    wrong = next(faults(painting.able, row, painting.studio.adapters), None)
    if wrong is not None:
        return Rehearsed(row.number, row.name, refused=str(wrong.words))
    heard: list[Announced] = []

    def announce(told: Announced) -> None:
        heard.append(told)
        raise _Heard

    try:
        todo, there = painting.counted(row)
        if not todo:
            return Rehearsed(row.number, row.name, there=there)
        row = replace(row, terms=replace(row.terms, announce=announce))
        order = painting.order(row, todo[0])
        if order.refused is not None:
            raise order.refused
        said = said_of(order, row, todo[0])
        begin_release(painting.studio.archive, said, order.sources, row.job(todo[0].out))
    except _Heard:
        pass
    except OURS as error:
        return Rehearsed(row.number, row.name, refused=str(error))
    lines = tuple(heard[0].lines)
    return Rehearsed(row.number, row.name, len(todo), there, order.request.size, public=lines)


def write_farm_job(
    archive: Archive, work: Work, rows: Sequence[Row], folder: Path, sign: Sequence[str]
) -> int:
    """A farm's job of every candidate that is not on the record; how many. SheetError names a row that is refused."""
    studio = Studio.open(archive, work.model, works=work.works, loading=work.loading)
    tasks = []
    with tempfile.TemporaryDirectory(prefix="genzu-") as empty:
        painting = Painting(
            studio, (), studio.capabilities, work.folder if work.folder.is_dir() else Path(empty)
        )
        told = [_one(painting, row) for row in rows]
        refused = [str(each) for each in told if each.refused]
        if refused:
            raise SheetError(f"the job is not written: {'; '.join(refused)}")
        for row in rows:
            todo, _ = painting.counted(row)
            if todo:
                tasks.append(painting.task(row, painting.order(row, todo[0]), todo))
    if not tasks:
        raise SheetError("every candidate of the sheet is on the record; there is nothing to paint")
    place = ModelPlace(
        shelf_of(archive).place(work.model),
        studio.model.digest,
        work.works,
        loading=work.loading or AS_IT_COMES,
    )
    write_job(folder, tasks, place, sign, work.title)
    return sum(len(each.settings) for each in tasks)
