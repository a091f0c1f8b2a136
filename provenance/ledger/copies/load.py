"""A ledger's database made from its exported entries: for another studio's log beside ours, and after a lost disk.

The entries come with their numbers and times, so the tree that grows from them is the one that was signed for: a
file in which anything was changed ends in another root than its checkpoint states, and is refused. The database is
made beside its place and moved there when all of it has been checked.
"""

import heapq
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from provenance.errors import (
    ConsistencyError,
    LedgerError,
    LogForked,
    NoteError,
    OutputError,
    ProofError,
    StatementError,
)
from provenance.ledger.copies.export import Header, Line, OpenedText
from provenance.ledger.entries.codec import ABOUT_PEOPLE, read_text
from provenance.ledger.entries.entry import TIME, Entry
from provenance.ledger.entries.sealed import check_text, places
from provenance.ledger.key_files import make_database_file
from provenance.ledger.store import schema
from provenance.ledger.store.checkpoints import check_prefix
from provenance.ledger.store.database import Database
from provenance.ledger.store.erasure import forget_all, forget_erased, scrub
from provenance.ledger.store.rebuild import project_or_skip
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.rows import entry_at
from provenance.ledger.store.schema import FOREIGN
from provenance.ledger.store.tree import load_frontier, nodes_in, size_of
from provenance.ledger.store.words import index_words
from provenance.ledger.store.writer import store_entry
from provenance.proof.checkpoint import SignedCheckpoint, misbehaviour
from provenance.proof.merkle import Frontier
from provenance.proof.note import VerifyKey
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Opening, Private

MAX_SKIPPED = 100  # that are told


@dataclass(slots=True)
class Loaded:
    """What was read: `size` entries of `ledger`, the last checkpoint that covers some of them, names or none.

    `skipped` are the entries about people that nobody can read, each with why, and the texts that were not kept.
    """

    ledger: str = ""
    key: VerifyKey | None = None
    size: int = 0
    signed: int = 0
    skipped: list[str] = field(default_factory=list)


def load(
    path: Path,
    lines: Iterable[Line],
    *,
    key: VerifyKey | None = None,
    held: Sequence[SignedCheckpoint] = (),
    unsigned_end: bool = False,
    foreign: bool = False,
) -> Loaded:
    """Makes, or continues, the database at `path` from the lines of segments.

    `key` is the log's as it is known from elsewhere, `held` are checkpoints from elsewhere that it must continue.
    `unsigned_end` lets entries after the last checkpoint in: our own backup may end between two.
    `foreign` marks another's log: its texts may stay sealed.
    """
    part = unfinished(path)
    try:
        remove_database(part)
        with _database(part, path) as database:
            loaded = _fill(database, lines, key, held, unsigned_end=unsigned_end)
            if foreign:
                with database.write() as connection:
                    connection.execute("INSERT OR IGNORE INTO housekeeping VALUES (?, '')", (FOREIGN,))
            scrub(database)
        # What a kill left beside a database that is gone would be read into this one. All of it is in the part.
        _remove_beside(path)
        part.replace(path)
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be made") from error
    finally:
        remove_database(part)
    return loaded


@contextmanager
def _database(part: Path, path: Path) -> Iterator[Database]:
    """A database under a temporary name, begun with what `path` holds."""
    make_database_file(part)
    if path.exists():
        _copy(path, part)
    database = Database(part, read_only=False)
    try:
        with database.maintain() as connection:
            schema.migrate(connection)
        yield database
        with database.maintain() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()


