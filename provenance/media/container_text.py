"""The texts in films, and in the boxes of HEIC, JPEG XL and JPEG 2000.

    MP4, QuickTime   moov / udta / meta / ilst: tags by number of a key (ffmpeg's use_metadata_tags), by ©cmt, ©des or
                     ©swr, or by a name of their own (----); or udta / ©cmt itself
    Matroska, WebM   Segment / Tags / Tag / SimpleTag: TagName, TagString
    HEIC             meta: items of type Exif, or mime with an XMP packet
    MP4, JPEG 2000   a box uuid with XMP; QuickTime: udta / XMP_
    JPEG XL          boxes Exif and xml, and brob: either of them, packed by Brotli (ISO 18181-2)

ComfyUI writes `prompt` and `workflow` as such tags, its VideoHelperSuite both in one comment. Sizes are a stranger's
word: nothing is read beyond the file, and no more boxes than `MOST`.
"""

import re
from collections.abc import Iterator
from functools import partial

import brotli

from provenance.media.boxes import MOST, boxes, inside
from provenance.media.text_fields import (
    DAMAGED,
    LONGEST,
    TOO_LONG,
    XMP,
    TextField,
    bounded,
    exif_fields,
    guarded,
)

_BOXES = re.compile(rb".{4}(?:ftyp(?!avi[fs])|moov|wide)|\0\0\0\x0c(?:JXL |jP  )", re.DOTALL)
_XMP_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MATROSKA = b"\x1a\x45\xdf\xa3"
_NESTED = frozenset({b"moov", b"udta", b"trak", b"mdia"})
_COMMENT = b"\xa9cmt"
_TAGGED = {_COMMENT: "comment", b"\xa9des": "Description", b"desc": "Description", b"\xa9swr": "Software"}
# What QuickTime and Matroska call otherwise.
_PREFIX = "com.apple.quicktime."
_NAMED = {"description": "Description", "software": "Software", "aigc": "AIGC", "aigcinfo": "AigcInfo"}


def container_fields(data: bytes) -> tuple[TextField, ...] | None:
    """The texts of such a file; None where it is another kind."""
    if data.startswith(_MATROSKA):
        return bounded(guarded("tags", lambda: _lowered(_matroska(data))))
    if _BOXES.match(data):
        return bounded(guarded("boxes", lambda: _of_boxes(data)))
    return None


def _of_boxes(data: bytes) -> Iterator[TextField]:
    waiting = [(0, len(data))]
    while waiting:
        start, end = waiting.pop()
        for kind, begin, stop in boxes(data, start, end):
            if kind in _NESTED:
                waiting.append((begin, stop))
            elif kind == b"meta":
                yield from guarded("meta", partial(_meta, data, begin, stop))
            elif kind == _COMMENT:  # QuickTime's own: a length and a language of two bytes each, the text
                yield TextField("comment", _text(data[begin + 4 : stop]))
            elif kind == b"Exif":  # JPEG XL: four bytes say where the TIFF header begins
                yield from guarded("EXIF", partial(exif_fields, data[begin + 4 : stop]))
            elif kind == b"uuid" and data[begin : begin + 16] == _XMP_ID:
                yield TextField(XMP, _text(data[begin + 16 : stop]))
            elif kind in {b"xml ", b"XMP_"}:
                yield TextField(XMP, _text(data[begin:stop]))
            elif kind == b"brob":
                yield from guarded("brob", partial(_packed, data[begin:stop]))


def _packed(box: bytes) -> Iterator[TextField]:
    """A box of JPEG XL whose content is packed: four bytes say what it is, the rest is Brotli's."""
    name = {b"Exif": "EXIF", b"xml ": XMP}.get(box[:4])
    if name is None:
        return
    unpacker = brotli.Decompressor()
    try:
        # A kilobyte may unpack to a gigabyte: no more comes out than may be looked at, and a piece.
        body = unpacker.process(box[4:], output_buffer_limit=LONGEST)
    except brotli.error:
        yield TextField(f"{name} packed in a box brob", "", DAMAGED)
        return
    if not unpacker.is_finished():
        why = DAMAGED if len(body) < LONGEST else TOO_LONG
        yield TextField(f"{name} packed in a box brob", "", why)
    if name == XMP:
        yield TextField(XMP, _text(body))
    else:
        yield from exif_fields(body[4:])


