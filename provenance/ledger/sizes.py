"""The sizes of all pictures that a ledger has: a picture of another size cannot have the pixels of any of them."""

import sqlite3
from collections.abc import Iterable

from provenance.ledger.any_ledger import AnyLedger

_SIZES = """
SELECT DISTINCT json_extract(body, '$.output.width'), json_extract(body, '$.output.height')
FROM entries WHERE kind IN ('picture.released', 'picture.claimed')
"""


def sizes_in(ledgers: Iterable[AnyLedger]) -> frozenset[tuple[int | None, int | None]]:
    """Those of several ledgers together."""
    return frozenset(size for each in ledgers for size in picture_sizes(each))


def picture_sizes(ledger: AnyLedger) -> frozenset[tuple[int | None, int | None]]:
    """Width and height, as shown, of every picture that was released, or taken in as a claim."""

    def look(connection: sqlite3.Connection) -> frozenset[tuple[int | None, int | None]]:
        return frozenset((width, height) for width, height in connection.execute(_SIZES))

    return ledger.ask(look)
