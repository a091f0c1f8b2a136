"""The ledger: an append-only log of signed-for entries, and the questions that can be asked of it.

    with Ledger.open(home / "ledger.sqlite3", key=home / "keys" / "ledger.key") as ledger:
        asked = ledger.request(statement)                # durable before anything is made
        ledger.release(statement.picture, output=…)      # durable before the picture leaves
        print(ledger.checkpoint())                       # to be kept where the keeper cannot rewrite it

One writer at a time, in this process and between processes; readers beside it, from any thread. What is here
is order and identity; the tables are schema.py's, their reading query.py's, the proofs provenance/proof's.
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from provenance.canonical import Digest, Json
from provenance.errors import IdentityError, LedgerDamaged, NotRecorded, OutputError, StatementError
from provenance.ledger import body as bodies
from provenance.ledger import erasure, keeping, projection, schema, segments, tree, writing
from provenance.ledger.asking import request_items
from provenance.ledger.backup import Backup
from provenance.ledger.database import Database
from provenance.ledger.entry import Entry, EntryKind
from provenance.ledger.proving import receipt_of
from provenance.ledger.query import Reader, entries_from, entry_at
from provenance.ledger.record import CreditRecord, PersonRecord, PictureRecord, State
from provenance.ledger.said import Said, said_in
from provenance.ledger.tree import size_of
from provenance.private import Body
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.note import SigningKey, VerifyKey
from provenance.proof.receipt import Receipt
from provenance.statement import ModelUse, Resource, Statement

PAGE = 500  # entries read in one transaction when all are asked for
T = TypeVar("T")


class Ledger:
    """One open ledger. `id` is its checkpoints' origin, `verify_key` the public half of its key."""

    def __init__(
        self,
        database: Database,
        key: SigningKey | None,
        checkpoints: Path | None,
        backup: Backup | None = None,
    ) -> None:
        self._db = database
        self._writer = writing.Writer(database)
        self._key = key
        self._held = checkpoints
        self._backup = backup
        created = self._ask(_created)
        self.id = created.ledger
        self.verify_key = VerifyKey.parse(created.key)
        self.path = database.path

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        key: Path,
        checkpoints: Path | None = None,
        create: bool = True,
        read_only: bool = False,
        backup: Backup | None = None,
    ) -> "Ledger":
        """Opens the ledger at `path`; the first start makes its key and its first entry.

        Entries that a `backup` holds and this disk has lost come back first. Read-only opening creates nothing,
        needs no key, and reads a ledger that another process is writing.
        """
        # os.path answers False where a folder is closed to us; Path would raise.
        if (read_only or not create) and not os.path.isfile(path):  # noqa: PTH113
            raise NotRecorded(f"there is no ledger at {path}; record a picture first, or give another --home")
        if read_only:
            return cls._checked(Database(path, read_only=True), None, None, None)
        if backup is not None:
            _restore(path, key, backup)
        fresh = not os.path.isfile(path) or os.path.getsize(path) == 0  # noqa: PTH113, PTH202
        if fresh and checkpoints is not None and keeping.last_held(checkpoints) is not None:
            raise LedgerDamaged(
                f"{checkpoints} holds checkpoints of a ledger, and {path} is gone: restore it, "
                "or move the checkpoints away to begin a new one"
            )
        keeping.make_database_file(path)
        database = Database(path, read_only=False)
        try:
            with database.maintain() as connection:
                schema.migrate(connection)
            return cls._checked(database, _first_entry(database, key), checkpoints, backup)
        except BaseException:
            database.close()
            raise

    @classmethod
    def _checked(
        cls, database: Database, key: SigningKey | None, checkpoints: Path | None, backup: Backup | None
    ) -> "Ledger":
        try:
            with database.read() as connection:
                schema.check_current(connection)
            ledger = cls(database, key, checkpoints, backup)
            if key is not None:
                ledger._check(key)
                erasure.scrub(database)
                ledger._copy()
            return ledger
        except BaseException:
            database.close()
            raise

    # -- writing ---------------------------------------------------------------------------------------------

    def append(self, kind: EntryKind, body: Body) -> Entry:
        """The entry, durable; private texts are sealed and kept apart."""
        return self.append_all([(kind, body)])[0]

    def append_all(self, items: Sequence[tuple[EntryKind, Body]]) -> list[Entry]:
        """The entries of one commit: all of them are there, or none."""
        return self._write(lambda db: self._writer.append(db, items))

    def request(self, statement: Statement) -> Entry:
        """Writes down what is about to be made, with the people and the model that are new to the ledger."""
        return self._write(lambda db: self._writer.append(db, request_items(Reader(db), statement))[-1])

    def release(
        self,
        picture: str,
        *,
        output: Resource,
        signer: Digest,
        manifest: str,
        time_stamped: bool,
        facts: Mapping[str, Json],
    ) -> Entry:
        """Writes down what came out, before it leaves."""

        def write(connection: sqlite3.Connection) -> Entry:
            body = bodies.released_body(
                picture,
                writing.open_request(connection, picture),
                output=output,
                signer=signer,
                manifest=manifest,
                time_stamped=time_stamped,
                facts=facts,
            )
            return self._writer.append(connection, [(EntryKind.PICTURE_RELEASED, body)])[0]

        return self._write(write)

    def close_without(self, picture: str, kind: EntryKind, reason: str) -> Entry:
        """Writes down that there is no picture: cancelled or failed. The reason stays for ever."""
        if kind not in {EntryKind.PICTURE_CANCELLED, EntryKind.PICTURE_FAILED}:
            raise StatementError(f"a picture is closed as cancelled or failed, not as {kind}")

        def write(connection: sqlite3.Connection) -> Entry:
            body = bodies.closed_body(picture, writing.open_request(connection, picture), reason)
            return self._writer.append(connection, [(kind, body)])[0]

        return self._write(write)

    def checkpoint(self) -> SignedCheckpoint:
        """What the ledger holds now, signed; in the database, and in the file that is meant to be copied.

        LedgerDamaged instead of a signature where the tree no longer continues the last checkpoint.
        """
        key = self._key
        if key is None:
            signed = self._ask(writing.last_checkpoint)
            if signed is None:
                raise NotRecorded(f"{self.path} has no checkpoint yet; run `genzu ledger checkpoint`")
            return signed
        signed = self._write(lambda db: writing.sign_now(db, key))
        if self._held is not None:
            keeping.hold(self._held, lambda size: self._ask(lambda db: writing.checkpoints_above(db, size)))
        return signed

    def receipt(self, seq: int, *, opened: bool = True) -> Receipt:
        """The proof that entry `seq` is in the log, for anyone to check without it.

        With a picture come the entries of its release and its people; `opened` shows their names.
        """
        signed = self.checkpoint()
        if not 0 <= seq < signed.checkpoint.size:
            raise NotRecorded(
                f"no checkpoint covers entry {seq}; the last has {signed.checkpoint.size} entries"
            )
        return self._ask(lambda db: receipt_of(db, seq, signed, self.verify_key, opened=opened))

    def erase(self, about: str) -> Entry | None:
        """Forgets every private text about a person, a picture or a dispute, down to the bytes on the disk.

        None where nothing is held. While another process reads an older state the bytes wait for the next start.
        """
        entry = self._write(lambda db: erasure.erase(db, self._writer, about))
        erasure.scrub(self._db)
        if self._backup is not None:
            backup = self._backup
            self._ask(lambda db: backup.forget(db, self.verify_key))
        return entry

    def rebuild(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the projections, the index and the tree again from the entries; how many entries that were.

        LedgerDamaged, and nothing changed, where the entries are not those that were signed for.
        """

        def work(connection: sqlite3.Connection) -> int:
            size = size_of(connection)
            tree.rebuild(connection)
            last = writing.last_checkpoint(connection)
            if last is not None:
                writing.check_prefix(connection, last.checkpoint, size)
            projection.rebuild(connection, _watched(connection, size, on_progress))
            return size

        try:
            return self._write(work)
        except StatementError as error:
            raise LedgerDamaged(f"an entry cannot be true: {error}; run `genzu ledger verify`") from error

    def export(self, out: Path, *, start: int = 0, names: bool = False) -> int:
        """Writes a new file of entries from `start` on, ending in the checkpoint; how many entries (segments.py).

        `names` adds what opens the sealed texts. For others leave it out: they can check all of it without.
        """
        signed = self.checkpoint()
        stop = signed.checkpoint.size
        if not 0 <= start < stop:
            raise NotRecorded(
                f"there is no entry {start} under the last checkpoint, which has {stop} entries"
            )

        def lines(connection: sqlite3.Connection) -> Iterator[bytes]:
            yield segments.Header(self.id, self.verify_key, start).line
            yield from segments.entry_lines(connection, start, stop)
            if names:
                yield from segments.opened_lines(connection, start, stop)
            yield segments.checkpoint_line(signed)

        try:
            return self._ask(lambda db: segments.write_lines(out, lines(db))) and stop - start
        except FileExistsError:
            raise OutputError(f"{out} exists already; give another name") from None
        except OSError as error:
            raise OutputError(f"{out} could not be written: {error.strerror}") from error

    # -- reading ---------------------------------------------------------------------------------------------

    def entry(self, seq: int) -> Entry:
        return self._ask(lambda db: entry_at(db, seq))

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Entries in order, as many as there were when the iteration reached them."""
        while stop is None or start < stop:
            end = start + PAGE if stop is None else min(stop, start + PAGE)
            with self._db.read() as connection:
                page = entries_from(connection, start, end)
            yield from page
            if len(page) < end - start:
                return
            start = end

    def __len__(self) -> int:
        return self._ask(size_of)

    def picture(self, picture: str) -> PictureRecord:
        return self._ask(lambda db: Reader(db).picture(picture))

    def pictures(
        self,
        *,
        state: State | None = None,
        shot: str | None = None,
        production: str | None = None,
        text: str | None = None,
        limit: int = 50,
    ) -> list[PictureRecord]:
        """Pictures, newest first. `text`: each of its words stands in prompt, note or a credited name."""
        return self._ask(
            lambda db: Reader(db).pictures(
                state=state, shot=shot, production=production, text=text, limit=limit
            )
        )

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]:
        """The pictures whose signed file this is, newest first."""
        return self._ask(lambda db: Reader(db).pictures_with_file(digest))

    def pictures_with_pixels(self, digest: Digest) -> list[PictureRecord]:
        """The pictures that show exactly these pixels, newest first."""
        return self._ask(lambda db: Reader(db).pictures_with_pixels(digest))

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]:
        """The pictures that had this file among their inputs, newest first."""
        return self._ask(lambda db: Reader(db).pictures_made_from(digest))

    def children(self, picture: str) -> list[PictureRecord]:
        """The pictures made from this one, newest first."""
        return self._ask(lambda db: Reader(db).children(picture))

    def people(self) -> list[PersonRecord]:
        return self._ask(lambda db: Reader(db).people())

    def people_named(self, name: str) -> list[PersonRecord]:
        """People of exactly this name; several may share it."""
        return self._ask(lambda db: Reader(db).people_named(name))

    def person(self, person: str) -> PersonRecord:
        return self._ask(lambda db: Reader(db).person(person))

    def credits_of(self, person: str) -> list[CreditRecord]:
        return self._ask(lambda db: Reader(db).credits_of(person))

    def said(self, kinds: Collection[EntryKind]) -> list[Said]:
        """Entries of these kinds, in order, with their private texts opened where they are still held.

        For what is said beside the pictures: people, consents, choices, disputes (provenance/people/).
        """
        return self._ask(lambda db: said_in(db, kinds))

    def model(self, digest: Digest) -> ModelUse:
        return self._ask(lambda db: Reader(db).model(digest))

    @property
    def durability(self) -> str:
        """Where the record is kept, in one sentence, for the page to say."""
        if self._backup is None:
            return "the record is kept on this disk only"
        return self._backup.state(len(self))

    # -- closing ---------------------------------------------------------------------------------------------

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- within ----------------------------------------------------------------------------------------------

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with self._db.read() as connection:
            return question(connection)

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        done = self._writer.write(work)
        self._copy()
        return done

    def _copy(self) -> None:
        """Lets the backup follow; it never stops the record."""
        if self._backup is not None:
            backup = self._backup
            self._ask(lambda db: backup.push(db, self.verify_key))

    def _check(self, key: SigningKey) -> None:
        """Refuses to write with another's key, or onto a tree that no longer is what was signed."""
        if key.verify_key != self.verify_key:
            raise IdentityError(
                f"the key given is of {key.name}, {self.path} is the ledger {self.id}; give its own key"
            )
        last = self._ask(writing.last_checkpoint)
        held = keeping.last_held(self._held) if self._held else None
        for signed in (last, held):
            if signed is not None:
                self._ask(partial(writing.check_checkpoint, signed=signed, key=self.verify_key))


