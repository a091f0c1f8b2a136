"""What a file tells of its owner by itself, taken out before it is signed and sent round.

Taken out: the place (GPS), the camera's owner and serial numbers, maker notes, the host computer, a picture's
unique id; in EXIF and XMP, and the place in IPTC too. Where somebody asked not to be named, also artist, author,
copyright and IPTC by-lines. Left as they are: pixels, colour profile, orientation, bit depth, and what other
programs wrote of how a picture was made. Nothing is decoded or moved: the bytes are blanked in place, so the file
keeps its length and every other byte. (PNG texts that wrap a whole EXIF are dropped. An XMP packet in UTF-16, in a
packed chunk or cut over several segments is written anew.)
"""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import partial

from provenance.media.containers.jpeg import segments
from provenance.media.containers.png import chunks
from provenance.media.xmp import edited, without_unreadable
from provenance.media.xmp_packet import NAMESPACES, Packet

_OWNER_TAGS = frozenset({0x013C, 0x927C, 0xA420, 0xA430, 0xA431, 0xA435, 0xC62F, 0xC6F5})
_NAME_TAGS = frozenset({0x013B, 0x8298, 0x9C9D, 0x83BB, 0x8649})
# IPTC IIM, which Photoshop's resources hold as well: content location, city, sublocation, state, country.
_IPTC_TAGS = frozenset({0x83BB, 0x8649})
_IPTC_PLACE = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65](?=([\x00-\x7f])(.))", re.DOTALL)
_GPS, _EXIF = 0x8825, 0x8769
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TIFF_START = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")
# WebP and AVIF hold it without the word; the first directory follows close upon the header.
_TIFF_ALONE = re.compile(rb"II\*\x00[\x08-\xff]\x00\x00\x00|MM\x00\*\x00\x00\x00[\x08-\xff]")
_XMP = re.compile(rb"<x:xmpmeta.{0,1000000}?</x:xmpmeta>", re.DOTALL)
# Properties of XMP: prefix, namespace, names. In a packet they count by their namespace, whatever the prefix is there.
_OWNER_XMP = (
    ("exif", "http://ns.adobe.com/exif/1.0/", r"GPS\w+|MakerNote|ImageUniqueID"),
    (
        "aux",
        "http://ns.adobe.com/exif/1.0/aux/",
        r"OwnerName|SerialNumber|LensSerialNumber|ImageNumber",
    ),
    ("exifEX", "http://cipa.jp/exif/1.0/", r"CameraOwnerName|BodySerialNumber|LensSerialNumber"),
    ("drone-dji", "http://www.dji.com/drone-dji/1.0/", r"\w+"),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", r"Location(?:Created|Shown)"),
    ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", r"Location"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/", r"City|State|Country"),
)
_NAME_XMP = (
    ("dc", "http://purl.org/dc/elements/1.1/", r"creator|rights"),
    ("tiff", "http://ns.adobe.com/tiff/1.0/", r"Artist|Copyright"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/", r"AuthorsPosition|CaptionWriter|Credit"),
    ("xmpRights", "http://ns.adobe.com/xap/1.0/rights/", r"Owner"),
    ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", r"CreatorContactInfo"),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", r"AIPromptWriterName|Contributor"),
    ("genzu", NAMESPACES["genzu"], r"wrote"),
)
_WRAPPED = (b"Raw profile type exif", b"Raw profile type APP1", b"Raw profile type xmp")
_PNG_METADATA = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")
_NAMED_TEXTS = (b"Author", b"Artist", b"Copyright", b"Raw profile type iptc")


def without_private(data: bytes, media_type: str, *, keep_names: bool = True) -> bytes:
    """The same file without place and owner; the same object where there was nothing to take out."""
    if media_type == "image/png" and not any(each.kind in _PNG_METADATA for each in chunks(data)):
        return data  # what is painted has none, and is spared the search
    buffer = bytearray(data)
    if media_type == "image/png":
        buffer = _without_texts(buffer, keep_names=keep_names)
    tags = _OWNER_TAGS if keep_names else _OWNER_TAGS | _NAME_TAGS
    for start in _tiff_starts(bytes(buffer), media_type):
        _blank_tiff(buffer, start, tags)
    properties = _OWNER_XMP if keep_names else _OWNER_XMP + _NAME_XMP
    _blank_xmp(buffer, properties)
    if media_type == "image/jpeg":
        _blank_iptc(buffer, keep_names=keep_names)
    if media_type == "image/png":
        _fix_checksums(buffer)
    blanked = data if buffer == data else bytes(buffer)
    # What stands there in UTF-16, packed, in pieces or under another prefix: read as XML, and written anew.
    taken = edited(blanked, media_type, partial(_take_out, properties))
    return taken if keep_names else without_unreadable(taken, media_type)


def _take_out(properties: Sequence[tuple[str, str, str]], packet: Packet) -> bool:
    taken = [packet.remove_like(namespace, re.compile(names)) for _, namespace, names in properties]
    return any(taken)


