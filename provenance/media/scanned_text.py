"""The texts of files that no decoder here opens: PDF, SVG, EPS, PSB, EXR and whatever else holds XMP.

    any file   XMP packets that lie open in it, from <x:xmpmeta to </x:xmpmeta> (ISO 16684-1 wants them to be found so)
    OpenEXR    the attributes of its header that are texts: their name, "string", a length, the text
    SVG        the pictures that lie in it as data: addresses, each looked at by itself

Of several packets each may speak of a picture that was placed in the file: so each is told as a part of it.
"""

import base64
import re
from collections.abc import Iterator
from itertools import chain

from provenance.media.formats import HEAD, of_bytes
from provenance.media.text_fields import SIGNATURE, XMP, TextField, bounded, png_fields, shortened
from provenance.media.xmp import packets_in
from provenance.media.xmp_packet import text_of

_PACKET = (b"<x:xmpmeta", b"</x:xmpmeta>")
_BARE = (b"<rdf:RDF", b"</rdf:RDF>")  # the same without what goes round it
_PACKETS = 50  # of one file
_EXR = b"v/1\x01"
_ATTRIBUTE = 256  # bytes of a name or of a type, by the format
_PICTURE = re.compile(rb"data:image/(?:png|jpe?g|webp|gif|avif);base64,([A-Za-z0-9+/=\s]{40,})")
PICTURES = 40  # of one SVG


def fields_unopened(data: bytes) -> tuple[TextField, ...]:
    """The texts of a file that no decoder opens, as far as they are found without one."""
    if data.startswith(SIGNATURE):
        return bounded(png_fields(data))
    kind = of_bytes(data[:HEAD])
    packets = [] if kind is None else packets_in(data, kind.media_type)
    return bounded(shortened(XMP, each) for each in packets) or scanned_fields(data)


def scanned_fields(data: bytes) -> tuple[TextField, ...]:
    """The texts that are found without knowing the file's kind, and those of an EXR."""
    packets = [*_between(data, *_PACKET)] or [*_between(data, *_BARE)]
    parts = [f"part {number}" for number in range(1, len(packets) + 1)] if len(packets) > 1 else [""]
    found = [shortened(XMP, text_of(each)).of(part) for each, part in zip(packets, parts, strict=False)]
    return bounded(chain(found, _attributes(data)))


def pictures_in(data: bytes) -> Iterator[bytes]:
    """The pictures that lie in an SVG, decoded from their addresses."""
    for number, found in enumerate(_PICTURE.finditer(data)):
        if number == PICTURES:
            return
        try:
            yield base64.b64decode(found.group(1))
        except ValueError:
            continue


def _between(data: bytes, begin: bytes, end: bytes) -> Iterator[bytes]:
    """What stands from one mark to the next of the other, both included. In one pass, whatever the file is made of."""
    at = data.find(begin)
    for _ in range(_PACKETS):
        stop = data.find(end, at) if at >= 0 else -1
        if stop < 0:
            return
        yield data[at : stop + len(end)]
        at = data.find(begin, stop)


def _attributes(data: bytes) -> Iterator[TextField]:
    """The texts in an EXR's header. Of each attribute: name and type, ended by a zero; a length; the value."""
    if not data.startswith(_EXR):
        return
    at = 8
    while (name := _ended(data, at)) and (kind := _ended(data, at + len(name) + 1)):
        at += len(name) + len(kind) + 2
        size = int.from_bytes(data[at : at + 4], "little")
        value = data[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == b"string":
            yield shortened(name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))


def _ended(data: bytes, at: int) -> bytes:
    """The text up to the next zero; empty where there is none, or where it stands at once."""
    end = data.find(b"\0", at, at + _ATTRIBUTE)
    return b"" if end < 0 else data[at:end]
