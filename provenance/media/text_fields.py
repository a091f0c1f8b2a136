"""The texts that lie in a picture beside its pixels, each with the field that holds it: PNG text, EXIF, XMP.

    PNG    tEXt, zTXt, iTXt and eXIf, before the picture's data or after it: both are allowed, and both are written
    EXIF   every text of the first directory (Make, Model, Software …) and the UserComment
    XMP    the whole packet, as it stands, in UTF-16 and over several segments too; of a PSD, its image resource

Nothing is decoded for it. What is damaged is left out; a text is cut to a bounded length.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ExifTags, Image, PsdImagePlugin

from provenance.media.formats import DECODED
from provenance.media.xmp import packets_in
from provenance.media.xmp_packet import text_of

LONGEST = 4_000_000  # characters of one text; a large ComfyUI workflow has one million
FIELDS = 500  # texts of one picture
XMP = "XMP"
_PHOTOSHOP_XMP = 1060  # the image resource of a PSD that holds the packet
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORDS = frozenset({"XML:com.adobe.xmp", "xmp"})


@dataclass(frozen=True, slots=True)
class TextField:
    """A text and the name of its field: a PNG keyword, `EXIF Make`, `XMP`."""

    name: str
    text: str


def text_fields(image: Image.Image, data: bytes) -> tuple[TextField, ...]:
    """The texts of an opened picture and its bytes, in the order of the file."""
    if data.startswith(_SIGNATURE):
        return tuple(_png(data))[:FIELDS]
    return (*_exif(image.getexif()), *_xmp(image, data))[:FIELDS]


def _png(data: bytes) -> Iterator[TextField]:
    for kind, body in _chunks(data):
        if kind == b"eXIf":
            exif = Image.Exif()
            exif.load(body)
            yield from _exif(exif)
            continue
        keyword, text = _PNG_TEXT[kind](body)
        name = XMP if keyword in _XMP_KEYWORDS else keyword
        yield TextField(name, text[:LONGEST])


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk that may hold text, wherever it lies; up to where the file is cut off."""
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind in _PNG_TEXT or kind == b"eXIf":
            yield kind, data[at + 8 : at + 8 + length]
        if kind == b"IEND":
            return
        at += 12 + length


def _plain_text(body: bytes) -> tuple[str, str]:
    keyword, _, text = body.partition(b"\0")
    return keyword.decode("latin-1"), _latin_or_utf8(text)


def _packed_text(body: bytes) -> tuple[str, str]:
    keyword, _, packed = body.partition(b"\0")
    return keyword.decode("latin-1"), _latin_or_utf8(_unpacked(packed[1:]))


def _international_text(body: bytes) -> tuple[str, str]:
    keyword, _, rest = body.partition(b"\0")
    packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    return keyword.decode("latin-1"), (_unpacked(text) if packed else text).decode("utf-8", "replace")


_PNG_TEXT = {b"tEXt": _plain_text, b"zTXt": _packed_text, b"iTXt": _international_text}


def _latin_or_utf8(text: bytes) -> str:
    """The standard says Latin-1; many programs write UTF-8 all the same."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _unpacked(packed: bytes) -> bytes:
    """As much as may be looked at: a kilobyte may unpack to a gigabyte."""
    try:
        return zlib.decompressobj().decompress(packed, LONGEST)
    except zlib.error:
        return b""


def _exif(exif: Image.Exif) -> Iterator[TextField]:
    for tag, value in exif.items():
        if tag == ExifTags.Base.XMLPacket:
            continue
        text = _text(value)
        if text:
            yield TextField(f"EXIF {ExifTags.TAGS.get(tag, hex(tag))}", text)
    comment = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
    if comment:
        yield TextField("EXIF UserComment", _comment(comment))


def _xmp(image: Image.Image, data: bytes) -> Iterator[TextField]:
    found = DECODED.get(str(image.format))
    packets = [] if found is None else packets_in(data, found.media_type)
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        packets = [text_of(content) for kind, _, content in image.resources if kind == _PHOTOSHOP_XMP]
    other = image.info.get("xmp") or image.getexif().get(ExifTags.Base.XMLPacket)
    if not packets and other:
        packets = [_text(other)]
    for packet in packets:
        yield TextField(XMP, packet[:LONGEST])


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value[:LONGEST].decode("utf-8", "replace").rstrip("\0")
    return value[:LONGEST] if isinstance(value, str) else ""


def _comment(value: object) -> str:
    """EXIF UserComment: eight bytes that name the encoding, then the text."""
    if not isinstance(value, bytes):
        return _text(value)
    if value.startswith(b"UNICODE"):
        # The byte order is not stated. The right one gives the more letters of the keyboard.
        orders = [value[8 : 8 + LONGEST].decode(order, "replace") for order in ("utf-16-be", "utf-16-le")]
        return max(orders, key=lambda text: sum(character < "\x7f" for character in text))
    return _text(value[8:])
