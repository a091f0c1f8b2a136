"""A ledger changed by its own keeper: what the owner of the database and of the key can do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from provenance.ledger import Ledger
from provenance.ledger.entries.entry import Entry, leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.key_files import read_key
from provenance.ledger.store import tree
from provenance.ledger.store.rebuild import fill_again
from provenance.ledger.store.rows import entries_from
from provenance.ledger.store.writer import store_entry, store_private
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.merkle import leaf_hash
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Body, seal

Attack = Callable[[sqlite3.Connection], None]


def attack(home: Path, *steps: str | Attack) -> None:
    """Changes the database as its owner can, and puts the triggers back."""
    connection = sqlite3.connect(home / "ledger.sqlite3", isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for step in steps:
        if isinstance(step, str):
            assert connection.execute(step).rowcount != 0, step
        else:
            step(connection)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def rehash(connection: sqlite3.Connection) -> None:
    """Every leaf hash made to fit its row."""
    for seq, at, kind, body in connection.execute("SELECT seq, at, kind, body FROM entries").fetchall():
        digest = leaf_hash(leaf_of(seq, at, kind, body))
        connection.execute("UPDATE entries SET leaf_hash = ? WHERE seq = ?", (digest, seq))


def regrow(connection: sqlite3.Connection) -> None:
    """The stored tree and the projections made to fit the rows."""
    tree.rebuild(connection)
    fill_again(connection, entries_from(connection, 0, 10_000))


def sign_again(home: Path) -> Attack:
    """The checkpoints signed anew with the ledger's own key, and the file beside the database written anew."""

    def work(connection: sqlite3.Connection) -> None:
        key = read_key(home / "keys" / "ledger.key")
        assert key is not None
        size = tree.size_of(connection)
        signed = SignedCheckpoint.sign(Checkpoint(key.name, size, tree.root_at(connection, size)), key)
        connection.execute("DELETE FROM checkpoints")
        connection.execute(
            "INSERT INTO checkpoints VALUES (?, ?, ?)", (size, signed.checkpoint.root, str(signed))
        )
        (home / "checkpoints.txt").write_text(str(signed))

    return work


def slip_in(ledger: Ledger, kind: EntryKind, body: Body) -> int:
    """An entry that no check has seen, as another program or an earlier version could write it; its number."""

    def write(connection: sqlite3.Connection) -> int:
        sealed, openings = seal(body)
        edge = tree.load_frontier(connection)
        entry = Entry(edge.size, "2026-11-23T13:05:07.123456Z", kind, sealed)
        store_entry(connection, edge, entry, canonical(sealed).decode())
        store_private(connection, entry.seq, openings)
        return entry.seq

    return ledger.change(write)
