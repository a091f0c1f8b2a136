"""Checkpoints against the walk: those in the database, in the file beside it, and those that somebody held."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from provenance.errors import LedgerError, ProofError
from provenance.ledger.check.entries import Fault, Progress, Walk
from provenance.ledger.check.fast import STRETCH
from provenance.ledger.key_files import blocks, parse_checkpoints
from provenance.ledger.store.tree import nodes_in
from provenance.proof.checkpoint import Misbehaviour, SignedCheckpoint, misbehaviour
from provenance.proof.note import VerifyKey, to_base64

SIGNATURES = 1000  # of the stored checkpoints, the newest, that are checked in any case


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that somebody kept, and where it was read."""

    signed: SignedCheckpoint
    where: str


def stored_faults(
    connection: sqlite3.Connection,
    key: VerifyKey,
    path: Path | None,
    stop: int,
    on_progress: Progress | None,
    *,
    everything: bool,
) -> Iterator[Fault]:
    """Whether the stored notes say what their rows say, are signed, and stand in the checkpoints file at `path` too.

    Of the file's first `stop` bytes each checkpoint must be among the rows; a writer may have added more since.

    Roots were compared by the walk. A signature takes as long to check as five entries; where the file holds the very
    same note, only the newest SIGNATURES are checked, unless `everything` is asked for.
    """
    done, total = 0, connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
    oldest = connection.execute(
        "SELECT size FROM checkpoints ORDER BY size DESC LIMIT 1 OFFSET ?", (SIGNATURES - 1,)
    ).fetchone()
    signed_from = 0 if everything or oldest is None else oldest[0]
    with _beside(path) as beside:
        rows = connection.execute("SELECT size, root, note FROM checkpoints ORDER BY size")
        while some := rows.fetchmany(STRETCH):
            done += len(some)
            if on_progress is not None:
                on_progress(done, total)
            whole = _say_so(some, key.name) and beside.has([row[2] for row in some])
            if whole and some[-1][0] < signed_from:
                continue
            for row in some:
                kept = whole or (_say_so([row], key.name) and beside.has([row[2]]))
                if not kept or row[0] >= signed_from:
                    yield from _signature_faults(key, *row)
    if path is not None:
        yield from _file_faults(connection, path, beside.same, stop)


def _say_so(rows: Sequence[tuple[int, bytes, str]], name: str) -> bool:
    """Whether each note begins with the size and the root of its row."""
    try:
        return all(
            note.startswith(f"{name}\n{size}\n{to_base64(root)}\n\n— {name} ") for size, root, note in rows
        )
    except (TypeError, AttributeError):
        return False


def length_of(path: Path | None) -> int:
    """The bytes of a checkpoints file as it is now; 0 where there is none."""
    try:
        return 0 if path is None else path.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error


def _signature_faults(key: VerifyKey, size: int, root: bytes, note: str) -> Iterator[Fault]:
    try:
        said = SignedCheckpoint.parse(note).verify(key)
    except (ProofError, TypeError, AttributeError) as error:
        yield Fault("checkpoint", f"the stored checkpoint of size {size} does not hold: {error}")
        return
    if (said.size, said.root) != (size, root):
        yield Fault("checkpoint", f"the stored checkpoint of size {size} states another size or root")


class _Beside:
    """The checkpoints file, read beside the rows while it holds the same notes in the same order."""

    def __init__(self, file: BinaryIO | None) -> None:
        self._file = file
        self.same = 0  # bytes from the start that are the notes of the rows

    def has(self, notes: Sequence[str]) -> bool:
        """Whether the file goes on with these notes; once it does not with a single one, it is not asked again."""
        if self._file is None:
            return False
        data = "\n".join(["", *notes] if self.same else notes).encode()  # an empty line lies between two
        if self._file.read(len(data)) != data:
            self._file.seek(self.same)
            if len(notes) == 1:
                self._file = None
            return False
        self.same += len(data)
        return True


@contextmanager
def _beside(path: Path | None) -> Iterator[_Beside]:
    try:
        with nullcontext() if path is None or not path.exists() else path.open("rb") as file:
            yield _Beside(file)
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error


def _file_faults(connection: sqlite3.Connection, path: Path, start: int, stop: int) -> Iterator[Fault]:
    """Whether this part of the file holds the notes that the database has."""
    for block in blocks(path, start, stop):
        size = block.split("\n", 2)[1] if block.count("\n") > 2 else ""
        row = _note(connection, int(size)) if size.isdecimal() and len(size) < 19 else None
        if row == block:
            continue
        # Not as we would write it: torn by a full disk, or another checkpoint altogether.
        for signed in parse_checkpoints(block):
            size = str(signed.checkpoint.size)
            row = _note(connection, signed.checkpoint.size)
            if row is None:
                yield Fault(
                    "checkpoint", f"{path.name} holds a checkpoint of size {size} that the ledger does not"
                )
            elif row != str(signed):
                yield Fault("checkpoint", f"{path.name} and the ledger hold two checkpoints of size {size}")


def _note(connection: sqlite3.Connection, size: int) -> str | None:
    row = connection.execute("SELECT note FROM checkpoints WHERE size = ?", (size,)).fetchone()
    return None if row is None else str(row[0])


def outside_faults(walk: Walk, held: Sequence[Kept], key: VerifyKey) -> Iterator[Fault]:
    """Whether the ledger continues each checkpoint that somebody held outside."""
    for each in held:
        stated = each.signed.checkpoint
        try:
            each.signed.verify(key)
        except ProofError as error:
            yield Fault("checkpoint", f"{each.where}: {error}")
            continue
        if stated.size > walk.size:
            words = f"{each.where}: {stated.size} entries were signed for, and {walk.size} are left"
            yield Fault("checkpoint", words, walk.size)
        elif stated.size and walk.roots.get(stated.size) != stated.root:
            words = f"{each.where}: the first {stated.size} entries are not those that were signed for"
            yield Fault("checkpoint", words)


def forked(
    connection: sqlite3.Connection, walk: Walk, held: Sequence[Kept], key: VerifyKey
) -> Misbehaviour | None:
    """The proof that the log's key signed two histories, where a held checkpoint and the ledger's own show it."""
    for each in held:
        size = each.signed.checkpoint.size
        if walk.roots.get(size) == each.signed.checkpoint.root:
            continue
        rows = connection.execute(
            "SELECT note FROM checkpoints WHERE size = ?1 OR size = (SELECT max(size) FROM checkpoints)"
            " ORDER BY size = ?1 DESC",
            (size,),
        ).fetchall()
        for row in rows:
            try:
                found = misbehaviour(key, each.signed, SignedCheckpoint.parse(row[0]), nodes_in(connection))
            except (ProofError, LedgerError):
                continue
            if found is not None:
                return found
    return None
