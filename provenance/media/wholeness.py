"""Whether a picture file is whole, by its structure alone: without decoding it.

    PNG    every chunk's CRC-32, from the signature to IEND
    JPEG   segments up to the scan, and the end mark behind it
    WebP   the length that its RIFF header states
    GIF    the trailer

True is a promise that nothing is cut off. Of a PNG it also says that no byte was damaged; of the others damage in the
middle is not seen. False says nothing: such a file is decoded to be judged.
"""

import zlib

from provenance.media.jpeg import segments
from provenance.media.picture import Picture

_PNG_SIGNATURE = 8
_GIF_TRAILER = b"\x3b"


def is_whole(data: bytes, seen: Picture) -> bool:
    """Whether the structure of a file that was glanced at is complete."""
    check = _CHECKS.get(seen.media_type)
    return check is not None and check(data)


def _png(data: bytes) -> bool:
    at, view = _PNG_SIGNATURE, memoryview(data)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + 8 + length
        if end + 4 > len(data) or zlib.crc32(view[at + 4 : end]) != int.from_bytes(data[end : end + 4]):
            return False
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at = end + 4
    return False


def _jpeg(data: bytes) -> bool:
    found = list(segments(data))
    scan = found[-1].end if found else 0
    return scan > 0 and data[scan : scan + 2] == b"\xff\xda" and data.rfind(b"\xff\xd9", scan) > 0


def _webp(data: bytes) -> bool:
    return len(data) >= 8 + int.from_bytes(data[4:8], "little") > 12


def _gif(data: bytes) -> bool:
    return data.rstrip(b"\0").endswith(_GIF_TRAILER)


_CHECKS = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp, "image/gif": _gif}
