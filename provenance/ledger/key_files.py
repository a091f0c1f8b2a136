"""The files beside the database: the signing key (0600), and the checkpoints that are to be copied elsewhere.

checkpoints.txt is one signed note after another, with an empty line between:

    genzu/3bb3ab3d9bd1c4b4
    7
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — genzu/3bb3ab3d9bd1c4b4 Az3grlgtzPICa5OS8npVmf1M…

    genzu/3bb3ab3d9bd1c4b4
    9
    …

A checkpoint enters the database first and this file after it: a file that is ahead of its database means that
the database was put back to an older state.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from provenance.errors import (
    IdentityError,
    LedgerDamaged,
    LedgerError,
    NoteError,
    OutputError,
    ProofError,
    Remedy,
    Way,
    why,
)
from provenance.proof.checkpoint import SignedCheckpoint, new_log_key
from provenance.proof.note import SigningKey
from provenance.storage.atomic import put_secret
from provenance.storage.lock import locked

TAIL = 16 * 1024  # bytes from the end that surely hold a whole checkpoint
_NOTE = re.compile(r"[^\n]+\n(?:[^\n]+\n)+\n(?:— [^\n]+\n)+")


def read_key(path: Path) -> SigningKey | None:
    """The signing key at `path`; None where there is no file."""
    try:
        return SigningKey.from_text(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IdentityError(f"the ledger's key {path} could not be read: {why(error)}") from error
    except NoteError as error:
        raise IdentityError(f"{path} holds no ledger key ({error}); restore it from a copy") from error


def make_key(path: Path) -> SigningKey:
    """The key at `path`, made where there is none; two programs that make one at once get the same."""
    _put(path, new_log_key())
    key = read_key(path)
    if key is None:
        raise IdentityError(f"the ledger's key {path} vanished while it was made; start again")
    return key


def give_key(path: Path, text: str) -> None:
    """Puts the key that came as text (a secret of a hosted space) where the ledger looks for its key.

    IdentityError where the text is none, or another key is there.
    """
    try:
        given = SigningKey.from_text(text.strip())
    except NoteError as error:
        raise IdentityError(
            f"GENZU_LEDGER_KEY holds no ledger key ({error}); give it the one line of keys/{path.name}"
        ) from error
    _put(path, given)
    if read_key(path) != given:
        raise IdentityError(
            f"{path} is another key than GENZU_LEDGER_KEY; unset that, or give another --home"
        )


def _put(path: Path, key: SigningKey) -> None:
    try:
        put_secret(path, f"{key.to_text()}\n".encode("ascii"))
    except OSError as error:
        raise OutputError.of(error, f"{path.parent} cannot keep the ledger's key") from error


def make_database_file(path: Path) -> None:
    """An empty file that only its owner can read, for SQLite to fill; one that is there stays as it is."""
    make_folder(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass  # not opened: closing it would let go of the locks that SQLite holds on it in this process (POSIX)
    except OSError as error:
        raise OutputError.of(error, f"{path} cannot be made", Remedy(Way.ANOTHER_HOME)) from error


def make_folder(path: Path) -> None:
    """The folder for the file at `path`, which only its owner can enter."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError.of(error, f"{path.parent} cannot be made", Remedy(Way.ANOTHER_HOME)) from error


def parse_checkpoints(text: str) -> Iterator[SignedCheckpoint]:
    """Every whole checkpoint in a text; what stands between them, such as a mail's words, is passed over."""
    for found in _NOTE.finditer(text):
        lines = found[0].split("\n")
        blank = lines.index("")
        for first in range(max(0, blank - 3), -1, -1):
            try:
                yield SignedCheckpoint.parse("\n".join(lines[first:]))
                break
            except ProofError:
                continue


def read_checkpoints(path: Path) -> list[SignedCheckpoint]:
    """All checkpoints in a file that somebody held; ProofError when it has none."""
    try:
        found = list(parse_checkpoints(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path} could not be read as checkpoints: {why(error)}") from error
    if not found:
        raise ProofError(
            f"{path} holds no checkpoint (three lines, an empty line, and a line that begins with —)"
        )
    return found


def blocks(path: Path, start: int, stop: int) -> Iterator[str]:
    """The notes of a checkpoints file from byte `start` up to `stop`, as they stand there, whole or not."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            block: list[str] = []
            signed = False
            while file.tell() < stop and (data := file.readline(stop - file.tell())):
                line = data.decode(errors="replace")
                if signed and not line.startswith("— "):
                    yield "".join(block)
                    block = []
                    signed = False
                    if line == "\n":
                        continue  # the empty line between two notes
                if not block and line == "\n":
                    continue
                signed = signed or line.startswith("— ")
                block.append(line)
            if block:
                yield "".join(block)
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error


def last_held(path: Path) -> SignedCheckpoint | None:
    """The newest checkpoint of the file, read from its end."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error
    for found in reversed(list(_NOTE.finditer(text))):
        last = next(parse_checkpoints(found[0]), None)
        if last is not None:
            return last
    if text.strip():
        raise LedgerDamaged(
            f"{path} ends in no checkpoint; compare it with a copy, or move it away", remedies=()
        )
    return None


def hold(path: Path, since: Callable[[int], Iterable[SignedCheckpoint]]) -> None:
    """Appends to the file what it lacks; `since(size)` gives the checkpoints above a size, oldest first."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file, locked(file):
            last = last_held(path)
            # The empty line between two; it also closes off a line that a full disk tore.
            between = "" if file.tell() == 0 else "\n"
            for signed in since(last.checkpoint.size if last else 0):
                file.write(f"{between}{signed}".encode())
                between = "\n"
            # No fsync: the database holds them durably, and what is lost here is filled up the next time.
            file.flush()
    except OSError as error:
        words = f"the ledger itself has the checkpoint, and {path} could not be written"
        raise OutputError.of(error, words) from error
