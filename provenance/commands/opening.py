"""What commands open: to read, whom we know and the ledger where there is one; to write, the ledger that is there.

On a stranger's machine there is neither ledger nor key: a picture is inspected all the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from provenance.commands.showing import tell_skipped
from provenance.credentials.identity.authorities import read_roots, trust_for
from provenance.credentials.identity.certificate import to_pem
from provenance.credentials.identity.identity import open_identity
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import OWN, Trust
from provenance.errors import IdentityError, NotRecorded
from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect
from provenance.ledger.any_ledger import Others
from provenance.ledger.copies.backup import open_backup
from provenance.ledger.foreign import others_in
from provenance.ledger.key_files import read_key
from provenance.ledger.log import Ledger
from provenance.lookup.door import LookUp
from provenance.lookup.mark_key import MarkKey
from provenance.release.shelf import CatchingUp, Shelf, plain_picture
from provenance.settings import Settings
from provenance.statement.words import LANGUAGES
from provenance.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Reading:
    """Whom we know, our ledger, or None, and the ledgers of other studios that were imported."""

    settings: Settings
    trust: Trust
    ledger: Ledger | None
    others: Others
    index: LookUp

    @property
    def held(self) -> Ledger:
        """The ledger; NotRecorded with what to do where there is none."""
        if self.ledger is None:
            raise NotRecorded(
                f"there is no ledger at {self.settings.ledger}; name its folder with --home, "
                "or begin one with `genzu init`"
            )
        return self.ledger


@contextmanager
def reading(settings: Settings) -> Iterator[Reading]:
    """Opens what is there; creates nothing."""
    ledger = None
    # os.path answers False where a folder is closed to us; Path would raise.
    if os.path.isfile(settings.ledger):  # noqa: PTH113
        ledger = read_ledger(settings)
    try:
        if ledger is not None:
            tell_skipped(ledger)
        with others_in(settings.home) as others:
            yield Reading(settings, trust_of(settings), ledger, others, index_of(settings, ledger))
    finally:
        if ledger is not None:
            ledger.close()


def told_of(opened: Reading, file: Path, language: str = "en") -> Inspection:
    """The answer on a file, with all that is there to ask; the histories that it quotes in a language."""
    return inspect(
        file,
        trust=opened.trust,
        ledger=opened.ledger,
        others=opened.others,
        limits=opened.settings.limits,
        index=opened.index,
        language=language,
    )


def read_ledger(settings: Settings) -> Ledger:
    """The ledger that is there, open for reading only."""
    return Ledger.open(settings.ledger, key=settings.keys / "ledger.key", read_only=True)


def index_of(settings: Settings, ledger: Ledger | None) -> LookUp:
    """The look-up index of our archive; with the ledger's key, where it is here, the faint marks are read too."""
    try:
        key = read_key(settings.keys / "ledger.key")
    except IdentityError:
        key = None  # closed to us, or broken: whoever writes to the ledger is told
    marks = None if key is None else MarkKey.of_ledger(key.seed)
    shelf = Shelf(settings, Vault(settings.vault), marks)
    if ledger is None:
        return LookUp(settings.lookup, marks)
    return LookUp(settings.lookup, marks, CatchingUp(shelf, ledger), partial(plain_picture, shelf, ledger))


def writing(settings: Settings) -> Ledger:
    """The ledger that is there, open for writing, its backup following."""
    backup = open_backup(settings.backup, settings.home / "backup") if settings.backup else None
    return Ledger.open(
        settings.ledger,
        key=settings.keys / "ledger.key",
        checkpoints=settings.checkpoints,
        create=False,
        backup=backup,
        lasts=not settings.hosted,
    )


def trust_of(settings: Settings) -> Trust:
    """Whom the settings name, whom somebody added, and our own signer where it was ever made."""
    if settings.signing_chain is not None and settings.signing_key is not None:
        return trust_for(open_identity(settings), settings)
    own = settings.keys / "root.pem"
    trust = trust_for(None, settings)
    if not os.path.isfile(own):  # noqa: PTH113
        return trust
    return trust.knowing(to_pem(read_roots(own)), Purpose.SIGNERS, name=OWN)


as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON on the standard output.")
lang = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of the answer; in JSON, of its sentences.",
)