def _restore(path: Path, key: Path, backup: Backup) -> None:
    """Brings back what the backup holds and the ledger lacks."""
    held = keeping.read_key(key)
    if held is not None:
        backup.restore(path, held.verify_key)
    elif backup.holds_entries():
        raise IdentityError(
            f"the backup {backup.folder} holds a ledger, and its key {key} is not here: put the key back"
        )


def _first_entry(database: Database, path: Path) -> SigningKey:
    """The ledger's key; in an empty ledger, makes it and the first entry."""
    with database.read() as connection:
        empty = size_of(connection) == 0
    key = keeping.read_key(path)
    if key is None and not empty:
        raise IdentityError(
            f"the ledger's key {path} is missing, and without it nothing can be added; restore it. "
            "Reading and checking work without it"
        )
    if key is None:
        key = keeping.make_key(path)
    if empty:
        body = bodies.created_body(key.name, str(key.verify_key))
        writer = writing.Writer(database)

        def begin(connection: sqlite3.Connection) -> None:
            if size_of(connection) == 0:  # else another process was first
                writer.append(connection, [(EntryKind.LEDGER_CREATED, body)])

        writer.write(begin)
    return key


def _watched(
    connection: sqlite3.Connection, size: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[Entry]:
    for start in range(0, size, PAGE):
        if on_progress is not None:
            on_progress(start, size)
        yield from entries_from(connection, start, min(size, start + PAGE))


def _created(connection: sqlite3.Connection) -> bodies.Created:
    try:
        return bodies.read_created(entry_at(connection, 0).body)
    except (StatementError, NotRecorded) as error:
        raise LedgerDamaged(f"entry 0 does not say whose ledger this is: {error}") from error
