"""A ledger that remembers: an audit asks it of file after file, and most of them it has never seen.

The first eight bytes of every digest that it has are read once: what is not among them is answered without a
question. Pictures that are released are read once: such a record never changes, and what was corrected since is told
by the entries about people, which are read as ever. It answers as of when it was first asked.
"""

import sqlite3
from array import array
from bisect import bisect_left
from functools import cached_property
from typing import Any, cast

from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.reader import Reader
from provenance.ledger.store.records import PictureRecord, State
from provenance.statement.canonical import Digest

MOST = 1_000  # records, about 10 kB each
BEHIND = 100  # records read with one picture; a history of more steps is asked for as it is looked at
_BEGINNING = 8  # bytes of a digest
_DIGESTS = """
SELECT output_digest FROM pictures WHERE output_digest IS NOT NULL
UNION ALL SELECT output_pixels FROM pictures WHERE output_pixels IS NOT NULL
UNION ALL SELECT digest FROM inputs
UNION ALL SELECT pixels FROM inputs WHERE pixels IS NOT NULL
"""


class Remembered:
    """The ledger behind it answers everything else."""

    def __init__(self, ledger: AnyLedger) -> None:
        self._ledger = ledger
        self._closed: dict[str, PictureRecord] = {}

    def picture(self, picture: str) -> PictureRecord:
        """As log.py's; a released picture is read once."""
        held = self._closed.get(picture)
        if held is not None:
            return held
        record = self._ledger.picture(picture)
        self._keep(record)
        return record

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]:
        if not self._has(digest):
            return []
        return self._ledger.ask(lambda db: self._with_those_behind(Reader(db), digest))

    def pictures_with_pixels(self, digest: Digest) -> list[PictureRecord]:
        return self._ledger.pictures_with_pixels(digest) if self._has(digest) else []

    def _with_those_behind(self, reader: Reader, digest: Digest) -> list[PictureRecord]:
        """The pictures of this file; what they were made from is asked for at once, since it is asked for next."""
        found = reader.pictures_with_file(digest)
        waiting = list(found)
        for _ in range(BEHIND):
            if not waiting:
                break
            record = waiting.pop()
            self._keep(record)
            named = {each.picture for each in record.statement.inputs if each.picture is not None}
            waiting += [reader.picture(each) for each in sorted(named - self._closed.keys())]
        return found

    def _keep(self, record: PictureRecord) -> None:
        if record.state is not State.RELEASED:
            return
        if len(self._closed) >= MOST:
            self._closed.clear()
        self._closed[record.picture] = record

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]:
        return self._ledger.pictures_made_from(digest) if self._has(digest) else []

    def _has(self, digest: Digest) -> bool:
        """Whether a picture or an input may have this digest; False is sure."""
        begun = int.from_bytes(digest.value[:_BEGINNING])
        at = bisect_left(self._beginnings, begun)
        return at < len(self._beginnings) and self._beginnings[at] == begun

    @cached_property
    def _beginnings(self) -> "array[int]":
        def look(connection: sqlite3.Connection) -> "array[int]":
            rows = connection.execute(_DIGESTS)
            return array("Q", sorted(int.from_bytes(row[0][:_BEGINNING]) for row in rows))

        return self._ledger.ask(look)

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        return len(self._ledger)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def remembered(ledger: AnyLedger) -> AnyLedger:
    """The ledger, with the pictures that were asked for in memory."""
    return cast("AnyLedger", Remembered(ledger))
