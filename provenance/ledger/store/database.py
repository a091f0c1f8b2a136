"""Connections to one ledger's file: one writer at a time, readers beside it, SQLite's errors in our words.

Every connection asks for `synchronous=FULL` again, because SQLite does not remember it. Where write-ahead
logging cannot work (network and FUSE file systems), the rollback journal with `synchronous=EXTRA` does.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from provenance.errors import (
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    NotRecorded,
    OutputError,
    Overtaken,
    Remedy,
    Way,
)
from provenance.ledger.store.turnstile import Turnstile

PATIENCE = 15.0  # seconds that a writer waits for another one
ATTEMPTS = 4  # at a question, where it is overtaken by a writer
T = TypeVar("T")
CACHE_KIB = 32 * 1024
# No shared memory between machines, or none at all: SQLite's write-ahead log would lose or tear commits.
_WITHOUT_WAL = (
    "nfs",
    "cifs",
    "smb",
    "fuse",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "vboxsf",
    "virtiofs",
)


@dataclass(frozen=True, slots=True)
class _View:
    """A reader's connection; `taken_as` is how the file looked if it was taken for unchanging."""

    connection: sqlite3.Connection
    taken_as: tuple[int, ...] | None


class Database:
    """The connections. `journal` is "wal" or "delete"; without a `turnstile`, nobody else may write to the file."""

    def __init__(self, path: Path, *, read_only: bool, turnstile: Turnstile | None = None) -> None:
        self.path = path
        self.read_only = read_only
        self._beside = tuple(path.with_name(f"{path.name}-{each}") for each in ("wal", "journal"))
        self._turnstile: AbstractContextManager[object] = turnstile or nullcontext()
        self.journal = "wal"
        self._turn = threading.RLock()
        self._idle: list[_View] = []
        self._idle_lock = threading.Lock()
        self._closed = False
        self._writer: sqlite3.Connection | None = None
        if not read_only:
            with self.errors():
                self._writer = self._open_writer()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is durable when the block ends, or leaves no trace when it raises."""
        if self._writer is None:
            raise LedgerError(f"{self.path} was opened for reading only")
        if not self._turn.acquire(timeout=PATIENCE):
            raise LedgerBusy(f"{self.path}: another thread has been writing for {PATIENCE:.0f} s")
        try:
            with self.errors():
                connection = self._open_or_raise()
                try:
                    with self._turnstile:
                        connection.execute("BEGIN IMMEDIATE")
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        finally:
            self._turn.release()

    @contextmanager
    def maintain(self) -> Iterator[sqlite3.Connection]:
        """The writer's connection outside a transaction: for VACUUM and WAL checkpoints."""
        with self._turn, self._turnstile, self.errors():
            yield self._open_or_raise()

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """The answer within one unchanging view; asked again where somebody began to write in the middle of it.

        Overtaken where that happens each time: there is no write-ahead log, and somebody writes on and on.
        """
        for _ in range(ATTEMPTS - 1):
            with suppress(Overtaken), self.read() as connection:
                return question(connection)
        with self.read() as connection:
            return question(connection)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the ledger; usable from any thread, beside a writer. Overtaken: see `ask`."""
        with self.errors():
            view = self._borrow()
            try:
                view.connection.execute("BEGIN")
                yield view.connection
                self._check_unchanged(view)
            except Exception:
                self._check_unchanged(view)  # what went wrong may come of that
                raise
            finally:
                if view.connection.in_transaction:
                    view.connection.execute("ROLLBACK")
                self._give_back(view)

    def close(self) -> None:
        """Closes every connection; a second time does nothing."""
        with self._turn, self._idle_lock:
            self._closed = True
            for view in self._idle:
                view.connection.close()
            self._idle.clear()
            if self._writer is not None:
                self._writer.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise translate(error, self.path) from error
        except UnicodeDecodeError as error:
            raise LedgerDamaged(f"{self.path} holds text that is none") from error
        except (UnicodeEncodeError, OverflowError) as error:
            # Half a character, or a number above 2**63: SQLite cannot even be asked for it.
            raise NotRecorded(f"{self.path} holds nothing of that name or number") from error

    def _open_or_raise(self) -> sqlite3.Connection:
        if self._writer is None or self._closed:
            raise LedgerError(
                f"{self.path} is closed" if self._closed else f"{self.path} was opened for reading only"
            )
        return self._writer

    def _open_writer(self) -> sqlite3.Connection:
        connection = _connect(f"{self.path.absolute().as_uri()}?mode=rwc")
        try:
            self.journal = _choose_journal(connection, self.path)
            _prepare(connection, self.journal)
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _borrow(self) -> _View:
        with self._idle_lock:
            if self._closed:
                raise LedgerError(f"{self.path} is closed")
            while self._idle:
                view = self._idle.pop()
                if self._unchanged(view):
                    return view
                view.connection.close()
        return self._open_reader()

    def _open_reader(self) -> _View:
        # Without side files nobody has it open, or only between two commits: "immutable" then makes none either.
        taken_as = (
            self._look() if self.read_only and not any(each.exists() for each in self._beside) else None
        )
        mode = "rw" if not self.read_only else "ro" if taken_as is None else "ro&immutable=1"
        connection = _connect(f"{self.path.absolute().as_uri()}?mode={mode}")
        try:
            _prepare(connection, self.journal)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return _View(connection, taken_as)

    def _check_unchanged(self, view: _View) -> None:
        if not self._unchanged(view):
            raise Overtaken(f"{self.path}: another process wrote to it in the meantime")

    def _unchanged(self, view: _View) -> bool:
        return view.taken_as is None or view.taken_as == self._look()

    def _look(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        return found.st_mtime_ns, found.st_size, *(int(each.exists()) for each in self._beside)

    def _give_back(self, view: _View) -> None:
        with self._idle_lock:
            if self._closed or len(self._idle) >= 16:
                view.connection.close()
            else:
                self._idle.append(view)


def turnstile_of(path: Path) -> Turnstile:
    """Where those wait who want to write to the database at `path`."""
    return Turnstile(path.with_name(path.name + "-turn"), PATIENCE)


def translate(error: sqlite3.Error, path: Path) -> LedgerError | OutputError:
    """Our error for one of SQLite's."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LedgerBusy(f"{path}: another process has been writing for {PATIENCE:.0f} s")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}:
        return LedgerDamaged(f"{path} is not what was written ({error})")
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return OutputError(f"{path} could not be written ({error})", remedies=(Remedy(Way.MAKE_ROOM),))
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return OutputError(f"{path} could not be opened ({error})", remedies=(Remedy(Way.CHECK_RIGHTS),))
    if code == sqlite3.SQLITE_CONSTRAINT:
        return LedgerError(f"{path} refused the entry: {error}")
    return LedgerError(f"{path}: {error}", remedies=(Remedy(Way.VERIFY),))


def file_system(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path`, from the text of /proc/self/mounts; "" where unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        place = parts[1].replace("\\040", " ")
        if len(place) >= len(best) and (path.is_relative_to(place)):
            best, kind = place, parts[2]
    return kind


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _prepare(connection: sqlite3.Connection, journal: str) -> None:
    connection.execute(f"PRAGMA synchronous = {'FULL' if journal == 'wal' else 'EXTRA'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    # A hostile or damaged schema gets no functions beyond the built-in ones, and cells are checked when read.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _choose_journal(connection: sqlite3.Connection, path: Path) -> str:
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        mounts = ""
    if not file_system(path.resolve(), mounts).startswith(_WITHOUT_WAL):
        try:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                return "wal"
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}:
                raise
    connection.execute("PRAGMA journal_mode = DELETE")
    return "delete"
