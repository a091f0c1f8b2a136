"""Checking a ledger from its bytes: every hash computed again, every stored one compared, the fault named.

Nothing here trusts an index or a projection: entries are read in their order, the tree is built beside the stored
one, and each checkpoint is compared when its size is reached. What cannot be shown without a checkpoint from
outside is said in the report: the keeper holds the key, and can rewrite all of it alike.

    entry        a row is not what its hash was taken over, is missing, or cannot be true
    tree         a stored subtree is not that of the entries below it
    checkpoint   a signed size and root is not that of these entries
    private      a name or prompt was changed, or vanished without an entry that says so
    projection   a table made for reading says something else than the entries (thorough)
    anchor       a time stamp, or a request for one, is not the row that was stored
    database     SQLite finds its own pages damaged, or the schema is another
    vault        a file that an entry names is missing or damaged, evidence of a dispute too (with a vault)
    key          the signing key beside the ledger is another's, or none (with its file)

What was not looked at is part of the report, too: `unchecked`.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from provenance.errors import IdentityError, LedgerError, ProofError, StatementError
from provenance.ledger.check.checkpoints import (
    SIGNATURES,
    Kept,
    forked,
    length_of,
    outside_faults,
    stored_faults,
)
from provenance.ledger.check.entries import Fault, Walk
from provenance.ledger.check.files import vault_faults
from provenance.ledger.check.tables import aside_faults, database_faults, projection_faults, schema_faults
from provenance.ledger.copies.load import up_to_date_copy
from provenance.ledger.entries.bodies import Created
from provenance.ledger.entries.shape import read
from provenance.ledger.key_files import read_key
from provenance.ledger.open import has_file, need_file
from provenance.ledger.store.database import Database
from provenance.ledger.store.rows import entry_at
from provenance.ledger.store.schema import MIGRATIONS, VERSION, check_current, check_readable, version
from provenance.proof.checkpoint import Misbehaviour
from provenance.proof.note import VerifyKey
from provenance.storage.vault import Vault

_PIECE = 1 << 20  # bytes
T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what is being done, how far, of how many


class Unchecked(StrEnum):
    """What a check did not look at."""

    TABLES = "tables"  # those that commands answer from; `thorough` makes them again
    FILES = "files"  # of the vault
    SIGNATURES = "signatures"  # of the older checkpoints
    CHECKPOINTS_FILE = "checkpoints file"  # it is not there, though checkpoints were signed
    KEY = "key"  # its file is not there


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `faults` empty: these entries are the ones that every checkpoint compared was signed for.

    `outside` is the size of the largest checkpoint from outside that the entries, hashed anew, lead to: those from
    there on could have been rewritten by whoever holds the key. `backwards` are the places at which the log's clock
    ran back: the entry, the time before it, its own.
    """

    ledger: str
    size: int
    root: bytes | None
    checkpoints: int
    faults: tuple[Fault, ...]
    more: int = 0  # faults beyond those listed
    outside: int | None = None
    copied: bool = False  # an earlier version wrote it: checked was a copy with the tables of this one
    files: int = 0
    misbehaviour: Misbehaviour | None = None
    unchecked: tuple[Unchecked, ...] = ()
    backwards: tuple[tuple[int, str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(
    path: Path,
    *,
    checkpoints: Path | None = None,
    against: Sequence[Kept] = (),
    thorough: bool = False,
    vault: Vault | None = None,
    key: Path | None = None,
    on_progress: Progress | None = None,
) -> Report:
    """Checks the ledger at `path`; LedgerError where it cannot be read at all.

    `checkpoints` is the file beside the database, `key` that of its signing key, `against` what others kept.
    `thorough` makes the projections again and compares every row, checks every index and every stored signature.
    """
    asked = _Asked(checkpoints, length_of(checkpoints), against, vault, key, on_progress, thorough)
    need_file(path)
    if _ask(path, _is_of_earlier_version):
        with up_to_date_copy(path) as copy:
            return replace(_ask(copy, asked.check), copied=True)
    return _ask(path, asked.check)


def _ask(path: Path, question: Callable[[sqlite3.Connection], T]) -> T:
    database = Database(path, read_only=True)
    try:
        return database.ask(question)
    finally:
        database.close()


def _is_of_earlier_version(connection: sqlite3.Connection) -> bool:
    check_readable(connection)
    found = version(connection)
    if not 0 < found < VERSION:
        return False
    # A number that the list of migrations does not bear out is damage, and no earlier version.
    applied = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
    return [name for (name,) in applied] == [name for name, _ in MIGRATIONS[:found]]


def read_ahead(path: Path) -> None:
    """Lets the system fetch the whole file ahead: SQLite asks page by page in the order of its trees, which a disk
    answers at a tenth of the speed. It costs nothing where the file is at hand already.

    Only for a process that has no ledger open: closing the file lets go of the locks that SQLite holds on it (POSIX).
    """
    if not hasattr(os, "posix_fadvise"):  # macOS, Windows
        return
    with suppress(OSError), path.open("rb") as file:
        # In pieces: of one large request the kernel takes only the beginning.
        for place in range(0, os.fstat(file.fileno()).st_size, _PIECE):
            os.posix_fadvise(file.fileno(), place, _PIECE, os.POSIX_FADV_WILLNEED)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be checked, and how thoroughly.

    `stop` is how long the checkpoints file is: a checkpoint enters the database first, so those in the file now must
    be among what is read from here on.
    """

    checkpoints: Path | None
    stop: int
    against: Sequence[Kept]
    vault: Vault | None
    key: Path | None
    on_progress: Progress | None
    thorough: bool

    def check(self, connection: sqlite3.Connection) -> Report:
        check_current(connection)
        faults = [*schema_faults(connection)]
        faults += database_faults(connection, thorough=self.thorough)
        faults += aside_faults(connection)
        watched = frozenset(each.signed.checkpoint.size for each in self.against)
        walk = Walk(connection, watched, self._step("entries"))
        walk.run()
        faults += walk.faults
        key, trouble = _key(connection)
        faults += trouble
        outside = None
        if key is not None:
            signed = self._step("checkpoints")
            faults += stored_faults(
                connection, key, self.checkpoints, self.stop, signed, everything=self.thorough
            )
            faults += outside_faults(walk, self.against, key)
            faults += _key_faults(self.key, key)
            outside = self._outside(walk, key)
        if self.thorough:
            faults += projection_faults(connection, walk.size, self._step("projections"))
        files = 0
        if self.vault is not None:
            files, trouble = vault_faults(connection, self.vault, self._step("files"))
            faults += trouble
        return Report(
            ledger=key.name if key else "",
            size=walk.size,
            root=walk.root(),
            checkpoints=walk.checkpoints,
            faults=tuple(faults),
            more=walk.more,
            outside=outside,
            files=files,
            misbehaviour=forked(connection, walk, self.against, key) if key else None,
            unchecked=tuple(self._unchecked(walk.checkpoints)),
            backwards=tuple(walk.backwards),
        )

    def _outside(self, walk: Walk, key: VerifyKey) -> int | None:
        """The largest checkpoint from outside that the entries lead to."""
        good = [each for each in self.against if not list(outside_faults(walk, [each], key))]
        return max((each.signed.checkpoint.size for each in good), default=None)

    def _unchecked(self, checkpoints: int) -> Iterator[Unchecked]:
        if not self.thorough:
            yield Unchecked.TABLES
        if self.vault is None:
            yield Unchecked.FILES
        if not self.thorough and checkpoints > SIGNATURES:
            yield Unchecked.SIGNATURES
        if checkpoints and self.checkpoints is not None and not has_file(self.checkpoints):
            yield Unchecked.CHECKPOINTS_FILE
        if self.key is not None and not has_file(self.key):
            yield Unchecked.KEY

    def _step(self, name: str) -> Callable[[int, int], None] | None:
        told = self.on_progress
        return None if told is None else lambda done, total: told(name, done, total)


def _key_faults(path: Path | None, key: VerifyKey) -> Iterator[Fault]:
    """Whether the signing key beside the ledger is its own."""
    if path is None:
        return
    try:
        found = read_key(path)
    except IdentityError as error:
        yield Fault("key", str(error))
        return
    if found is not None and found.verify_key != key:
        yield Fault(
            "key", f"{path} is the key of {found.name}, not this ledger's: nothing can be added with it"
        )


def _key(connection: sqlite3.Connection) -> tuple[VerifyKey | None, list[Fault]]:
    try:
        created = read(Created, entry_at(connection, 0).body)
        key = VerifyKey.parse(created.key)
    except (LedgerError, StatementError, ProofError) as error:
        return None, [Fault("entry", f"entry 0 does not say whose ledger this is: {error}", 0)]
    if created.ledger != key.name:
        return key, [Fault("entry", "entry 0 names another ledger than its key", 0)]
    return key, []
