"""GIF: comments and XMP packets, wherever they stand among its blocks.

    GIF89a, size and colours;   21 FE  comment;   21 FF 0B "XMP DataXMP" packet;   2C  picture;   3B  the end

A block's content is cut into pieces of at most 255 bytes, each behind its length, and ended by a zero.
"""

import re
from collections.abc import Iterator

# An application's block that is no row of pieces: the packet, and behind it a row of bytes that leads to its end.
_XMP = re.compile(rb"\x21\xff\x0bXMP DataXMP(.{1,65536}?)\x01\xff\xfe\xfd", re.DOTALL)
_EXTENSION, _PICTURE, _COMMENT = 0x21, 0x2C, 0xFE
_MOST = 100_000  # blocks of one file


def packets(data: bytes) -> list[bytes]:
    """Its XMP packets."""
    return _XMP.findall(data)


def comments(data: bytes) -> Iterator[bytes]:
    """Its comments, in the order of the file, up to where it is cut off."""
    at = 13 + _colours(data[10:11])
    for _ in range(_MOST):
        kind = data[at : at + 2]
        if kind[:1] == bytes([_EXTENSION]):
            content, at = _pieces(data, at + 2)
            if kind[1:] == bytes([_COMMENT]):
                yield content
        elif kind[:1] == bytes([_PICTURE]):
            _, at = _pieces(data, at + 11 + _colours(data[at + 9 : at + 10]))
        else:
            return


def _colours(flags: bytes) -> int:
    """The length of the table of colours that these flags tell of."""
    return 3 * (2 << (flags[0] & 7)) if flags and flags[0] & 0x80 else 0


def _pieces(data: bytes, at: int) -> tuple[bytes, int]:
    """What stands in the pieces, and where they end."""
    found = []
    while at < len(data) and data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found), at + 1
