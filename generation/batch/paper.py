"""What a run leaves beside its pictures: the table of results, a contact sheet for each row, and a page of all."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from generation.batch.contact import Cell, contact_page, contact_sheet
from generation.batch.outcome import Became, Outcome, marks_in, table_of
from generation.batch.row import Row
from provenance.media.picture import encode
from provenance.storage.atomic import save

RESULT, PAGE, SHEETS = "result.csv", "index.html", "sheets"
_THERE = frozenset({Became.PAINTED, Became.THERE})


def leave(folder: Path, title: str, rows: Sequence[Row], outcomes: Sequence[Outcome]) -> None:
    """Writes them into `folder`, over those of an earlier run. Their pictures are read where they stand."""
    table = table_of(outcomes, folder, marks_in(folder / RESULT))
    save(folder / RESULT, table.encode())
    by_row: dict[str, list[Outcome]] = defaultdict(list)
    for each in sorted(outcomes, key=lambda one: one.candidate):
        by_row[each.name].append(each)
    shown: list[tuple[str, str, Sequence[Cell]]] = []
    for row in rows:
        cells = [_cell(each) for each in by_row[row.name] if each.candidate]
        if not cells:
            continue
        shown.append((row.name, row.settings.prompt, cells))
        if len(cells) > 1:
            (folder / SHEETS).mkdir(exist_ok=True)
            sheet = contact_sheet(f"{row.name}: {row.settings.prompt}", cells)
            save(folder / SHEETS / f"{row.name}.jpg", encode(sheet, "image/jpeg"))
    save(folder / PAGE, contact_page(title, shown, folder).encode())


def _cell(outcome: Outcome) -> Cell:
    """A candidate with its number, its seed and its id; without a picture, why."""
    there = outcome.became in _THERE
    told = outcome.picture if there else outcome.words or outcome.became.value
    path = outcome.path if there else None
    return Cell(path, f"{outcome.candidate} · seed {outcome.seed} · {told}")
