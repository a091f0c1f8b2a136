"""The texts that lie in a picture beside its pixels, each with the field that holds it: PNG text, EXIF, XMP.

    PNG    tEXt, zTXt, iTXt and eXIf, before the picture's data or after it: both are allowed, and both are written;
           ComfyUI's comf (animated PNG), and the profiles that ImageMagick writes as hexadecimal text
    EXIF   every text of the first directory (Make, Model, Software …), the UserComment and the MakerNote
    JPEG   its comments, IPTC's older fields (IIM)
    GIF    its comments, before the picture and after it
    PSD    XMP, EXIF and IIM from its image resources
    Samsung's editor leaves a list behind a JPEG or a PNG
    XMP    the whole packet, as it stands, in UTF-16 and over several segments too

Nothing is decoded for it. What is damaged is named in place of its text, and leaves the others as they are; a text is
cut to a bounded length, and says so.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from PIL import ExifTags, GifImagePlugin, Image, JpegImagePlugin, PsdImagePlugin, TiffImagePlugin

from provenance.media.containers import gif
from provenance.media.formats import DECODED
from provenance.media.xmp import packets_in
from provenance.media.xmp_packet import text_of

LONGEST = 4_000_000  # characters of one text; a large ComfyUI workflow has one million
FIELDS = 500  # texts of one picture
TOGETHER = (
    4 * LONGEST
)  # characters of all of them: a small file may unpack to many long ones, or name one often
PAGES = 200  # of one TIFF
XMP = "XMP"
DAMAGED = "is damaged"
TOO_LONG = f"is longer than {LONGEST:,} characters"
_PHOTOSHOP_IIM, _PHOTOSHOP_EXIF, _PHOTOSHOP_XMP = (
    1028,
    1058,
    1060,
)  # image resources: of a PSD, the first of a JPEG too
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_USER_COMMENT, _MAKER_NOTE = ExifTags.Base.UserComment, ExifTags.Base.MakerNote
# Windows' own tags: UTF-16, whatever the rest is in.
_WIDE = frozenset({0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F})
_IIM = {40: "IPTC Instructions", 65: "IPTC Program", 110: "IPTC Credit", 120: "IPTC Caption"}
_RECORD = re.compile(rb"\x1c\x02(?=[\x28\x41\x6e\x78])")
SAMSUNG = "PhotoEditor_Re_Edit_Data"
_SAMSUNG_TEXT = re.compile(SAMSUNG.encode() + rb"(\{.{1,20000}?\})(?=.{0,20000}SEF[HT])", re.DOTALL)
_TRAILER = 1_000_000  # bytes at the end of a file that are searched for it
_ENCODINGS = frozenset({b"ASCII\0\0\0", b"JIS\0\0\0\0\0", bytes(8)})
_RAW = "Raw profile type "
_EXIF = b"Exif\0\0"
_EMPTY_EXIF = 32  # bytes of a block without a field, and some room
_XMP_KEYWORDS = frozenset({"XML:com.adobe.xmp", "xmp"})
_CAPITALS = frozenset({"Parameters", "Prompt", "Workflow"})  # as some nodes and programs write them


@dataclass(frozen=True, slots=True)
class TextField:
    """A text and its field: a PNG keyword, `EXIF Make`, `XMP`. `unread`: why it, or its end, was not read.

    `part` is what of the file it speaks of, where that is not the whole: "page 2".
    """

    name: str
    text: str
    unread: str = ""
    part: str = ""

    def of(self, part: str) -> "TextField":
        """The same as the text of a part of the file."""
        return replace(self, part=part)


def text_fields(image: Image.Image, data: bytes) -> tuple[TextField, ...]:
    """The texts of an opened picture and its bytes, in the order of the file."""
    if data.startswith(SIGNATURE):
        return bounded(chain(png_fields(data), samsung_fields(data)))
    parts = {
        "EXIF": lambda: _exif(image.getexif(), image.info.get("exif")),
        XMP: lambda: _xmp(image, data),
        "comment": lambda: _comments_of(image, data),
        "IPTC": lambda: _iim(image),
        "image resources": lambda: _resources(image),
        SAMSUNG: lambda: samsung_fields(data),
    }
    first = (each for name, part in parts.items() for each in guarded(name, part))
    return bounded(chain(first, guarded("a further page", lambda: _pages(image))))


def _pages(image: Image.Image) -> Iterator[TextField]:
    """The texts of the further pages of a TIFF: each has a directory of its own."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return
    for number in range(1, PAGES):
        try:
            image.seek(number)
        except EOFError:
            return
        packet = image.getexif().get(ExifTags.Base.XMLPacket)
        if packet:
            yield shortened(XMP, text_of(packet) if isinstance(packet, bytes) else _text(packet)).of(
                f"page {number + 1}"
            )
        for each in _exif(image.getexif()):
            yield each.of(f"page {number + 1}")


