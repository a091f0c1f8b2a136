"""The rows of an audit as a file: a web page to read and print, CSV for a spreadsheet, JSON for a program.

Every cell is somebody's text. The page escapes it and runs no script; in CSV a cell that a spreadsheet would
take for a formula gets a quote mark before it.

>>> cell("=HYPERLINK(1)"), cell("森 葵")
("'=HYPERLINK(1)", '森 葵')
"""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.audit.columns import COLUMNS, ON_A_PAGE
from provenance.audit.delivery import LeftOut
from provenance.audit.row import Row, counts, row_json
from provenance.errors import OutputError
from provenance.inspection.answers import Classification
from provenance.media.formats import FileKind, of_name
from provenance.statement.canonical import Json
from provenance.statement.untrusted import cell, plain
from provenance.storage.atomic import save

if TYPE_CHECKING:
    from jinja2 import Environment

ENDINGS = (".html", ".csv", ".json")
_SLUGS = {
    Classification.AI_GENERATED: "ai-generated",
    Classification.AI_ASSISTED: "ai-assisted",
    Classification.HUMAN_MADE: "human",
    Classification.ALTERED: "altered",
    Classification.UNKNOWN: "unknown",
}


def to_csv(rows: Sequence[Row]) -> str:
    """One line a picture, names in a cell apart by `; `; begins with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in COLUMNS])
    for row in rows:
        writer.writerow([cell(column.csv(row)) for column in COLUMNS])
    return "\ufeff" + text.getvalue()


def to_json(rows: Sequence[Row], *, left_out: Sequence[LeftOut] = (), made: str = "") -> dict[str, Json]:
    """The report as data: counts first, then the rows. Texts are as the files have them."""
    return {
        "format": "genzu audit 1",
        "made": made or None,
        "pictures": len(rows),
        "left_out": len(left_out),
        "left_out_files": [{"path": each.name, "why": each.why} for each in left_out],
        "counts": {answer.value: count for answer, count in counts(rows).items()},
        "rows": [row_json(row) for row in rows],
    }


def to_html(
    rows: Sequence[Row],
    *,
    title: str = "Audit of pictures",
    left_out: Sequence[LeftOut] = (),
    made: str = "",
    maker: str = "Genzu",
) -> str:
    """One page that needs nothing else: no script, no font, no network. `made` says when, as text."""
    template = _environment().get_template("report.html")
    return template.render(
        rows=rows,
        counts=list(counts(rows).items()),
        keys=list(_SLUGS.values()),
        slug=_SLUGS.__getitem__,
        title=title,
        left_out=left_out,
        tally=tally(rows, left_out),
        columns=ON_A_PAGE,
        made=made,
        maker=maker,
    )


def tally(rows: Sequence[Row], left_out: Sequence[LeftOut]) -> str:
    """How many of each: "3 pictures: 1 AI-assisted, 2 unknown; 1 file that could not be checked"."""
    seen = [row for row in rows if not row.trouble]
    answers = ", ".join(f"{count:,} {answer.value}" for answer, count in counts(seen).items() if count)
    number = _counted(len(seen), _noun(seen))
    told = [f"{number}: {answers}" if answers else number]
    if len(seen) < len(rows):
        told.append(f"{_counted(len(rows) - len(seen), 'file')} that could not be checked")
    if left_out:
        told.append(f"{_counted(len(left_out), 'other file')} left out")
    return "; ".join(told)


def _noun(rows: Sequence[Row]) -> str:
    """Pictures, as long as no film, sound or document is among them."""
    kinds = {found.kind for row in rows if (found := of_name(row.path)) is not None}
    return "picture" if kinds <= {FileKind.PICTURE} else "file"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def check_target(path: Path, *, force: bool = False) -> None:
    """Refuses, before any work, a place that the report could not be written to."""
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(f"a report is written as {', '.join(ENDINGS)}, not as {path.name}")
    if path.is_dir() or not path.parent.is_dir():
        raise OutputError(f"{path} is a folder, or its folder is not there; give a file in a folder that is")
    if path.exists() and not force:
        raise OutputError(f"{path} exists already; give another name, or --force to replace it")


def write(
    path: Path,
    rows: Sequence[Row],
    *,
    left_out: Sequence[LeftOut] = (),
    made: str = "",
    maker: str = "Genzu",
    force: bool = False,
) -> None:
    """The report as a file, whole or not at all, in the form that its name ends with."""
    check_target(path, force=force)
    ending = path.suffix.lower()
    if ending == ".csv":
        text = to_csv(rows)
    elif ending == ".json":
        text = json.dumps(to_json(rows, left_out=left_out, made=made), indent=2, ensure_ascii=False) + "\n"
    else:
        text = to_html(rows, left_out=left_out, made=made, maker=maker)
    save(path, text.encode("utf-8", "backslashreplace"))


def _environment() -> "Environment":
    # Late: the command line starts without it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("provenance.show", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    environment.filters["plain"] = plain
    return environment
