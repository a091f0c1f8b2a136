"""JPEG: segments of marker, length and content, up to the start of the scan.

    FF D8   FF E1 00 54 http://ns.adobe.com/xap/1.0/\\0 packet …   FF DB …   FF DA …

XMP stands in an APP1 segment of at most 64 kB. What does not fit is cut over further ones (extended XMP, part 3 of the
specification): each names the MD5 digest of the whole, its length and where the piece belongs.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_LARGEST = 0xFFFF - 2
_PIECE = 65_000
_APP1 = 0xE1
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
LONGEST = 64 * 1024 * 1024  # bytes of extended XMP


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's marker, where it begins, and where its content lies."""

    marker: int
    begin: int
    start: int
    end: int


def segments(data: bytes | bytearray) -> Iterator[Segment]:
    """Every whole segment before the scan."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in (0xD9, 0xDA):
            return
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            end = at + 2 + length
            if length < 2 or end > len(data):
                return
            yield Segment(marker, at, at + 4, end)
            at = end


def xmp_of(data: bytes) -> bytes | None:
    """The main XMP packet; None where there is none."""
    found = _xmp_segment(data)
    return None if found is None else data[found.start + len(_XMP) : found.end]


def with_xmp(data: bytes, packet: bytes) -> bytes | None:
    """The file with this packet, in place of the one that it has; None where it is too long for a segment."""
    content = _XMP + packet
    if len(content) > _LARGEST:
        return None
    made = _segment(content)
    found = _xmp_segment(data)
    if found is not None:
        return data[: found.begin] + made + data[found.end :]
    at = 2
    # Behind JFIF and EXIF, which readers want first.
    for each in segments(data):
        if each.marker not in (0xE0, _APP1):
            break
        at = each.end
    return data[:at] + made + data[at:]


def extended_xmp_of(data: bytes) -> bytes | None:
    """What stands in further segments, put together; None where there is nothing, or not all of it."""
    pieces: dict[int, bytes] = {}
    whole, digest = 0, b""
    for each in _extended_segments(data):
        head = each.start + len(_EXTENDED)
        digest = data[head : head + 32]
        whole, offset = struct.unpack_from(">II", data, head + 32)
        pieces[offset] = data[head + 40 : each.end]
    together = b"".join(pieces[offset] for offset in sorted(pieces))
    if not pieces or len(together) != whole or whole > LONGEST:
        return None
    return together if digest_of(together).encode() == digest.upper() else None


def with_extended_xmp(data: bytes, content: bytes) -> bytes:
    """The file with other extended XMP; the main packet has to name its digest."""
    found = list(_extended_segments(data))
    at = found[0].begin if found else 2
    for each in reversed(found):
        data = data[: each.begin] + data[each.end :]
    digest = digest_of(content).encode()
    made = b"".join(
        _segment(
            _EXTENDED + digest + struct.pack(">II", len(content), offset) + content[offset : offset + _PIECE]
        )
        for offset in range(0, len(content), _PIECE)
    )
    return data[:at] + made + data[at:]


def digest_of(content: bytes) -> str:
    """The name of extended XMP. MD5 because the specification says so; nothing rests on it."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest().upper()


def _segment(content: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _xmp_segment(data: bytes) -> Segment | None:
    return next(
        (each for each in segments(data) if each.marker == _APP1 and data.startswith(_XMP, each.start)), None
    )


def _extended_segments(data: bytes) -> Iterator[Segment]:
    for each in segments(data):
        long_enough = each.end - each.start >= len(_EXTENDED) + 40
        if each.marker == _APP1 and long_enough and data.startswith(_EXTENDED, each.start):
            yield each
