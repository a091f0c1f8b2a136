"""The texts in films, and in the boxes of HEIC, AVIF, JPEG XL and JPEG 2000.

    MP4, QuickTime   moov / udta / meta / ilst: tags by number of a key (ffmpeg's use_metadata_tags), by ©cmt, ©des or
                     ©swr, or by a name of their own (----); or udta / ©cmt itself
    Matroska, WebM   Segment / Tags / Tag / SimpleTag: TagName, TagString
    HEIC, AVIF       meta: items (heif_items.py); Samsung's: a box sefd with what its editor noted
    MP4, JPEG 2000   a box uuid with XMP; QuickTime: udta / XMP_
    JPEG XL          boxes Exif and xml, and brob: either of them, packed by Brotli (ISO 18181-2)

ComfyUI writes `prompt` and `workflow` as such tags, its VideoHelperSuite both in one comment. Sizes are a stranger's
word: nothing is read beyond the file, and no more boxes than `MOST`.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import brotli

from provenance.media.containers.boxes import MOST, boxes, inside
from provenance.media.containers.heif_items import EXIF, Item, text_items
from provenance.media.text_fields import (
    DAMAGED,
    LONGEST,
    TOO_LONG,
    XMP,
    TextField,
    bounded,
    exif_fields,
    guarded,
    samsung_fields,
    shortened,
    unpacked,
)
from provenance.media.xmp_packet import text_of

_BOXES = re.compile(rb".{4}(?:ftyp|moov|wide)|\0\0\0\x0c(?:JXL |jP  )", re.DOTALL)
_XMP_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MATROSKA = b"\x1a\x45\xdf\xa3"
_NESTED = frozenset({b"moov", b"udta", b"trak", b"mdia"})
ELSEWHERE = "is kept in a way that is not read here"
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
                yield shortened(XMP, text_of(data[begin + 16 : stop]))
            elif kind in {b"xml ", b"XMP_"}:
                yield shortened(XMP, text_of(data[begin:stop]))
            elif kind == b"sefd":
                yield from samsung_fields(data[begin:stop])
            elif kind == b"brob":
                yield from guarded("brob", partial(_packed, data[begin:stop]))


def _packed(box: bytes) -> Iterator[TextField]:
    """A box of JPEG XL whose content is packed: four bytes say what it is, the rest is Brotli's."""
    name = {b"Exif": "EXIF", b"xml ": XMP}.get(box[:4])
    if name is None:
        return
    body, unread = _unpacked_brotli(box[4:])
    if unread:
        yield TextField(f"{name} packed in a box brob", "", unread)
    if name == XMP:
        yield TextField(XMP, text_of(body))
    elif body:
        yield from exif_fields(body[4:])


def _of_item(item: Item) -> Iterator[TextField]:
    """An item of a HEIC or an AVIF."""
    if item.body is None:
        yield TextField("EXIF" if item.kind == EXIF else XMP, "", ELSEWHERE)
    elif item.kind == EXIF:  # four bytes say how much stands before the TIFF header
        yield from exif_fields(item.body[4 + int.from_bytes(item.body[:4]) :])
    else:
        body, unread = _opened(item.body, item.packed)
        field = shortened(XMP, text_of(body))
        yield replace(field, unread=unread) if unread else field


def _opened(body: bytes, packed: bytes) -> tuple[bytes, str]:
    """What is packed, by the names of libheif; `deflate` is written with zlib's head and without."""
    if not packed:
        return body, ""
    if packed == b"br":
        return _unpacked_brotli(body)
    if packed not in {b"deflate", b"compress_zlib"}:
        return b"", ELSEWHERE
    found = unpacked(body)
    return unpacked(body, -zlib.MAX_WBITS) if found == (b"", DAMAGED) else found


def _unpacked_brotli(body: bytes) -> tuple[bytes, str]:
    """As much as may be looked at, for a kilobyte may unpack to a gigabyte; and why that is not all of it."""
    unpacker = brotli.Decompressor()
    try:
        text = unpacker.process(body, output_buffer_limit=LONGEST)
    except brotli.error:
        return b"", DAMAGED
    if unpacker.is_finished():
        return text, ""
    return text, DAMAGED if len(text) < LONGEST else TOO_LONG


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
        for item in text_items(data, held, 2 * LONGEST):
            name = "EXIF" if item.kind == EXIF else XMP
            for each in guarded(name, partial(_of_item, item)):
                yield each.of(item.part)


def _keys(data: bytes, at: int, end: int) -> list[str]:
    return [_text(data[start:stop]) for _, start, stop in boxes(data, at + 8, end)]


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
