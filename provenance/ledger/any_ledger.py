"""What the rooms above ask of a ledger and add to it, whichever file it lies in and however it was opened.

They take `AnyLedger` and never open one themselves: that is done once, by whoever runs the program (log.py opens).
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from provenance.errors import LedgerError, ProofError, StatementError
from provenance.ledger.any_entries import AnyEntries
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import AnyPictures, CreditRecord, PersonRecord, PictureRecord, State
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import Receipt
from provenance.statement.canonical import Digest
from provenance.statement.commitment import Body
from provenance.statement.json_value import Json
from provenance.statement.statement import ModelUse, Resource, Statement

T = TypeVar("T")


class AnyLedger(AnyEntries, AnyPictures, Protocol):
    """A ledger as it is used: entries, pictures and what is below; log.py's Ledger says what each does."""

    id: str
    verify_key: VerifyKey

    @property
    def signed(self) -> int: ...

    @property
    def durability(self) -> str: ...

    # what is added

    def append(self, kind: EntryKind, body: Body) -> Entry: ...

    def append_all(self, items: Sequence[tuple[EntryKind, Body]]) -> list[Entry]: ...

    def request(self, statement: Statement) -> Entry: ...

    def release(
        self,
        picture: str,
        *,
        output: Resource,
        signer: Digest,
        manifest: str,
        time_stamped: bool,
        facts: Mapping[str, Json],
    ) -> Entry: ...

    def close_without(self, picture: str, kind: EntryKind, reason: str) -> Entry: ...

    def checkpoint(self) -> SignedCheckpoint: ...

    def checkpoint_to_give(self, patience: float = 0.0) -> SignedCheckpoint | None: ...

    def checkpoint_covering(self, size: int) -> SignedCheckpoint: ...

    def erase(self, about: str) -> Entry | None: ...

    # what is asked

    def receipt(
        self,
        seq: int,
        *,
        opened: bool = True,
        hidden: Collection[str] = (),
        under: SignedCheckpoint | None = None,
    ) -> Receipt: ...

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]: ...

    def pictures(
        self,
        *,
        state: State | None = None,
        shot: str | None = None,
        production: str | None = None,
        text: str | None = None,
        limit: int = 50,
    ) -> list[PictureRecord]: ...

    def pictures_with_pixels(self, digest: Digest) -> list[PictureRecord]: ...

    def pictures_made_from(self, digest: Digest) -> list[PictureRecord]: ...

    def pictures_calling(self, name: str) -> list[PictureRecord]: ...

    def person(self, person: str) -> PersonRecord: ...

    def credits_of(self, person: str) -> list[CreditRecord]: ...

    def model(self, digest: Digest) -> ModelUse: ...

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T: ...

    def change(self, work: Callable[[sqlite3.Connection], T]) -> T: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Others:
    """The ledgers of other studios that were imported, and a sentence for each that could not be opened."""

    ledgers: tuple[AnyLedger, ...] = ()
    unread: tuple[str, ...] = ()

    def ids(self) -> frozenset[str]:
        return frozenset(each.id for each in self.ledgers)


@contextmanager
def asking(ledger: AnyLedger) -> Iterator[None]:
    """Says whose ledger it was, and the way out, where something goes wrong while it is asked."""
    try:
        yield
    except (LedgerError, ProofError, StatementError) as error:
        raise LedgerError(
            f"the imported ledger {ledger.id} cannot be asked: {error}; import it again, or withdraw it"
        ) from error
