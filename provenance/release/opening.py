"""Opening an archive: its folders, keys and ledger are made at the first start, and what a crash left is swept up."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from provenance.credentials.identity.authorities import TrustNow
from provenance.credentials.identity.identity import open_identity, read_identity
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain
from provenance.credentials.read.reader import read_chain
from provenance.errors import IdentityError, OutputError, Remedy, Way
from provenance.ledger.copies.backup import Backup, open_backup
from provenance.ledger.foreign import FOLDER, foreign_ledgers
from provenance.ledger.key_files import give_key, read_key
from provenance.ledger.log import Ledger
from provenance.ledger.open import last_time
from provenance.ledger.store.records import PictureRecord
from provenance.lookup.door import LookUp
from provenance.lookup.mark_key import MarkKey
from provenance.release.archive import Archive
from provenance.release.journal import recover
from provenance.release.shelf import CatchingUp, Shelf, plain_picture
from provenance.settings import Settings
from provenance.storage.lock import need_locks
from provenance.storage.vault import Vault

LEDGER_KEY = "ledger.key"


def open_archive(settings: Settings, *, renew: bool = False) -> Archive:
    """Opens the archive at `settings.home`; the first start makes the folders, the keys and the ledger.

    `renew` makes a new signing certificate in any case.
    """
    need_locks()
    _make_folders(settings)
    identity = open_identity(settings, last=last_time(settings.ledger), renew=renew)
    vault = Vault(settings.vault)
    vault.sweep()
    backup = open_backup(settings.backup, settings.home / "backup") if settings.backup else None
    if settings.ledger_key:
        _need_ledger(settings, backup)
        give_key(settings.keys / LEDGER_KEY, settings.ledger_key)
    ledger = Ledger.open(
        settings.ledger,
        key=settings.keys / LEDGER_KEY,
        checkpoints=settings.checkpoints,
        backup=backup,
        lasts=not settings.hosted,
    )
    try:
        recovered = tuple(recover(settings.staging, ledger, vault, partial(_told_late, settings, ledger.id)))
    except BaseException:
        ledger.close()
        raise
    whom, marks = TrustNow(identity, settings), mark_key(settings)
    others = partial(foreign_ledgers, settings.home / FOLDER)
    shelf = Shelf(settings, vault, marks)
    return Archive(
        settings,
        ledger,
        vault,
        identity,
        whom,
        partial(_chain, whom),
        others,
        LookUp(settings.lookup, marks, CatchingUp(shelf, ledger), partial(plain_picture, shelf, ledger)),
        recovered,
        marks,
    )


@contextmanager
def rehearsal(settings: Settings) -> Iterator[Archive]:
    """The archive as it stands, to ask what would happen: nothing in its folder is made, swept or written.

    Where there is none yet, an empty one in a temporary folder stands for it.
    """
    with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
        aside = replace(settings, home=Path(folder))
        if not os.path.isfile(settings.ledger):  # noqa: PTH113  (False where a folder is closed to us)
            with open_archive(replace(aside, backup=None, ledger_key="")) as archive:
                yield replace(archive, rehearsed=settings.home)
            return
        identity = read_identity(settings) or open_identity(aside)
        with Ledger.open(
            settings.ledger, key=settings.keys / LEDGER_KEY, create=False, read_only=True
        ) as ledger:
            whom, marks, vault = TrustNow(identity, settings), mark_key(settings), Vault(settings.vault)
            others = partial(foreign_ledgers, settings.home / FOLDER)
            plain = partial(plain_picture, Shelf(settings, vault, marks), ledger)
            yield Archive(
                aside,
                ledger,
                vault,
                identity,
                whom,
                partial(_chain, whom),
                others,
                LookUp(settings.lookup, marks, plain=plain),
                marks=marks,
                only_looked_at=True,
                rehearsed=settings.home,
            )


def _chain(
    whom: Callable[[], Trust],
    source: Path | bytes,
    media_type: str | None = None,
    *,
    beside: bytes | None = None,
) -> Chain:
    """A file's credentials, judged by whom we know now."""
    return read_chain(source, media_type, trust=whom(), beside=beside)


def _told_late(settings: Settings, ledger: str, record: PictureRecord) -> None:
    from provenance.release.webhook import tell_released  # which needs an HTTP client

    tell_released(settings, ledger, record)


def mark_key(settings: Settings) -> MarkKey | None:
    """What the faint marks of the ledger are drawn from; None where its key is not here."""
    key = read_key(settings.keys / LEDGER_KEY)
    return None if key is None else MarkKey.of_ledger(key.seed)


def _make_folders(settings: Settings) -> None:
    try:
        for folder in (settings.home, settings.keys, settings.staging, settings.outputs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError.of(
            error, f"{settings.home} cannot hold the archive", Remedy(Way.ANOTHER_HOME)
        ) from error


def _need_ledger(settings: Settings, backup: Backup | None) -> None:
    """IdentityError where a key that signed for a ledger would begin another: two logs under one key are a fraud's."""
    here = os.path.isfile(settings.ledger)  # noqa: PTH113
    if not here and (backup is None or not backup.holds_entries()):
        where = f"GENZU_BACKUP={settings.backup}" if settings.backup else "without GENZU_BACKUP, the archive"
        raise IdentityError(
            f"GENZU_LEDGER_KEY belongs to a ledger that began elsewhere, and {where} holds no entry of it: "
            "run `genzu init` where the key was made, with the same GENZU_BACKUP"
        )
