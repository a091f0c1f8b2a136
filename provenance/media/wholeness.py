"""Whether a picture file is whole, and whether it can hold credentials, by its structure alone: without decoding it.

    PNG    every chunk's CRC-32, from the signature to IEND
    JPEG   segments up to the scan, and the end mark behind it
    WebP   the length that its RIFF header states
    GIF    the trailer

True is a promise that nothing is cut off. Of a PNG it also says that no byte was damaged; of the others damage in the
middle is not seen. False says nothing: such a file is decoded to be judged.

A PNG or a JPEG in which every part is of a kind that holds neither credentials nor XMP, which may name a server with
them, holds none. Where there is any other part, the library that reads credentials is asked.
"""

import re
import zlib

from provenance.media.containers.jpeg import segments
from provenance.media.containers.png import chunks
from provenance.media.picture import Picture

_PLAIN_CHUNKS = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
        b"tIME", b"tEXt", b"zTXt", b"eXIf",
    }
)  # fmt: skip
_XMP = b"XML:"  # the keyword of XMP, in whatever chunk it may stand
# JFIF, comment, Adobe, tables, and the frames that Pillow decodes; APP1 where it is EXIF.
_PLAIN_SEGMENTS = frozenset({0xE0, 0xFE, 0xEE, 0xDB, 0xC4, 0xDD, 0xC0, 0xC1, 0xC2})
_NO_PIXELS = re.compile(
    rb"\xff[^\x00\xd0-\xd7]"
)  # in coded pixels FF is followed by 00, or by the number of a restart
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_APP1, _EXIF = 0xE1, b"Exif\0\0"
_GIF_TRAILER = b"\x3b"


def is_whole(data: bytes, seen: Picture) -> bool:
    """Whether the structure of a file that was glanced at is complete."""
    check = _CHECKS.get(seen.media_type)
    return check is not None and check(data)


def is_bare(data: bytes, seen: Picture) -> bool:
    """Whether it is whole and holds nothing in which credentials, or a word of them, may stand. False says nothing."""
    check = _BARE.get(seen.media_type)
    return check is not None and check(data)


def _bare_png(data: bytes) -> bool:
    return _png_to(data, len(data), _PLAIN_CHUNKS)


def _bare_jpeg(data: bytes) -> bool:
    found = list(segments(data))
    plain = all(
        each.marker in _PLAIN_SEGMENTS or (each.marker == _APP1 and data.startswith(_EXIF, each.start))
        for each in found
    )
    if not plain or not found:
        return False
    # Behind the scan's header nothing but coded pixels up to the end: no segment of any kind.
    marker = _NO_PIXELS.search(data, _behind_header(data, found[-1].end))
    return marker is not None and marker.start() == len(data) - 2 and data.endswith(_END)


def _behind_header(data: bytes, scan: int) -> int:
    """Where the coded pixels begin; the end where there is no scan."""
    return (
        scan + 2 + int.from_bytes(data[scan + 2 : scan + 4]) if data[scan : scan + 2] == _SCAN else len(data)
    )


def _png(data: bytes) -> bool:
    return _png_to(data)


def _png_to(data: bytes, end: int | None = None, kinds: frozenset[bytes] | None = None) -> bool:
    """Whether each chunk up to IEND is undamaged, of these kinds where some are given, and IEND ends there."""
    view = memoryview(data)
    for each in chunks(data):
        if kinds is not None and (each.kind not in kinds or data.startswith(_XMP, each.start)):
            return False
        wanted = int.from_bytes(data[each.end : each.end + 4])
        if zlib.crc32(view[each.start - 4 : each.end]) != wanted:
            return False
        if each.kind == b"IEND":
            return end is None or each.end + 4 == end
    return False


def _jpeg(data: bytes) -> bool:
    found = list(segments(data))
    scan = found[-1].end if found else 0
    return scan > 0 and data[scan : scan + 2] == _SCAN and data.rfind(_END, scan) > 0


def _webp(data: bytes) -> bool:
    return len(data) >= 8 + int.from_bytes(data[4:8], "little") > 12


def _gif(data: bytes) -> bool:
    return data.rstrip(b"\0").endswith(_GIF_TRAILER)


_BARE = {"image/png": _bare_png, "image/jpeg": _bare_jpeg}
_CHECKS = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp, "image/gif": _gif}