def _tiff_starts(data: bytes, media_type: str) -> Iterator[int]:
    """Where EXIF's own header stands, which offsets in it count from."""
    if media_type == "image/tiff":
        yield 0
    elif media_type == "image/jpeg":
        yield from (match.end() for match in _TIFF_START.finditer(data))  # a phone's JPEG holds several
    elif media_type == "image/png":
        yield from (each.start for each in chunks(data) if each.kind == b"eXIf")
    else:
        yield from (match.start() for match in _TIFF_ALONE.finditer(data))


def _blank_tiff(buffer: bytearray, base: int, tags: frozenset[int]) -> None:
    order = {b"II": "<", b"MM": ">"}.get(bytes(buffer[base : base + 2]))
    if order is None or base + 8 > len(buffer):
        return
    (offset,) = struct.unpack_from(order + "I", buffer, base + 4)
    seen: set[int] = set()
    directories = [offset]
    while directories and len(seen) < 64:
        offset = directories.pop()
        if offset in seen or offset < 8 or base + offset + 2 > len(buffer):
            continue
        seen.add(offset)
        directories += _blank_directory(buffer, base, offset, order, tags)


def _blank_directory(
    buffer: bytearray, base: int, offset: int, order: str, tags: frozenset[int] | None
) -> list[int]:
    """Takes the tags out of one directory (None: all of them); gives the directories that it points to."""
    at = base + offset
    (count,) = struct.unpack_from(order + "H", buffer, at)
    end = at + 2 + 12 * count
    if end + 4 > len(buffer) or count > 4096:
        return []
    kept, further = [], []
    for place in range(at + 2, end, 12):
        tag, kind, number, value = struct.unpack_from(order + "HHII", buffer, place)
        size = _WIDTHS.get(kind, 1) * number
        if tag == _EXIF:
            further.append(value)
        if tag in _IPTC_TAGS and size > 4 and base + value + size <= len(buffer):
            _blank_place(buffer, base + value, base + value + size)
        if tag == _GPS and base + value + 2 <= len(buffer):
            _blank_directory(buffer, base, value, order, None)
        if tags is not None and tag != _GPS and tag not in tags:
            kept.append(bytes(buffer[place : place + 12]))
        elif size > 4 and base + value + size <= len(buffer):
            buffer[base + value : base + value + size] = bytes(size)
    (following,) = struct.unpack_from(order + "I", buffer, end)
    if len(kept) < count:
        packed = struct.pack(order + "H", len(kept)) + b"".join(kept) + struct.pack(order + "I", following)
        buffer[at : end + 4] = packed.ljust(end + 4 - at, b"\0")
    return [*further, following]


def _blank_xmp(buffer: bytearray, properties: Sequence[tuple[str, str, str]]) -> None:
    """Blanks elements and attributes by name inside XMP packets, which may hold any amount of white space."""
    names = "|".join(f"{prefix}:(?:{names})" for prefix, _, names in properties).encode()
    element = re.compile(rb"<(" + names + rb")\b[^>]*(?:/>|>.*?</\1\s*>)", re.DOTALL)
    attribute = re.compile(rb"\s(?:" + names + rb")\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    for packet in _XMP.finditer(bytes(buffer)):
        text = packet.group()
        for pattern in (element, attribute):
            text = pattern.sub(lambda found: b" " * len(found.group()), text)
        buffer[packet.start() : packet.end()] = text


def _blank_place(buffer: bytearray, start: int, end: int) -> None:
    """Blanks the values of IPTC's datasets of a place: marker, number, two bytes of length, value."""
    for found in _IPTC_PLACE.finditer(bytes(buffer[start:end])):
        at, length = start + found.end() + 2, int.from_bytes(found[1] + found[2], "big")
        if at + length <= end:
            buffer[at : at + length] = b" " * length


def _blank_iptc(buffer: bytearray, *, keep_names: bool) -> None:
    """JPEG's APP13, where IPTC's place and by-lines stand."""
    for each in list(segments(buffer)):
        if each.marker == 0xED and keep_names:
            _blank_place(buffer, each.start, each.end)
        elif each.marker == 0xED:
            buffer[each.start : each.end] = bytes(each.end - each.start)


def _without_texts(data: bytearray, *, keep_names: bool) -> bytearray:
    drop = _WRAPPED if keep_names else _WRAPPED + _NAMED_TEXTS
    kept, last = bytearray(data[:8]), 8
    for each in chunks(data):
        kind, start, end = each.kind, each.start, each.end
        content = bytes(data[start : min(end, start + 100)])
        keyword, _, _ = content.partition(b"\0")
        if not (kind in (b"tEXt", b"zTXt", b"iTXt") and keyword in drop):
            kept += data[start - 8 : end + 4]
        last = end + 4
    return kept + data[last:]


def _fix_checksums(buffer: bytearray) -> None:
    for each in list(chunks(buffer)):
        struct.pack_into(">I", buffer, each.end, zlib.crc32(buffer[each.start - 4 : each.end]))
