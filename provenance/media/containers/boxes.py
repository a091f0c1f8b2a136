"""Boxes of ISO media files (MP4, HEIC, JPEG XL): a length of four bytes, a type of four, and what is in it.

Sizes are a stranger's word: nothing is read beyond the end that is given, and no more boxes than `MOST`.

>>> data = b"\\0\\0\\0\\x0cftypheic\\0\\0\\0\\x08mdat"
>>> [(kind, data[start:stop]) for kind, start, stop in boxes(data, 0, len(data))]
[(b'ftyp', b'heic'), (b'mdat', b'')]
"""

import struct
from collections.abc import Iterator

MOST = 20_000  # boxes of one file


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box's type, and where what is in it begins and ends."""
    at = start
    for _ in range(MOST):
        if at + 8 > end:
            return
        (size,) = struct.unpack_from(">I", data, at)
        kind, head = data[at + 4 : at + 8], 8
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        stop = end if size == 0 else min(end, at + size)
        if stop < at + head:
            return
        yield kind, at + head, stop
        at = stop


def inside(data: bytes, start: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Where what is in each of these boxes begins and ends, by type; of two of a type the last."""
    return {kind: (at, stop) for kind, at, stop in boxes(data, start, end)}
