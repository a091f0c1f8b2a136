"""Text that a generator hides in a picture's transparency: the lowest bit of each alpha value, column by column.

    "stealth_pnginfo" or "stealth_pngcomp" (15 bytes), the length in bits (32 bits), the text; the second one gzipped

NovelAI writes it into every PNG, and AUTOMATIC1111 with an extension. It outlives programs that drop text but keep
pixels. The pixels are decoded for it only where there is an alpha channel, and read further only behind the signature.
"""

import zlib

from PIL import Image

from provenance.media.text_fields import LONGEST, TextField, unpacked

_PLAIN, _PACKED = b"stealth_pnginfo", b"stealth_pngcomp"
_HEADER = len(_PLAIN) + 4  # bytes
MOST = 50_000_000  # pixels that are decoded for it
HIDDEN = "text hidden in its transparency"
_GZIP = 16 + zlib.MAX_WBITS
_NONE = TextField(HIDDEN, "")


def hidden_text(image: Image.Image) -> TextField:
    """The text; an empty one where there is none."""
    size = image.width * image.height
    if image.mode != "RGBA" or not 8 * _HEADER <= size <= MOST:
        return _NONE
    alpha = image.getchannel("A").transpose(Image.Transpose.TRANSPOSE)
    values = alpha.tobytes()
    header = _bytes(values[: 8 * _HEADER])
    signature, bits = header[: len(_PLAIN)], int.from_bytes(header[len(_PLAIN) :])
    if signature not in {_PLAIN, _PACKED} or not 0 < bits <= len(values) - 8 * _HEADER:
        return _NONE
    body, unread = _bytes(values[8 * _HEADER : 8 * _HEADER + min(bits, 8 * LONGEST)]), ""
    if signature == _PACKED:
        body, unread = unpacked(body, _GZIP)
    return TextField(HIDDEN, body.decode("utf-8", "replace"), unread)


def _bytes(values: bytes) -> bytes:
    """Eight lowest bits a byte, the highest first."""
    bits = "".join("1" if each & 1 else "0" for each in values[: len(values) // 8 * 8])
    return int(bits, 2).to_bytes(len(bits) // 8) if bits else b""
