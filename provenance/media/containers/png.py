"""PNG: chunks of length, type, content and checksum, in a row after the signature.

    89 50 4E 47 0D 0A 1A 0A   00 00 00 0D IHDR … crc   00 00 12 34 iTXt XML:com.adobe.xmp … packet crc   IDAT …

XMP stands in an iTXt chunk, which may be packed, before or after the pixels.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_BESIDE_THE_PIXELS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX"})
_FIRST = 33  # bytes: the signature and IHDR, which always comes first
_KEYWORD = b"XML:com.adobe.xmp"
_UNREADABLE = b"<"  # for a packed packet that is damaged, or unpacks to more than a packet takes
_LONGEST = 16 * 1024 * 1024  # bytes of an unpacked packet


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk's type, and where its content lies."""

    kind: bytes
    start: int
    end: int


def chunks(data: bytes | bytearray) -> Iterator[Chunk]:
    """Every whole chunk, up to where the file is cut off."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            return
        yield Chunk(bytes(data[at + 4 : at + 8]), at + 8, at + 8 + length)
        at += 12 + length


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk as it stands in a file."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunk(data: bytes, kind: bytes, content: bytes) -> bytes:
    """The file with one chunk more, as early as one may stand."""
    return data[:_FIRST] + chunk(kind, content) + data[_FIRST:]


def shows_the_same(before: bytes, after: bytes) -> bool:
    """Whether two files differ in nothing but whole chunks that no pixel depends on; cheaper than decoding both."""
    return _shown(before) is not None and _shown(before) == _shown(after)


def _shown(data: bytes) -> list[bytes] | None:
    """Every chunk that a pixel may depend on, with its checksum; None where one of any kind is damaged."""
    found = list(chunks(data))
    if not found or found[-1].kind != b"IEND" or found[-1].end + 4 != len(data):
        return None
    for each in found:
        (checksum,) = struct.unpack_from(">I", data, each.end)
        if zlib.crc32(data[each.start - 4 : each.end]) != checksum:
            return None
    return [data[each.start - 4 : each.end + 4] for each in found if each.kind not in _BESIDE_THE_PIXELS]


def xmp_of(data: bytes) -> bytes | None:
    """The XMP packet, unpacked; None where there is none."""
    found = _xmp_chunk(data)
    if found is None:
        return None
    # The keyword's end, whether it is packed, the method, the language, the keyword in it, the text.
    at = found.start + len(_KEYWORD) + 1
    text = data[at + 2 : found.end].split(b"\0", 2)[-1]
    if not data[at]:
        return text
    unpacker = zlib.decompressobj()
    try:
        packet = unpacker.decompress(text, _LONGEST)
    except zlib.error:
        return _UNREADABLE
    return packet if unpacker.eof else _UNREADABLE


def with_xmp(data: bytes, packet: bytes) -> bytes | None:
    """The file with this packet, in place of the one that it has."""
    content = _KEYWORD + b"\0\0\0\0\0" + packet
    found = _xmp_chunk(data)
    if found is None:
        return with_chunk(data, b"iTXt", content)
    return data[: found.start - 8] + chunk(b"iTXt", content) + data[found.end + 4 :]


def _xmp_chunk(data: bytes) -> Chunk | None:
    for each in chunks(data):
        if (
            each.kind == b"iTXt"
            and data.startswith(_KEYWORD + b"\0", each.start)
            and each.end - each.start >= 22
        ):
            return each
    return None