def _meta(data: bytes, begin: int, stop: int) -> Iterator[TextField]:
    """Of a film the list of tags, of a still picture its items."""
    # ISO puts a version of four bytes first, QuickTime does not.
    start = begin if data[begin + 4 : begin + 8] in (b"hdlr", b"keys", b"ilst") else begin + 4
    held = inside(data, start, stop)
    keys = _keys(data, *held[b"keys"]) if b"keys" in held else []
    if b"ilst" in held:
        for kind, at, end in boxes(data, *held[b"ilst"]):
            number = int.from_bytes(kind) - 1
            parts = {what: data[one:two] for what, one, two in boxes(data, at, end)}
            own = _text(parts.get(b"name", b"")[4:])
            name = _TAGGED.get(kind) or own or (keys[number] if number < len(keys) else "")
            if name and b"data" in parts:
                yield TextField(_called(name), _text(parts[b"data"][8:]))
    if b"iinf" in held and b"iloc" in held:
        yield from _items(data, held)


def _keys(data: bytes, at: int, end: int) -> list[str]:
    return [_text(data[start:stop]) for _, start, stop in boxes(data, at + 8, end)]


def _items(data: bytes, held: dict[bytes, tuple[int, int]]) -> Iterator[TextField]:
    """EXIF and XMP of a HEIC."""
    places = _places(data, *held[b"iloc"])
    at, end = held[b"iinf"]
    for kind, start, stop in boxes(data, at + (6 if data[at] == 0 else 8), end):
        if kind != b"infe" or data[start] not in (2, 3):
            continue
        wide = 2 if data[start] == 2 else 4
        item, kind_at = int.from_bytes(data[start + 4 : start + 4 + wide]), start + 6 + wide
        where = places.get(item)
        if where is None:
            continue
        body = data[where[0] : where[0] + where[1]]
        if data[kind_at : kind_at + 4] == b"Exif":
            yield from exif_fields(body[4 + int.from_bytes(body[:4]) :])
        elif data[kind_at : kind_at + 4] == b"mime" and b"rdf+xml" in data[kind_at:stop]:
            yield TextField(XMP, _text(body))


def _places(data: bytes, at: int, end: int) -> dict[int, tuple[int, int]]:
    """Where each item's first piece lies: offset and length in the file."""
    version = data[at]
    offset_size, length_size = data[at + 4] >> 4, data[at + 4] & 15
    base_size, index_size = data[at + 5] >> 4, data[at + 5] & 15 if version else 0
    wide = 2 if version < 2 else 4
    count, at = int.from_bytes(data[at + 6 : at + 6 + wide]), at + 6 + wide
    found: dict[int, tuple[int, int]] = {}

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(data[at - size : at])

    for _ in range(min(count, MOST)):
        if at >= end:
            break
        item = number(wide)
        in_file = number(2) & 15 == 0 if version else True
        number(2)
        base, pieces = number(base_size), number(2)
        for piece in range(min(pieces, MOST)):
            number(index_size)
            offset, length = number(offset_size), number(length_size)
            if piece == 0 and in_file:
                found[item] = (base + offset, length)
    return found


# -- Matroska: an id and a length, each as long as its first bits say

_SEGMENT, _TAGS, _TAG, _SIMPLE, _NAME, _STRING = 0x18538067, 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_INSIDE = frozenset({_SEGMENT, _TAGS, _TAG, _SIMPLE})


def _matroska(data: bytes) -> Iterator[TextField]:
    at, name = 0, ""
    for _ in range(MOST):
        read = _element(data, at)
        if read is None:
            return
        kind, start, size = read
        if kind in _INSIDE:
            at = start  # what is in it follows; its own length is not needed
            continue
        if size is None:
            return
        if kind == _NAME:
            name = _text(data[start : start + size])
        elif kind == _STRING and name:
            yield TextField(name, _text(data[start : start + size]))
            name = ""
        at = start + size


def _element(data: bytes, at: int) -> tuple[int, int, int | None] | None:
    """The id, where the content begins, and its size (None: not stated)."""
    wide = _width(data, at)
    if not 0 < wide <= 4:
        return None
    kind, at = int.from_bytes(data[at : at + wide]), at + wide
    wide = _width(data, at)
    if not 0 < wide <= 8 or at + wide > len(data):
        return None
    mask = (1 << 7 * wide) - 1
    size = int.from_bytes(data[at : at + wide]) & mask
    return kind, at + wide, None if size == mask else size


def _width(data: bytes, at: int) -> int:
    return 9 - data[at].bit_length() if at < len(data) and data[at] else 0


def _lowered(fields: Iterator[TextField]) -> Iterator[TextField]:
    """Matroska's writers put names into capitals."""
    for each in fields:
        yield TextField(_called(each.name.lower()), each.text)


def _called(name: str) -> str:
    """A tag's name as it is elsewhere."""
    short = name.removeprefix(_PREFIX)
    return _NAMED.get(short.lower(), short)


def _text(value: bytes) -> str:
    return value[:LONGEST].decode("utf-8", "replace").rstrip("\0")
