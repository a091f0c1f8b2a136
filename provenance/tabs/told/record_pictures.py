"""Small copies of recorded pictures, for those to whom they may be shown.

The keeper at this machine sees them, and everybody does where GENZU_PUBLIC_PICTURES is on: the pictures of a ledger are
a studio's unreleased work until it says otherwise. Who asks with a picture sees that picture itself, as they sent it.
"""

from functools import lru_cache

import gradio as gr
from starlette.requests import Request

from provenance.errors import NotRecorded
from provenance.ledger.store.records import State
from provenance.media.picture import open_picture
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.storage.vault import Vault
from provenance.tabs.visits.pictures import reduced
from provenance.tabs.visits.visitor import Keeper

SIDE = 240  # pixels of the longer side


def may_see(settings: Settings, request: "gr.Request | Request | None") -> bool:
    """Whether the pictures of the record are shown to this visitor."""
    return settings.public_pictures or Keeper(settings).knows(request)


def address_of_small(picture: str) -> str:
    """Where the page finds the small copy of a recorded picture."""
    return f"genzu/record/{picture}.jpg"


def small_record(archive: Archive, picture: str) -> bytes | None:
    """The small copy, JPEG, unsigned; None where no picture was released under this id, or the vault has it no more."""
    try:
        record = archive.ledger.picture(picture)
    except NotRecorded:
        return None
    if (
        record.state is not State.RELEASED
        or record.output is None
        or record.output.digest not in archive.vault
    ):
        return None
    return _small(archive.vault, record.output.digest, archive.settings)


@lru_cache(maxsize=512)
def _small(vault: Vault, digest: Digest, settings: Settings) -> bytes:
    return reduced(open_picture(vault.path(digest), settings.limits.for_our_own()), SIDE)
