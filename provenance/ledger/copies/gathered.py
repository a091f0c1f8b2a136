"""Texts and checkpoints that wait until the entries they belong to are in: in a table that goes to disk as it grows."""

import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby

from provenance.ledger.copies.export import Opened
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.statement.commitment import Opening, Private


class Gathered:
    """What one loading has read. A text that comes twice counts once: a crash may have written it again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        for statement in (
            "DROP TABLE IF EXISTS temp.gathered_texts",
            "DROP TABLE IF EXISTS temp.gathered_notes",
            "CREATE TEMP TABLE gathered_texts "
            "(entry, position, field, about, salt, value, PRIMARY KEY (entry, position))",
            "CREATE TEMP TABLE gathered_notes (size, note)",
        ):
            connection.execute(statement)

    def add_text(self, line: Opened) -> None:
        private = line.opening.private
        self._db.execute(
            "INSERT OR IGNORE INTO gathered_texts VALUES (?, ?, ?, ?, ?, ?)",
            (line.entry, line.position, private.field, private.about, line.opening.salt, private.value),
        )

    def add_checkpoint(self, signed: SignedCheckpoint) -> None:
        self._db.execute("INSERT INTO gathered_notes VALUES (?, ?)", (signed.checkpoint.size, str(signed)))

    def texts(self, erased: Collection[tuple[int, str]]) -> Iterator[tuple[int, list[Opened]]]:
        """The texts of each entry in their order, without those about somebody who was erased there."""
        rows = self._db.execute("SELECT * FROM gathered_texts ORDER BY entry, position")
        for entry, some in groupby(rows, key=lambda row: row[0]):
            kept = [
                Opened(entry, position, Opening(Private(value, field, about), salt))
                for _, position, field, about, salt, value in some
                if (entry, about) not in erased
            ]
            if kept:
                yield entry, kept

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        """By size, smallest first."""
        for (note,) in self._db.execute("SELECT note FROM gathered_notes ORDER BY size"):
            yield SignedCheckpoint.parse(note)
