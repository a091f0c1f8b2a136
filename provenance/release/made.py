"""What comes of a release: the picture as its maker gives it, and as it has left, with what should be known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provenance.errors import Remedy
from provenance.ledger.store.records import PictureRecord
from provenance.statement.canonical import Digest
from provenance.statement.json_value import Json


@dataclass(frozen=True, slots=True)
class FinalFinding:
    """`code` for a table, `words` for a person; `remedy` is what can be done, for each front end to word."""

    code: str
    words: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as it came from its maker, encoded and not yet signed, with the facts of the run."""

    data: bytes
    media_type: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    beside: bytes | None = None  # credentials that lay beside it, as it was received
    notes: tuple[str, ...] = ()  # what somebody should know about the file
    xmp: bytes | None = None  # what a program wrote of it into a file beside it


@dataclass(frozen=True, slots=True)
class Released:
    """A picture that has left: its record, where it stands, and the digest of the signed file.

    `findings` say what keeps it from being a final picture, such as a hand that nobody is named for;
    `notes`, what somebody should know about the file itself.
    """

    record: PictureRecord
    path: Path
    digest: Digest
    findings: tuple[FinalFinding, ...] = ()
    notes: tuple[str, ...] = ()
