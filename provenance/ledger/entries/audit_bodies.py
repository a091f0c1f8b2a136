"""The bodies of what an audit leaves in the ledger.

    picture.claimed   output, answer, because, hints, file
    report.signed     files, pictures, made

A claim is no record: it says what a picture's own metadata said when it was taken in, and vouches for none of it.
Nobody is credited by it. The name of the file is sealed; a report is named by its digests alone.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta

from provenance.errors import StatementError
from provenance.ledger.entries.shape import Hash, Shape, Text, Whole
from provenance.statement.canonical import Digest
from provenance.statement.commitment import Body, Private
from provenance.statement.statement import Resource
from provenance.statement.vocabulary import Maker

HINTS = 40  # of one picture
Short = Annotated[str, Meta(max_length=400)]


class FileSaid(Shape, frozen=True):
    """A picture's file; the same fields as an output's."""

    digest: Hash
    media_type: str
    size: Whole
    width: Whole | None
    height: Whole | None
    pixels: Hash | None


class HintSaid(Shape, frozen=True):
    """One unsigned text: which program writes such a one, where it stood, what it says."""

    tool: Short
    field: Short
    maker: Maker
    models: list[Short]


class PictureClaimed(Shape, frozen=True):
    """picture.claimed: an older picture, as its own metadata described it when it was taken in."""

    output: FileSaid
    answer: Literal["AI-generated", "AI-assisted", "recorded as human-made", "altered", "unknown"]
    because: Short
    hints: list[HintSaid]
    file: Text

    def __post_init__(self) -> None:
        if len(self.hints) > HINTS:
            raise StatementError(f"a claim holds at most {HINTS} hints")


class ReportFile(Shape, frozen=True):
    """One form of a report."""

    kind: Annotated[str, Meta(max_length=8)]  # html, pdf, xlsx, csv, json
    digest: Hash
    size: Whole


class ReportSigned(Shape, frozen=True):
    """report.signed: a report on a delivery, by its digests."""

    files: list[ReportFile]
    pictures: Whole
    made: Short

    def __post_init__(self) -> None:
        if not self.files:
            raise StatementError("a report that is signed has a file")


def claimed_body(
    output: Resource, answer: str, because: str, hints: Sequence[Body], name: str
) -> dict[str, Body]:
    return {
        "output": dict[str, Body](output.to_json()),
        "answer": answer,
        "because": because[:400],
        "hints": list(hints)[:HINTS],
        "file": Private(name, "file", str(output.digest)) if name else "",
    }


def hint_body(tool: str, field: str, maker: Maker, models: Sequence[str]) -> dict[str, Body]:
    return {
        "tool": tool[:400],
        "field": field[:400],
        "maker": maker.value,
        "models": [each[:400] for each in models],
    }


def report_body(files: Sequence[tuple[str, Digest, int]], pictures: int, made: str) -> dict[str, Body]:
    said: list[Body] = [{"kind": kind, "digest": str(digest), "size": size} for kind, digest, size in files]
    return {"files": said, "pictures": pictures, "made": made}
