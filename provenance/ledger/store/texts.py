"""The private texts of an entry: each as itself while it is held, else as what became of it.

(erased)          an entry says that it was erased
(not disclosed)   this is another's log, and its keeper did not show it
(missing)         neither: it was lost, or taken away; `genzu ledger verify` names the entry
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from provenance.errors import LedgerDamaged, StatementError
from provenance.ledger.entries.bodies import Erased
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.sealed import places
from provenance.ledger.entries.shape import read_json
from provenance.ledger.store.schema import BESIDE_PICTURES, FOREIGN
from provenance.statement.commitment import ERASED, MISSING, NOT_DISCLOSED, commitment


class Texts:
    """Answers within one transaction; what was erased is read once, and only when a text is not held."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, entry: Entry) -> dict[str, str]:
        """By each commitment in the entry, its text or what stands in its place."""
        sealed = dict(places(entry.body))
        held = {commitment(salt, value): value for salt, value in private_of(self._db, entry.seq)}
        if not held.keys() <= sealed.keys():
            raise LedgerDamaged(f"a private text of entry {entry.seq} was changed")
        gone = Counter(field for digest, field in sealed.items() if digest not in held)
        if not gone:
            return held
        erased = self._erased.get(entry.seq, Counter())
        every = erased.total() >= gone.total()
        stand_ins = {field: ERASED if every or erased[field] >= gone[field] else self._lost for field in gone}
        return {digest: stand_ins[field] for digest, field in sealed.items() if digest not in held} | held

    @cached_property
    def _lost(self) -> str:
        return NOT_DISCLOSED if is_foreign(self._db) else MISSING

    @cached_property
    def _erased(self) -> dict[int, Counter[str]]:
        """How many texts of which field were erased, by entry."""
        found: dict[int, Counter[str]] = {}
        rows = self._db.execute(
            f"SELECT body FROM entries WHERE {BESIDE_PICTURES} AND kind = 'private.erased'"  # noqa: S608
        )
        for (body,) in rows:
            try:
                said = read_json(Erased, body)
            except StatementError:
                continue  # `verify` names it
            for gone in said.erased:
                found.setdefault(gone.entry, Counter())[gone.field] += 1
        return found


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Whether this database holds another's log."""
    return connection.execute("SELECT 1 FROM housekeeping WHERE task = ?", (FOREIGN,)).fetchone() is not None


def private_of(connection: sqlite3.Connection, seq: int) -> Iterator[tuple[bytes, str]]:
    """Salts and texts that entry `seq` committed to and that are still held."""
    rows = connection.execute("SELECT salt, value FROM private WHERE entry = ? ORDER BY position", (seq,))
    for salt, value in rows:
        if not isinstance(salt, bytes) or not isinstance(value, str):
            raise LedgerDamaged(f"a private text of entry {seq} was changed")
        yield salt, value
