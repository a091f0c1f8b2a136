"""WebP: chunks of type, length and content in a RIFF file.

    RIFF size WEBP   VP8X 0A 00 00 00 flags …   VP8L …   EXIF …   XMP  size packet

XMP stands in a chunk of its own, which the flags of VP8X announce; a plain file gets a VP8X first.
"""

import struct
from collections.abc import Iterator

_HAS_XMP, _HAS_ALPHA = 0x04, 0x10


def xmp_of(data: bytes) -> bytes | None:
    """The XMP packet; None where there is none."""
    for at, size in _chunks(data):
        if data[at : at + 4] == b"XMP ":
            return data[at + 8 : at + 8 + size]
    return None


def with_xmp(data: bytes, packet: bytes) -> bytes | None:
    """The file with this packet, in place of the one that it has."""
    body = data[12:]
    if body[:4] == b"VP8X":
        flags = bytes([body[8] | _HAS_XMP])
        announced = data[:12] + body[:8] + flags + body[9:]
        kept = [announced[at : at + 8 + size + size % 2] for at, size in _chunks(announced)]
        body = b"".join(each for each in kept if each[:4] != b"XMP ")
    else:
        body = _extended_header(body) + body
    body += b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _chunks(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each chunk begins, and the length of its content; the last may be cut off."""
    at = 12
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        yield at, size
        at += 8 + size + size % 2


def _extended_header(body: bytes) -> bytes:
    """The VP8X chunk for a file that has none yet."""
    lossless = body[:4] == b"VP8L"
    bits: int = struct.unpack_from("<I", body, 9 if lossless else 14)[0]
    # Both write 14 bits each; VP8L one less than the size, and then a bit for transparency.
    width, height = bits & 0x3FFF, bits >> (14 if lossless else 16) & 0x3FFF
    alpha = lossless and bits >> 28 & 1
    if not lossless:
        width, height = max(width, 1) - 1, max(height, 1) - 1
    size = width.to_bytes(3, "little") + height.to_bytes(3, "little")
    return b"VP8X" + struct.pack("<II", 10, _HAS_XMP | (_HAS_ALPHA if alpha else 0)) + size
