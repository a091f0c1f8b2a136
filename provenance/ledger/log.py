"""The ledger: an append-only log of signed-for entries, and the questions that can be asked of it.

    with Ledger.open(home / "ledger.sqlite3", key=home / "keys" / "ledger.key") as ledger:
        asked = ledger.request(statement)                # durable before anything is made
        ledger.release(statement.picture, output=…)      # durable before the picture leaves
        print(ledger.checkpoint())                       # to be kept where the keeper cannot rewrite it

One writer at a time, in this process and between processes; readers beside it, from any thread. What is here
is order and identity; the tables are store/schema.py's, their reading store/reader.py's, the proofs provenance/proof's.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from provenance.errors import LedgerError, NotRecorded, Remedy, StatementError, Way
from provenance.ledger import key_files as keeping
from provenance.ledger.copies.export import Header, OpenedText, opened_lines, write_segment
from provenance.ledger.entries.bodies import closed_body, released_body
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed
from provenance.ledger.open import (
    AnyBackup,
    OpenedLog,
    has_file,
    need_file,
    open_for_reading,
    open_for_writing,
)
from provenance.ledger.receipts import receipt_of, shown_texts
from provenance.ledger.store import checkpoints as signed_sizes
from provenance.ledger.store import erasure
from provenance.ledger.store.census import Census
from provenance.ledger.store.disclosed import disclosed_in
from provenance.ledger.store.reader import Reader
from provenance.ledger.store.rebuild import rebuild
from provenance.ledger.store.records import CreditRecord, PersonRecord, PictureRecord, State
from provenance.ledger.store.requests import open_request, request_items
from provenance.ledger.store.rows import entries_from, entry_at
from provenance.ledger.store.tree import size_of
from provenance.ledger.store.writer import Writer, write_first
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.receipt import Receipt
from provenance.statement.canonical import Digest
from provenance.statement.commitment import Body
from provenance.statement.json_value import Json
from provenance.statement.statement import ModelUse, Resource, Statement

PAGE = 500  # entries in one read
PATIENCE = 15.0  # seconds that a receipt waits for a backup
T = TypeVar("T")


class Ledger:
    """One open ledger. `id` is its checkpoints' origin, `verify_key` the public half of its key."""

    def __init__(
        self,
        opened: OpenedLog,
        checkpoints: Path | None = None,
        backup: AnyBackup | None = None,
        *,
        lasts: bool = True,
    ) -> None:
        self._db = opened.database
        self._writer = Writer(opened.database)
        self._key = opened.key
        self._held = checkpoints
        self._backup = backup
        self._lasts = lasts
        self._census = Census()
        self.id = opened.ledger
        self.verify_key = opened.verify_key
        self.path = opened.database.path
        self._copy()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        key: Path,
        checkpoints: Path | None = None,
        create: bool = True,
        read_only: bool = False,
        backup: AnyBackup | None = None,
        lasts: bool = True,
    ) -> "Ledger":
        """Opens the ledger at `path`; the first start makes its key and its first entry.

        Entries that a `backup` holds and this disk has lost come back first. `lasts` False: this disk is wiped at
        each restart, so nothing is given out that the backup does not hold. Read-only opening creates nothing, needs
        no key, and reads a ledger that another process is writing.
        """
        if read_only:
            return cls(open_for_reading(path))
        if not create and (backup is None or not (has_file(path) or backup.holds_entries())):
            need_file(path)
        opened = open_for_writing(path, key, checkpoints, backup, begin=write_first)
        return cls(opened, checkpoints, backup, lasts=lasts)

    def append(self, kind: EntryKind, body: Body) -> Entry:
        """The entry, durable; private texts are sealed and kept apart."""
        return self.append_all([(kind, body)])[0]

    def append_all(self, items: Sequence[tuple[EntryKind, Body]]) -> list[Entry]:
        """The entries of one commit: all of them are there, or none."""
        return self.change(lambda db: self._writer.append(db, items))

    def request(self, statement: Statement) -> Entry:
        """Writes down what is about to be made, with the people and the model that are new to the ledger."""
        return self.change(lambda db: self._writer.append(db, request_items(Reader(db), statement))[-1])

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
            body = released_body(
                picture,
                open_request(connection, picture),
                output=output,
                signer=signer,
                manifest=manifest,
                time_stamped=time_stamped,
                facts=facts,
            )
            return self._writer.append(connection, [(EntryKind.PICTURE_RELEASED, body)])[0]

        return self.change(write)

    def close_without(self, picture: str, kind: EntryKind, reason: str) -> Entry:
        """Writes down that there is no picture: cancelled or failed. The reason stays for ever."""
        if kind not in {EntryKind.PICTURE_CANCELLED, EntryKind.PICTURE_FAILED}:
            raise StatementError(f"a picture is closed as cancelled or failed, not as {kind}")

        def write(connection: sqlite3.Connection) -> Entry:
            body = closed_body(picture, open_request(connection, picture), reason)
            return self._writer.append(connection, [(kind, body)])[0]

        return self.change(write)

    def checkpoint(self) -> SignedCheckpoint:
        """What the ledger holds now, signed; in the database, and in the file that is meant to be copied.

        LedgerDamaged instead of a signature where the tree no longer continues the last checkpoint.
        """
        key, signed = self._key, self.ask(signed_sizes.last_checkpoint)
        if signed is not None and (key is None or signed.checkpoint.size == len(self)):
            return signed
        if key is None:
            raise NotRecorded(f"{self.path} has no checkpoint yet", remedies=(Remedy(Way.SIGN_CHECKPOINT),))
        signed = self.change(lambda db: signed_sizes.sign_now(db, key))
        if self._held is not None:
            above = signed_sizes.checkpoints_above
            keeping.hold(self._held, lambda size: self.ask(lambda db: list(above(db, size))))
        return signed

    def checkpoint_to_give(self, patience: float = 0.0) -> SignedCheckpoint | None:
        """The newest checkpoint that may be handed to somebody: it, or anything under it, is held against us for ever.

        On a disk that is wiped it covers what the backup holds, and no more: a log that lost its last entries goes on
        with others, and a checkpoint of the lost ones would prove that it forked. Waits so many seconds for the
        backup; None where nothing has arrived yet.
        """
        signed = self.checkpoint()
        if self._lasts or self._backup is None:
            return signed
        arrived = self._backup.arrived(signed.checkpoint.size, patience)
        return (
            signed
            if arrived >= signed.checkpoint.size
            else self.ask(lambda db: signed_sizes.checkpoint_within(db, arrived))
        )

    def checkpoint_covering(self, size: int) -> SignedCheckpoint:
        """One to give that covers the first `size` entries; LedgerError where the backup has not got them yet."""
        given = self.checkpoint_to_give(PATIENCE)
        if given is not None and (self._lasts or given.checkpoint.size >= min(size, len(self))):
            return given
        raise LedgerError(
            "this is not in the backup yet, and this server's disk does not last: "
            "a receipt is given once it is there; try again in a minute"
        )

    @property
    def signed(self) -> int:
        """How many entries the last checkpoint covers; 0 where there is none."""
        return last.checkpoint.size if (last := self.ask(signed_sizes.last_checkpoint)) else 0

    def receipt(
        self,
        seq: int,
        *,
        opened: bool = True,
        hidden: Collection[str] = (),
        under: SignedCheckpoint | None = None,
    ) -> Receipt:
        """The proof that entry `seq` is in the log, for anyone to check without it.

        With a picture come the entries of its release and its people; `opened` shows their names, but for `hidden`.
        `under` is an older checkpoint that is to stand in it, such as one that a witness signed.
        """
        given = self.checkpoint_covering(max(seq + 1, under.checkpoint.size if under is not None else 0))
        signed = under or given
        if under is not None:
            self.ask(lambda db: signed_sizes.check_checkpoint(db, under, self.verify_key))
        if not 0 <= seq < signed.checkpoint.size:
            raise NotRecorded(
                f"no checkpoint covers entry {seq}; the last has {signed.checkpoint.size} entries"
            )
        return self.ask(lambda db: receipt_of(db, seq, signed, self.verify_key, opened=opened, hidden=hidden))

    def erase(self, about: str) -> Entry | None:
        """Forgets every private text about a person, a picture or a dispute, down to the bytes on the disk.

        None where nothing is held. While another process reads an older state the bytes wait for the next start.
        """
        entry = self.change(lambda db: erasure.erase(db, self._writer.append, about))
        erasure.scrub(self._db)
        if (backup := self._backup) is not None:
            self.ask(lambda db: backup.forget(db, self.verify_key))
        return entry

    def rebuild(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the projections, the index and the tree again from the entries; how many entries that were.

        LedgerDamaged, and nothing changed, where the entries are not those that were signed for.
        """
        return self.change(lambda db: rebuild(db, on_progress))

    def export(
        self,
        out: Path,
        *,
        start: int = 0,
        names: bool = False,
        private: bool = False,
        hidden: Collection[str] = (),
    ) -> int:
        """Writes a new file of entries from `start` on, ending in the checkpoint; how many entries (copies/export.py).

        `names` adds what opens the names and prompts that are shown anyway, but of nobody in `hidden` (receipts.py);
        `private` all that is sealed. Others can check every entry without either.
        """
        signed = self.checkpoint()
        header, stop = Header(self.id, self.verify_key, start), signed.checkpoint.size

        def write(db: sqlite3.Connection) -> None:
            opened: Iterable[bytes] = ()
            if private:
                opened = opened_lines(db, start, stop)
            elif names:
                opened = (OpenedText(*each).line for each in shown_texts(db, start, stop, hidden))
            write_segment(out, db, header, signed, opened)

        self.ask(write)
        return stop - start

    def entry(self, seq: int) -> Entry:
        return self.ask(lambda db: entry_at(db, seq))

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Entries in order, as many as there were when the iteration reached them."""
        while stop is None or start < stop:
            end = start + PAGE if stop is None else min(stop, start + PAGE)
            page = self.ask(partial(entries_from, start=start, stop=end))
            yield from page
            if len(page) < end - start:
                return
            start = end

    def __len__(self) -> int:
        return self.ask(size_of)

    def picture(self, picture: str) -> PictureRecord:
        return self.ask(lambda db: Reader(db).picture(picture))

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
        return self.ask(
            lambda db: Reader(db).pictures(
                state=state, shot=shot, production=production, text=text, limit=limit
            )
        )

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]:
        """The pictures whose signed file this is, newest first."""
        return self.ask(lambda db: Reader(db).pictures_with_file(digest))

    def pictures_with_pixels(self, digest: Digest) -> list[PictureRecord]:
        """The pictures that show exactly these pixels, newest first."""
        return self.ask(lambda db: Reader(db).pictures_with_pixels(digest))

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]:
        """The pictures that had this file among their inputs, newest first."""
        return self.ask(lambda db: Reader(db).pictures_made_from(digest))

    def pictures_calling(self, name: str) -> list[PictureRecord]:
        """The pictures whose file has this name for somebody in place of the one on record, newest first."""
        return self.ask(lambda db: Reader(db).pictures_calling(name))

    def children(self, picture: str) -> list[PictureRecord]:
        """The pictures made from this one, newest first."""
        return self.ask(lambda db: Reader(db).children(picture))

    def people(self) -> list[PersonRecord]:
        return self.ask(lambda db: Reader(db).people())

    def people_named(self, name: str) -> list[PersonRecord]:
        """People of exactly this name; several may share it."""
        return self.ask(lambda db: Reader(db).people_named(name))

    def person(self, person: str) -> PersonRecord:
        return self.ask(lambda db: Reader(db).person(person))

    def credits_of(self, person: str) -> list[CreditRecord]:
        """What this record credits somebody on; LedgerDamaged where the tables hide some of it (census.py)."""

        def look(connection: sqlite3.Connection) -> list[CreditRecord]:
            reader = Reader(connection)
            self._census.need_whole(connection, person, reader.person(person).added)
            return reader.credits_of(person)

        return self.ask(look)

    def disclosed(self, kinds: Collection[EntryKind], start: int = 0) -> list[Disclosed]:
        """Entries of these kinds from `start` on, in order, with their private texts opened where they are still held.

        For what is said beside the pictures: people, consents, choices, disputes (provenance/people/).
        """
        return self.ask(lambda db: disclosed_in(db, kinds, start))

    def model(self, digest: Digest) -> ModelUse:
        return self.ask(lambda db: Reader(db).model(digest))

    @property
    def durability(self) -> str:
        """Where the record is kept, in one sentence, for the page to say."""
        backup = self._backup
        return backup.state(len(self)) if backup else "the record is kept on this disk only"

    def settle(self) -> None:
        """Waits for the backup's uploads that are under way."""
        if self._backup is not None:
            self._backup.settle()

    def close(self) -> None:
        """Waits for the backup's uploads, bounded (copies/upload.py), and lets go of the file."""
        try:
            if self._backup is not None:
                self._backup.close()
        finally:
            self._db.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Runs a question within one unchanging view; for the other files of this package."""
        return self._db.ask(question)

    def change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs a change within one transaction; for the other files of this package."""
        done = self._writer.write(work)
        self._copy()
        return done

    def _copy(self) -> None:
        """Lets the backup follow; it never stops the record."""
        if (backup := self._backup) is not None:
            self.ask(lambda db: backup.push(db, self.verify_key))
