"""Other studios' ledgers beside ours: each in a database of its own, checked against its own key.

    home/foreign/5f1c88d1a2b3c4d5.sqlite3                               named after its key, opened read only
    home/foreign/withdrawn/5f1c88d1a2b3c4d5-20261128T150405Z.sqlite3   asked no more, and kept

What is imported is never mixed into our tree, and never stops us: an entry that cannot be read is set aside when it
comes, and a copy that cannot be opened is withdrawn by whoever hears of it. A withdrawn copy stays a witness: what is
imported later of the same log must continue it. Its names and words go at once: nobody asks it for them, and that
ledger could not have them erased here any more.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from provenance.errors import (
    ConsistencyError,
    LedgerDamaged,
    LedgerError,
    NotRecorded,
    OutputError,
    ProofError,
    ProvenanceError,
)
from provenance.ledger.any_ledger import AnyLedger, Others
from provenance.ledger.copies.export import Header, Line, read_segment
from provenance.ledger.copies.load import (
    Loaded,
    bring_up_to_date,
    check_fork,
    keep_without_texts,
    load,
    remove_database,
    unfinished,
)
from provenance.ledger.key_files import make_folder
from provenance.ledger.log import Ledger
from provenance.ledger.store.database import turnstile_of
from provenance.ledger.store.erasure import held_texts
from provenance.proof.checkpoint import SignedCheckpoint, check_own_key
from provenance.proof.note import VerifyKey
from provenance.statement.canonical import Digest
from provenance.storage.atomic import sync_folder

FOLDER = "foreign"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Imported:
    """An imported ledger: its id, how many entries and under which checkpoint; or the `trouble` with its copy."""

    path: Path
    ledger: str = ""
    size: int = 0
    signed: int = 0
    trouble: str = ""


def import_log(
    folder: Path,
    files: Sequence[Path],
    *,
    own: str | None,
    key: VerifyKey | None = None,
    held: Sequence[SignedCheckpoint] = (),
    on_line: Callable[[int], None] | None = None,
) -> Loaded:
    """Takes another ledger's exported entries in, or their continuation.

    `own` is our ledger's id; `on_line` hears how many lines are read. ProofError where anything in the files was
    changed, or where they do not continue what was imported before; LogForked where that is proved to be the keeper's
    doing.
    """
    first = next(read_segment(files[0]), None) if files else None
    if not isinstance(first, Header):
        raise ProofError("there is no segment to import")
    if first.ledger == own:
        raise LedgerError("these entries are of this very ledger; a lost one comes back with GENZU_BACKUP")
    if key is None:
        check_own_key(first.key)
    # The log's name is a stranger's text; the digest of its key is a safe file name.
    path = folder / f"{Digest.of(str(first.key).encode()).hex[:16]}.sqlite3"
    make_folder(path)
    forget_in_withdrawn(folder)
    with turnstile_of(path):
        known = [*held, *_signed_before(path)]
        try:
            return load(path, _told(_lines(files), on_line), key=key, held=known, foreign=True)
        except ConsistencyError:
            if path.exists():
                _check_fork(path, files, first.key)
            raise


@contextmanager
def foreign_ledgers(
    folder: Path, on_unread: Callable[[str], None] | None = None
) -> Iterator[list[AnyLedger]]:
    """The imported ledgers, open for reading. `on_unread` hears why one does not open; without it that is raised."""
    with ExitStack() as stack:
        opened: list[AnyLedger] = []
        for path in _copies(folder):
            try:
                opened.append(stack.enter_context(_open(path)))
            except ProvenanceError as error:
                words = f"{error}; import it again, or withdraw {path.stem}"
                if on_unread is None:
                    raise LedgerError(f"an imported ledger cannot be read: {words}") from error
                on_unread(words)
        yield opened


@contextmanager
def others_in(home: Path) -> Iterator[Others]:
    """What was imported into the archive at `home`, open for reading; one that does not open is told in it."""
    unread: list[str] = []
    with foreign_ledgers(home / FOLDER, unread.append) as ledgers:
        yield Others(tuple(ledgers), tuple(unread))


def imported(folder: Path) -> list[Imported]:
    """Every imported ledger, and what is wrong with its copy."""
    return [_imported(path) for path in _copies(folder)]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A ledger that is asked no more: its id or its copy's name, where the copy is kept now, and what to say of it."""

    ledger: str
    kept: Path
    told: str


