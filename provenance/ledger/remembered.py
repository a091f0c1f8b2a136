"""A ledger that remembers: an audit asks it of file after file, and most of them it has never seen.

The first eight bytes of every digest that it has are read once, and which pictures something was made from: what is
not among them is answered without a question. Pictures that are released are read once: such a record never changes,
and what was corrected since is told by the entries about people, which are read as ever. It answers as of when it was
first asked.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, cast

from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.sizes import holds
from provenance.ledger.store.reader import Met, Reader
from provenance.ledger.store.records import PictureRecord, State
from provenance.statement.canonical import Digest

MOST = 1_000  # records, about 10 kB each
BEHIND = 100  # records read with one picture; a history of more steps is asked for as it is looked at
_BEGINNING = 8  # bytes of a digest
_FILES = "SELECT output_digest FROM pictures WHERE output_digest IS NOT NULL"
_SOURCES = "SELECT DISTINCT source FROM inputs WHERE source IS NOT NULL"
_DIGESTS = """
SELECT output_pixels FROM pictures WHERE output_pixels IS NOT NULL
UNION ALL SELECT digest FROM inputs
UNION ALL SELECT pixels FROM inputs WHERE pixels IS NOT NULL
"""


class Remembered:
    """The ledger behind it answers everything else."""

    def __init__(self, ledger: AnyLedger) -> None:
        self._ledger = ledger
        self._closed: dict[str, PictureRecord] = {}
        self._met = Met()
        self._expected: dict[Digest, list[PictureRecord]] = {}

    def picture(self, picture: str) -> PictureRecord:
        """As log.py's; a released picture is read once."""
        held = self._closed.get(picture)
        if held is not None:
            return held
        record = self._ledger.picture(picture)
        self._keep(record)
        return record

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]:
        if not holds(self._files, _begun(digest)):
            return []
        expected = self._expected.get(digest)
        return self._with_files([digest])[digest] if expected is None else expected

    def expect(self, digests: Iterable[Digest]) -> None:
        """Asks at once for the files that are asked for next; of those that were expected before nothing is kept."""
        held = [each for each in digests if holds(self._files, _begun(each))]
        self._expected = self._with_files(held) if held else {}

    def _with_files(self, digests: Sequence[Digest]) -> dict[Digest, list[PictureRecord]]:
        def look(connection: sqlite3.Connection) -> dict[Digest, list[PictureRecord]]:
            reader = Reader(connection, self._met)
            return {each: self._with_those_behind(reader, each) for each in digests}

        return self._ledger.ask(look)

    def children(self, picture: str) -> list[PictureRecord]:
        held = self._closed.get(picture)
        if held is not None and not holds(self._sources, held.requested):
            return []
        return self._ledger.children(picture)

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
            self._met = Met()
        self._closed[record.picture] = record

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]:
        return self._ledger.pictures_made_from(digest) if self._has(digest) else []

    def _has(self, digest: Digest) -> bool:
        """Whether a picture's pixels or an input may have this digest; False is sure."""
        return holds(self._digests, _begun(digest))

    @cached_property
    def _files(self) -> "array[int]":
        return self._sorted(_FILES)

    @cached_property
    def _digests(self) -> "array[int]":
        return self._sorted(_DIGESTS)

    @cached_property
    def _sources(self) -> "array[int]":
        """The entries that asked for pictures from which others were made."""
        return self._sorted(_SOURCES)

    @cached_property
    def anchored(self) -> bool:
        """Whether there is any time stamp over the ledger, or one was asked for (timestamps.py)."""
        return self._ledger.ask(lambda db: db.execute("SELECT 1 FROM anchors").fetchone()) is not None

    def _sorted(self, asked: str) -> "array[int]":
        """The numbers, or the beginnings of the digests, in the one column."""

        def look(connection: sqlite3.Connection) -> "array[int]":
            found = (row[0] for row in connection.execute(asked))
            numbers = (each if isinstance(each, int) else int.from_bytes(each[:_BEGINNING]) for each in found)
            return array("Q", sorted(numbers))

        return self._ledger.ask(look)

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        return len(self._ledger)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def _begun(digest: Digest) -> int:
    return int.from_bytes(digest.value[:_BEGINNING])


def remembered(ledger: AnyLedger) -> AnyLedger:
    """The ledger, with the pictures that were asked for in memory."""
    return cast("AnyLedger", Remembered(ledger))


def expect(ledger: AnyLedger, digests: Iterable[Digest]) -> None:
    """Has a ledger that remembers ask for these files at once; of any other, each is asked for as it is looked at.

    Between two files the library checks credentials, and the processor forgets SQLite meanwhile: the first question
    after that takes five times as long as those that follow it.
    """
    if isinstance(ledger, Remembered):
        ledger.expect(digests)
