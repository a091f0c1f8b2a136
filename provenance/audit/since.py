"""The difference with the last delivery: a report of then, as JSON, beside the rows of today.

A file is the same where its path is; whether it changed is told by its digest. A file that was renamed is told as new,
with the path that it had.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from provenance.audit.row import Row
from provenance.errors import OutputError

LARGEST = 400 * 1024 * 1024  # bytes of a report
SHOWN = 50  # files named under each heading
FORMAT = "genzu audit 1"


@dataclass(frozen=True, slots=True)
class Before:
    """One file as the last report has it."""

    answer: str
    digest: str


@dataclass(slots=True)
class Difference:
    """What is new, gone, changed, and answered otherwise than before; counts, and the first few of each."""

    name: str
    made: str
    before: dict[str, Before]
    new: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)  # from, to
    changed: list[str] = field(default_factory=list)
    answered: list[tuple[str, str, str]] = field(default_factory=list)  # path, then, now
    same: int = 0
    gone: list[str] = field(default_factory=list)
    _by_digest: dict[str, str] = field(default_factory=dict)
    _left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._by_digest = {each.digest: path for path, each in self.before.items() if each.digest}
        self._left = set(self.before)

    def take(self, row: Row) -> None:
        """Compares one more file."""
        then = self.before.get(row.path)
        if then is None:
            was = self._by_digest.get(row.digest)
            if was is not None and was in self._left:
                self.renamed.append((was, row.path))
                self._left.discard(was)
            else:
                self.new.append(row.path)
            return
        self._left.discard(row.path)
        if then.answer != row.classification.value:
            self.answered.append((row.path, then.answer, row.classification.value))
        if then.digest and row.digest and then.digest != row.digest:
            self.changed.append(row.path)
        elif then.answer == row.classification.value:
            self.same += 1

    def close(self) -> "Difference":
        """What is left of the last report is gone."""
        self.gone = sorted(self._left - {was for was, _ in self.renamed})
        return self


def read_before(path: Path) -> Difference:
    """The last report. OutputError where it is none of ours as JSON."""
    try:
        if path.stat().st_size > LARGEST:
            raise OutputError(f"{path} is larger than {LARGEST:,} bytes; give a report of fewer files")
        said = json.loads(path.read_bytes())
        if said["format"] != FORMAT:
            raise ValueError
        before = {
            str(each["path"]): Before(str(each["classification"]), str(each["digest"] or ""))
            for each in said["rows"]
        }
    except OSError as error:
        raise OutputError(f"{path} could not be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            f"{path} is no audit report as JSON; give one that --report OUT.json wrote"
        ) from error
    return Difference(path.name, str(said.get("made") or ""), before)
