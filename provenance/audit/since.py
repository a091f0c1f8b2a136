"""The difference with the last delivery: a report of then, as JSON, beside the rows of today.

A file of the same bytes under the same path is the same. One whose bytes lay under another path, where they are no
more, was renamed, also where its new path was that of another file: cuts that were numbered anew. Only then a path
tells that a file was changed. Where each delivery lies in one folder, and the two have other names (`delivery-1`,
`delivery-2`), paths are compared below them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from provenance.audit.row import Row
from provenance.credentials.read.chain import Verdict
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
    # Of files whose bytes did not lie under their paths: path, the path then where there was a file, digest, answer.
    _others: list[tuple[str, str, str, str]] = field(default_factory=list)
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
        then, answer = self.before.get(before), _answer(row.classification.value, row.verdict.value)
        if then is None or (then.digest and row.digest and then.digest != row.digest):
            self._others.append((row.path, before if then else "", row.digest, answer))
            return
        self._left.discard(before)
        self.same += not self._answers(row.path, before, answer)

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
        """What is left of the last report was renamed, changed, or is gone. A copy of a file that is still there is no
        renaming.
        """
        left = {
            digest: iter([path for path in paths if path in self._left])
            for digest, paths in self._by_digest.items()
        }
        was = [next(left.get(digest, iter(())), "") for _, _, digest, _ in self._others]
        moved = set(was)
        for (path, then, _, answer), before in zip(self._others, was, strict=True):
            # Its name had another file before: where that one was renamed, too, both are told by that.
            changed = bool(then) and then not in moved
            if before:
                self.renamed.append((before, path))
            if changed:
                self.changed.append(path)
            elif not before:
                self.new.append(path)
            if before or changed:
                self._answers(path, before or then, answer)
            self._left.discard(then)
        self.gone = sorted(self._left - moved)
        return self

    def _answers(self, path: str, was: str, answer: str) -> bool:
        """Whether the file has another answer than the one of then, which is noted."""
        other = self.before[was].answer != answer
        if other:
            self.answered.append((path, self.before[was].answer, answer))
        return other


def _answer(classification: str, verdict: str) -> str:
    """What a file was told to be: its answer, or that it could not be checked, as it is counted."""
    return verdict if verdict == Verdict.NOT_CHECKED.value else classification


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
            str(each["path"]): Before(
                _answer(str(each["classification"]), str(each["verdict"])), str(each["digest"] or "")
            )
            for each in said["rows"]
        }
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be read") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            f"{path} is no audit report as JSON; give one that --report OUT.json wrote"
        ) from error
    return Difference(path.name, str(said.get("made") or ""), before)
