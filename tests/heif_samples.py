"""HEIC and AVIF as their writers lay them out: a picture as an item, and its texts as items that speak of it.

Those that Pillow writes need none of this. Here is what phones, libheif and editors write: texts in `idat`, packed
ones, ones in several pieces, and ones that speak of another picture in the same file.
"""

import io
import struct
from dataclasses import dataclass

from PIL import Image

MAIN, OTHER = 1, 2  # the numbers of the picture that is shown and of one beside it
_FIRST_TEXT = 10


@dataclass(frozen=True)
class Text:
    """An item of text. `about`: the picture that it describes, None where that is not said."""

    body: bytes
    kind: bytes = b"mime"
    about: int | None = MAIN
    media: bytes = b"application/rdf+xml"
    packed: bytes = b""
    in_meta: bool = False
    pieces: int = 1


def exif(body, *, before=0, **more):
    """EXIF as an item: four bytes say how much stands before its TIFF header."""
    body = body.removeprefix(b"Exif\0\0")
    return Text(struct.pack(">I", before) + b"Exif\0\0"[:before] + body, kind=b"Exif", **more)


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind, version, *content):
    return box(kind, bytes([version, 0, 0, 0]), *content)


def heif(*texts, brands=(b"heic", b"mif1", b"heic"), coded=b"", properties=b"", iloc=1, wide=False, link="",
         after=b""):  # fmt: skip
    """A file with one picture and these texts.

    `iloc`: the version of the table of places; `wide`: numbers of four bytes; `link`: how a second picture belongs to
    the first (`auxl`, `thmb`, `dimg` from it), "beside" where it is a picture of its own.
    """
    kind = b"av01" if b"avif" in brands else b"hvc1"
    others = [OTHER] if link else []
    numbers = {_FIRST_TEXT + at: each for at, each in enumerate(texts)} | dict.fromkeys((*others, MAIN))
    number = ">I" if wide else ">H"

    def infe(item, text):
        head = struct.pack(number, item) + bytes(2)
        if text is None:
            return full(b"infe", 3 if wide else 2, head, kind, b"\0")
        more = (
            text.media + b"\0" + (text.packed + b"\0" if text.packed else b"")
            if text.kind == b"mime"
            else b""
        )
        return full(b"infe", 3 if wide else 2, head, text.kind, b"\0", more)

    count = struct.pack(">I" if wide else ">H", len(numbers))
    iinf = full(b"iinf", 1 if wide else 0, count, *(infe(item, text) for item, text in numbers.items()))
    links = [
        (b"cdsc", item, text.about)
        for item, text in numbers.items()
        if text is not None and text.about is not None
    ]
    if link and link != "beside":
        links.append((link.encode(), MAIN, OTHER) if link == "dimg" else (link.encode(), OTHER, MAIN))
    iref = full(
        b"iref",
        1 if wide else 0,
        *(box(name, struct.pack(number, one), b"\0\1", struct.pack(number, two)) for name, one, two in links),
    )
    ispe = full(b"ispe", 0, struct.pack(">II", 16, 16))
    ipma = full(b"ipma", 0, struct.pack(">IHBB", 1, MAIN, 1, 1))
    iprp = properties or box(b"iprp", box(b"ipco", ispe), ipma)
    pitm = full(b"pitm", 1 if wide else 0, struct.pack(number, MAIN))
    hdlr = full(b"hdlr", 0, bytes(4), b"pict", bytes(13))
    idat = b"".join(text.body for text in numbers.values() if text and text.in_meta)
    ftyp = box(b"ftyp", brands[0], bytes(4), *brands[1:])

    def places(begin):
        at, inner, rows = begin, 0, []
        for item, text in numbers.items():
            body, many = (coded, 1) if text is None else (text.body, text.pieces)
            step = -(-len(body) // many) or 1
            parts = [body[each : each + step] for each in range(0, len(body), step)] or [b""]
            row = struct.pack(">I" if iloc == 2 else ">H", item)
            if iloc:
                row += struct.pack(">H", 1 if text and text.in_meta else 0)
            row += struct.pack(">HH", 0, len(parts))
            for each in parts:
                row += struct.pack(">II", inner if text and text.in_meta else at, len(each))
                if text and text.in_meta:
                    inner += len(each)
                else:
                    at += len(each)
            rows.append(row)
        return full(b"iloc", iloc, b"\x44\0", struct.pack(">I" if iloc == 2 else ">H", len(rows)), *rows)

    def meta(begin):
        inner = box(b"idat", idat) if idat else b""
        return full(b"meta", 0, hdlr, pitm, places(begin), iinf, iref, iprp, inner)

    begin = len(ftyp) + len(meta(0)) + 8
    held = [
        coded if text is None else text.body for text in numbers.values() if text is None or not text.in_meta
    ]
    return ftyp + meta(begin) + box(b"mdat", *held) + after


def avif(*texts, cut=False, **more):
    """An AVIF that Pillow opens, with these texts before its pixels; `cut`: with the first of those alone."""
    out = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(out, "AVIF", quality=60)
    data = out.getvalue()
    at = data.index(b"iprp") - 4
    properties = data[at : at + int.from_bytes(data[at : at + 4])]
    coded = data[data.index(b"mdat") + 4 :]
    told = {"brands": (b"avif", b"avif", b"mif1", b"miaf"), **more}
    made = heif(*texts, coded=coded, properties=properties, **told)
    return made[: made.index(coded) + 30] if cut else made
