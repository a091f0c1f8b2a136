"""The columns of a report, one row a column: what each says in a spreadsheet, on a page, in a terminal.

On the page a cell is its text, or a macro of the column's name in provenance/show/pages/report.html.
"""

from collections.abc import Callable
from dataclasses import dataclass

from provenance.audit.acts import acts_of
from provenance.audit.row import Row


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `heading` is "" where the page has no column for it: another one says it there."""

    name: str
    csv: Callable[[Row], str]
    heading: str = ""
    terminal: Callable[[Row], str] | None = None  # None: no column in a terminal


def _evidence(row: Row) -> str:
    return " / ".join(f"{line.evidence.value}: {line.words}" for line in row.evidence)


def _path(row: Row) -> str:
    return row.path


def _answer(row: Row) -> str:
    return row.classification.value


def told(row: Row) -> str:
    """Who made it, which begins with the answer, and what speaks against that; the answer alone where nothing could be
    looked at.
    """
    return " ".join((row.history or row.classification.value, *row.besides))


def _verdict(row: Row) -> str:
    return row.verdict.value


def _few(names: tuple[str, ...], most: int) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, and {len(names) - most} more"


COLUMNS = (
    Column("path", _path, "Picture", _path),
    Column("classification", _answer, "How it was made", told),
    Column("because", lambda row: row.because),
    Column("verdict", _verdict, "Credentials", _verdict),
    Column("history", lambda row: row.history),
    Column("exit_code", lambda row: str(row.exit_code)),
    Column("signed_by", lambda row: "; ".join(row.signers)),
    Column("people", lambda row: "; ".join(row.people), "People", lambda row: _few(row.people, 6)),
    Column("models", lambda row: "; ".join(row.models), "Model", lambda row: _few(row.models, 3)),
    Column("record", lambda row: row.record),
    Column("elsewhere", lambda row: "; ".join(row.elsewhere)),
    Column("sha256", lambda row: row.digest),
    Column("evidence", _evidence, "Evidence"),
    Column("vendor", lambda row: row.place.vendor),
    Column("cut", lambda row: row.place.cut, "Cut"),
    Column("stage", lambda row: row.place.stage),
    Column("place_is", lambda row: row.place.basis),
    Column("production", lambda row: row.production),
    Column("act", lambda row: "; ".join(acts_of(row))),
    Column("tools", lambda row: "; ".join(row.tools)),
    Column("size", lambda row: str(row.size or "")),
    Column("pixels", lambda row: row.pixels),
    Column("change", lambda row: row.change),
    Column(
        "looks_like", lambda row: "; ".join(f"{each.picture} ({each.sureness})" for each in row.looks_like)
    ),
)
# The evidence folds out, and stands last.
ON_A_PAGE = tuple(
    sorted((each for each in COLUMNS if each.heading), key=lambda each: each.name == "evidence")
)
IN_A_TERMINAL = tuple((column, column.terminal) for column in COLUMNS if column.terminal is not None)
