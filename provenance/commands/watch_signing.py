"""What `genzu watch --sign-to` does with a folder: each picture that is new in it or was saved again is signed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from provenance.audit.delivery import LINK
from provenance.commands.remedies import told
from provenance.errors import LedgerBusy, OutputError, ProvenanceError, why
from provenance.ledger.store.records import State
from provenance.media.sidecar import place_beside
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType
from provenance.storage.lock import lock_now

# What programs leave beside a file while they write it, and our own credentials beside one.
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".lock", ".c2pa", "~")


@dataclass
class Signing:
    """Where signed copies go, and what is said of each. `seen` are the files that were looked at, by size and times."""

    folder: Path
    out: Path
    source: SourceType
    credits: tuple[Credit, ...]
    project: Project
    seen: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def check(self) -> None:
        """OutputError where the signed copies would be watched themselves."""
        if self.folder.resolve() in (self.out.resolve(), *self.out.resolve().parents):
            raise OutputError(
                f"{self.out} lies in {self.folder}, where it would be signed again; give another place"
            )

    def sign(self, settings: Settings, now: Sequence[tuple[str, int, int, int]]) -> Iterator[str]:
        """A line for each file that is new or was saved again. What cannot be signed stops no other.

        LedgerBusy where others write for long: what is not signed yet is new the next time, too.
        """
        fresh = [each for each in now if self.seen.get(each[0]) != each[1:] and _finished(Path(each[0]))]
        if not fresh:
            return
        with open_archive(settings) as archive:
            for path, *state in fresh:
                if not _is_still(Path(path), state):
                    continue  # somebody is saving it again: it is looked at the next time
                self.seen[path] = (state[0], state[1], state[2])
                try:
                    yield from self._one(archive, Path(path))
                except LedgerBusy:
                    del self.seen[path]  # nothing is wrong with the file
                    raise
                except ProvenanceError as error:
                    yield f"{path}: not signed: {told(error)}"
                except OSError as error:
                    yield f"{path}: not signed: {why(error)}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the folder of the copies for the block: two who watch for it would both record every picture."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.out, os.O_RDONLY)
        except OSError as error:
            raise OutputError.of(error, f"{self.out} could not be opened") from error
        try:
            _hold(folder, self.out)
            yield
        finally:
            os.close(folder)

    def _one(self, archive: Archive, path: Path) -> Iterator[str]:
        if path.is_symlink():
            yield f"{path}: not signed: {LINK}"
            return
        out = self.out / path.relative_to(self.folder)
        if out.is_file() and _recorded(archive, path):
            return
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.is_file():
            place_beside(out).unlink(missing_ok=True)
        job = Job(self.credits, out, self.project, force=True)
        released = record(archive, path, job, source_type=self.source)
        yield f"{released.path}: signed, {released.record.picture}"


def _hold(folder: int, out: Path) -> None:
    try:
        lock_now(folder)
    except BlockingIOError as error:
        raise OutputError(
            f"another watch signs into {out} just now: end it, or give another folder"
        ) from error
    except OSError:
        return  # a file system that holds files alone, and no folders


def _recorded(archive: Archive, path: Path) -> bool:
    """Whether these very bytes were signed before: the copy of them is that of an earlier start."""
    return any(
        each.state is State.RELEASED for each in archive.ledger.pictures_made_from(Digest.of_file(path))
    )


def _is_still(path: Path, state: Sequence[int]) -> bool:
    """Whether the file is as it was when the folder was looked at: those before it took their time."""
    try:
        now = path.lstat()
    except OSError:
        return False
    return [now.st_size, now.st_mtime_ns, now.st_ctime_ns] == [*state]


def _finished(path: Path) -> bool:
    return not path.name.startswith((".", "~")) and not path.name.lower().endswith(UNFINISHED)
