"""The faint mark: a pattern of our own in every painting, too weak to see, that the keeper of its record can read.

The picture is laid out in 128 x 128 cells (64 x 64 where it is small), and each is made a little lighter or darker: +-1
of 255 or so, smoothly from cell to cell. Which of the two is drawn from HMAC-SHA-256(secret, the picture's id), so
that no two pictures have a pattern in common and nobody learns it by averaging many. The secret comes from the
ledger's own key: who keeps the ledger can read the marks, and nobody else can.

Reading is *informed*: the file is laid over the record's small reference, in which the mark is not, the reference is
taken away, and what is left is held against the pattern. The answer is how far the two go together beyond chance, in
standard deviations (z): without the mark it is within a few of 0, whatever the picture.

>>> chips(b"secret", "pic-1", 64).shape, int(abs(chips(b"secret", "pic-1", 64)).max())
((64, 64), 1)
"""

import hashlib
import hmac

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.mark_key import MarkKey

STRENGTH = 1.0  # of 255, before smoothing: 50 dB
CELLS, FEW_CELLS = 128, 64
LEAST, LEAST_FEW = 256, 96  # pixels of the shorter side for so many cells; below the second there is no mark
FORM = "faint 1"  # on the record: which pattern
IN_PART = "faint 1, in part"  # only where a mask let the model paint
OFF, TOO_SMALL = "off", "too small"

Floats = NDArray[np.float32]


def cells_for(size: tuple[int, int]) -> int:
    """How many cells a side a picture of this size has; 0 where it is too small for a mark."""
    shorter = min(size)
    if shorter < LEAST_FEW:
        return 0
    return CELLS if shorter >= LEAST else FEW_CELLS


def chips(secret: bytes, picture: str, cells: int) -> NDArray[np.int8]:
    """(cells, cells) of -1 and +1, drawn from the secret and the picture's id."""
    needed, drawn = cells * cells // 8, b""
    while len(drawn) < needed:
        block = len(drawn) // 32
        drawn += hmac.digest(secret, f"{picture} {cells} {block}".encode(), hashlib.sha256)
    bits = np.unpackbits(np.frombuffer(drawn[:needed], np.uint8)).reshape(cells, cells)
    return (bits.astype(np.int8) * 2 - 1).astype(np.int8)


def pattern(key: MarkKey, picture: str, size: tuple[int, int], cells: int) -> Floats:
    """The pattern in a picture of this (width, height), in grey levels."""
    small = Image.fromarray(chips(key.secret, picture, cells).astype(np.float32) * np.float32(STRENGTH))
    return np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.float32)


def marked(
    image: Image.Image, key: MarkKey, picture: str, where: Image.Image | None = None
) -> Image.Image | None:
    """A copy of the picture (RGB) with its mark; None where it is too small for one.

    `where` is grey and of the picture's size: the mark is only where that is white, and fades with it.
    """
    cells = cells_for(image.size)
    if not cells:
        return None
    values = np.asarray(image.convert("RGB"), np.float32)
    added = _laid(values, key, picture, where, cells, 1.0)
    return Image.fromarray(added)


def unmarked(image: Image.Image, key: MarkKey, picture: str, where: Image.Image | None = None) -> Image.Image:
    """The picture (RGB) without its mark, but for rounding: what a file that may hold it is compared with."""
    cells = cells_for(image.size)
    if not cells:
        return image
    values = np.asarray(image.convert("RGB"), np.float32)
    return Image.fromarray(_laid(values, key, picture, where, cells, -1.0))


def _laid(
    values: Floats, key: MarkKey, picture: str, where: Image.Image | None, cells: int, sign: float
) -> NDArray[np.uint8]:
    height, width = values.shape[:2]
    added = pattern(key, picture, (width, height), cells) * np.float32(sign)
    if where is not None:
        added = added * (np.asarray(where.convert("L"), np.float32) / 255)
    return (np.clip(values + added[..., None], 0, 255) + np.float32(0.5)).astype(np.uint8)
