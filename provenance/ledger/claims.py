"""Pictures that were taken in as claims, found by their bytes or their pixels.

They stand in the entries alone, as what is said about people does: the keys are read once a ledger and held in memory,
32 bytes each, and an entry is read when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from provenance.errors import StatementError
from provenance.ledger.any_entries import AnyEntries
from provenance.ledger.entries.audit_bodies import HintSaid, PictureClaimed
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.shape import read
from provenance.statement.canonical import Digest


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: the number of its entry, when it was taken in, and what the picture's metadata said."""

    seq: int
    at: str
    answer: str
    because: str
    hints: tuple[HintSaid, ...]
    exact: bool  # the very bytes, not only the same pixels


@dataclass(slots=True)
class _Keys:
    read: int = 0
    files: dict[bytes, int] = field(default_factory=dict)
    pixels: dict[bytes, int] = field(default_factory=dict)


_KEYS: WeakKeyDictionary[AnyEntries, _Keys] = WeakKeyDictionary()
_READING = Lock()


def claim_of(ledger: AnyEntries, file: Digest, pixels: Digest | None) -> Claim | None:
    """The first claim on this file, else on a file with its pixels; None where there is none."""
    keys = _keys(ledger)
    exact = keys.files.get(file.value)
    seq = exact if exact is not None or pixels is None else keys.pixels.get(pixels.value)
    return None if seq is None else _claim(ledger, seq, exact=exact is not None)


def has_claim(ledger: AnyEntries, file: Digest) -> bool:
    """Whether this very file was taken in before."""
    return file.value in _keys(ledger).files


def _claim(ledger: AnyEntries, seq: int, *, exact: bool) -> Claim | None:
    entry = ledger.entry(seq)
    try:
        said = read(PictureClaimed, entry.body)
    except StatementError:
        return None  # `verify` names it
    return Claim(seq, entry.at, said.answer, said.because, tuple(said.hints), exact)


def _keys(ledger: AnyEntries) -> _Keys:
    with _READING:
        keys = _KEYS.setdefault(ledger, _Keys())
        size = len(ledger)
        if keys.read < size:
            for each in ledger.disclosed((EntryKind.PICTURE_CLAIMED,), keys.read):
                _take(keys, each.seq, each.body)
            keys.read = size
    return keys


def _take(keys: _Keys, seq: int, body: Mapping[str, object]) -> None:
    output = body.get("output")
    if not isinstance(output, dict):
        return  # it cannot be read
    keys.files.setdefault(Digest.parse(str(output["digest"])).value, seq)
    if output.get("pixels") is not None:
        keys.pixels.setdefault(Digest.parse(str(output["pixels"])).value, seq)
