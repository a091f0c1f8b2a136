"""A key over a picture's first rows of pixels, had from a PNG or a JPEG without decoding the rest of it.

Two pictures with the same pixels have the same key. So a file whose key no recorded picture has shows the pixels of
none of them. The rows come out of the usual decoder: it is given a small file that is made of the first rows of the
large one, with all else that it says.

    PNG    the first rows unpacked from IDAT and packed again, the height in IHDR made less. A row depends only on
           rows above it. Not where it is interlaced, animated or out of order.
    JPEG   the height in SOF made less, and the file cut off where the coded rows have surely ended. A row of blocks
           depends on those before it, and the colours of the last rows on the next one, so more rows are decoded than
           are used. Not where it is progressive or has several scans.

Where this does not give the rows for sure, there is no key, and the file is decoded. Other kinds have none.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from PIL import Image

from provenance.errors import PictureError
from provenance.media.containers.jpeg import segments
from provenance.media.containers.png import Chunk, chunk, chunks
from provenance.media.picture import Picture, is_upright, open_picture, pixels
from provenance.settings import Limits

ROWS = 4
_BLOCK = 8  # rows of pixels in a block of a JPEG, and in a row of blocks so many times the coarsest sampling
_PIECE = 16 * 1024  # bytes of a PNG's packed rows that are unpacked at once: zlib copies what it leaves over
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # a pixel, by the colour type in IHDR
_IHDR = struct.Struct(">IIBBBBB")
_ANIMATED = frozenset({b"acTL", b"fcTL", b"fdAT", b"DDAT"})
_IN_ONE_GO = frozenset({0xC0, 0xC1})  # SOF of baseline and of extended sequential JPEG
_ALL_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def key_of_rows(image: Image.Image) -> int:
    """The key of a picture's pixels (RGB, as `pixels` shows them): 8 bytes of a SHA-256 over the first rows."""
    rows = image.crop((0, 0, image.width, min(ROWS, image.height)))
    return int.from_bytes(hashlib.sha256(rows.tobytes()).digest()[:8])


def key_of_file(data: bytes, seen: Picture, limits: Limits) -> int | None:
    """The key that the file's pixels have if all of it can be decoded; None where it must be decoded to know.

    `seen` is the file by its header.
    """
    cut = _CUT.get(seen.media_type)
    if cut is None or seen.first_of_several:
        return None
    try:
        for small in cut(data):
            picture = _opened(small, limits)
            if picture is not None:
                return _key_of(picture, seen)
    except (PictureError, zlib.error, struct.error):
        pass
    return None


def _opened(data: bytes, limits: Limits) -> Picture | None:
    """The picture; None where the rows do not end in these bytes, or cannot be decoded."""
    try:
        return open_picture(data, limits)
    except PictureError:
        return None


def _key_of(picture: Picture, seen: Picture) -> int | None:
    # A turned picture's first rows lie elsewhere.
    if picture.first_of_several or picture.media_type != seen.media_type or not is_upright(picture):
        return None
    return key_of_rows(pixels(picture))


def _png(data: bytes) -> Iterator[bytes]:
    """A PNG of the first rows, with every chunk of the whole."""
    found = _up_to_end(data)
    kinds = [each.kind for each in found]
    packed = [number for number, kind in enumerate(kinds) if kind == b"IDAT"]
    if not packed or kinds[0] != b"IHDR" or kinds.count(b"IHDR") > 1 or _ANIMATED & set(kinds):
        return
    first, last = packed[0], packed[-1]
    if last - first + 1 != len(packed):
        return  # Pillow takes what lies together
    width, height, depth, colour, packing, filters, interlaced = _IHDR.unpack(
        data[found[0].start : found[0].end]
    )
    if interlaced or colour not in _SAMPLES:
        return
    rows = min(ROWS, height)
    wanted = rows * (1 + (width * depth * _SAMPLES[colour] + 7) // 8)
    begun = _unpacked(data, found[first : last + 1], wanted)
    if len(begun) < wanted:
        return
    header = chunk(b"IHDR", _IHDR.pack(width, rows, depth, colour, packing, filters, interlaced))
    before = data[found[0].end + 4 : found[first].start - 8]
    behind = data[found[last].end + 4 : found[-1].end + 4]
    yield data[:8] + header + before + chunk(b"IDAT", zlib.compress(begun, 0)) + behind


def _up_to_end(data: bytes) -> list[Chunk]:
    found: list[Chunk] = []
    for each in chunks(data):
        found.append(each)
        if each.kind == b"IEND":
            break
    return found


def _unpacked(data: bytes, packed: list[Chunk], wanted: int) -> bytes:
    """The first so many bytes of the filtered rows; fewer where there are no more."""
    unpacker, begun, view = zlib.decompressobj(), b"", memoryview(data)
    pieces = (
        view[at : min(at + _PIECE, each.end)] for each in packed for at in range(each.start, each.end, _PIECE)
    )
    for piece in pieces:
        begun += unpacker.decompress(piece, wanted - len(begun))
        if len(begun) >= wanted:
            break
    return begun


def _jpeg(data: bytes) -> Iterator[bytes]:
    """The same file, which says that it has one row of blocks: its beginning, and all of it where that is too little.

    The decoder ends with the last row, and asks for nothing behind it. Where the rows go on behind the end of what it
    is given, it says so: it makes up no pixels, since no end mark stands there.
    """
    found = list(segments(data))
    frames = [each for each in found if each.marker in _ALL_SOF]
    if len(frames) != 1 or frames[0].marker not in _IN_ONE_GO:
        return
    frame, scan = frames[0], found[-1].end
    # In the frame: precision, height, width, how many colours, and of each its number, sampling across and down, table.
    # In the scan: marker, length, how many colours.
    height, width = struct.unpack_from(">HH", data, frame.start + 1)
    colours = data[frame.start + 5]
    down = [data[at] & 15 for at in range(frame.start + 7, min(frame.start + 6 + 3 * colours, frame.end), 3)]
    if data[scan : scan + 2] != b"\xff\xda" or data[scan + 4] != colours or len(down) != colours:
        return
    rows = _BLOCK * max(down, default=1)
    if height <= rows:
        yield data  # a height of 0 is told further on: no decoder here takes it
        return
    before, behind = data[: frame.start + 1] + struct.pack(">H", rows), frame.start + 3
    # Coded rows are shorter than rows of pixels but for the oddest pictures.
    enough = scan + width * rows * colours
    if enough < len(data):
        yield before + data[behind:enough]
    yield before + data[behind:]


_CUT: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {"image/png": _png, "image/jpeg": _jpeg}
