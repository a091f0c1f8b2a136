"""What is to be said of one picture, as one object: the statement, its entry, its inputs, and what may be public.

Signing (provenance/credentials/sign/manifest.py) takes the picture, this, and the identity, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import NOBODY_KNOWN, Trust
from provenance.credentials.sign.disclosure import USUAL, Publication
from provenance.credentials.sign.ingredients import EntryRef, Source
from provenance.statement.json_value import Json
from provenance.statement.statement import Statement


@dataclass(frozen=True, slots=True)
class Order:
    """One picture's credentials as they are ordered. `facts` are what the run gave; `at` is when it was signed."""

    statement: Statement
    entry: EntryRef
    at: datetime
    sources: tuple[Source, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    publication: Publication = USUAL
    tsa_url: str | None = None  # a time-stamp authority to ask
    artist: Identity | None = (
        None  # somebody who vouches for the credits with a certificate of their own (CAWG)
    )
    beside: bytes | None = None  # credentials that lay beside the picture itself, as it was received
    trust: Trust = NOBODY_KNOWN  # whom we know: by it the credentials of the inputs are judged

    @property
    def when(self) -> str:
        """The time of signing as C2PA writes it: RFC 3339, UTC, whole seconds."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
