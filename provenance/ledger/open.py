"""Opening a ledger: what is missing is made, what was lost comes back, what does not fit is refused.

For writing, in this order: entries that only the backup holds, the database file, the tables, the key, the first
entry; then the last checkpoint is compared with the tree, and what a crash left of an erasure is finished.
"""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from provenance.errors import (
    IdentityError,
    LedgerDamaged,
    LedgerError,
    NotRecorded,
    OutputError,
    Remedy,
    StatementError,
    Way,
)
from provenance.ledger import key_files as keeping
from provenance.ledger.entries.bodies import Created, created_body
from provenance.ledger.entries.shape import read
from provenance.ledger.store import checkpoints as signed_sizes
from provenance.ledger.store import erasure, schema
from provenance.ledger.store.database import Database, turnstile_of
from provenance.ledger.store.rows import entry_at
from provenance.ledger.store.tree import size_of
from provenance.ledger.store.turnstile import Turnstile
from provenance.proof.note import SigningKey, VerifyKey
from provenance.statement.commitment import Body
from provenance.storage.lock import need_locks

Begin = Callable[[Database, Body], None]  # writes an empty ledger's first entry (store/writer.py)


class AnyBackup(Protocol):
    """What follows a ledger, and brings it back when the disk was lost (copies/backup.py)."""

    folder: Path

    def holds_entries(self) -> bool:
        """Whether there is a ledger in it."""

    def fetch(self) -> None:
        """Takes in what a remote place has of it."""

    def restore(self, path: Path, key: VerifyKey) -> object:
        """Brings the ledger at `path` up to what was fetched."""

    def push(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        """Copies what is new."""

    def forget(self, connection: sqlite3.Connection, key: VerifyKey) -> None:
        """Writes the private texts anew, without those that were erased."""

    def state(self, size: int) -> str:
        """How durable a ledger of `size` entries is, in one sentence."""

    def arrived(self, size: int, patience: float = 0.0) -> int:
        """How many of the first `size` entries are in it; waits at most `patience` seconds for an upload."""

    def settle(self) -> None:
        """Waits for uploads that are under way."""

    def close(self) -> None:
        """Waits for uploads that are under way, and tries once more for those that failed."""


@dataclass(frozen=True, slots=True)
class OpenedLog:
    """A database whose tables are current, its ledger's id and keys; `key` None: for reading only."""

    database: Database
    ledger: str
    verify_key: VerifyKey
    key: SigningKey | None = None


def open_for_reading(path: Path) -> OpenedLog:
    """Creates nothing, and needs no key."""
    need_file(path)
    database = Database(path, read_only=True)
    try:
        return _opened(database, None)
    except BaseException:
        database.close()
        raise


def open_for_writing(
    path: Path, key: Path, checkpoints: Path | None, backup: AnyBackup | None, *, begin: Begin
) -> OpenedLog:
    """Makes what is missing. IdentityError without the right key, LedgerDamaged where the last checkpoint disagrees."""
    need_locks()
    keeping.make_folder(path)
    if backup is not None:
        backup.fetch()  # outside: a network that does not answer would keep every other writer waiting
    with turnstile_of(path) as turnstile:
        if backup is not None:
            _restore(path, key, backup)
        return _open_in_turn(path, key, checkpoints, turnstile, begin)


def _open_in_turn(
    path: Path, key: Path, checkpoints: Path | None, turnstile: Turnstile, begin: Begin
) -> OpenedLog:
    if not has_content(path) and checkpoints is not None and keeping.last_held(checkpoints) is not None:
        raise LedgerDamaged(
            f"{checkpoints} holds checkpoints of a ledger, and {path} is gone: restore it, "
            "or move the checkpoints away to begin a new one",
            remedies=(),
        )
    keeping.make_database_file(path)
    database = Database(path, read_only=False, turnstile=turnstile)
    try:
        with database.maintain() as connection:
            schema.migrate(connection)
        opened = _opened(database, _first_entry(database, key, begin))
        _check(opened, checkpoints)
        erasure.scrub(database)
    except BaseException:
        database.close()
        raise
    return opened


def last_time(path: Path) -> datetime | None:
    """When the last entry of the ledger at `path` was written; None where there is none that can be read."""
    if not has_content(path):
        return None
    database = Database(path, read_only=True)
    question = "SELECT at FROM entries ORDER BY seq DESC LIMIT 1"
    try:
        row = database.ask(lambda db: db.execute(question).fetchone())
        return None if row is None else datetime.fromisoformat(row[0])
    except (LedgerError, OutputError, ValueError, TypeError):
        return None  # opening the ledger says what is wrong with it
    finally:
        database.close()


def need_file(path: Path) -> None:
    """Raises NotRecorded where there is no ledger."""
    if not has_file(path):
        remedies = (Remedy(Way.ANOTHER_HOME), Remedy(Way.BEGIN))
        raise NotRecorded(f"there is no ledger at {path}", remedies=remedies)


def has_file(path: Path) -> bool:
    # os.path answers False where a folder is closed to us; Path would raise.
    return os.path.isfile(path)  # noqa: PTH113


def has_content(path: Path) -> bool:
    return has_file(path) and os.path.getsize(path) > 0  # noqa: PTH202


def _opened(database: Database, key: SigningKey | None) -> OpenedLog:
    created = database.ask(_created)
    return OpenedLog(database, created.ledger, VerifyKey.parse(created.key), key)


def _restore(path: Path, key: Path, backup: AnyBackup) -> None:
    """Brings back what the backup holds and the ledger lacks."""
    held = keeping.read_key(key)
    if held is not None:
        backup.restore(path, held.verify_key)
    elif backup.holds_entries():
        raise IdentityError(
            f"the backup {backup.folder} holds a ledger whose key {key} is not here: "
            "put it back, or give its line in GENZU_LEDGER_KEY"
        )


def _first_entry(database: Database, path: Path, begin: Begin) -> SigningKey:
    """The ledger's key; in an empty ledger, makes it and the first entry."""
    empty = database.ask(size_of) == 0
    key = keeping.read_key(path)
    if key is None and not empty:
        raise IdentityError(
            f"the ledger's key {path} is missing, and without it nothing can be added; restore it. "
            "Reading and checking work without it"
        )
    if key is None:
        key = keeping.make_key(path)
    if empty:
        begin(database, created_body(key.name, str(key.verify_key)))
    return key


def _check(opened: OpenedLog, checkpoints: Path | None) -> None:
    """Refuses to write with another's key, or onto a tree that no longer is what was signed."""
    if opened.key is None or opened.key.verify_key != opened.verify_key:
        name = opened.key.name if opened.key else "nobody"
        raise IdentityError(
            f"the key given is of {name}, this is the ledger {opened.ledger}; give its own key"
        )
    with opened.database.read() as connection:
        last = signed_sizes.last_checkpoint(connection)
        held = keeping.last_held(checkpoints) if checkpoints else None
        for signed in (last, held):
            if signed is not None:
                signed_sizes.check_checkpoint(connection, signed, opened.verify_key)
        if checkpoints is not None and last is not None:
            keeping.hold(checkpoints, partial(signed_sizes.checkpoints_above, connection))


def _created(connection: sqlite3.Connection) -> Created:
    schema.check_current(connection)
    try:
        return read(Created, entry_at(connection, 0).body)
    except (StatementError, NotRecorded) as error:
        raise LedgerDamaged(f"entry 0 does not say whose ledger this is: {error}") from error
