"""The boxes of a C2PA manifest store, for what the library checks but does not hand out.

A store is nested JUMBF boxes (ISO 19566-5); a box is a length, a type and its content, a `jumb` box begins
with a description that holds its label:

    jumb "c2pa" ─ jumb "urn:c2pa:…" ┬ jumb "c2pa.assertions" ─ jumb "cawg.identity" ─ cbor
                                    ├ jumb "c2pa.claim.v2" ─ cbor
                                    └ jumb "c2pa.signature" ─ cbor      COSE_Sign1: cose.py

The bytes come from strangers: every length is checked and nesting is bounded. Where a place could be read in two ways
(a label twice) it is left out, so that nobody is taken for the signer who is not.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_DEPTH = 16
_UPDATE = b"c2um"  # how the type (a UUID) of an update manifest begins
_HEADER = struct.Struct(">I4s")  # of a box: its length and its type
_SMALL = 256 * 1024  # bytes of a store that is remembered


def embedded(store: bytes, place: str) -> bytes | None:
    """The embedded file at a place such as `self#jumbf=/c2pa/urn:…/c2pa.assertions/c2pa.embedded-data`.

    None where there is none, or where two places bear the name.
    """
    if not place.startswith("self#jumbf=/c2pa/"):
        return None
    names = place.removeprefix("self#jumbf=").strip("/").split("/")
    return _content(store, names, b"bidb")


def claim_of(manifest: bytes) -> bytes | None:
    """The claim of a manifest box as it was signed (CBOR); None where there is none or more than one."""
    return _opened(manifest).claim


def signature_of(manifest: bytes) -> bytes | None:
    """The signature of a manifest box (COSE, CBOR); None where there is none or more than one."""
    return _opened(manifest).signature


def is_update(manifest: bytes) -> bool:
    """Whether a manifest box is of an update manifest, which adds to what was said and leaves the file's content."""
    return manifest[16:20] == _UPDATE  # behind the headers of the box and of its description


def assertion_of(manifest: bytes, name: str) -> bytes | None:
    """An assertion of a manifest box that is written in CBOR."""
    return _inside(manifest, "c2pa.assertions", name)


def assertion_labels(manifest: bytes) -> tuple[str, ...]:
    """The labels of a manifest box's assertions, in order, repeats included."""
    return _opened(manifest).labels


class _Opened(NamedTuple):
    """What is asked of a manifest box again and again."""

    claim: bytes | None
    signature: bytes | None
    labels: tuple[str, ...]


@lru_cache(maxsize=64)
def _opened(manifest: bytes) -> _Opened:
    """The box walked through once. A claim or a signature that is there twice, or in two boxes, is left out."""
    parts = [
        (name, start, end)
        for _, _, low, high in _labelled(manifest, 0, len(manifest))
        for _, name, start, end in _labelled(manifest, low, high)
    ]
    held = {
        wanted: [
            manifest[low:high]
            for name, start, end in parts
            if name == wanted
            for kind, _, low, high in _boxes(manifest, start, end)
            if kind == b"cbor"
        ]
        for wanted in ("c2pa.claim", "c2pa.claim.v2", "c2pa.signature")
    }
    claims = held["c2pa.claim"] + held["c2pa.claim.v2"]
    signatures = held["c2pa.signature"]
    labels = tuple(
        label
        for name, start, end in parts
        if name == "c2pa.assertions"
        for _, label, _, _ in _labelled(manifest, start, end)
    )
    return _Opened(
        claims[0] if len(claims) == 1 else None, signatures[0] if len(signatures) == 1 else None, labels
    )


def manifests_in(store: bytes) -> Mapping[str, Sequence[bytes]]:
    """The manifests of a store by label, each box whole; more than one where a label stands twice."""
    return _remembered(store) if len(store) <= _SMALL else _walked(store)


def _walked(store: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for _, name, start, end in _labelled(store, 0, len(store)):
        if name == "c2pa":
            for begin, label, _, stop in _labelled(store, start, end):
                found.setdefault(label, []).append(store[begin:stop])
    return found


# Several readers ask for those of one file in a row.
_remembered = lru_cache(maxsize=8)(_walked)


def store_of(manifests: Sequence[bytes]) -> bytes:
    """A store of these manifest boxes; the last of them is the one that it is about."""
    description = struct.pack(">I4s", 8 + len(_DESCRIPTION), b"jumd") + _DESCRIPTION
    content = description + b"".join(manifests)
    return struct.pack(">I4s", 8 + len(content), b"jumb") + content


# The type of a C2PA store (a UUID that begins with "c2pa"), "requestable, with a label", the label.
_DESCRIPTION = bytes.fromhex("6332706100110010800000aa00389b71") + b"\x03c2pa\0"


def _inside(manifest: bytes, *names: str) -> bytes | None:
    label = next((label for _, label, _, _ in _labelled(manifest, 0, len(manifest))), None)
    return None if label is None else _content(manifest, (label, *names), b"cbor")


def _content(store: bytes, names: Sequence[str], kind: bytes) -> bytes | None:
    """What the only box of a kind holds at a place; None where two boxes could be meant."""
    ranges = [(0, len(store))]
    for name in names[:_DEPTH]:
        ranges = [
            (start, end)
            for low, high in ranges
            for _, label, start, end in _labelled(store, low, high)
            if label == name
        ]
    if len(ranges) != 1:
        return None
    held = [store[start:end] for each, _, start, end in _boxes(store, *ranges[0]) if each == kind]
    return held[0] if len(held) == 1 else None


def _labelled(data: bytes, start: int, end: int) -> Iterator[tuple[int, str, int, int]]:
    """The `jumb` boxes in a range: where each begins, its label, and where its content lies."""
    for kind, begin, low, high in _boxes(data, start, end):
        if kind != b"jumb":
            continue
        description = _box(data, low, high)
        if description is None or description[0] != b"jumd":
            continue
        _, _, first, last = description
        # 16 bytes of type, one of toggles (bit 1: there is a label), the label up to a zero byte.
        stop = data.find(b"\0", first + 17, last)
        if last - first < 18 or not data[first + 16] & 2 or stop < 0:
            continue
        yield begin, data[first + 17 : stop].decode("utf-8", "replace"), last, high


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The boxes in a range: type, where each begins, and where its content begins and ends."""
    while (box := _box(data, start, end)) is not None:
        yield box
        start = box[3]


def _box(data: bytes, start: int, end: int) -> tuple[bytes, int, int, int] | None:
    """The box that begins at `start`; None where there is none that ends in the range."""
    if start + 8 > end:
        return None
    length, kind = _HEADER.unpack_from(data, start)
    header = 8
    if length == 1 and start + 16 <= end:
        (length,) = struct.unpack_from(">Q", data, start + 8)
        header = 16
    stop = end if length == 0 else start + length
    if (length != 0 and length < header) or stop > end:
        return None
    return kind, start, start + header, stop
