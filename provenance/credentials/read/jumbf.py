"""The certificates in a C2PA manifest store, which the library checks but does not hand out.

A store is nested JUMBF boxes (ISO 19566-5); a box is a length, a type and its content, a `jumb` box begins
with a description that holds its label:

    jumb "c2pa" ─ jumb "urn:c2pa:…" ─ jumb "c2pa.signature" ─ cbor   COSE_Sign1, x5chain in header 33

The bytes come from strangers: every length is checked and nesting is bounded. Where a file could be read in
two ways (a label, a key or a chain twice) it is left out, so that nobody is taken for the signer who is not.
"""

import struct
from collections.abc import Iterator
from typing import TypeAlias

Cbor: TypeAlias = "int | bytes | str | bool | list[Cbor] | dict[int | str, Cbor] | None"

_DEPTH = 16
_X5CHAIN = 33


def certificate_chains(store: bytes) -> dict[str, tuple[bytes, ...]]:
    """For each manifest's label its certificates as DER, leaf first; odd signatures are left out."""
    found: dict[str, tuple[bytes, ...]] = {}
    for label, content in _signatures(store):
        try:
            certificates = _x5chain(content)
        except (ValueError, IndexError):
            certificates = ()
        found[label] = () if label in found else certificates
    return {label: certificates for label, certificates in found.items() if certificates}


def embedded(store: bytes, place: str) -> bytes | None:
    """The embedded file at a place such as `self#jumbf=/c2pa/urn:…/c2pa.assertions/c2pa.embedded-data`.

    None where there is none, or where two places bear the name.
    """
    names = place.removeprefix("self#jumbf=").strip("/").split("/")
    ranges = [(0, len(store))]
    for name in names[:_DEPTH]:
        ranges = [
            (start, end)
            for low, high in ranges
            for _, label, start, end in _labelled(store, low, high)
            if label == name
        ]
    if len(ranges) != 1 or not place.startswith("self#jumbf=/c2pa/"):
        return None
    held = [store[start:end] for kind, start, end in _boxes(store, *ranges[0]) if kind == b"bidb"]
    return held[0] if len(held) == 1 else None


def _signatures(store: bytes) -> Iterator[tuple[str, bytes]]:
    for _, outer, start, end in _labelled(store, 0, len(store)):
        if outer != "c2pa":
            continue
        for _, manifest, inner, inner_end in _labelled(store, start, end):
            for _, label, content, content_end in _labelled(store, inner, inner_end):
                if label != "c2pa.signature":
                    continue
                for kind, low, high in _boxes(store, content, content_end):
                    if kind == b"cbor":
                        yield manifest, store[low:high]


def _labelled(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, str, int, int]]:
    """The `jumb` boxes in a range: type, label, and where their content lies."""
    for kind, low, high in _boxes(data, start, end):
        if kind != b"jumb":
            continue
        description = next(_boxes(data, low, high), None)
        if description is None or description[0] != b"jumd":
            continue
        _, first, last = description
        # 16 bytes of type, one of toggles (bit 1: there is a label), the label up to a zero byte.
        stop = data.find(b"\0", first + 17, last)
        if last - first < 18 or not data[first + 16] & 2 or stop < 0:
            continue
        yield kind, data[first + 17 : stop].decode("utf-8", "replace"), last, high


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if length == 1 and start + 16 <= end:
            (length,) = struct.unpack_from(">Q", data, start + 8)
            header = 16
        stop = end if length == 0 else start + length
        if (length != 0 and length < header) or stop > end:
            return
        yield kind, start + header, stop
        start = stop


def _x5chain(data: bytes) -> tuple[bytes, ...]:
    """From the protected header (claims of version 2) or the other one (version 1)."""
    message, _ = _decode(data, 0, 0)
    if not isinstance(message, list) or len(message) < 2 or not isinstance(message[0], bytes):
        return ()
    protected = _decode(message[0], 0, 0)[0] if message[0] else {}
    headers = [header for header in (protected, message[1]) if isinstance(header, dict)]
    chains = [header[key] for header in headers for key in (_X5CHAIN, "x5chain") if key in header]
    if len(chains) != 1:
        return ()
    chain = chains[0] if isinstance(chains[0], list) else [chains[0]]
    return tuple(each for each in chain[:16] if isinstance(each, bytes))


def _decode(data: bytes, at: int, depth: int) -> tuple[Cbor, int]:
    """One CBOR item (RFC 8949) and where it ends; floats and simple values but true, false are None."""
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if info == 31:
        raise ValueError("indefinite length")  # not used in COSE
    if info >= 24:
        width = 1 << (info - 24)
        value = int.from_bytes(data[at : at + width], "big")
        at += width
    else:
        value = info
    if major <= 1:
        return (value if major == 0 else -1 - value), at
    if major in (2, 3):
        if at + value > len(data):
            raise ValueError("cut off")
        text = data[at : at + value]
        return (text if major == 2 else text.decode("utf-8", "replace")), at + value
    if major == 6:
        return _decode(data, at, depth + 1)
    if major == 7:
        return ({20: False, 21: True}.get(value), at)
    return _collection(data, at, depth, value, pairs=major == 5)


def _collection(data: bytes, at: int, depth: int, count: int, *, pairs: bool) -> tuple[Cbor, int]:
    if count > len(data) - at:
        raise ValueError("more items than bytes")
    if not pairs:
        items: list[Cbor] = []
        for _ in range(count):
            item, at = _decode(data, at, depth + 1)
            items.append(item)
        return items, at
    mapping: dict[int | str, Cbor] = {}
    for _ in range(count):
        key, at = _decode(data, at, depth + 1)
        value, at = _decode(data, at, depth + 1)
        if not isinstance(key, (int, str)) or key in mapping:
            raise ValueError("an odd or repeated key")
        mapping[key] = value
    return mapping, at
