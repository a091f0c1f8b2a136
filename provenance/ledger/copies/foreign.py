"""Other studios' ledgers beside ours: each in a database of its own, checked against its own key.

home/foreign/5f1c88d1a2b3c4d5.sqlite3     named after its key, opened read only, never mixed into our tree
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from provenance.errors import ConsistencyError, LedgerDamaged, LedgerError, ProofError, ProvenanceError
from provenance.ledger.copies.export import Header, Line, read_segment
from provenance.ledger.copies.load import Loaded, bring_up_to_date, check_fork, load
from provenance.ledger.key_files import make_folder
from provenance.ledger.log import Ledger
from provenance.ledger.store.database import turnstile_of
from provenance.proof.checkpoint import SignedCheckpoint, check_own_key
from provenance.proof.note import VerifyKey
from provenance.statement.canonical import Digest

FOLDER = "foreign"


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
    make_folder(folder)
    make_folder(path)
    with turnstile_of(path):
        try:
            return load(path, _told(_lines(files), on_line), key=key, held=held, foreign=True)
        except ConsistencyError:
            if path.exists():
                _check_fork(path, files, first.key)
            raise


@contextmanager
def foreign_ledgers(folder: Path, on_unread: Callable[[str], None] | None = None) -> Iterator[list[Ledger]]:
    """The imported ledgers, open for reading. `on_unread` hears why one does not open; without it that is raised."""
    paths = sorted(folder.glob("*.sqlite3"))  # none where there is no such folder
    with ExitStack() as stack:
        opened = []
        for path in paths:
            try:
                opened.append(stack.enter_context(_open(path)))
            except ProvenanceError as error:
                if on_unread is None:
                    raise
                on_unread(f"{error}; import it again")
        yield opened


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
