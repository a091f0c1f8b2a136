"""Which pictures were released since an entry: whoever does something for each of them asks here what is left."""

import sqlite3

_SIZE = "SELECT coalesce(max(seq) + 1, 0) FROM entries"
_SINCE = """
SELECT json_extract(body, '$.picture') FROM entries WHERE seq >= ? AND kind = 'picture.released' ORDER BY seq
"""
_WITH = """
SELECT json_extract(body, '$.picture') FROM entries
WHERE kind = 'picture.released' AND json_extract(body, ?) = ? ORDER BY seq
"""


def size_now(connection: sqlite3.Connection) -> int:
    """How many entries the ledger has."""
    return int(connection.execute(_SIZE).fetchone()[0])


def released_with(connection: sqlite3.Connection, fact: str, value: str) -> list[str]:
    """The released pictures whose run has this fact."""
    rows = connection.execute(_WITH, (f"$.facts.{fact}", value))
    return [str(picture) for (picture,) in rows]


def released_since(connection: sqlite3.Connection, start: int) -> list[str]:
    """The pictures that entries from number `start` on release, in their order."""
    return [str(picture) for (picture,) in connection.execute(_SINCE, (start,))]
