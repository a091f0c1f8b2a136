"""The difference with the last delivery: a report of then, as JSON, beside the rows of today.

A file is the same where its path is; whether it changed is told by its digest. A file that was renamed is told with the
path that it had. Where each delivery lies in one folder, and the two have other names (`delivery-1`, `delivery-2`),
paths are compared below them.
"""

import json
from collections.abc import Iterable
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
    _by_digest: dict[str, list[str]] = field(default_factory=dict)
    # Of files whose paths then had none: path, digest, answer.
    _strangers: list[tuple[str, str, str]] = field(default_factory=list)
    _left: set[str] = field(default_factory=set)
    _folders: tuple[str, str] | None = None  # of today and of then, each with its slash

    def __post_init__(self) -> None:
        for path, each in self.before.items():
            if each.digest:
                self._by_digest.setdefault(each.digest, []).append(path)
        self._left = set(self.before)

    def take(self, row: Row) -> None:
        """Compares one more file."""
        before = self._path_then(row.path)
        then = self.before.get(before)
        if then is None:
            self._strangers.append((row.path, row.digest, row.classification.value))
            return
        self._left.discard(before)
        if then.answer != row.classification.value:
            self.answered.append((row.path, then.answer, row.classification.value))
        if then.digest and row.digest and then.digest != row.digest:
            self.changed.append(row.path)
        elif then.answer == row.classification.value:
            self.same += 1

    def below(self, paths: Iterable[str]) -> None:
        """Compares below the folders, where these paths of today lie in one and those of then in another."""
        today, then = _folder_of(paths), _folder_of(self.before)
        self._folders = (today, then) if today and then and today != then else None

    def _path_then(self, path: str) -> str:
        """Where the file of this path was, if it was not renamed."""
        if self._folders is None:
            return path
        today, then = self._folders
        return f"{then}{path.removeprefix(today)}"

    def close(self) -> "Difference":
        """What is left of the last report was renamed, or is gone. A copy of a file that is still there is new."""
        left = {
            digest: iter([path for path in paths if path in self._left])
            for digest, paths in self._by_digest.items()
        }
        for path, digest, answer in self._strangers:
            was = next(left.get(digest, iter(())), None)
            if was is None:
                self.new.append(path)
                continue
            self.renamed.append((was, path))
            if self.before[was].answer != answer:
                self.answered.append((path, self.before[was].answer, answer))
        self.gone = sorted(self._left - {was for was, _ in self.renamed})
        return self


def _folder_of(paths: Iterable[str]) -> str:
    """The one folder in which all of these lie, with its slash; "" where there is none."""
    folders = {path.partition("/")[0] + path.partition("/")[1] for path in paths}
    one = folders.pop() if len(folders) == 1 else ""
    return one if one.endswith("/") else ""


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