def bounded(fields: Iterable[TextField]) -> tuple[TextField, ...]:
    """The first texts, as many as are looked at; where there are more, the last one says so."""
    found: list[TextField] = []
    left = TOGETHER
    for each in fields:
        if len(found) == FIELDS:
            return (*found, TextField("its texts", "", f"are more than {FIELDS}"))
        left -= len(each.text)
        if left < 0:
            return (*found, TextField("its texts", "", f"are longer than {TOGETHER:,} characters together"))
        found.append(each)
    return tuple(found)


def guarded(name: str, part: Callable[[], Iterable[TextField]]) -> Iterator[TextField]:
    """The texts of one part of a file; where a decoder trips over it, a field that says so in place of the rest."""
    try:
        yield from part()
    except Exception:  # noqa: BLE001  (a stranger's metadata may break a decoder in any way)
        yield TextField(name, "", DAMAGED)


def shortened(name: str, text: str) -> TextField:
    """The text, up to the length that is looked at."""
    return TextField(name, text[:LONGEST], TOO_LONG if len(text) > LONGEST else "")


def exif_fields(body: bytes) -> Iterator[TextField]:
    """The texts of an EXIF block, as containers hold it."""
    exif = Image.Exif()
    exif.load(body)
    yield from _exif(exif, body)


def png_fields(data: bytes) -> Iterator[TextField]:
    """The texts of a PNG, in the order of the file."""
    for kind, body in _chunks(data):
        yield from guarded("EXIF" if kind == b"eXIf" else "text", partial(_of_chunk, kind, body))


def _of_chunk(kind: bytes, body: bytes) -> Iterator[TextField]:
    if kind == b"eXIf":
        yield from exif_fields(body)
        return
    keyword, text, unread = _PNG_TEXT[kind](body)
    if keyword.startswith(_RAW) and not unread:
        yield from _profile(keyword.removeprefix(_RAW).strip().lower(), text)
        return
    name = XMP if keyword in _XMP_KEYWORDS else keyword.lower() if keyword in _CAPITALS else keyword
    yield replace(shortened(name, text), unread=unread) if unread else shortened(name, text)


def _profile(kind: str, text: str) -> Iterator[TextField]:
    """EXIF or XMP as ImageMagick keeps them: a name, a length, and the bytes as hexadecimal digits."""
    try:
        body = bytes.fromhex("".join(text.split()[2:]))
    except ValueError:
        yield TextField(f"{_RAW}{kind}", "", DAMAGED)
        return
    if body.startswith(_EXIF):
        yield from exif_fields(body.removeprefix(_EXIF))
    elif kind in {"exif", "app1"} and not body.startswith(b"http"):
        yield from exif_fields(body)
    elif kind in {"xmp", "app1"}:
        yield shortened(XMP, text_of(body.removeprefix(b"http://ns.adobe.com/xap/1.0/\0")))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk that may hold text, wherever it lies; up to where the file is cut off."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind in _PNG_TEXT or kind == b"eXIf":
            yield kind, data[at + 8 : at + 8 + length]
        if kind == b"IEND":
            return
        at += 12 + length


def _plain_text(body: bytes) -> tuple[str, str, str]:
    """Keyword, text, and why it was not read to its end."""
    keyword, _, text = body.partition(b"\0")
    return keyword.decode("latin-1"), _latin_or_utf8(text), ""


def _packed_text(body: bytes) -> tuple[str, str, str]:
    keyword, _, packed = body.partition(b"\0")
    text, unread = unpacked(packed[1:])
    return keyword.decode("latin-1"), _latin_or_utf8(text), unread


def _international_text(body: bytes) -> tuple[str, str, str]:
    keyword, _, rest = body.partition(b"\0")
    text, unread = rest[2:].split(b"\0", 2)[-1], ""
    if rest[:1] == b"\1":
        text, unread = unpacked(text)
    return keyword.decode("latin-1"), text.decode("utf-8", "replace"), unread


# ComfyUI's SaveAnimatedPNG: `prompt`, a zero byte, the graph.
_PNG_TEXT = {b"tEXt": _plain_text, b"zTXt": _packed_text, b"iTXt": _international_text, b"comf": _plain_text}


