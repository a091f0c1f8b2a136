"""TIFF: directories of tags, each with an offset to what does not fit into it; in either byte order.

    II 2A 00 offset   count   tag kind number value-or-offset …   offset of the next directory

A directory has 2 bytes of count, 12 an entry and 4 for the next one; in a BigTIFF (II 2B 00) they are 8, 20 and 8.

XMP is tag 700 of the first directory. It is written by a new first directory at the end: every other offset stays true.
"""

import struct
from dataclasses import dataclass

_XMP_TAG = 700
_BYTES, _ANY = (1, 7), 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte order and widths."""

    order: str
    big: bool

    def number(self, data: bytes, at: int) -> int:
        """An offset or a number of values."""
        return int(struct.unpack_from(self.order + ("Q" if self.big else "I"), data, at)[0])

    def packed(self, number: int) -> bytes:
        return struct.pack(self.order + ("Q" if self.big else "I"), number)

    @property
    def first_offset_at(self) -> int:
        return 8 if self.big else 4

    @property
    def count_format(self) -> str:
        return self.order + ("Q" if self.big else "H")

    @property
    def entry(self) -> int:
        return 20 if self.big else 12

    @property
    def width(self) -> int:
        return 8 if self.big else 4


def xmp_of(data: bytes) -> bytes | None:
    """The XMP packet; None where there is none."""
    layout = _layout(data)
    place = None if layout is None else _xmp_place(data, layout)
    return None if place is None else data[place]


def with_xmp(data: bytes, packet: bytes) -> bytes | None:
    """The file with this packet, in place of the one that it has; None where it is no TIFF that we know.

    An older packet is blanked where it lies: nothing would point to it, and it would be in the file all the same.
    """
    layout = _layout(data)
    if layout is None:
        return None
    entries, following = _first_directory(data, layout)
    place = _xmp_place(data, layout)
    out = bytearray(data)
    if place is not None:
        out[place] = b" " * len(out[place])
    kept = [each for each in entries if struct.unpack_from(layout.order + "H", each)[0] != _XMP_TAG]
    out += b"\0" * (len(out) % 2)
    where = len(out)
    out += packet + b"\0" * (len(packet) % 2)
    head = struct.pack(layout.order + "HH", _XMP_TAG, 1)
    kept.append(head + layout.packed(len(packet)) + layout.packed(where))
    kept.sort(key=lambda entry: int(struct.unpack_from(layout.order + "H", entry)[0]))
    directory = len(out)
    out += struct.pack(layout.count_format, len(kept)) + b"".join(kept) + following
    at = layout.first_offset_at
    out[at : at + layout.width] = layout.packed(directory)
    return bytes(out)


def _xmp_place(data: bytes, layout: _Layout) -> slice | None:
    """Where the packet lies."""
    for entry in _first_directory(data, layout)[0]:
        tag, kind = struct.unpack_from(layout.order + "HH", entry)
        size = layout.number(entry, 4)
        if tag == _XMP_TAG and kind in _BYTES and layout.width < size <= _ANY:
            at = layout.number(entry, 4 + layout.width)
            return slice(at, at + size)
    return None


def _layout(data: bytes) -> _Layout | None:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        return None
    (version,) = struct.unpack_from(order + "H", data, 2)
    return _Layout(order, version == 43) if version in (42, 43) else None


def _first_directory(data: bytes, layout: _Layout) -> tuple[list[bytes], bytes]:
    """Its entries, and the bytes that name the next one."""
    start = layout.number(data, layout.first_offset_at)
    (count,) = struct.unpack_from(layout.count_format, data, start)
    at = start + struct.calcsize(layout.count_format)
    end = at + layout.entry * count
    if end + layout.width > len(data):
        raise struct.error("the first directory is cut off")
    entries = [data[place : place + layout.entry] for place in range(at, end, layout.entry)]
    return entries, data[end : end + layout.width]
