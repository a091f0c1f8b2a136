"""What became of each candidate of a sheet, and the table that it is written into.

row,name,candidate,state,picture,file,seed,seconds,words
2,c014,1,painted,pic-4x7…,c014-1.png,0,1.2,
3,c015,1,failed,,c015-1.png,0,,"layout: there is no file layouts/c015.png"
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from provenance.statement.untrusted import cell

CHOSEN = "chosen"


class Became(StrEnum):
    """What became of a candidate in this run."""

    PAINTED = "painted"
    THERE = "there already"  # painted, signed and recorded by an earlier run
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One candidate after a run; `candidate` 0 stands for a whole row that could not be begun."""

    row: int
    name: str
    candidate: int
    became: Became
    picture: str = ""
    path: Path | None = None
    seed: int | None = None
    seconds: float | None = None
    words: str = ""

    def to_json(self) -> dict[str, str | int | float | None]:
        """The same as data."""
        return {
            "row": self.row,
            "name": self.name,
            "candidate": self.candidate or None,
            "state": self.became.value,
            "picture": self.picture or None,
            "file": None if self.path is None else str(self.path),
            "seed": None if self.seed is None else str(self.seed),
            "seconds": self.seconds,
            "words": self.words,
        }


def table_of(outcomes: Iterable[Outcome], folder: Path, marks: Mapping[str, str]) -> str:
    """The outcomes as CSV, files relative to `folder`; `marks` are those of an earlier table, by picture.

    A text that a spreadsheet would run is given a quote mark.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["row", "name", "candidate", "state", "picture", "file", "seed", "seconds", "words", CHOSEN]
    )
    for each in sorted(outcomes, key=lambda one: (one.row, one.candidate)):
        said = each.to_json()
        if each.path is not None and each.path.is_relative_to(folder):
            said["file"] = each.path.relative_to(folder).as_posix()
        cells = ["" if value is None else cell(str(value)) for value in said.values()]
        writer.writerow([*cells, cell(marks.get(each.picture, ""))])
    return "\ufeff" + text.getvalue()


def marks_in(path: Path) -> dict[str, str]:
    """What somebody wrote into the column `chosen` of an earlier table, by picture; nothing where there is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    return {each["picture"]: each[CHOSEN] for each in lines if each.get("picture") and each.get(CHOSEN)}
