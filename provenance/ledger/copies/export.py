"""Entries as text, to copy elsewhere: JSON lines that anybody can hash, append-only.

    {"format":"genzu/segment@v1","key":"genzu/3bb3…+…","ledger":"genzu/3bb3…","start":0}
    {"at":"2026-11-23T13:05:07.123456Z","body":{…},"kind":"ledger.created","seq":0}
    {"at":…,"seq":1}
    {"about":"per-…","entry":1,"field":"name","position":0,"salt":"<64 hex digits>","value":"Mori Aoi"}
    {"checkpoint":"genzu/3bb3…\\n2\\n…"}

A line that begins with "at" is a leaf as it was hashed: SHA-256 over a zero byte and the line, without its newline.
Lines with a salt open a sealed text; without them (the usual way to hand a log to others) names stay sealed.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from provenance.errors import LedgerError, NotRecorded, ProofError, StatementError
from provenance.ledger.entries.entry import Entry, leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.shape import Shape, Whole, read
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.note import VerifyKey
from provenance.statement.canonical import canonical, parse_canonical
from provenance.statement.commitment import Opening, Private
from provenance.statement.json_value import Json
from provenance.storage.atomic import write_new

FORMAT = "genzu/segment@v1"
PRIVATE = "private.jsonl"  # the file of a backup that opens the sealed texts
MAX_LINE = 16_000_000  # bytes; an entry has about 1,000


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: whose entries follow, and from which number."""

    ledger: str
    key: VerifyKey
    start: int

    @property
    def line(self) -> bytes:
        return canonical({"format": FORMAT, "key": str(self.key), "ledger": self.ledger, "start": self.start})


@dataclass(frozen=True, slots=True)
class OpenedText:
    """A line that opens a sealed text of an entry before it."""

    entry: int
    position: int
    opening: Opening

    @property
    def line(self) -> bytes:
        private = self.opening.private
        return canonical(
            {
                "about": private.about,
                "entry": self.entry,
                "field": private.field,
                "position": self.position,
                "salt": self.opening.salt.hex(),
                "value": private.value,
            }
        )


class _HeaderLine(Shape, frozen=True):
    format: str
    key: str
    ledger: str
    start: Whole


class _EntryLine(Shape, frozen=True):
    at: str
    body: Any
    kind: EntryKind
    seq: Whole


class _OpenedLine(Shape, frozen=True):
    about: str
    entry: Whole
    field: str
    position: Whole
    salt: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    value: str


class _CheckpointLine(Shape, frozen=True):
    checkpoint: str


Line = Header | Entry | OpenedText | SignedCheckpoint


def entry_lines(connection: sqlite3.Connection, start: int, stop: int) -> Iterator[bytes]:
    """The leaves from `start` up to `stop`, as lines without their newlines."""
    rows = connection.execute(
        "SELECT seq, at, kind, body FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq", (start, stop)
    )
    for seq, at, kind, body in rows:
        yield leaf_of(seq, at, kind, body)


def opened_lines(connection: sqlite3.Connection, start: int, stop: int) -> Iterator[bytes]:
    """What opens the sealed texts of these entries, where it is still held."""
    rows = connection.execute(
        "SELECT entry, position, value, field, about, salt FROM private"
        " WHERE entry >= ? AND entry < ? ORDER BY entry, position",
        (start, stop),
    )
    for entry, position, value, field, about, salt in rows:
        yield OpenedText(entry, position, Opening(Private(value, field, about), salt)).line


def checkpoint_line(signed: SignedCheckpoint) -> bytes:
    return canonical({"checkpoint": str(signed)})


def parse_line(line: bytes) -> Line:
    """One line without its newline; ProofError where it is none of the four."""
    try:
        value = parse_canonical(line)
        names = value.keys() if isinstance(value, dict) else ()
        if "seq" in names:
            return _entry(value)
        if "salt" in names:
            return _opened(value)
        if "format" in names:
            return _header(value)
        return SignedCheckpoint.parse(read(_CheckpointLine, value).checkpoint)
    except (StatementError, ValueError) as error:
        raise ProofError(f"this line is not of a {FORMAT}: {error}") from error


def read_segment(path: Path) -> Iterator[Line]:
    """The lines of a file; its first one is the header."""
    for number, line in enumerate(raw_lines(path), start=1):
        try:
            parsed = parse_line(line)
        except ProofError as error:
            raise ProofError(f"{path}, line {number}: {error}") from error
        if (number == 1) != isinstance(parsed, Header):
            raise ProofError(f"{path}, line {number}: a segment begins with one header")
        yield parsed


def raw_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file without their newlines."""
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE):
                if not line.endswith(b"\n"):
                    raise ProofError(
                        f"{path} ends in the middle of a line: it was cut, or is still being written"
                    )
                yield line[:-1]
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error


def whole_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, without a last one that a crash tore."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]


def write_segment(
    out: Path,
    connection: sqlite3.Connection,
    header: Header,
    signed: SignedCheckpoint,
    opened: Iterable[bytes] = (),
) -> None:
    """Writes a new file of the entries under a checkpoint, from the header's start on; `opened` are lines that open
    their texts.
    """
    stop = signed.checkpoint.size
    if not 0 <= header.start < stop:
        raise NotRecorded(
            f"the last checkpoint covers entries up to {stop - 1}, there is none from {header.start} on"
        )
    entries = entry_lines(connection, header.start, stop)
    write_new(
        out, (line + b"\n" for line in chain([header.line], entries, opened, [checkpoint_line(signed)]))
    )


def _header(value: Json) -> Header:
    found = read(_HeaderLine, value)
    if found.format != FORMAT:
        raise StatementError(f"the format is {found.format[:80]!r}; this program reads {FORMAT}")
    key = VerifyKey.parse(found.key)
    if key.name != found.ledger:
        raise StatementError("the key does not belong to the ledger that is named")
    return Header(key.name, key, found.start)


def _entry(value: Json) -> Entry:
    found = read(_EntryLine, value)
    return Entry(found.seq, found.at, found.kind, found.body)


def _opened(value: Json) -> OpenedText:
    found = read(_OpenedLine, value)
    private = Private(found.value, found.field, found.about)
    return OpenedText(found.entry, found.position, Opening(private, bytes.fromhex(found.salt)))
