"""The ledgers of other studios that were imported into an archive, opened to be asked beside ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provenance.inspection.evidence.observed import Others
from provenance.ledger.foreign import FOLDER, foreign_ledgers


@contextmanager
def others_in(home: Path) -> Iterator[Others]:
    """What was imported into this archive, open for reading while the block runs."""
    unread: list[str] = []
    with foreign_ledgers(home / FOLDER, unread.append) as ledgers:
        yield Others(tuple(ledgers), tuple(unread))