def bring_up_to_date(path: Path) -> None:
    """Gives a ledger that nobody writes to the tables of this version."""
    database = Database(path, read_only=False)
    try:
        with database.maintain() as connection:
            schema.migrate(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()


@contextmanager
def up_to_date_copy(path: Path) -> Iterator[Path]:
    """A copy, in a temporary folder, of a ledger that an earlier version wrote, with the tables of this one."""
    try:
        with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
            part = Path(folder) / path.name
            with _database(part, path):
                pass
            yield part
    except OSError as error:
        raise OutputError.of(error, f"no copy of {path} could be made in the folder of TMPDIR") from error


def unfinished(path: Path) -> Path:
    """Where a database is made before it is moved to `path`; a kill may leave it there."""
    return path.with_name(f".{path.name}.part")


def keep_without_texts(path: Path, kept: Path) -> None:
    """Makes `kept`, which may be `path` itself, of a ledger that nobody writes to: without a name or a word."""
    part = unfinished(kept)
    try:
        remove_database(part)
        with _database(part, path) as database:
            with database.write() as connection:
                forget_all(connection, "")
            scrub(database)
        _remove_beside(kept)
        part.replace(kept)
    finally:
        remove_database(part)


def _copy(path: Path, part: Path) -> None:
    older = Database(path, read_only=True)
    copy = sqlite3.connect(part)
    try:
        older.ask(lambda db: db.backup(copy))
    finally:
        copy.close()
        older.close()


def _fill(
    database: Database,
    lines: Iterable[Line],
    key: VerifyKey | None,
    held: Sequence[SignedCheckpoint],
    *,
    unsigned_end: bool,
) -> Loaded:
    loaded = Loaded()
    with database.write() as connection:
        filling = _Filling(connection, load_frontier(connection), loaded, Gathered(connection), key)
        for line in lines:
            filling.take(line)
        gathered = filling.gathered
        loaded.size = size_of(connection)
        # What was erased goes, where it was imported before; and an old export, which still has it, brings none back.
        for seq, texts in gathered.texts(forget_erased(connection)):
            if not connection.execute("SELECT 1 FROM private WHERE entry = ?", (seq,)).fetchone():
                filling.open_entry(seq, texts)  # else imported before
        _check(connection, loaded, gathered, held, unsigned_end=unsigned_end)
    return loaded


class Gathered:
    """Texts and checkpoints that wait for the entries they belong to, in a table that goes to disk as it grows.

    A text that comes twice counts once: a crash may have written it again.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        for statement in (
            "DROP TABLE IF EXISTS temp.gathered_texts",
            "DROP TABLE IF EXISTS temp.gathered_notes",
            "CREATE TEMP TABLE gathered_texts "
            "(entry, position, field, about, salt, value, PRIMARY KEY (entry, position))",
            "CREATE TEMP TABLE gathered_notes (size, note)",
        ):
            connection.execute(statement)

    def add_text(self, line: OpenedText) -> None:
        private = line.opening.private
        self._db.execute(
            "INSERT OR IGNORE INTO gathered_texts VALUES (?, ?, ?, ?, ?, ?)",
            (line.entry, line.position, private.field, private.about, line.opening.salt, private.value),
        )

    def add_checkpoint(self, signed: SignedCheckpoint) -> None:
        self._db.execute("INSERT INTO gathered_notes VALUES (?, ?)", (signed.checkpoint.size, str(signed)))

    def texts(self, erased: Collection[tuple[int, str]]) -> Iterator[tuple[int, list[OpenedText]]]:
        """The texts of each entry in their order, without those about somebody who was erased there."""
        rows = self._db.execute("SELECT * FROM gathered_texts ORDER BY entry, position")
        for entry, some in groupby(rows, key=lambda row: row[0]):
            kept = [
                OpenedText(entry, position, Opening(Private(value, field, about), salt))
                for _, position, field, about, salt, value in some
                if (entry, about) not in erased
            ]
            if kept:
                yield entry, kept

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        """By size, smallest first."""
        for (note,) in self._db.execute("SELECT note FROM gathered_notes ORDER BY size"):
            yield SignedCheckpoint.parse(note)


class _Filling:
    """One database on its way from lines to a ledger."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        edge: Frontier,
        loaded: Loaded,
        gathered: Gathered,
        key: VerifyKey | None,
    ) -> None:
        self._db = connection
        self._edge = edge
        self._loaded = loaded
        self._key = key
        self._known = KnownIds(connection)
        self.gathered = gathered

    def take(self, line: Line) -> None:
        """One line of a segment."""
        if isinstance(line, Header):
            self._header(line)
        elif isinstance(line, Entry):
            self._entry(line)
        elif isinstance(line, OpenedText):
            self.gathered.add_text(line)
        else:
            self.gathered.add_checkpoint(line)

    def open_entry(self, seq: int, texts: Sequence[OpenedText]) -> None:
        """Keeps the texts that open what the entry sealed, and makes them findable."""
        sealed = dict(places(entry_at(self._db, seq).body))
        kept = []
        for each in texts:
            private = each.opening.private
            place = sealed.get(each.opening.commitment)
            if place is None:
                raise ProofError(f"a text of entry {seq} is not the one that it was sealed with")
            if place != private.field:
                raise ProofError(f"a text of entry {seq} carries a label that is not its own")
            try:
                check_text(place, private.value)
            except StatementError as error:
                self._skip(f"a text of entry {seq} is not kept: {error}")
                continue
            kept.append(private.value)
            self._db.execute(
                "INSERT INTO private (entry, position, field, about, salt, value) VALUES (?, ?, ?, ?, ?, ?)",
                (seq, each.position, private.field, private.about, each.opening.salt, private.value),
            )
        index_words(self._db, seq, kept)

    def _header(self, line: Header) -> None:
        loaded = self._loaded
        if self._key is not None and line.key != self._key:
            raise NoteError(f"the file is of {line.key}, the key that was given is {self._key}")
        if loaded.key is not None and line.key != loaded.key:
            raise ProofError(f"these files are of two ledgers, {loaded.ledger} and {line.ledger}")
        loaded.key, loaded.ledger = line.key, line.ledger

    def _entry(self, entry: Entry) -> None:
        if entry.seq < self._edge.size:
            self._need_same(entry)
        elif entry.seq > self._edge.size:
            raise ProofError(
                f"entries {self._edge.size} to {entry.seq - 1} are missing; import the files in their order"
            )
        elif not TIME.fullmatch(entry.at):
            raise ProofError(f"entry {entry.seq} has the time {entry.at[:40]!r}, which is none")
        else:
            body = canonical(entry.body).decode()
            store_entry(self._db, self._edge, entry, body)
            self._project(entry, body)

    def _need_same(self, entry: Entry) -> None:
        row = self._db.execute("SELECT leaf_hash FROM entries WHERE seq = ?", (entry.seq,)).fetchone()
        if row[0] != entry.leaf_hash:
            raise ConsistencyError(
                f"entry {entry.seq} is not the one that was imported before: this file was changed, or the log forked"
            )

    def _project(self, entry: Entry, body: str) -> None:
        """Fills the tables. An entry about people that cannot be read is set aside; any other refuses the file."""
        trouble = project_or_skip(self._db, entry)
        if trouble and entry.kind not in ABOUT_PEOPLE:
            raise ProofError(f"entry {entry.seq} cannot be true: {trouble}")
        try:
            self._known.refuse_unknown(read_text(entry.kind.value, body), entry.seq)
        except StatementError as error:
            self._skip(f"entry {entry.seq} cannot be read, and is set aside: {error}")

    def _skip(self, words: str) -> None:
        if len(self._loaded.skipped) < MAX_SKIPPED:
            self._loaded.skipped.append(words)


