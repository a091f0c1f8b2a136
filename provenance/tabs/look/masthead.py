"""The head of the page: who keeps the record, how durable it is, under which identity it signs, which model paints."""

from dataclasses import dataclass

import gradio as gr

from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import QUIET, piece


@dataclass(frozen=True, slots=True)
class PaintedWith:
    """The model as the page names it; the pages that only check have none."""

    name: str
    revision: str
    license: str
    training: str
    attribution: str
    digest: str


def masthead(archive: Archive, model: PaintedWith | None, page: gr.Blocks) -> gr.HTML:
    """The head of the page; its numbers are read anew whenever the page is opened."""
    head = piece(_head(archive, model), "gz-masthead")
    page.load(lambda: _head(archive, model), outputs=head, **QUIET)
    return head


def durability(settings: Settings, now: str = "") -> str:
    """How long the record lasts, in a sentence; `now` is what the ledger says of its backup."""
    if settings.backup:
        # Why a copy failed names places and services: it is for the keeper (genzu ledger state), not for everybody.
        arrived = now.partition(";")[0]
        sent = "on this server's disk, with a copy sent to another place after each entry"
        told = f"{sent}: {arrived}" if arrived else sent
        if settings.hosted and not settings.ledger_key:
            told += (
                ". Its key lies on this disk alone, which is wiped at each restart: nothing can be added to this "
                "record after that"
            )
        return told
    if settings.hosted:
        return (
            "on this server's disk only, which is wiped whenever it restarts: take your signed files with you"
        )
    return "on this machine's disk only; no copy elsewhere is set up, so it is as durable as that disk"


def key_warning(archive: Archive) -> str:
    """What a reader should know of a key that we made ourselves; empty for one that was given."""
    if not archive.identity.own:
        return ""
    if is_demo_key(archive):
        return (
            "Demo key, made when this server started. It is lost at the next restart; after that nobody can tell "
            "these signatures from a stranger's. Do not rely on them."
        )
    return (
        "The keeper of this record made this key, and no authority vouches for it. Others read “unknown signer” "
        "until they add its root certificate."
    )


def is_demo_key(archive: Archive) -> bool:
    """Whether the next restart takes the signing key away."""
    settings = archive.settings
    return archive.identity.own and settings.hosted and not settings.signing_identity


def _head(archive: Archive, model: PaintedWith | None) -> str:
    return fragment(
        "masthead",
        keeper=archive.settings.signer_name,
        signer=archive.identity.name,
        fingerprint=str(archive.identity.fingerprint),
        own=archive.identity.own,
        demo=is_demo_key(archive),
        warning=key_warning(archive),
        ledger=archive.ledger.id,
        entries=len(archive.ledger),
        durable=durability(archive.settings, archive.ledger.durability),
        stamped=bool(archive.settings.tsa_url),
        model=model,
    )
