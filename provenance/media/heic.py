"""HEIC, as phones write their photographs: its size by its own boxes, its pixels by libheif in a process of its own.

Only what decodes is installed (pi-heif): no encoder, so none of its licence. libheif turns a picture upright itself, by
the container's own properties; what EXIF repeats of that is left out, so that nothing is turned twice.
"""

import json
import struct
import subprocess
import sys
from pathlib import Path

from PIL import Image

from provenance.media.containers.boxes import MOST, boxes, inside
from provenance.media.formats import HEAD, HEIF, of_bytes

DECODER = Path(__file__).with_name("heic_decoder.py")
SECONDS = 90  # that its process may take
MEDIA_TYPE = "image/heic"


def is_heic(data: bytes) -> bool:
    """Whether it is a HEIC, and one can be opened here."""
    found = of_bytes(data[:HEAD])
    return found is not None and HEIF in found.decoders


def stated_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of the main picture as shown, by the file's own word; None where it has none."""
    try:
        return _stated(data)
    except (KeyError, IndexError, struct.error):
        return None


def open_heic(data: bytes, most: int) -> Image.Image:
    """The picture, decoded and upright; where it has more than `most` pixels, an empty one of its size.

    ValueError says what is wrong with the file.
    """
    stated = stated_size(data)
    if stated is None or 0 in stated:
        raise ValueError("it does not say how large it is")
    if stated[0] * stated[1] > most:
        return _Unread(stated)
    command = [sys.executable, "-I", str(DECODER), str(most)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"it took more than {SECONDS} seconds to decode") from None
    head, _, pixels = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise ValueError("its decoder broke off over it")
    return _picture(json.loads(head), pixels)


class _Unread(Image.Image):
    """A picture of which only the size is known."""

    format = HEIF

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self._size = size


class _Heic(Image.Image):
    """A decoded picture that knows where it is from."""

    format = HEIF
    is_animated = False


def _picture(told: dict[str, object], pixels: bytes) -> Image.Image:
    if "error" in told:
        raise ValueError(str(told["error"]))
    size = int(str(told["width"])), int(str(told["height"]))
    if not pixels:
        return _Unread(size)
    read = Image.frombytes(str(told["mode"]), size, pixels)
    picture = _Heic()
    picture.im, picture._mode, picture._size = read.im, read.mode, read.size
    picture.is_animated = bool(told["several"])
    if profile := bytes.fromhex(str(told["profile"])):
        picture.info["icc_profile"] = profile
    return picture


def _stated(data: bytes) -> tuple[int, int] | None:
    """Of the main item (pitm) the extents (ispe) among its properties, turned where irot turns it."""
    top = inside(data, 0, len(data))
    begin, end = top[b"meta"]
    held = inside(data, begin + 4, end)
    at = held[b"pitm"][0]
    (item,) = struct.unpack_from(">I" if data[at] else ">H", data, at + 4)
    told = inside(data, *held[b"iprp"])
    properties = list(boxes(data, *told[b"ipco"]))
    size: tuple[int, int] | None = None
    for number in _properties_of(data, *told[b"ipma"], item):
        kind, start, _ = properties[number - 1]
        if kind == b"ispe":
            size = struct.unpack_from(">II", data, start + 4)
        elif kind == b"irot" and size is not None and data[start] & 1:
            size = size[::-1]
    return size


def _properties_of(data: bytes, at: int, end: int, wanted: int) -> list[int]:
    """The numbers of an item's properties, in the order in which they apply (ipma)."""
    version, wide = data[at], data[at + 3] & 1
    (count,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(count, MOST)):
        if at >= end:
            break
        (item,) = struct.unpack_from(">I" if version else ">H", data, at)
        at += 4 if version else 2
        many, at = data[at], at + 1
        if item == wanted:
            form, mask = (">H", 0x7FFF) if wide else (">B", 0x7F)
            step = struct.calcsize(form)
            return [struct.unpack_from(form, data, at + step * n)[0] & mask for n in range(many)]
        at += many * (2 if wide else 1)
    return []
