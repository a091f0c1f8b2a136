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

from provenance.audit.audit import Row, counts, row_json
from provenance.errors import OutputError
from provenance.inspection.classification import Classification
from provenance.statement.canonical import Json
from provenance.statement.untrusted import plain
from provenance.storage.saving import save

if TYPE_CHECKING:
    from jinja2 import Environment

ENDINGS = (".html", ".csv", ".json")
COLUMNS = (
    "path", "classification", "because", "verdict", "exit_code", "signed_by", "people", "models", "record", "elsewhere",
    "sha256", "evidence",
)  # fmt: skip
# The full-width forms are formulas to a spreadsheet in Japanese.
_FORMULA = tuple("=+-@＝＋－＠|%")
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
    writer.writerow(COLUMNS)
    for row in rows:
        evidence = [f"{line.evidence.value}: {line.words}" for line in row.evidence]
        values = (
            row.path, row.classification.value, row.because, row.verdict.value, str(row.exit_code),
            "; ".join(row.signers), "; ".join(row.people), "; ".join(row.models), row.record, "; ".join(row.elsewhere),
            row.digest,
            " / ".join(evidence),
        )  # fmt: skip
        writer.writerow([cell(value) for value in values])
    return "\ufeff" + text.getvalue()


def to_json(rows: Sequence[Row], *, left_out: int = 0, made: str = "") -> dict[str, Json]:
    """The report as data: counts first, then the rows. Texts are as the files have them."""
    return {
        "format": "genzu audit 1",
        "made": made or None,
        "pictures": len(rows),
        "left_out": left_out,
        "counts": {answer.value: count for answer, count in counts(rows).items()},
        "rows": [row_json(row) for row in rows],
    }


def to_html(
    rows: Sequence[Row],
    *,
    title: str = "Audit of pictures",
    left_out: int = 0,
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
        made=made,
        maker=maker,
    )


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
    left_out: int = 0,
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


def cell(text: str) -> str:
    """The text as a cell that stays text in every spreadsheet."""
    shown = plain(text, 30_000)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


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