def _latin_or_utf8(text: bytes) -> str:
    """The standard says Latin-1; many programs write UTF-8 all the same."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def unpacked(packed: bytes, wbits: int = zlib.MAX_WBITS) -> tuple[bytes, str]:
    """As much as may be looked at, for a kilobyte may unpack to a gigabyte; and why that is not all of it."""
    unpacker = zlib.decompressobj(wbits)
    try:
        text = unpacker.decompress(packed, LONGEST)
    except zlib.error:
        return b"", DAMAGED
    if unpacker.eof:
        return text, ""
    return text, TOO_LONG if unpacker.unconsumed_tail else DAMAGED


def _exif(exif: Image.Exif, raw: object = None) -> Iterator[TextField]:
    if not len(exif) and isinstance(raw, bytes) and len(raw) > _EMPTY_EXIF:
        yield TextField("EXIF", "", DAMAGED)
    # Fooocus writes its comment and its note into the first directory, others where they belong.
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    apart = {tag: exif.get(tag) or inner.get(tag) for tag in (_USER_COMMENT, _MAKER_NOTE)}
    for tag, value in exif.items():
        if tag == ExifTags.Base.XMLPacket or tag in apart:
            continue
        text = _wide_text(value) if tag in _WIDE else _text(value)
        if text:
            yield TextField(f"EXIF {ExifTags.TAGS.get(tag, hex(tag))}", text)
    if apart[_USER_COMMENT]:
        yield TextField("EXIF UserComment", _comment(apart[_USER_COMMENT]))
    if apart[_MAKER_NOTE]:
        yield TextField("EXIF MakerNote", _text(apart[_MAKER_NOTE]))


def _comments_of(image: Image.Image, data: bytes) -> Iterator[TextField]:
    """Every comment of a JPEG or a GIF: a program that writes its own does not take another's away."""
    found: Iterable[object] = ()
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        found = [content for kind, content in image.applist if kind == "COM"]
    elif isinstance(image, GifImagePlugin.GifImageFile):
        found = gif.comments(data)
    for each in found:
        text = _text(each)
        if text:
            yield TextField("comment", text)


def _iim(image: Image.Image) -> Iterator[TextField]:
    """IPTC's older fields, which a JPEG or a TIFF holds beside XMP."""
    held = image.info.get("photoshop")
    raw = held.get(_PHOTOSHOP_IIM) if isinstance(held, dict) else None
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        raw = image.tag_v2.get(TiffImagePlugin.IPTC_NAA_CHUNK)
    # Some programs wrote its type as a row of numbers of four bytes.
    yield from _records(struct.pack(f"<{len(raw)}L", *raw) if isinstance(raw, tuple) else raw)


def _records(raw: object) -> Iterator[TextField]:
    """The texts of IIM: 1C, 2, the number of the field, a length of two bytes, the text."""
    if not isinstance(raw, bytes):
        return
    end = 0
    for found in _RECORD.finditer(raw):
        at = found.end() + 1
        if at <= end:  # within a text
            continue
        end = at + 2 + int.from_bytes(raw[at : at + 2])
        text = _text(raw[at + 2 : end])
        if text:
            yield TextField(_IIM[raw[at - 1]], text)


def _resources(image: Image.Image) -> Iterator[TextField]:
    """EXIF and IIM of a PSD."""
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        for kind, _, content in image.resources:
            if kind == _PHOTOSHOP_EXIF:
                yield from exif_fields(content)
            elif kind == _PHOTOSHOP_IIM:
                yield from _records(content)


def samsung_fields(data: bytes) -> Iterator[TextField]:
    """What Samsung's editor notes behind the end of a JPEG or a PNG, and in a box of a HEIC: a list that ends it."""
    if data.endswith(b"SEFT"):
        for found in _SAMSUNG_TEXT.finditer(data[-_TRAILER:]):
            yield TextField(SAMSUNG, _text(found.group(1)))


def _xmp(image: Image.Image, data: bytes) -> Iterator[TextField]:
    found = DECODED.get(str(image.format))
    packets = [] if found is None else packets_in(data, found.media_type)
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        packets = [text_of(content) for kind, _, content in image.resources if kind == _PHOTOSHOP_XMP]
    if image.format == "GIF":
        packets = [text_of(each) for each in gif.packets(data)]
    other = image.info.get("xmp") or image.getexif().get(ExifTags.Base.XMLPacket)
    if not packets and other:
        packets = [_text(other)]
    for packet in packets:
        yield shortened(XMP, packet)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value[:LONGEST].decode("utf-8", "replace").rstrip("\0")
    return value[:LONGEST] if isinstance(value, str) else ""


def _wide_text(value: object) -> str:
    if isinstance(value, tuple):
        value = bytes(each for each in value if isinstance(each, int) and 0 <= each < 256)
    return value[:LONGEST].decode("utf-16-le", "replace").rstrip("\0") if isinstance(value, bytes) else ""


def _comment(value: object) -> str:
    """EXIF UserComment: eight bytes that name the encoding, then the text."""
    if not isinstance(value, bytes):
        return _text(value)
    if value.startswith(b"UNICODE"):
        # The byte order is not stated, and some programs write UTF-8 all the same: the likest text is meant.
        encodings = ("utf-16-be", "utf-16-le", "utf-8")
        return max(
            (value[8 : 8 + LONGEST].decode(each, "replace") for each in encodings), key=_likeness
        ).rstrip("\0")
    return _text(value[8:] if value[:8] in _ENCODINGS else value)


def _likeness(text: str) -> int:
    """How much a text is like one that somebody wrote: letters of the keyboard, and nothing that is no letter."""
    keyboard = sum(" " <= each < "\x7f" for each in text)
    odd = sum(each == "\ufffd" or (each < " " and each not in "\n\r\t") for each in text)
    return keyboard - 2 * odd
