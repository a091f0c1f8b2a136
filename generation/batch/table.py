"""A sheet as lines of cells: CSV, JSON Lines, or a folder of layouts. What the cells mean is said elsewhere.

    layout,prompt,by,strength            {"layout": "c014.png", "prompt": "{weather} sky", "by": ["prompt: Abe Rin"]}
    c014.png,"dusk, snow",prompt: Abe Rin,0.7

Column names are read in any case, with hyphens, spaces or underscores. The delimiter of a CSV is a comma, a semicolon
or a tab, whichever its first line has most of.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generation.batch.words import column_name
from generation.errors import SheetError
from provenance.errors import ProvenanceError
from provenance.media.formats import is_opened
from provenance.storage.table_file import rows_in, text_of

LIMIT = 50_000_000  # bytes of a sheet


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line. `number` is the line as an editor counts it, `column` may be empty."""

    number: int
    column: str
    words: str

    def __str__(self) -> str:
        where = f"row {self.number}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.words}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its filled cells by column. A cell of several values has them in a tuple.

    `variables` fill places in its words; None: the cells themselves do.
    """

    number: int
    cells: Mapping[str, tuple[str, ...]]
    problem: Problem | None = None
    variables: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet. Relative paths in it are meant from `folder`."""

    folder: Path
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(path: Path) -> Table:
    """The sheet at `path`; SheetError where there is none that can be read."""
    if path.is_dir():
        return _folder(path)
    try:
        columns, rows = _read(path)
    except ProvenanceError as error:
        raise SheetError(str(error)) from error
    broken = next((each.problem for each in rows if each.problem is not None), None)
    if broken is not None and not columns:
        raise SheetError(f"{path.name}: no line of it can be read; {broken}")
    if not rows:
        raise SheetError(f"{path.name} has columns and no rows; give a row for each cut")
    return Table(path.parent, columns, tuple(rows))


def _read(path: Path) -> tuple[tuple[str, ...], list[Line]]:
    text = text_of(path, LIMIT)
    if not text.strip():
        raise SheetError(f"{path.name} is empty; a sheet begins with the names of its columns")
    if path.suffix.lower() == ".json":
        raise SheetError(
            f"{path.name} is not read as a sheet; write one object a line, and call it {path.stem}.jsonl"
        )
    return _json_lines(text) if path.suffix.lower() in {".jsonl", ".ndjson"} else _csv(text)


def _folder(path: Path) -> Table:
    found = [each for each in path.iterdir() if is_opened(each.name) and each.name[0] != "."]
    if not found:
        raise SheetError(f"the folder {path} holds no pictures; give a folder of layouts, or a sheet")
    lines = [Line(at, {"layout": (each.name,)}) for at, each in enumerate(sorted(found, key=_counted), 1)]
    return Table(path, ("layout",), tuple(lines))


def _counted(path: Path) -> list[tuple[int, str]]:
    """The order in which people count: c9 before c10."""
    return [
        (int(each), "") if each.isdigit() else (0, each) for each in re.split(r"(\d+)", path.name.lower())
    ]


def _csv(text: str) -> tuple[tuple[str, ...], list[Line]]:
    head = next(each for each in text.splitlines() if each.strip())
    if head.strip().startswith("{"):
        raise SheetError("the sheet is JSON Lines under another name; call it .jsonl")
    (_, names), *rows = rows_in(text)
    columns = tuple(column_name(each) for each in names)
    while columns and not columns[-1]:
        columns = columns[:-1]
    _check_columns(columns)
    return columns, [_csv_line(number, columns, cells) for number, cells in rows]


def _csv_line(number: int, columns: tuple[str, ...], cells: list[str]) -> Line:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(columns):
        words = f"it has {len(cells)} cells, and the sheet {len(columns)} columns; put text with a comma in quotes"
        return Line(number, {}, Problem(number, "", words))
    filled = {name: (cell.strip(),) for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    return Line(number, filled)


def _check_columns(columns: tuple[str, ...]) -> None:
    for at, name in enumerate(columns, 1):
        if not name:
            raise SheetError(f"column {at} has no name; name it in the first line, or take it out")
    twice = {each for each in columns if columns.count(each) > 1}
    if twice:
        raise SheetError(f"the sheet has two columns {min(twice)}; keep one of them")


def _json_lines(text: str) -> tuple[tuple[str, ...], list[Line]]:
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            lines.append(_json_line(number, raw))
    columns = tuple(dict.fromkeys(name for each in lines for name in each.cells))
    return columns, lines


def _json_line(number: int, raw: str) -> Line:
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Line(number, {}, Problem(number, "", f"it is no JSON ({error}); write one object a line"))
    if not isinstance(said, dict):
        return Line(number, {}, Problem(number, "", 'it is no JSON object; write {"layout": …} a line'))
    cells: dict[str, tuple[str, ...]] = {}
    for key, value in said.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in values):
            return Line(
                number, {}, Problem(number, column_name(key), "a value is a text, a number or a list of them")
            )
        texts = tuple(_cell(each) for each in values if each is not None and each != "")
        if texts:
            cells[column_name(key)] = texts
    return Line(number, cells)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value).strip()
