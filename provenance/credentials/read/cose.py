"""A signature as C2PA writes it: COSE_Sign1 (RFC 9052), taken apart.

    18([protected, {"sigTst2": {"tstTokens": [{"val": …}]}, "pad": …}, nil, signature])
       protected: {1: -7, 33: [certificate, …]}     the certificates, leaf first (x5chain); in the other header for v1

The bytes come from strangers: every length is checked, nesting is bounded, and where something could be read in two
ways (a key or a chain twice) it is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from provenance.credentials.read.jumbf import manifests_in, signature_of

Cbor: TypeAlias = "int | bytes | str | bool | list[Cbor] | dict[int | str, Cbor] | None"

_DEPTH = 16
_X5CHAIN = 33
_SMALL = 64 * 1024  # bytes of a signature that is remembered; with a time stamp they take 12 kB
_MOST = 16  # certificates in a chain; real ones have two to four


@dataclass(frozen=True, slots=True)
class CoseSignature:
    """One signature: its certificates as DER, leaf first; the protected header as it was signed; the other header."""

    certificates: tuple[bytes, ...]
    protected: bytes = b""
    value: bytes = b""
    header: Mapping[int | str, Cbor] = field(default_factory=dict)


def signatures(store: bytes) -> dict[str, CoseSignature]:
    """The signatures in a store by manifest; one without certificates, or read in two ways, is left out."""
    found: dict[str, CoseSignature] = {}
    for label, boxes in manifests_in(store).items():
        data = signature_of(boxes[0]) if len(boxes) == 1 else None
        signature = parse_signature(data) if data is not None else None
        if signature is not None and signature.certificates:
            found[label] = signature
    return found


def parse_signature(data: bytes) -> CoseSignature | None:
    """The parts of a COSE_Sign1 message; None where it is none."""
    return _remembered(data) if len(data) <= _SMALL else _parsed(data)


def _parsed(data: bytes) -> CoseSignature | None:
    message = decoded(data)
    if not isinstance(message, list) or len(message) != 4:
        return None
    protected, header, _, value = message
    if not isinstance(protected, bytes) or not isinstance(header, dict) or not isinstance(value, bytes):
        return None
    signed = _signed(protected)
    both = [each for each in (signed, header) if isinstance(each, dict)]
    return CoseSignature(_x5chain(both), protected, value, header)


@lru_cache(maxsize=256)
def _signed_header(protected: bytes) -> Cbor:
    """The protected header; the same for all that one signer signs."""
    return decoded(protected)


def _signed(protected: bytes) -> Cbor:
    if not protected:
        return {}
    return _signed_header(protected) if len(protected) <= _SMALL else decoded(protected)


# A manifest's signature is asked for by several readers in a row.
_remembered = lru_cache(maxsize=64)(_parsed)


def countersigned(signature: CoseSignature, payload: bytes) -> bytes:
    """The bytes over which a time stamp beside a signature is made (RFC 9052, Sig_structure of a countersignature)."""
    parts = (signature.protected, b"", payload)
    return b"\x84\x70CounterSignature" + b"".join(byte_string(each) for each in parts)


def byte_string(data: bytes) -> bytes:
    """Bytes as CBOR writes them, in the shortest form."""
    size = len(data)
    if size < 24:
        return bytes([0x40 | size]) + data
    width = next(each for each in (1, 2, 4, 8) if size < 1 << (8 * each))
    return bytes([0x58 + (1, 2, 4, 8).index(width)]) + size.to_bytes(width, "big") + data


def decoded(data: bytes) -> Cbor:
    """One CBOR item (RFC 8949); None where the bytes are none that we read."""
    try:
        return _decode(data, 0, 0)[0]
    except (ValueError, IndexError):
        return None


def _x5chain(headers: list[dict[int | str, Cbor]]) -> tuple[bytes, ...]:
    """From the protected header (claims of version 2) or the other one (version 1)."""
    chains = [header[key] for header in headers for key in (_X5CHAIN, "x5chain") if key in header]
    if len(chains) != 1:
        return ()
    chain = chains[0] if isinstance(chains[0], list) else [chains[0]]
    return tuple(each for each in chain[:_MOST] if isinstance(each, bytes))


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
