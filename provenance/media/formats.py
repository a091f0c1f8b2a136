r"""Every kind of file that a delivery may hold: how it is known, what we read of it, where credentials lie.

    ending   media type            kind       pixels    credentials
    .png     image/png             picture    read      inside
    .heic    image/heic            picture    read      inside, by others; ours lie beside it
    .kra     application/x-krita   picture    merged    beside it
    .mp4     video/mp4             film       not read  inside, by others; ours lie beside it
    .7z                            archive

What a file is, is asked here by all: the gate for pictures, the sidecars, the audit, the reader of credentials.

>>> of_name("c001.PNG").media_type, of_bytes(b"gimp xcf v011").name, of_name("notes.txt")
('image/png', 'GIMP', None)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import PurePath
from types import MappingProxyType

from PIL import features

OPAQUE = "application/octet-stream"
HEIF = "HEIF"  # libheif's, by the name that pi-heif gives it (heic.py)
HEAD = 512  # bytes by which a kind is known; the mark of a tar archive stands 257 bytes in


class FileKind(StrEnum):
    """What a file is to somebody who receives it."""

    PICTURE = "picture"
    FILM = "film"
    SOUND = "sound"
    DOCUMENT = "document"
    ARCHIVE = "archive"


class Pixels(StrEnum):
    """How far its pixels are read here."""

    READ = "read"
    MERGED = "merged"  # a layered file: the picture of all its layers that its program left in it
    UNREAD = "not read"


class Credentials(StrEnum):
    """Where the credentials of such a file lie."""

    INSIDE = "inside"  # ours, too
    OTHERS_INSIDE = "inside, by others"  # the library reads them there; ours lie beside the file
    BESIDE = "beside"  # the file itself holds none


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `mark` is a pattern of its first bytes, "" where there is none."""

    name: str
    kind: FileKind
    endings: tuple[str, ...]
    media_type: str = OPAQUE
    mark: bytes = b""
    pixels: Pixels = Pixels.UNREAD
    credentials: Credentials = Credentials.BESIDE
    decoders: tuple[str, ...] = ()  # those of Pillow that may open it, by Pillow's names
    written: bool = False  # pictures of ours can be encoded in it

    @property
    def signed_as(self) -> str:
        """The media type by which credentials beside it are bound to it.

        For films and sounds the library leaves parts of the file out of its hash. As bytes of no known kind, nothing
        is left out.
        """
        return self.media_type if self.kind in (FileKind.PICTURE, FileKind.DOCUMENT) else OPAQUE


def _row(kind: FileKind, name: str, endings: str, media_type: str = OPAQUE, mark: bytes = b"") -> Format:
    return Format(name, kind, tuple(endings.split()), media_type, mark)


def _signed(kind: FileKind, name: str, endings: str, media_type: str, mark: bytes = b"") -> Format:
    """A kind in which others' credentials can be read."""
    return Format(name, kind, tuple(endings.split()), media_type, mark, credentials=Credentials.OTHERS_INSIDE)


def _opened(name: str, endings: str, media_type: str, mark: bytes, *decoders: str) -> Format:
    """A picture that is read and written, with its credentials inside."""
    return Format(
        name,
        FileKind.PICTURE,
        tuple(endings.split()),
        media_type,
        mark,
        Pixels.READ,
        Credentials.INSIDE,
        decoders,
        written=True,
    )


def _shown(
    name: str,
    endings: str,
    media_type: str,
    mark: bytes,
    pixels: Pixels,
    decoder: str = "",
    credentials: Credentials = Credentials.BESIDE,
) -> Format:
    """A picture whose pixels are read; ours lie beside it."""
    decoders = (decoder,) if decoder else ()
    return Format(
        name, FileKind.PICTURE, tuple(endings.split()), media_type, mark, pixels, credentials, decoders
    )


_PICTURE, _FILM, _SOUND, _DOCUMENT, _ARCHIVE = FileKind
_ODF, _OOXML = "application/vnd.oasis.opendocument", "application/vnd.openxmlformats-officedocument"
_SVG_MARK = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,300}?-->\s*)?(?:<!DOCTYPE svg|<svg)\b"
_ZIPPED = rb"PK\x03\x04.{26}mimetype"

