"""Copies of the entries outside the ledger's disk: out after each commit, back when the disk was lost.

    backup/
      entries-000000000000.jsonl   10,000 entries a file, only ever appended to (copies/export.py)
      private.jsonl                what opens the sealed texts; written anew when something is erased
      checkpoints.txt              as beside the ledger

GENZU_BACKUP names a folder on another disk, or a data set of the Hugging Face hub (hf://datasets/OWNER/NAME), for
hosts whose disk is emptied at each restart. The key that signs is never copied: it has to come back by another way.
The picture files are not part of it.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from provenance.errors import LedgerDamaged, LedgerError, OutputError, ProofError, why
from provenance.ledger import key_files as keeping
from provenance.ledger.copies import export as segments
from provenance.ledger.copies.export import PRIVATE, Header, Line
from provenance.ledger.copies.load import Loaded, load
from provenance.ledger.copies.upload import HUB, Hub, Remote, Uploader, alone_in, copy_files
from provenance.ledger.store import checkpoints as signed_sizes
from provenance.ledger.store import schema
from provenance.ledger.store.database import Database
from provenance.ledger.store.tree import size_of
from provenance.proof.note import VerifyKey
from provenance.storage.atomic import replace
from provenance.storage.lock import locked

ROLL = 10_000  # entries in one file
CHECKPOINTS = "checkpoints.txt"
FETCHED = ".fetched"


class Backup:
    """A folder that follows the ledger, and where it has one, the remote place that follows the folder.

    A push never stops the writing of the record: what could not be copied is copied with the next push, what cannot be
    sent on is sent later by a thread of its own (copies/upload.py), and `state` says how far either came.
    """

    def __init__(self, folder: Path, remote: Remote | None = None) -> None:
        self.folder = folder
        self._remote = remote
        self._uploads = None if remote is None else Uploader(folder, remote, self._copy)
        self._changed: set[str] = set()
        # Size and time of each file when it was last copied or fetched.
        self._known: dict[str, tuple[int, int]] = {}
        self._is_fetched = False
        self.size = 0
        self.trouble = ""
        # The last file, its bytes, and the entries up to its end.
        self._counted: tuple[str, int, int] = ("", 0, 0)

    def state(self, size: int) -> str:
        """How durable a ledger of `size` entries is, in one sentence."""
        where = "the backup" if self._uploads is None else "the remote backup"
        there = self.size if self._uploads is None else min(self.size, self._uploads.sent)
        trouble = self.trouble or (self._uploads.trouble if self._uploads else "")
        if there == size and not trouble:
            said = "the one entry is" if size == 1 else f"all {size:,} entries are"
            return f"{said} on this disk and in {where}"
        return f"{there:,} of {size:,} entries are in {where}; {trouble or 'the rest is on its way'}"

    def arrived(self, size: int, patience: float = 0.0) -> int:
        """How many of the first `size` entries are there; waits at most `patience` seconds for an upload."""
        if self._uploads is None:
            return min(size, self.size)
        self._uploads.wait_for(size, patience)
        return min(size, self.size, self._uploads.sent)

    def push(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        """Copies what is new."""
        try:
            self._push(connection, key)
            self.trouble = ""
        except (OSError, LedgerError, ProofError, OutputError) as error:
            self.trouble = f"the last copy failed ({why(error)}); it is tried again with the next entry"

    def forget(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        """Writes the private texts anew, without those that were erased. Raises where that fails: say so, and retry."""
        try:
            with self._locked():
                self._write_texts(connection, key)
                self._offer()
            if self._uploads is not None:
                self._uploads.send()  # an erasure is not done before it is done there
        except OSError as error:
            raise OutputError(
                f"the erased text is still in the backup {self.folder} ({why(error)}); erase again when it can be "
                "written"
            ) from error

    def fetch(self) -> None:
        """Takes in what the remote place has beyond this disk. It may take long: ask before anybody waits for you."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._remote is not None and self._uploads is not None:
                # Beside the folder: what could not be sent yet is nowhere else, and others write there meanwhile.
                with alone_in(self.folder / FETCHED) as fetched:
                    self._remote.fetch(fetched, self.folder)
                    with self._locked():
                        self._uploads.sent = self._take_in(fetched)
                        self._known = self._states() if self._uploads.sent == self._count() else {}
                        self._changed |= self._uploads.left()
            self._is_fetched = True
        except OSError as error:
            raise LedgerError.of(error, f"the backup {self.folder} could not be read") from error

    def restore(self, path: Path, key: VerifyKey) -> Loaded | None:
        """Brings the ledger at `path` up to what was fetched; None where that is nothing more.

        LedgerDamaged where the two are not the same log.
        """
        try:
            with self._locked():
                self.size = self._count()
                if self.size <= _entries_at(path):
                    return None  # the push that follows an opening compares the two
                return load(path, self._lines(), key=key, unsigned_end=True)
        except ProofError as error:
            raise LedgerDamaged(f"{self.folder} and {path} are not one log: {error}", remedies=()) from error
        except OSError as error:
            raise LedgerError.of(error, f"the backup {self.folder} could not be read") from error

    def holds_entries(self) -> bool:
        """Whether there is a ledger in the backup."""
        if not self._is_fetched:
            self.fetch()
        try:
            with self._locked():
                return self._count() > 0
        except OSError as error:
            raise LedgerError.of(error, f"the backup {self.folder} could not be read") from error

    def settle(self) -> None:
        """Waits for uploads that are under way; `state` then tells what came of them."""
        if self._uploads is not None:
            self._uploads.settle()

    def close(self) -> None:
        """Waits for uploads that are under way, and tries once more for those that failed."""
        if self._uploads is not None:
            self._uploads.close()

    def _push(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            first = done = self._count()
            size = size_of(connection)
            self._check_same(connection, done)
            header = Header(key.name, key, 0).line
            # Texts first: an entry without its texts could not be told from an erased one, and one that says that some
            # were erased would keep them for good where a kill came between.
            if _erased_since(connection, first):
                self._write_texts(connection, key)
            else:
                self._append(PRIVATE, header, segments.opened_lines(connection, done, size))
            while done < size:
                start = done - done % ROLL
                stop = min(size, start + ROLL)
                name = f"entries-{start:012d}.jsonl"
                lines = segments.entry_lines(connection, done, stop)
                self._append(name, Header(key.name, key, start).line, lines)
                done = self.size = stop
            self.size = done
            keeping.hold(
                self.folder / CHECKPOINTS, lambda above: signed_sizes.checkpoints_above(connection, above)
            )
            self._changed.add(CHECKPOINTS)
            self._offer()

    def _offer(self) -> None:
        """Hands on what changed, while nobody else writes: what came after would be taken for handed on, too."""
        if self._uploads is not None:
            self._uploads.offer(self._changed)
        self._changed.clear()

    def _take_in(self, fetched: Path) -> int:
        """Puts the files that were fetched in place of those here, where they go further; how many entries they hold.

        LedgerDamaged where neither begins with the other.
        """
        here, there = self._count(), _whole(max(fetched.glob("entries-*.jsonl"), default=None))[1]
        entries = sorted(path.name for path in fetched.glob("entries-*.jsonl"))
        for name in entries:
            if not _begin_alike(self.folder / name, fetched / name):
                raise LedgerDamaged(
                    f"{self.folder} and the remote backup hold two ledgers; both were left as they are",
                    remedies=(),
                )
        if there > here:
            for name in (PRIVATE, *entries, CHECKPOINTS):  # texts first, as ever
                if (fetched / name).exists():
                    replace(self.folder / name, [(fetched / name).read_bytes()])
        return there

    def _check_same(self, connection: sqlite3.Connection, done: int) -> None:
        """Refuses to mix two logs, or to overwrite entries that the ledger no longer has."""
        if not done or done == self.size:
            return
        last = max(self.folder.glob("entries-*.jsonl")).read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
        if [last] != list(segments.entry_lines(connection, done - 1, done)):
            raise LedgerDamaged(
                f"{self.folder} holds other entries than this ledger; it was left as it is", remedies=()
            )

    def _write_texts(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        lines = segments.opened_lines(connection, 0, size_of(connection))
        whole = chain([Header(key.name, key, 0).line], lines)
        replace(self.folder / PRIVATE, (line + b"\n" for line in whole))
        self._changed.add(PRIVATE)

    def _append(self, name: str, header: bytes, lines: Iterator[bytes]) -> None:
        first = next(lines, None)
        if first is None:
            return
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            _cut_torn(self.folder / name)
            file.seek(0, os.SEEK_END)
            if file.tell() == 0:
                file.write(header + b"\n")
            for line in chain([first], lines):
                file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._changed.add(name)

    def _count(self) -> int:
        """How many entries the folder holds, after cutting off a line that a crash tore."""
        last = max(self.folder.glob("entries-*.jsonl"), default=None)
        if last is None:
            return 0
        if self._counted[:2] != (last.name, last.stat().st_size):
            _cut_torn(last)
            self._counted = (last.name, *_whole(last))
        return self._counted[2]

    def _lines(self) -> Iterator[Line]:
        files = sorted(self.folder.glob("entries-*.jsonl"))
        for path in files:
            yield from segments.read_segment(path)
        if (self.folder / PRIVATE).exists():
            yield from self._texts()
        signed = self.folder / CHECKPOINTS
        if signed.exists():
            for block in keeping.blocks(signed, 0, signed.stat().st_size):
                yield from keeping.parse_checkpoints(block)

    def _texts(self) -> Iterator[Line]:
        """The texts of entries that are there."""
        for line in segments.whole_lines(self.folder / PRIVATE):
            parsed = segments.parse_line(line)
            if isinstance(parsed, segments.OpenedText) and parsed.entry < self.size:
                yield parsed

    def _copy(self, out: Path, names: Iterable[str]) -> tuple[int, set[str]]:
        """Copies these files and all that changed since the last copy; how many entries, and the names.

        Nobody writes meanwhile, and what changed is asked of the files: since the names were offered, another thread or
        process may have added entries to a file among them, and their texts to one that is not.
        """
        with self._locked():
            now = self._states()
            changed = {name for name, state in now.items() if state != self._known.get(name)}
            self._known = now
            listed = changed | set(names)
            copy_files(self.folder, out, listed)
            return self._count(), listed

    def _states(self) -> dict[str, tuple[int, int]]:
        return {
            path.name: (path.stat().st_size, path.stat().st_mtime_ns)
            for pattern in ("entries-*.jsonl", PRIVATE, CHECKPOINTS)
            for path in self.folder.glob(pattern)
        }

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / ".lock").open("ab") as file, locked(file):
            yield


def _whole(last: Path | None) -> tuple[int, int]:
    """The bytes of the last file of entries, and the entries up to its end; a torn line is none."""
    if last is None:
        return 0, 0
    data = last.read_bytes()
    return len(data), int(last.stem.removeprefix("entries-")) + max(0, data.count(b"\n") - 1)


def _cut_torn(path: Path) -> None:
    """Takes off the last line where a crash or a full disk tore it: what comes behind it would be one line with it."""
    with path.open("r+b") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return
        file.seek(-1, os.SEEK_END)
        if file.read() != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


def _begin_alike(one: Path, other: Path) -> bool:
    """Whether one file begins with all of the other; a file that is not there begins every one."""
    if not one.exists():
        return True
    mine, theirs = one.read_bytes(), other.read_bytes()
    shared = min(len(mine), len(theirs))
    return mine[:shared] == theirs[:shared]


def open_backup(target: str, mirror: Path) -> Backup:
    """The backup that GENZU_BACKUP names; `mirror` is the folder that a hub data set is kept in here."""
    if not target.startswith(HUB):
        return Backup(Path(target).expanduser().absolute())
    return Backup(mirror, Hub(target.removeprefix(HUB)))


def _erased_since(connection: sqlite3.Connection, start: int) -> bool:
    """Whether something was erased by an entry that the backup did not have yet."""
    found = connection.execute(
        "SELECT 1 FROM entries WHERE seq >= ? AND kind = 'private.erased' LIMIT 1", (start,)
    ).fetchone()
    return found is not None


def _entries_at(path: Path) -> int:
    """How many entries the ledger at `path` has; 0 where there is none."""
    if not os.path.isfile(path) or os.path.getsize(path) == 0:  # noqa: PTH113, PTH202
        return 0
    database = Database(path, read_only=True)
    try:
        return database.ask(lambda db: size_of(db) if schema.version(db) else 0)
    finally:
        database.close()