def _check(
    connection: sqlite3.Connection,
    loaded: Loaded,
    gathered: Gathered,
    held: Sequence[SignedCheckpoint],
    *,
    unsigned_end: bool,
) -> None:
    """Every checkpoint must be of this log and lead to these entries; the last one must cover them all."""
    if loaded.key is None or not loaded.size:
        raise ProofError("there are no entries in these files")
    # What was imported before may go further than these files: an older export, which opens names, is nothing unsigned.
    known = connection.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchall()
    further = sorted([*held, *(SignedCheckpoint.parse(note) for (note,) in known)], key=_size)
    for signed in heapq.merge(gathered.checkpoints(), further, key=_size):
        stated = signed.verify(loaded.key)
        try:
            check_prefix(connection, stated, loaded.size)
        except LedgerError as error:
            for each in gathered.checkpoints():
                check_fork(connection, loaded.key, signed, each)
            raise ConsistencyError(
                f"the log signed for {stated.size} entries with another root than these lead to, or for more "
                f"than the {loaded.size} that are here"
            ) from error
        connection.execute(
            "INSERT OR IGNORE INTO checkpoints (size, root, note) VALUES (?, ?, ?)",
            (stated.size, stated.root, str(signed)),
        )
        loaded.signed = max(loaded.signed, stated.size)
    if loaded.signed < loaded.size and not unsigned_end:
        raise ProofError(
            f"no checkpoint covers entries {loaded.signed} to {loaded.size - 1}: nobody signed for them yet; "
            "export the log again after `genzu ledger checkpoint`"
        )


def _size(signed: SignedCheckpoint) -> int:
    return signed.checkpoint.size


def check_fork(
    connection: sqlite3.Connection, key: VerifyKey, older: SignedCheckpoint, newer: SignedCheckpoint
) -> None:
    """Raises LogForked where the log signed both, and these entries lead to `newer` and do not begin with `older`."""
    if older.checkpoint.size <= newer.checkpoint.size <= size_of(connection):
        found = misbehaviour(key, older, newer, nodes_in(connection))
        if found is not None:
            raise LogForked(found.verify(key), str(found))


def remove_database(part: Path) -> None:
    """Removes a database and what SQLite left beside it; nothing where there is none."""
    part.unlink(missing_ok=True)
    _remove_beside(part)


def _remove_beside(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
