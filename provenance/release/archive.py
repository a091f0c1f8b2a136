"""An archive: one ledger, its vault and its signing identity, opened together. opening.py opens one.

home/
  ledger.sqlite3     who, what, which model, when        checkpoints.txt   to be copied elsewhere
  vault/             every input and output, by digest    keys/             0600, never in a served folder
  staging/           one journal a picture under way      outputs/          pictures made on the page
  lookup.sqlite3     what a picture is found by without its metadata; may be deleted and built again
  first-rows.sqlite3 what spares an audit decoding; may be deleted and built again
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import ReadChain
from provenance.ledger.any_ledger import AnyLedger
from provenance.lookup.door import LookUp
from provenance.lookup.mark_key import MarkKey
from provenance.release.later import Later
from provenance.settings import Settings
from provenance.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a picture whose maker died: "delivered", "closed" or "kept in the vault"."""

    picture: str
    outcome: str
    words: str


@dataclass(frozen=True)
class Archive:
    """Everything that writing a record needs. `recovered` tells what was finished or closed after a crash.

    `whom` says whom we know, at each moment, and `read_chain` reads a file's credentials and judges them by that;
    `others` opens the imported ledgers.
    """

    settings: Settings
    ledger: AnyLedger
    vault: Vault
    identity: Identity
    whom: Callable[[], Trust]
    read_chain: ReadChain
    others: Callable[[], AbstractContextManager[list[AnyLedger]]]
    index: LookUp  # to be asked by a picture's looks
    recovered: tuple[Recovered, ...] = ()
    marks: MarkKey | None = None  # what the faint marks of its paintings are drawn from
    only_looked_at: bool = False  # nothing is written into it
    rehearsed: Path | None = (
        None  # the folder that a rehearsal is about; its settings' own home is another one
    )
    later: Later = field(default_factory=Later)  # what no answer waits for

    @property
    def home(self) -> Path:
        """The folder that it is of, to read from; a rehearsal writes elsewhere."""
        return self.rehearsed or self.settings.home

    @property
    def trust(self) -> Trust:
        """Whom we know now."""
        return self.whom()

    def close(self) -> None:
        self.later.close()
        self.ledger.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
