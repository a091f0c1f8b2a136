"""The vault against the entries: every file hashed again, and every file that an entry names looked for."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from provenance.errors import StatementError
from provenance.ledger.check.entries import Fault
from provenance.ledger.entries.bodies import Erased
from provenance.ledger.entries.codec import read_text
from provenance.ledger.entries.people_bodies import DisputeOpened
from provenance.ledger.store.schema import BESIDE_PICTURES
from provenance.statement.canonical import Digest
from provenance.storage.vault import Vault


def vault_faults(
    connection: sqlite3.Connection, vault: Vault, on_progress: Callable[[int, int], None] | None
) -> tuple[int, list[Fault]]:
    """How many files there are, and what is wrong with them or missing.

    The evidence of a dispute counts until the dispute is erased: then it may be gone, and may be there for another.
    """
    faults: list[Fault] = []
    present: set[bytes] = set()
    evidence = list(_evidence(connection))
    total = sum(1 for _ in vault.digests())
    for number, (digest, intact) in enumerate(vault.check()):
        present.add(digest.value)
        if on_progress is not None:
            on_progress(number, total)
        if not intact:
            names = [
                *_entries_with(connection, digest),
                *(seq for seq, named in evidence if named == digest.value),
            ]
            faults.append(
                Fault("vault", f"the file {digest} is damaged{_named(names)}", names[0] if names else None)
            )
    for seq, named in (*_files_named(connection), *evidence):
        if named not in present:
            faults.append(Fault("vault", f"the file {Digest(named)} of entry {seq} is not in the vault", seq))
    return len(present), faults


def _files_named(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    yield from connection.execute(
        "SELECT closed, output_digest FROM pictures WHERE output_digest IS NOT NULL"
        " UNION ALL SELECT picture, digest FROM inputs"
    )


def _evidence(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """The files that were given with disputes, but for those that were erased; no index of digests holds them."""
    rows = connection.execute(
        f"SELECT seq, kind, body FROM entries WHERE {BESIDE_PICTURES}"  # noqa: S608
        " AND kind IN ('dispute.opened', 'private.erased') ORDER BY seq"
    )
    found: dict[str, tuple[int, bytes]] = {}
    for seq, kind, body in rows:
        try:
            said = read_text(kind, body)
        except StatementError:
            continue  # the walk names an entry that cannot be read
        if isinstance(said, Erased):
            found.pop(said.about, None)
        elif isinstance(said, DisputeOpened) and said.evidence is not None:
            found[said.dispute] = (seq, Digest.parse(said.evidence).value)
    yield from found.values()


def _entries_with(connection: sqlite3.Connection, digest: Digest) -> Iterator[int]:
    rows = connection.execute(
        "SELECT closed FROM pictures WHERE output_digest = ?1 UNION SELECT picture FROM inputs WHERE digest = ?1",
        (digest.value,),
    )
    yield from (row[0] for row in rows)


def _named(entries: Sequence[int]) -> str:
    return f"; entry {entries[0]} names it" if entries else "; no entry names it"
