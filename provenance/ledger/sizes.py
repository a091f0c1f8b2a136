"""What recorded pictures can be told from without decoding a file: their sizes, and keys over their first rows.

A picture of another size cannot have the pixels of any of them, and one whose first rows begin otherwise cannot either.
"""

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from provenance.ledger.any_ledger import AnyLedger
from provenance.statement.canonical import Digest

_AT_ONCE = 500
_PIXELS = """
SELECT DISTINCT json_extract(body, '$.output.width'), json_extract(body, '$.output.height'),
                json_extract(body, '$.output.pixels')
FROM entries WHERE kind IN ('picture.released', 'picture.claimed')
"""
_RELEASED = """
SELECT output_pixels FROM pictures WHERE state = 'released' AND output_pixels IS NOT NULL ORDER BY requested DESC
"""
Size = tuple[int, int]  # width and height, as shown
# The keys of those pixels, by their digests, of which the first rows are known (lookup/rows_file.py).
AskKeys = Callable[[Collection[bytes]], Mapping[bytes, int]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """For each size that a recorded picture has, the sorted keys of all of that size; None where one is not known."""

    keys: Mapping[Size, "array[int] | None"]

    def may_hold(self, size: Size, key: Callable[[], int | None]) -> bool:
        """Whether a picture of this size may be a recorded one; False is sure. `key` is asked where it decides."""
        if size not in self.keys:
            return False
        known = self.keys[size]
        if known is None:
            return True
        found = key()
        return found is None or holds(known, found)


def _nothing_known(_: Collection[bytes]) -> Mapping[bytes, int]:
    return {}


def sizes_in(ledgers: Iterable[AnyLedger], ask: AskKeys = _nothing_known) -> Sizes:
    """Those of every picture that was released in one of the ledgers, or taken in as a claim."""
    held: dict[Size, array[int] | None] = {}
    for ledger in ledgers:
        ledger.ask(lambda db: _take(db, held, ask))
    return Sizes({size: None if keys is None else array("Q", sorted(keys)) for size, keys in held.items()})


def _take(connection: sqlite3.Connection, held: "dict[Size, array[int] | None]", ask: AskKeys) -> None:
    told = (row for row in connection.execute(_PIXELS) if None not in row)
    while some := list(islice(told, _AT_ONCE)):
        _add(held, [((width, height), Digest.parse(pixels).value) for width, height, pixels in some], ask)


def _add(held: "dict[Size, array[int] | None]", some: list[tuple[Size, bytes]], ask: AskKeys) -> None:
    known = ask([pixels for size, pixels in some if held.get(size, ()) is not None])
    for size, pixels in some:
        keys = held.setdefault(size, array("Q"))
        if keys is None:
            continue
        if pixels in known:
            keys.append(known[pixels])
        else:
            held[size] = None


def pixels_released(ledger: AnyLedger) -> list[bytes]:
    """The digest of the pixels of each released picture, the newest first."""
    return ledger.ask(lambda db: [row[0] for row in db.execute(_RELEASED)])


def holds(keys: "array[int]", key: int) -> bool:
    """Whether a number is among these sorted ones."""
    at = bisect_left(keys, key)
    return at < len(keys) and keys[at] == key
