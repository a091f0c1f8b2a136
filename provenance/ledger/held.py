"""Checkpoints against the walk: those in the database, in the file beside it, and those that somebody held."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from provenance.errors import LedgerError, ProofError
from provenance.ledger.keeping import blocks, parse_checkpoints
from provenance.ledger.tree import nodes_in
from provenance.ledger.walk import Fault, Walk
from provenance.proof.checkpoint import Misbehaviour, SignedCheckpoint, misbehaviour
from provenance.proof.note import VerifyKey

SIGNATURES = 1000  # of the stored checkpoints, the newest, that are checked where nobody asks for all


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that somebody kept, and where it was read."""

    signed: SignedCheckpoint
    where: str


def stored_faults(connection: sqlite3.Connection, key: VerifyKey, *, everything: bool) -> Iterator[Fault]:
    """Whether the stored notes say what their rows say, and are signed. Roots were compared by the walk."""
    rows = connection.execute("SELECT size, root, note FROM checkpoints ORDER BY size DESC")
    for number, (size, root, note) in enumerate(rows):
        if number >= SIGNATURES and not everything:
            return
        try:
            signed = SignedCheckpoint.parse(note)
            said = signed.verify(key)
        except (ProofError, TypeError, AttributeError) as error:
            yield Fault("checkpoint", f"the stored checkpoint of size {size} does not hold: {error}")
            continue
        if (said.size, said.root) != (size, root):
            yield Fault("checkpoint", f"the stored checkpoint of size {size} states another size or root")


def file_faults(connection: sqlite3.Connection, path: Path) -> Iterator[Fault]:
    """Whether the checkpoints file and the database hold the same notes, as far as the file goes."""
    for block in blocks(path):
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


def outside_faults(walk: Walk, held: Sequence[Held], key: VerifyKey) -> Iterator[Fault]:
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
    connection: sqlite3.Connection, walk: Walk, held: Sequence[Held], key: VerifyKey
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