def withdraw(folder: Path, which: str) -> Withdrawn:
    """Asks an imported ledger no more; its copy is kept without names and words.

    `which` is the ledger's id, or the beginning of its copy's name: of a copy that does not open no more is known.
    NotRecorded where nothing that was imported is called so.
    """
    known = imported(folder)
    found = [each for each in known if which and which in (each.ledger, each.path.stem, each.path.name)]
    if not found:
        listed = ", ".join(each.ledger or each.path.stem for each in known)
        raise NotRecorded(f"no imported ledger is called {which[:80]!r}; there is {listed or 'none'}")
    path, aside = found[0].path, folder / WITHDRAWN
    name = found[0].ledger or path.stem
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = aside / f"{path.stem}-{now}{path.suffix}"
    told = f"its copy is kept at {kept}, without the names and words in it"
    try:
        aside.mkdir(mode=0o700, exist_ok=True)
        with turnstile_of(aside), turnstile_of(path):
            if not path.exists():
                raise NotRecorded(f"{name} was withdrawn just now by somebody else")
            try:
                keep_without_texts(path, kept)
            except LedgerError as error:
                told = f"its copy is kept at {kept} as it was, names and all, because it cannot be read ({error})"
                _move(path, kept)
            remove_database(path)
            remove_database(unfinished(path))
        sync_folder(folder)
        sync_folder(aside)
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be put aside") from error
    forget_in_withdrawn(folder)
    return Withdrawn(name, kept, told)


def forget_in_withdrawn(folder: Path) -> list[Path]:
    """Takes the names and words out of copies that were withdrawn whole; those that cannot be read, and may have some.

    Earlier versions withdrew them so, and so does a kill in the middle of it.
    """
    aside, unread = folder / WITHDRAWN, list[Path]()
    if not aside.is_dir():
        return unread
    with turnstile_of(aside):
        for left in aside.glob(".*.part*"):
            left.unlink(missing_ok=True)
        for kept in sorted(aside.glob("*.sqlite3")):
            try:
                if _has_texts(kept):
                    keep_without_texts(kept, kept)
            except LedgerError:
                unread.append(kept)
    return unread


def _has_texts(kept: Path) -> bool:
    with _open(kept) as ledger:
        return bool(ledger.ask(held_texts))


def _move(path: Path, kept: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part = path.with_name(path.name + end)
        if part.exists():
            part.replace(kept.with_name(kept.name + end))


def _copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sqlite3"))  # none where there is no such folder


def _imported(path: Path) -> Imported:
    try:
        with _open(path) as ledger:
            return Imported(path, ledger.id, len(ledger), ledger.signed)
    except ProvenanceError as error:
        return Imported(path, trouble=str(error))


def _signed_before(path: Path) -> Iterator[SignedCheckpoint]:
    """The last checkpoint of each copy of the same log that was withdrawn and can be read."""
    for kept in sorted((path.parent / WITHDRAWN).glob(f"{path.stem}-*{path.suffix}")):
        with suppress(ProvenanceError), _open(kept) as ledger:
            yield ledger.checkpoint()


def _open(path: Path) -> Ledger:
    """A copy that an earlier version imported gets the tables of this one; its entries stay as they are."""
    try:
        return Ledger.open(path, key=path, read_only=True)
    except LedgerDamaged:
        raise
    except LedgerError:
        with turnstile_of(path):
            bring_up_to_date(path)
        return Ledger.open(path, key=path, read_only=True)


def _lines(files: Sequence[Path]) -> Iterator[Line]:
    return chain.from_iterable(read_segment(path) for path in files)


def _told(lines: Iterator[Line], on_line: Callable[[int], None] | None) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if on_line is not None and number % 1000 == 0:
            on_line(number)
        yield line


def _check_fork(path: Path, files: Sequence[Path], key: VerifyKey) -> None:
    """Raises LogForked where the files and what was imported before are both signed for, and are two histories."""
    signed = [line for line in _lines(files) if isinstance(line, SignedCheckpoint)]
    with _open(path) as before:
        last = before.checkpoint()
        for each in signed:
            before.ask(partial(check_fork, key=key, older=each, newer=last))
    # The files go further: their own entries show it.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        alone = Path(folder) / path.name
        try:
            load(alone, _lines(files), key=key)
        except ProofError:
            return  # what nobody signed for shows nothing
        with _open(alone) as after:
            for each in signed:
                after.ask(partial(check_fork, key=key, older=last, newer=each))
