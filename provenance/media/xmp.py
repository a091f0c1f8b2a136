"""IPTC 2025.1 as XMP, and the `parameters` text, put into a finished file before it is signed.

    <rdf:Description Iptc4xmpExt:AISystemUsed="house" Iptc4xmpExt:AIPromptWriterName="Abe Rin" …>
      <dc:creator><rdf:Seq><rdf:li>Mori Aoi</rdf:li></rdf:Seq></dc:creator>

Pixels are not decoded: a chunk, a segment or a tag is added. A file with somebody's XMP packet keeps it. An AVIF's
items cannot be added to in place, so those that we encode are given room for a packet (`AVIF_ROOM`), and others get
none. All of it stands in the signed `cawg.metadata` as well.
"""

import html
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

from provenance.statement.canonical import Json

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
_JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_KEYWORD = b"XML:com.adobe.xmp"
_TIFF_TAG = 700
_OURS = 'x:xmptk="Genzu"'
_ATTRIBUTE = re.compile(rb"\s((?:Iptc4xmpExt|photoshop|plus):\w+)=([\"'])(.*?)\2", re.DOTALL)
_XMP = re.compile(rb"<\?xpacket begin.{0,200}?<x:xmpmeta.{0,1000000}?</x:xmpmeta>", re.DOTALL)


_END = b'<?xpacket end="w"?>'
_AVIF_PACKET = re.compile(
    rb'<\?xpacket begin.{0,60}?<x:xmpmeta [^>]{0,100}x:xmptk="Genzu".{0,100000}?<\?xpacket end="w"\?>',
    re.DOTALL,
)
AVIF_ROOM = 8_192  # bytes; what does not fit stands in `cawg.metadata` alone


def room_for_xmp() -> bytes:
    """An empty packet of ours with room in it, for a container that can only be written over in place."""
    return _filled(xmp_packet({}), AVIF_ROOM)


def _filled(packet: bytes, size: int) -> bytes:
    """The packet with white space before its end, as XMP foresees for editing in place."""
    return packet.removesuffix(_END) + b" " * (size - len(packet)) + _END


def xmp_packet(fields: Mapping[str, Json]) -> bytes:
    """An XMP packet of texts and lists of texts; names carry their usual prefix, such as `dc:creator`."""
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    simple = "".join(
        f" {name}={quoteattr(_clean(text))}" for name, text in fields.items() if isinstance(text, str)
    )
    lists = "".join(_sequence(name, each) for name, each in fields.items() if isinstance(each, list))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" {_OURS}>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{simple}>{lists}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def with_xmp(data: bytes, media_type: str, packet: bytes) -> bytes:
    """The file with the packet in it, in place of an older one of ours; as it is where it has somebody else's."""
    if media_type == "image/avif":
        return _into_avif(data, packet)
    try:
        if _OURS.encode() in data:
            data = _without_xmp(data, media_type)
        return _with_xmp(data, media_type, packet)
    except (struct.error, IndexError):  # a container odder than its decoder minds
        return data


def _with_xmp(data: bytes, media_type: str, packet: bytes) -> bytes:
    if b"<x:xmpmeta" in data or _JPEG_HEADER in data:
        return data
    if media_type == "image/png":
        return _into_png(data, b"iTXt", _PNG_KEYWORD + b"\0\0\0\0\0" + packet)
    if media_type == "image/jpeg" and len(packet) + len(_JPEG_HEADER) < 0xFFFD:
        return _into_jpeg(data, _JPEG_HEADER + packet)
    if media_type == "image/webp":
        return _into_webp(data, packet)
    if media_type == "image/tiff" and data[:4] in (b"II*\0", b"MM\0*"):
        return _into_tiff(data, packet)
    return data


def _into_avif(data: bytes, packet: bytes) -> bytes:
    """Over the packet that we left there, whose length stays; never is an older one of ours left standing."""
    found = _AVIF_PACKET.search(data)
    if found is None:
        return data
    size = found.end() - found.start()
    fitting = packet if len(packet) <= size else xmp_packet({})
    return data[: found.start()] + _filled(fitting, size) + data[found.end() :]


def own_fields(data: bytes) -> dict[str, Json]:
    """The plain texts of a packet that we wrote; nothing of anybody else's."""
    at = data.find(_OURS.encode())
    if at < 0:
        return {}
    found = _ATTRIBUTE.findall(data[at : at + 200_000].split(b"</rdf:Description>", 1)[0])
    return {name.decode(): html.unescape(words.decode("utf-8", "replace")) for name, _, words in found}


def _without_xmp(data: bytes, media_type: str) -> bytes:
    if media_type == "image/png":
        return _chunks_but(data, lambda kind, content: kind == b"iTXt" and content.startswith(_PNG_KEYWORD))
    start = data.find(_JPEG_HEADER) - 4
    if media_type == "image/jpeg" and start >= 2:
        return data[:start] + data[start + 2 + struct.unpack_from(">H", data, start + 2)[0] :]
    # WebP and TIFF: blanked where it lies; `with_xmp` then puts the new one at the end.
    return _XMP.sub(lambda found: b" " * len(found.group()), data)


