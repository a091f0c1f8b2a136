"""What the ledger tells about a picture and a person, put together from its entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from provenance.statement.canonical import Digest
from provenance.statement.commitment import ERASED
from provenance.statement.credit import Kind, Role
from provenance.statement.json_value import Json
from provenance.statement.statement import Resource, Statement

HELD_AGAINST = "held_against"  # a fact of a released picture


def held_against(facts: Mapping[str, Json]) -> list[str]:
    """What spoke against a picture, by the facts of its record or the settings in its manifest."""
    said = facts.get(HELD_AGAINST)
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


class State(StrEnum):
    """How far a picture came."""

    REQUESTED = "requested"  # written down, not (yet) made: running, or stopped midway
    RELEASED = "released"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture as recorded. `requested` and `released` are entry numbers; `facts` what the run reported.

    Names and prompts in `statement` are opened where they are still held; an erased one reads "(erased)".
    """

    picture: str
    state: State
    statement: Statement
    requested: int
    requested_at: str
    released: int | None = None
    released_at: str | None = None
    output: Resource | None = None
    signer: Digest | None = None  # SHA-256 of the signing certificate (DER)
    manifest: str | None = None  # label (URN) of the C2PA manifest
    facts: Mapping[str, Json] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Its date, wherever one is told: when it was released; of one that was not, when it was asked for."""
        return self.released_at or self.requested_at

    @property
    def held_against(self) -> list[str]:
        """What spoke against it when it was signed as the work of a hand or a camera."""
        return held_against(self.facts)


class AnyPictures(Protocol):
    """A ledger of which pictures are asked; log.py's Ledger says what each of these does."""

    def picture(self, picture: str) -> PictureRecord: ...

    def pictures_with_file(self, digest: Digest) -> list[PictureRecord]: ...

    def children(self, picture: str) -> list[PictureRecord]: ...


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person or organisation. `name` None: asked not to be named, or not held; then `absent` is shown for it."""

    person: str
    kind: Kind
    name: str | None
    added: int
    absent: str = ""  # "(erased)", "(missing)" or, of another's log, "(not disclosed)"

    @property
    def erased(self) -> bool:
        return self.absent == ERASED


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """One credit: who, in which role, on which picture."""

    person: PersonRecord
    role: Role
    record: PictureRecord
