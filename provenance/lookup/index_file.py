"""The index: what a picture can be found by when its metadata is gone, in one SQLite file beside the ledger.

    lookup.sqlite3   a row a picture: its code (8 bytes a point), key points (70 bytes each), a small reference (WebP),
                     its whole (32 bytes) and its cuts (200)

It follows from the vault and the ledger and says nothing of its own: it may be deleted, and `genzu index build` makes
it again. Its key is the picture's id, never a name. SQLite lets many processes add; each add is one transaction, and
what is removed is written over.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Self

from provenance.errors import IndexTrouble, Remedy, Way

PATIENCE = 15.0  # seconds that a writer waits for another one
VERSION = 3
_TABLES = (
    """
CREATE TABLE IF NOT EXISTS pictures (
    picture TEXT PRIMARY KEY,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    codes BLOB NOT NULL,
    points BLOB NOT NULL,
    reference BLOB NOT NULL,
    descriptor TEXT NOT NULL,
    whole BLOB NOT NULL DEFAULT x''
) STRICT
""",
    # What was taken out on request: a later build leaves it out.
    "CREATE TABLE IF NOT EXISTS kept_out (picture TEXT PRIMARY KEY) STRICT",
    # Up to which entry of a ledger all that was released is in here, or known to have no texture.
    "CREATE TABLE IF NOT EXISTS complete (ledger TEXT PRIMARY KEY, entries INTEGER NOT NULL) STRICT",
    # What could not be read, of which file (its size and times), and why: it is not tried again while that file stays.
    "CREATE TABLE IF NOT EXISTS unread (picture TEXT PRIMARY KEY, file TEXT NOT NULL, why TEXT NOT NULL) STRICT",
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is kept of one picture. `codes`: what `postings.coded` gave. `reference`: a WebP file. `whole`: what
    whole.py and cuts.py gave.
    """

    picture: str
    width: int
    height: int
    codes: bytes
    points: bytes
    reference: bytes
    descriptor: str  # the name of the vocabulary that the codes are of, and of what else is kept
    whole: bytes


