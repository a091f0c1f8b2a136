"""Connections to one ledger's file: one writer at a time, readers beside it, SQLite's errors in our words.

Every connection asks for `synchronous=FULL` again, because SQLite does not remember it. Where write-ahead
logging cannot work (network and FUSE file systems), the rollback journal with `synchronous=EXTRA` does.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from provenance.errors import LedgerBusy, LedgerDamaged, LedgerError, NotRecorded, OutputError
from provenance.ledger.turnstile import Turnstile

PATIENCE = 15.0  # seconds that a writer waits for another one
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


class Database:
    """The connections. `journal` is "wal" or "delete"; without a `turnstile`, nobody else may write to the file."""

    def __init__(self, path: Path, *, read_only: bool, turnstile: Turnstile | None = None) -> None:
        self.path = path
        self.read_only = read_only
        self._turnstile: AbstractContextManager[object] = turnstile or nullcontext()
        self.journal = "wal"
        self._turn = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._idle_lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None  # the file as it was when it was opened as unchanging
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
            raise LedgerBusy(f"{self.path}: another thread has been writing for {PATIENCE:.0f} s; try again")
        try:
            with self.errors():
                connection = self._open_or_raise()
                with self._turnstile:
                    connection.execute("BEGIN IMMEDIATE")
                try:
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

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the ledger; usable from any thread, beside a writer."""
        with self.errors():
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._give_back(connection)

    def close(self) -> None:
        """Closes every connection; a second time does nothing."""
        with self._turn, self._idle_lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
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
            raise LedgerDamaged(f"{self.path} holds text that is none; run `genzu ledger verify`") from error
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

    def _borrow(self) -> sqlite3.Connection:
        with self._idle_lock:
            if self._closed:
                raise LedgerError(f"{self.path} is closed")
            self._drop_outdated()
            if self._idle:
                return self._idle.pop()
        return self._open_reader()

    def _open_reader(self) -> sqlite3.Connection:
        mode = "rw"
        if self.read_only:
            # Without a -wal file nobody has it open: "immutable" then reads it without making side files.
            alone = not self.path.with_name(self.path.name + "-wal").exists()
            mode = "ro&immutable=1" if alone else "ro"
            self._seen = self._look() if alone else None
        connection = _connect(f"{self.path.absolute().as_uri()}?mode={mode}")
        try:
            _prepare(connection, self.journal)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop_outdated(self) -> None:
        """Forgets connections that took the file for unchanging once somebody writes to it after all."""
        if self._seen is not None and self._look() != self._seen:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _look(self) -> tuple[int, int, int]:
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size, int(self.path.with_name(self.path.name + "-wal").exists())

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_lock:
            if self._closed or len(self._idle) >= 16:
                connection.close()
            else:
                self._idle.append(connection)


def turnstile_of(path: Path) -> Turnstile:
    """Where those wait who want to write to the database at `path`."""
    return Turnstile(path.with_name(path.name + "-turn"), PATIENCE)


def translate(error: sqlite3.Error, path: Path) -> LedgerError | OutputError:
    """Our error for one of SQLite's."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LedgerBusy(f"{path}: another process has been writing for {PATIENCE:.0f} s; try again")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}:
        return LedgerDamaged(f"{path} is not what was written ({error}); run `genzu ledger verify`")
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return OutputError(f"{path} could not be written ({error}); nothing was recorded. Make room")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return OutputError(f"{path} could not be opened ({error}); check its rights")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return LedgerError(f"{path} refused the entry: {error}")
    return LedgerError(f"{path}: {error}; run `genzu ledger verify`")


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