# Pillow can be built without AVIF; then it is a picture that is told and not opened.
# By its own brand, or by the common one with its own among those that follow.
_AVIF_MARK = rb".{4}ftyp(?:avi[fs]|m[is]f1.{4}(?:.{4}){0,9}?avi[fs])"
_AVIF = (
    _opened("AVIF", ".avif", "image/avif", _AVIF_MARK, "AVIF")
    if features.check("avif")
    else _signed(_PICTURE, "AVIF", ".avif", "image/avif", _AVIF_MARK)
)

_HEIC_MARK = rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)"
_HEIC = (
    _shown("HEIC", ".heic .heif .hif", "image/heic", _HEIC_MARK, Pixels.READ, HEIF, Credentials.OTHERS_INSIDE)
    if find_spec("pi_heif")
    else _signed(_PICTURE, "HEIC", ".heic .heif .hif", "image/heic", _HEIC_MARK)
)

# fmt: off
FORMATS: tuple[Format, ...] = (
    _opened("PNG", ".png", "image/png", rb"\x89PNG\r\n\x1a\n", "PNG"),
    # MPO: a JPEG with a second picture behind it, as phones write.
    _opened("JPEG", ".jpg .jpeg", "image/jpeg", rb"\xff\xd8\xff", "JPEG", "MPO"),
    _opened("WebP", ".webp", "image/webp", rb"RIFF.{4}WEBP", "WEBP"),
    _opened("TIFF", ".tif .tiff", "image/tiff", rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "TIFF"),
    _shown("GIF", ".gif", "image/gif", rb"GIF8[79]a", Pixels.READ, "GIF", Credentials.OTHERS_INSIDE),
    _AVIF,
    _HEIC,
    _shown("BMP", ".bmp .dib", "image/bmp", rb"BM.{4}\0\0\0\0", Pixels.READ, "BMP"),

    # Layered files of which the merged picture is read.
    _shown("Photoshop", ".psd", "image/vnd.adobe.photoshop", rb"8BPS\0\x01", Pixels.MERGED, "PSD"),
    _shown("OpenRaster", ".ora", "image/openraster", _ZIPPED + rb"image/openraster", Pixels.MERGED),
    _shown("Krita", ".kra .krz", "application/x-krita", _ZIPPED + rb"application/x-krita", Pixels.MERGED),

    # Pictures that are told and not opened.
    _signed(_PICTURE, "JPEG XL", ".jxl", "image/jxl", rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),
    _signed(_PICTURE, "SVG", ".svg", "image/svg+xml", _SVG_MARK),
    _signed(_PICTURE, "DNG", ".dng", "image/x-adobe-dng", rb"II\*\0|MM\0\*"),
    _signed(_PICTURE, "Nikon raw", ".nef", "image/x-nikon-nef", rb"II\*\0|MM\0\*"),
    _signed(_PICTURE, "Sony raw", ".arw", "image/x-sony-arw", rb"II\*\0|MM\0\*"),
    _row(_PICTURE, "Canon raw", ".cr2 .cr3 .crw", mark=rb"II\x1a\0|.{4}ftypcrx "),
    _row(_PICTURE, "camera raw", ".raf .orf .rw2 .pef .srw .3fr .iiq", mark=rb"FUJIFILMCCD-RAW|IIRO"),
    _row(_PICTURE, "Photoshop large document", ".psb", "image/vnd.adobe.photoshop.large", rb"8BPS\0\x02"),
    _row(_PICTURE, "Clip Studio", ".clip .lip .cmc", "application/x-clip-studio", rb"CSFCHUNK"),
    _row(_PICTURE, "GIMP", ".xcf", "image/x-xcf", rb"gimp xcf"),
    _row(_PICTURE, "Procreate", ".procreate"),
    _row(_PICTURE, "PaintTool SAI", ".sai .sai2", mark=rb"SAI-CANVAS"),
    _row(_PICTURE, "MediBang", ".mdp", mark=rb"mdipack"),
    _row(_PICTURE, "Affinity", ".afphoto .afdesign .af", mark=rb"\0\xffKA"),
    _row(_PICTURE, "TVPaint", ".tvpp"),
    _row(_PICTURE, "Toon Boom or OpenToonz", ".tvg .tlv .pli"),
    _row(_PICTURE, "Illustrator or PostScript", ".ai .eps .ps", mark=rb"%!PS|\xc5\xd0\xd3\xc6"),
    _row(_PICTURE, "Paint.NET", ".pdn", mark=rb"PDN3"),
    _row(_PICTURE, "Aseprite", ".ase .aseprite", mark=rb".{4}\xe0\xa5"),
    _row(_PICTURE, "OpenEXR", ".exr", "image/x-exr", rb"v/1\x01"),
    _row(_PICTURE, "DPX", ".dpx", "image/x-dpx", rb"SDPX|XPDS"),
    _row(_PICTURE, "Cineon", ".cin", mark=rb"\x80\x2a\x5f\xd7"),
    _row(_PICTURE, "Radiance HDR", ".hdr .pic", mark=rb"#\?RADIANCE|#\?RGBE"),
    _row(_PICTURE, "Targa", ".tga .icb .vda .vst", "image/x-tga"),
    _row(_PICTURE, "Netpbm", ".ppm .pgm .pbm .pnm .pam .pfm", mark=rb"P[1-7Ff]\s"),
    _row(_PICTURE, "SGI", ".sgi .rgb .rgba", mark=rb"\x01\xda[\0\x01][\x01\x02]\0"),
    _row(_PICTURE, "Maya IFF or ILBM", ".iff .lbm .ilbm", mark=rb"FOR[M4].{4}(?:ILBM|CIMG|PBM )"),
    _row(_PICTURE, "JPEG 2000", ".jp2 .j2k .j2c .jpx .jpf", "image/jp2", rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    _row(_PICTURE, "JPEG XR", ".jxr .wdp .hdp", mark=rb"II\xbc\x01"),
    _row(_PICTURE, "DirectDraw surface", ".dds", mark=rb"DDS "),
    _row(_PICTURE, "icon", ".ico .cur", "image/vnd.microsoft.icon", rb"\0\0[\x01\x02]\0[^\0]\0"),
    _row(_PICTURE, "Windows metafile", ".wmf .emf", mark=rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF"),
    _row(_PICTURE, "QOI", ".qoi", mark=rb"qoif"),
    _row(_PICTURE, "PCX", ".pcx", mark=rb"\n[\0\x02\x03\x04\x05]\x01[\x01\x02\x04\x08]"),

    _signed(_FILM, "QuickTime", ".mov .qt", "video/quicktime", rb".{4}(?:ftypqt  |moov|wide)"),
    _signed(_SOUND, "M4A", ".m4a", "audio/mp4", rb".{4}ftypM4[AB] "),
    _signed(_FILM, "MP4", ".mp4 .m4v", "video/mp4", rb".{4}ftyp"),
    _signed(_FILM, "AVI", ".avi", "video/x-msvideo", rb"RIFF.{4}AVI "),
    _row(_FILM, "Matroska or WebM", ".mkv .webm", mark=rb"\x1a\x45\xdf\xa3"),
    _row(_FILM, "MXF", ".mxf", mark=rb"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"),
    _row(_FILM, "MPEG", ".mpg .mpeg .m2ts .mts .vob", mark=rb"\0\0\x01[\xba\xb3]"),
    _row(_FILM, "Windows Media", ".wmv .asf", mark=rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    _row(_FILM, "Flash", ".swf .flv", mark=rb"[FCZ]WS[\x01-\x40]|FLV\x01"),
    _row(_FILM, "After Effects", ".aep .aepx", mark=rb"RIFX.{4}Egg!"),

    _signed(_SOUND, "WAV", ".wav", "audio/wav", rb"RIFF.{4}WAVE"),
    _signed(_SOUND, "MP3", ".mp3", "audio/mpeg", rb"ID3|\xff[\xfa\xfb\xf2\xf3]"),
    _signed(_SOUND, "FLAC", ".flac", "audio/flac", rb"fLaC"),
    _row(_SOUND, "AIFF, Ogg or other", ".aif .aiff .ogg .opus .aac .wma", mark=rb"FORM.{4}AIF[FC]|OggS"),

    _signed(_DOCUMENT, "PDF", ".pdf", "application/pdf", rb"%PDF-"),
    _signed(_DOCUMENT, "EPUB", ".epub", "application/epub+zip", _ZIPPED + rb"application/epub\+zip"),
    _signed(_DOCUMENT, "OpenDocument", ".odt .ods .odp .odg", _ODF + ".text", _ZIPPED + _ODF.encode()),
    _signed(_DOCUMENT, "Word", ".docx .docm", _OOXML + ".wordprocessingml.document"),
    _signed(_DOCUMENT, "Excel", ".xlsx .xlsm", _OOXML + ".spreadsheetml.sheet"),
    _signed(_DOCUMENT, "PowerPoint", ".pptx .pptm", _OOXML + ".presentationml.presentation"),

    _row(_ARCHIVE, "zip", ".zip .cbz", "application/zip", rb"PK\x03\x04|PK\x05\x06"),
    _row(_ARCHIVE, "tar", ".tar .cbt", mark=rb".{257}ustar"),
    _row(_ARCHIVE, "7z", ".7z .cb7", mark=rb"7z\xbc\xaf\x27\x1c"),
    _row(_ARCHIVE, "RAR", ".rar .cbr", mark=rb"Rar!\x1a\x07"),
    _row(_ARCHIVE, "LZH", ".lzh .lha", mark=rb".{2}-l[hz][0-9s]-"),
    _row(_ARCHIVE, "gzip", ".gz .tgz", "application/gzip", rb"\x1f\x8b\x08"),
    _row(_ARCHIVE, "bzip2", ".bz2 .tbz .tbz2", mark=rb"BZh[1-9]1AY&SY"),
    _row(_ARCHIVE, "xz", ".xz .txz", mark=rb"\xfd7zXZ\0"),
    _row(_ARCHIVE, "Zstandard", ".zst .tzst", mark=rb"\x28\xb5\x2f\xfd"),
    _row(_ARCHIVE, "cabinet", ".cab", mark=rb"MSCF"),
    _row(_ARCHIVE, "StuffIt", ".sit .sitx .hqx", mark=rb"SIT!|StuffIt"),
    _row(_ARCHIVE, "disk image", ".iso .dmg"),
    _row(_ARCHIVE, "packed file", ".ace .arj .alz .zipx .cpio", mark=rb"ALZ\x01|EGGA|\x60\xea"),
)
# fmt: on

_MARKS = tuple((re.compile(each.mark, re.DOTALL), each) for each in FORMATS if each.mark)
_ENDINGS = MappingProxyType({ending: each for each in FORMATS for ending in each.endings})

# The kinds that pictures are written in, each with its credentials inside: ending -> media type.
WRITTEN: Mapping[str, str] = MappingProxyType(
    {ending: each.media_type for each in FORMATS if each.written for ending in each.endings}
)
# What Pillow may open of a stranger's picture. It knows 40 more; each is a decoder that a stranger's bytes could reach.
DECODED: Mapping[str, Format] = MappingProxyType(
    {decoder: each for each in FORMATS if each.pixels is Pixels.READ for decoder in each.decoders}
)
# Those that Pillow brings, each once: MPO is found as JPEG, and HEIF is libheif's.
TRIED = tuple(each for each in DECODED if each not in {"MPO", HEIF})


def of(name: str, head: bytes) -> Format | None:
    """The kind of a file by its name and first bytes; where they disagree, the bytes are right."""
    named = of_name(name)
    if named is not None and (not named.mark or re.match(named.mark, head, re.DOTALL)):
        return named
    return of_bytes(head) or named


def of_name(name: str) -> Format | None:
    """The kind that a file's name asks for by its ending."""
    return _ENDINGS.get(PurePath(name).suffix.lower())


def is_opened(name: str) -> bool:
    """Whether a file of this name is a picture whose own pixels are read."""
    found = of_name(name)
    return found is not None and found.pixels is Pixels.READ


def is_one_format(one: str, other: str) -> bool:
    """Whether files of these two names are in one format: by the same ending, or by two of a kind that is read here.

    Of the other kinds some rows hold several formats that only belong together, such as .ai and .eps.
    """
    if PurePath(one).suffix.lower() == PurePath(other).suffix.lower():
        return True
    found = of_name(one)
    return found is not None and found.pixels is not Pixels.UNREAD and found == of_name(other)


def media_type_of(name: str) -> str | None:
    """The media type that a name asks for; None for a kind that we do not know."""
    found = of_name(name)
    return None if found is None or found.media_type == OPAQUE else found.media_type


def of_bytes(head: bytes) -> Format | None:
    """The kind that begins with these bytes; a TIFF's also begin several cameras' own files."""
    return next((each for mark, each in _MARKS if mark.match(head)), None)


def media_type_of_bytes(head: bytes) -> str | None:
    """The media type by the first bytes; None for archives, and for kinds that we do not know."""
    found = of_bytes(head)
    return (
        None
        if found is None or found.kind is FileKind.ARCHIVE or found.media_type == OPAQUE
        else found.media_type
    )


def of_media_type(media_type: str) -> Format | None:
    """The kind with this media type."""
    return next((each for each in FORMATS if each.media_type == media_type != OPAQUE), None)
