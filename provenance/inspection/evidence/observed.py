"""What is looked at, and what it is held against: the file as it was read, and what ledgers have of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from provenance.credentials.read.chain import Chain
from provenance.errors import Remedy
from provenance.inspection.graph import Graph
from provenance.inspection.sentence import History
from provenance.ledger.any_ledger import AnyLedger, Others
from provenance.ledger.claims import Claim
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.lookup.likeness import Likeness
from provenance.media.generators.generator_trace import Trace
from provenance.media.picture import Picture
from provenance.statement.canonical import Contents, Digest
from provenance.statement.json_value import Json


class Match(StrEnum):
    """How a ledger's record was found, surest first."""

    FILE = "the same file, byte for byte"
    PIXELS = "the same pixels"
    MANIFEST = "its own credentials name the entry"


@dataclass(frozen=True, slots=True)
class Observed:
    """What was read from a file, and whether these bytes are known."""

    name: str
    contents: Contents
    chain: Chain
    picture: Picture | None  # without its bytes
    pixels: Digest | None  # None too where the answer did not need them
    trouble: str | None  # why it is no picture that we can take
    traces: tuple[Trace, ...] = ()
    exact: PictureRecord | None = None  # the ledger's record of these very bytes
    clocks: str = ""  # PEM: whose time stamps count
    remedies: tuple[Remedy, ...] = ()  # of the trouble
    claim: Claim | None = None  # what our ledger took it in as, where it has no record of it
    looks_like: tuple[Likeness, ...] = ()  # pictures of our index, where nothing surer was found
    not_looked_up: str = ""  # why the index could not be asked, as the end of a sentence
    unread: tuple[str, ...] = ()  # what of its text was not read, each as a clause
    beside: bytes | None = None  # its credentials, where they lie in a file of their own

    @property
    def size(self) -> int:
        return len(self.contents.data)

    @property
    def digest(self) -> Digest:
        return self.contents.digest

    @property
    def shown(self) -> Digest | None:
        """Its pixels, as read or as recorded of these very bytes."""
        if self.pixels is not None or self.exact is None or self.exact.output is None:
            return self.pixels
        return self.exact.output.pixels


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One other ledger's record of a file. `broken` says why its proof fails, "" if it holds.

    `size` is that of its last checkpoint that we hold, `answer` how the picture was made by that ledger's word.
    """

    ledger: str
    key: str
    size: int
    match: Match
    record: PictureRecord
    answer: str
    exact: bool  # these are the bytes that it wrote down
    broken: str = ""
    graph: Graph = field(default_factory=lambda: Graph(()))
    history: History | None = None  # by its word

    def to_json(self) -> dict[str, Json]:
        """The record as data, with whose it is."""
        return {
            "ledger": self.ledger,
            "key": self.key,
            "checkpoint": self.size,
            "proved": not self.broken,
            "match": self.match.name.lower(),
            "same_file": self.exact,
            "classification": self.answer,
            "record": record_json(self.record),
        }


@dataclass(frozen=True, slots=True)
class Sources:
    """What a file is held against. `told` is the graph of its own credentials, `recorded` that of our record of it."""

    ledger: AnyLedger | None
    others: Others
    told: Graph
    record: PictureRecord | None = None
    match: Match | None = None
    recorded: Graph = field(default_factory=lambda: Graph(()))
    elsewhere: Sequence[Elsewhere] = ()
    unread: Sequence[str] = ()
    language: str = "en"  # of the histories that lines of evidence quote


def meant(
    named: PictureRecord | None, exact: PictureRecord | None, same: Sequence[PictureRecord], digest: Digest
) -> tuple[PictureRecord | None, Match | None]:
    """Of a ledger's records the one that is this picture's, and by what.

    `named` is the one that its credentials name, `exact` one of these very bytes, `same` are those with its pixels.
    """
    if exact is not None:
        # A file whose credentials lie beside it may be recorded twice: those that lie there say which is meant.
        of_it = named is not None and named.output is not None and named.output.digest == digest
        return named if of_it else exact, Match.FILE
    # Several records may share pixels (a picture that was recorded twice): the named one is meant.
    if named is not None and (not same or named.picture in {each.picture for each in same}):
        return named, Match.MANIFEST
    return (same[0], Match.PIXELS) if same else (None, None)