def with_parameters(data: bytes, media_type: str, words: str) -> bytes:
    """A PNG with the text that A1111's family reads; other formats as they are."""
    if media_type != "image/png":
        return data
    try:
        return _into_png(data, b"tEXt", b"parameters\0" + words.encode("latin-1"))
    except UnicodeEncodeError:
        return _into_png(data, b"iTXt", b"parameters\0\0\0\0\0" + words.encode())


def parameters_text(prompt: str, negative: str, run: Mapping[str, Json], model: Mapping[str, Json]) -> str:
    """The settings in A1111's own words and order, so that its readers find them."""
    names = {
        "steps": "Steps", "num_inference_steps": "Steps", "scheduler": "Sampler", "guidance_scale": "CFG scale",
        "guidance": "CFG scale", "seed": "Seed", "strength": "Denoising strength",
    }  # fmt: skip
    told = {names[name]: str(value) for name, value in run.items() if name in names and value is not None}
    told |= {
        "Model hash": str(model.get("digest", "")).removeprefix("sha256:")[:10],
        "Model": str(model.get("name")),
    }
    order = ["Steps", "Sampler", "CFG scale", "Seed", "Model hash", "Model", "Denoising strength"]
    settings = ", ".join(f"{name}: {told[name]}" for name in order if name in told)
    return "\n".join(
        line for line in (prompt, f"Negative prompt: {negative}" if negative else "", settings) if line
    )


def _sequence(name: str, values: list[Json]) -> str:
    items = "".join(f"<rdf:li>{escape(_clean(each))}</rdf:li>" for each in values if isinstance(each, str))
    return f"<{name}><rdf:Seq>{items}</rdf:Seq></{name}>"


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))


def _into_png(data: bytes, kind: bytes, content: bytes) -> bytes:
    body = kind + content
    chunk = struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]  # IHDR always takes the first 33 bytes


def _chunks_but(data: bytes, unwanted: Callable[[bytes, bytes], bool]) -> bytes:
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 12 + struct.unpack_from(">I", data, at)[0]
        if not unwanted(data[at + 4 : at + 8], data[at + 8 : end - 4]):
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _into_jpeg(data: bytes, content: bytes) -> bytes:
    at = 2
    # Behind JFIF and EXIF, which readers want first.
    while data[at : at + 2] in (b"\xff\xe0", b"\xff\xe1"):
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return data[:at] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + data[at:]


def _into_webp(data: bytes, packet: bytes) -> bytes:
    """The extended form of the container, with the flag for XMP set."""
    body = data[12:]
    if body[:4] == b"VP8X":
        body = b"".join(_riff_chunks(body[:8] + bytes([body[8] | 0x04]) + body[9:], but=b"XMP "))
    else:
        lossless = body[:4] == b"VP8L"
        (bits,) = struct.unpack_from("<I", body, 9 if lossless else 14)
        # Both write 14 bits each; VP8L one less than the size, and then a bit for transparency.
        width, height = bits & 0x3FFF, bits >> (14 if lossless else 16) & 0x3FFF
        alpha = lossless and bits >> 28 & 1
        if not lossless:
            width, height = max(width, 1) - 1, max(height, 1) - 1
        size = width.to_bytes(3, "little") + height.to_bytes(3, "little")
        body = b"VP8X" + struct.pack("<II", 10, 0x04 | (0x10 if alpha else 0)) + size + body
    body += b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff_chunks(body: bytes, but: bytes) -> list[bytes]:
    chunks, at = [], 0
    while at + 8 <= len(body):
        size = struct.unpack_from("<I", body, at + 4)[0]
        end = at + 8 + size + size % 2
        if body[at : at + 4] != but:
            chunks.append(body[at:end])
        at = end
    return chunks


def _into_tiff(data: bytes, packet: bytes) -> bytes:
    """The first directory written anew at the end, with one tag more; every offset in it stays true."""
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    entries = [data[start + 2 + 12 * n : start + 14 + 12 * n] for n in range(count)]
    entries = [each for each in entries if struct.unpack_from(order + "H", each)[0] != _TIFF_TAG]
    following = data[start + 2 + 12 * count : start + 6 + 12 * count]
    padded = data + b"\0" * (len(data) % 2)
    entries.append(struct.pack(order + "HHII", _TIFF_TAG, 1, len(packet), len(padded)))
    entries.sort(key=lambda entry: int(struct.unpack_from(order + "H", entry)[0]))
    padded += packet + b"\0" * (len(packet) % 2)
    directory = struct.pack(order + "H", len(entries)) + b"".join(entries) + following
    return padded[:4] + struct.pack(order + "I", len(padded)) + padded[8:] + directory
