"""The rows of an audit on disk, one after another: a report of 100,000 files never lies in memory, and a run that was
stopped goes on where it was.

    rows     id, key, row    key: a digest of its name and of its file's path, size and times
    places   number, id      which row is the first, the second …
    state    what the answers rest on: the ledgers' sizes, whom we know, the program's version
    reports  which of its reports it began to write: stopped there, it writes them anew

A row counts again only for the same key under the same state: a file that changed since is looked at anew, and so is
everything once the ledger grew. Going on writes places alone, so it begins as soon with 100,000 rows as with ten. Rows
are JSON; nothing in the file is run. One audit at a time holds the table.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from provenance.audit.delivery import Item
from provenance.audit.row import Row
from provenance.errors import LedgerError, OutputError
from provenance.storage.lock import lock_now

EVERY = 100  # rows between two commits: what a power cut may cost
PENDING = ".looking"  # ending of the table of a report that is not finished
FORM = "3"  # of these tables
_TABLES = """
CREATE TABLE IF NOT EXISTS state (said TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, key BLOB, row BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS rows_by_key ON rows (key);
CREATE TABLE IF NOT EXISTS places (number INTEGER PRIMARY KEY, id INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reports (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_ANEW = "DROP TABLE IF EXISTS rows; DROP TABLE IF EXISTS places; DELETE FROM state;"


class Kept:
    """The table. Without a path it is a temporary one, removed when it is closed."""

    def __init__(self, path: Path | None, state: str) -> None:
        self.path = path
        self._lock = None if path is None else _held(path)
        try:
            # An empty name: a database that SQLite keeps in memory, and in a file of its own once it outgrows that.
            self._db = sqlite3.connect("" if path is None else str(path), isolation_level=None)
            self._begun(f"{FORM} {state}")
            self._db.execute("PRAGMA synchronous = OFF" if path is None else "PRAGMA synchronous = NORMAL")
        except sqlite3.OperationalError as error:
            raise OutputError(f"{path} could not be written ({error}); make room there") from error
        except sqlite3.Error as error:
            raise OutputError(f"{path} is no table of an audit that was stopped; remove it") from error
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(Row)
        self._unsaved = 0
        known = self._db.execute("SELECT key, id FROM rows INDEXED BY rows_by_key WHERE key IS NOT NULL")
        self._known: dict[bytes | None, int] = dict(known)

    def _begun(self, state: str) -> None:
        """The tables, empty where what is there was found under another state."""
        self._db.execute("CREATE TABLE IF NOT EXISTS state (said TEXT PRIMARY KEY) WITHOUT ROWID")
        said = {row[0] for row in self._db.execute("SELECT said FROM state")}
        if said != {state}:
            self._db.executescript(_ANEW)
        self._db.executescript(_TABLES)
        if said != {state}:
            self._db.execute("INSERT INTO state VALUES (?)", (state,))

    def has(self, item: Item) -> bool:
        """Whether the row of this very file is here."""
        return _key(item.name, item.stamp) in self._known

    def begin(self, items: "tuple[Item, ...]") -> None:
        """Puts what is here into the order of these items; rows of other files are forgotten."""
        keys = ((number, _key(item.name, item.stamp)) for number, item in enumerate(items))
        found = [(number, self._known[key]) for number, key in keys if key in self._known]
        with self._writing():
            gone = {each for (each,) in self._db.execute("SELECT id FROM rows INDEXED BY rows_by_key")}
            gone.difference_update(row for _, row in found)
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM places")
            self._db.executemany("INSERT INTO places VALUES (?, ?)", found)
            self._db.executemany("DELETE FROM rows WHERE id = ?", ((each,) for each in gone))
            self._db.execute("COMMIT")

    def put(self, number: int, stamp: str, row: Row) -> None:
        """Keeps the row of the item of this number."""
        values = (_key(row.path, stamp), self._written(row))
        with self._writing():
            if not self._unsaved:
                self._db.execute("BEGIN")
            made = self._db.execute("INSERT INTO rows (key, row) VALUES (?, ?)", values)
            self._db.execute("INSERT OR REPLACE INTO places VALUES (?, ?)", (number, made.lastrowid))
        self._unsaved += 1
        if self._unsaved >= EVERY:
            self.save()

    def _written(self, row: Row) -> bytes:
        """The row as JSON. Half of a letter in a stranger's text, which no UTF-8 has, becomes a question mark."""
        try:
            return self._encoder.encode(row)
        except UnicodeEncodeError:
            return self._encoder.encode(_in_letters(msgspec.to_builtins(row)))

    def save(self) -> None:
        """What was put is on disk."""
        if self._unsaved:
            with self._writing():
                self._db.execute("COMMIT")
            self._unsaved = 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What SQLite cannot write as a sentence; what is on disk by then is kept."""
        try:
            yield
        except sqlite3.Error as error:
            self._unsaved = 0
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            where = "a temporary table" if self.path is None else str(self.path)
            raise OutputError(
                f"{where} could not be written ({error}); make room there and give the same command again"
            ) from error

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM places").fetchone()[0])

    def __iter__(self) -> Iterator[Row]:
        """The rows in the order of their items."""
        for (row,) in self._db.execute("SELECT row FROM places JOIN rows USING (id) ORDER BY number"):
            yield self._decoder.decode(row)

    def __getitem__(self, number: int, /) -> Row:
        found = "SELECT row FROM places JOIN rows USING (id) WHERE number = ?"
        row = self._db.execute(found, (number,)).fetchone()
        if row is None:
            raise IndexError(number)
        return self._decoder.decode(row[0])

    def writes(self, report: Path) -> None:
        """Notes that a report is about to be written: what stands in its place from here on is this audit's own."""
        self.save()
        with self._writing():
            self._db.execute("INSERT OR IGNORE INTO reports VALUES (?)", (str(report.absolute()),))

    def done(self) -> None:
        """Removes the table: its report is written."""
        self.save()
        self._db.close()
        # While it is held: who waits for it then finds that it is gone, and makes another.
        if self.path is not None:
            with suppress(OSError):
                self.path.unlink()
        self.close()

    def close(self) -> None:
        try:
            self.save()
        finally:
            self._db.close()
            if self._lock is not None:
                self._lock.close()

    def __enter__(self) -> "Kept":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def alone_with(reports: Iterable[Path]) -> Iterator[None]:
    """Holds the further reports of an audit, as its table holds the first: two who write the pages of one report at
    once would each take the other's for old ones. OutputError where another audit has one of them.
    """
    with ExitStack() as held:
        for report in reports:
            path = report.with_name(report.name + PENDING)
            held.enter_context(_held(path))
            held.callback(_let_go, path)
        yield


def _let_go(path: Path) -> None:
    """Removes what only held a report: an audit that was stopped may have left its rows there."""
    with suppress(OSError):
        if not path.stat().st_size:
            path.unlink()


def own_reports(table: Path | None) -> frozenset[Path]:
    """The reports that an audit which was stopped had begun to write; none where there is no such table."""
    if table is None or not table.is_file():
        return frozenset()
    with suppress(sqlite3.Error), closing(sqlite3.connect(table)) as held:
        return frozenset(Path(name) for (name,) in held.execute("SELECT name FROM reports"))
    return frozenset()


def _key(name: str, stamp: str) -> bytes | None:
    """What a row is found again by; None where nothing tells whether its file changed."""
    if not stamp:
        return None
    said = json.dumps([name, stamp]).encode()
    return blake2b(said, digest_size=16).digest()


def _held(path: Path) -> IO[bytes]:
    """The file, held against other audits of the same report. OutputError where one has it."""
    while True:
        try:
            file = path.open("ab")
        except OSError as error:
            raise OutputError.of(error, f"{path} could not be written") from error
        try:
            with suppress(LedgerError):  # a system without locks
                lock_now(file)
        except BlockingIOError as error:
            file.close()
            report = path.name.removesuffix(PENDING)
            raise OutputError(
                f"another audit is writing {report} just now: wait for it, or give another name"
            ) from error
        # Whoever had it may have removed it since it was opened.
        with suppress(OSError):
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        file.close()


def _in_letters(value: object) -> object:
    """The same value, with whole letters alone in its texts."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_in_letters(each) for each in value]
    return {key: _in_letters(each) for key, each in value.items()} if isinstance(value, dict) else value
