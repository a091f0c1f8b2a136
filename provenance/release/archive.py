"""An archive: one ledger, its vault and its signing identity, opened together and swept of what a crash left.

home/
  ledger.sqlite3     who, what, which model, when        checkpoints.txt   to be copied elsewhere
  vault/             every input and output, by digest    keys/             0600, never in a served folder
  staging/           one journal a picture under way      outputs/          pictures made on the page
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from provenance.credentials.identity.identity import Identity, open_identity, read_identity
from provenance.credentials.identity.trust import Trust
from provenance.errors import IdentityError, OutputError
from provenance.ledger import Ledger
from provenance.ledger.copies.backup import Backup, open_backup
from provenance.ledger.key_files import give_key
from provenance.ledger.open import last_time
from provenance.release.journal import Recovered, recover
from provenance.settings import Settings
from provenance.storage.lock import need_locks
from provenance.storage.vault import Vault

LEDGER_KEY = "ledger.key"


@dataclass(frozen=True)
class Archive:
    """Everything that writing a record needs. `recovered` tells what was finished or closed after a crash."""

    settings: Settings
    ledger: Ledger
    vault: Vault
    identity: Identity
    trust: Trust
    recovered: tuple[Recovered, ...] = ()

    @classmethod
    def open(cls, settings: Settings, *, renew: bool = False) -> "Archive":
        """Opens the archive at `settings.home`; the first start makes the folders, the keys and the ledger.

        `renew` makes a new signing certificate in any case.
        """
        need_locks()
        try:
            for folder in (settings.home, settings.keys, settings.staging, settings.outputs):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise OutputError(
                f"{settings.home} cannot hold the archive ({error.strerror}); "
                "give another folder with --home or GENZU_HOME"
            ) from error
        identity = open_identity(settings, last=last_time(settings.ledger), renew=renew)
        vault = Vault(settings.vault)
        vault.sweep()
        backup = open_backup(settings.backup, settings.home / "backup") if settings.backup else None
        if settings.ledger_key:
            _need_ledger(settings, backup)
            give_key(settings.keys / LEDGER_KEY, settings.ledger_key)
        ledger = Ledger.open(
            settings.ledger, key=settings.keys / LEDGER_KEY, checkpoints=settings.checkpoints, backup=backup
        )
        try:
            recovered = tuple(recover(settings.staging, ledger, vault))
        except BaseException:
            ledger.close()
            raise
        return cls(settings, ledger, vault, identity, Trust.of(identity, settings), recovered)

    @classmethod
    @contextmanager
    def rehearsal(cls, settings: Settings) -> Iterator["Archive"]:
        """The archive as it stands, to ask what would happen: nothing in its folder is made, swept or written.

        Where there is none yet, an empty one in a temporary folder stands for it.
        """
        with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
            aside = replace(settings, home=Path(folder))
            if not os.path.isfile(settings.ledger):  # noqa: PTH113  (False where a folder is closed to us)
                with cls.open(replace(aside, backup=None, ledger_key="")) as archive:
                    yield archive
                return
            identity = read_identity(settings) or open_identity(aside)
            with Ledger.open(
                settings.ledger, key=settings.keys / LEDGER_KEY, create=False, read_only=True
            ) as ledger:
                yield cls(aside, ledger, Vault(settings.vault), identity, Trust.of(identity, settings))

    def close(self) -> None:
        self.ledger.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _need_ledger(settings: Settings, backup: Backup | None) -> None:
    """IdentityError where a key that signed for a ledger would begin another: two logs under one key are a fraud's."""
    here = os.path.isfile(settings.ledger)  # noqa: PTH113
    if not here and (backup is None or not backup.holds_entries()):
        where = f"GENZU_BACKUP={settings.backup}" if settings.backup else "without GENZU_BACKUP, the archive"
        raise IdentityError(
            f"GENZU_LEDGER_KEY belongs to a ledger that began elsewhere, and {where} holds no entry of it: "
            "run `genzu init` where the key was made, with the same GENZU_BACKUP"
        )
