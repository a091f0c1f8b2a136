"""An archive: one ledger, its vault and its signing identity, opened together. opening.py opens one.

home/
  ledger.sqlite3     who, what, which model, when        checkpoints.txt   to be copied elsewhere
  vault/             every input and output, by digest    keys/             0600, never in a served folder
  staging/           one journal a picture under way      outputs/          pictures made on the page
"""

from dataclasses import dataclass
from types import TracebackType

from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import Trust
from provenance.ledger.any_ledger import AnyLedger
from provenance.release.journal import Recovered
from provenance.settings import Settings
from provenance.storage.vault import Vault


@dataclass(frozen=True)
class Archive:
    """Everything that writing a record needs. `recovered` tells what was finished or closed after a crash."""

    settings: Settings
    ledger: AnyLedger
    vault: Vault
    identity: Identity
    trust: Trust
    recovered: tuple[Recovered, ...] = ()

    def close(self) -> None:
        self.ledger.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