class IndexFile:
    """The open index. Adding a picture again replaces it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        try:
            if not read_only:
                make_private(path)
            mode = "ro" if read_only else "rw"
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            self._db = sqlite3.connect(
                uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            if not read_only:
                self._prepare()
        except sqlite3.Error as error:
            raise _trouble(path, error) from error

    def _prepare(self) -> None:
        self._db.execute("PRAGMA secure_delete = ON")
        if self._version() == VERSION:
            return
        with self._write():
            found = self._version()
            if found > VERSION:
                raise IndexTrouble(
                    f"{self.path} was made by a later version of Genzu; update it, or delete the file"
                )
            for table in _TABLES:
                self._db.execute(table)
            if found == 1:  # what the first version put in is outdated and taken out by the next build
                self._db.execute("ALTER TABLE pictures ADD COLUMN whole BLOB NOT NULL DEFAULT x''")
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _version(self) -> int:
        return int(self._ask("PRAGMA user_version")[0][0])

    @contextmanager
    def _write(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise _trouble(self.path, error) from error
            raise

    def add(self, items: Sequence[Indexed]) -> None:
        """Puts pictures in, all or none."""
        with self._write():
            self._db.executemany("DELETE FROM unread WHERE picture = ?", ((each.picture,) for each in items))
            out = self.kept_out()
            rows = [astuple(each) for each in items if each.picture not in out]
            self._db.executemany("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def remove(self, picture: str) -> bool:
        """Takes a picture out, and keeps it out; False where it was not in."""
        with self._write():
            self._db.execute("INSERT OR IGNORE INTO kept_out VALUES (?)", (picture,))
            self._db.execute("DELETE FROM unread WHERE picture = ?", (picture,))
            return self._db.execute("DELETE FROM pictures WHERE picture = ?", (picture,)).rowcount > 0

    def drop(self, pictures: Collection[str]) -> None:
        """Takes pictures out that a later build may put in again."""
        with self._write():
            self._db.executemany("DELETE FROM pictures WHERE picture = ?", ((each,) for each in pictures))

    def kept_out(self) -> frozenset[str]:
        """What was taken out on request."""
        return frozenset(str(row[0]) for row in self._ask("SELECT picture FROM kept_out"))

    def lacking(self, pictures: Collection[str]) -> frozenset[str]:
        """Which of these pictures are neither in the index nor kept out."""
        question = "SELECT picture FROM pictures WHERE picture = ?"
        held = {row[0] for each in pictures for row in self._ask(question, each)}
        return frozenset(pictures) - held - self.kept_out()

    def could_not_read(self, pictures: Iterable[tuple[str, str, str]]) -> None:
        """Notes pictures that could not be read: each with what tells its file from a later one, and why."""
        with self._write():
            self._db.executemany("INSERT OR REPLACE INTO unread VALUES (?, ?, ?)", pictures)

    def unread(self) -> dict[str, tuple[str, str]]:
        """The pictures that could not be read, each with its file as it was then, and why."""
        if self._version() < VERSION:
            return {}  # earlier versions did not note it
        rows = self._ask("SELECT picture, file, why FROM unread ORDER BY rowid")
        return {str(picture): (str(file), str(why)) for picture, file, why in rows}

    def complete_to(self, ledger: str) -> int:
        """Up to which entry of a ledger nothing is missing."""
        if self._version() < 2:
            return 0  # the first version did not note it
        rows = self._ask("SELECT entries FROM complete WHERE ledger = ?", ledger)
        return int(rows[0][0]) if rows else 0

    def is_complete_to(self, ledger: str, entries: int) -> None:
        """Notes that what the first so many entries of a ledger release is in the index."""
        with self._write():
            self._db.execute("INSERT OR REPLACE INTO complete VALUES (?, ?)", (ledger, entries))

    def pictures(self) -> dict[str, str]:
        """Every picture in the index, with the vocabulary that its codes are of."""
        rows = self._ask("SELECT picture, descriptor FROM pictures ORDER BY rowid")
        return {str(picture): str(descriptor) for picture, descriptor in rows}

    def outdated(self, descriptor: str) -> int:
        """How many pictures have codes of others than this one."""
        question = "SELECT count(*) FROM pictures WHERE descriptor <> ?"
        return int(self._ask(question, descriptor)[0][0])

    def codes(self, descriptor: str) -> Iterator[tuple[str, bytes, bytes]]:
        """Name, codes and whole of every picture in the words of this vocabulary."""
        question = "SELECT picture, codes, whole FROM pictures WHERE descriptor = ? ORDER BY rowid"
        yield from self._ask(question, descriptor)

    def get(self, picture: str) -> Indexed | None:
        """What is kept of one picture."""
        rows = self._ask("SELECT * FROM pictures WHERE picture = ?", picture)
        return Indexed(*rows[0]) if rows else None

    @property
    def state(self) -> int:
        """A number that differs once another connection has changed the file."""
        return int(self._ask("PRAGMA data_version")[0][0])

    def __len__(self) -> int:
        return int(self._ask("SELECT count(*) FROM pictures")[0][0])

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise _trouble(self.path, error) from error

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def make_private(path: Path) -> None:
    """An empty file that only its owner can read, for SQLite to fill; one that is there stays as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise IndexTrouble.of(error, f"{path} cannot be made") from error


def _trouble(path: Path, error: sqlite3.Error) -> IndexTrouble:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        words = f"{path}: another process has been writing for {PATIENCE:.0f} s"
        return IndexTrouble(words, remedies=(Remedy(Way.TRY_AGAIN),))
    return IndexTrouble(f"the index {path} cannot be used ({error})", remedies=(Remedy(Way.INDEX_ANEW),))
