"""The entries of a ledger, for whoever adds them up: how many there are, any one of them, those of a kind opened."""

from collections.abc import Collection
from typing import Protocol

from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed


class AnyEntries(Protocol):
    """A ledger of which only the entries are asked; log.py's Ledger says what each of these does."""

    def __len__(self) -> int: ...

    def entry(self, seq: int) -> Entry: ...

    def disclosed(self, kinds: Collection[EntryKind], start: int = 0) -> list[Disclosed]: ...
