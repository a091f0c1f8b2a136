"""The faint mark: a pattern of our own in every painting, too weak to see, that the keeper of its record can read.

The picture is laid out in 128 x 128 cells (96 or 64 where its shorter side has less than 512 or 256 pixels), and each
is made a little lighter or darker: +-1 of 255 or so, smoothly from cell to cell, up to three times that where the
picture is busy, and up to six times along the few lines of a plain one. Which of the two is drawn from
HMAC-SHA-256(secret, the picture's id), so that no two pictures have a pattern in common and nobody learns it by
averaging many. The secret comes from the ledger's own key: who keeps it can read the marks, and nobody else can.

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
from PIL import Image, ImageFilter

from provenance.lookup.mark_key import MarkKey
from provenance.statement.mark_form import FIRST, FORM, FOURTH, SECOND, THIRD

STRENGTH = 1.0  # of 255, before smoothing: 50 dB
# Pixels of the shorter side, and how many cells a side a picture has from there on; below the last there is no mark.
CELLS = ((512, 128), (256, 96), (96, 64))
# Of the first form: cells of two pixels did not survive being made smaller.
CELLS_ONCE = ((256, 128), (96, 64))
# How strong a cell is, by how many levels its picture differs there from what is around it: it rises by so much, from
# the one to the other. All steps but the first are taken as far as the mean square of what comes into the picture, in
# STRENGTHs, stays below MOST; so the third is for pictures of which little is busy, such as lines on paper. The second
# form had one strength everywhere, the third two steps; the fourth stopped short of MOST, most of all on white paper.
STEPS = ((0.9, 2.0, 7.0), (1.1, 7.0, 14.0), (3.0, 14.0, 28.0))
MOST, MOST_ONCE = 3.5, 3.6  # 44.1 dB at least
BLACK, WHITE = 4, 251  # levels: beyond them half of a mark does not come, for none is lighter than white

Floats = NDArray[np.float32]


def cells_for(size: tuple[int, int], form: str = FORM) -> int:
    """How many cells a side a picture of this size has; 0 where it is too small for a mark."""
    steps = CELLS_ONCE if form.startswith(FIRST) else CELLS
    return next((cells for least, cells in steps if min(size) >= least), 0)


def cells_in(size: tuple[int, int]) -> tuple[int, ...]:
    """How many cells a side the mark in a picture of this size may have, by any form."""
    return tuple(dict.fromkeys(cells for form in (FORM, FIRST) if (cells := cells_for(size, form))))


def chips(secret: bytes, picture: str, cells: int) -> NDArray[np.int8]:
    """(cells, cells) of -1 and +1, drawn from the secret and the picture's id."""
    needed, drawn = cells * cells // 8, b""
    while len(drawn) < needed:
        block = len(drawn) // 32
        drawn += hmac.digest(secret, f"{picture} {cells} {block}".encode(), hashlib.sha256)
    bits = np.unpackbits(np.frombuffer(drawn[:needed], np.uint8)).reshape(cells, cells)
    return (bits.astype(np.int8) * 2 - 1).astype(np.int8)


def strength_in(rest: Floats, key: MarkKey, picture: str) -> float:
    """How far the mark of a picture stands out of (cells, cells) of what is left without the picture itself."""
    size = float(np.sqrt((rest * rest).sum()))
    return float((rest * chips(key.secret, picture, len(rest))).sum()) / size if size > 0 else 0.0


def pattern(key: MarkKey, picture: str, image: Image.Image, cells: int, form: str = FORM) -> Floats:
    """(height, width): the pattern in this picture, in grey levels."""
    signs = chips(key.secret, picture, cells).astype(np.float32) * np.float32(STRENGTH)
    if not form.startswith((FIRST, SECOND)):
        signs = signs * strengths(image, cells, form)
    return np.asarray(Image.fromarray(signs).resize(image.size, Image.Resampling.BICUBIC), np.float32)


def strengths(image: Image.Image, cells: int, form: str = FORM) -> Floats:
    """(cells, cells), from 1 on: how strong each cell of a mark is, by how much the picture differs there from what is
    around it. It hardly changes by the mark itself, so the mark can be taken away again.
    """
    light = image.convert("L")
    around = light.filter(ImageFilter.GaussianBlur(max(image.size) / cells / 2))
    values = np.asarray(light, np.float32)
    busy = _in_cells(np.abs(values - np.asarray(around, np.float32)), cells)
    pure = _in_cells(np.asarray((values < BLACK) | (values > WHITE), np.float32), cells)
    first, *later = (by * np.clip((busy - least) / (most - least), 0, 1) for by, least, most in STEPS)
    strong = 1 + first
    for step in later[: 1 if form.startswith(THIRD) else None]:
        short = form.startswith((THIRD, FOURTH))
        share = _share_once(strong, step) if short else _share(strong, step, pure)
        strong = strong + min(max(share, 0.0), 1.0) * step
    return np.asarray(strong, np.float32)


def _share(strong: Floats, step: Floats, pure: Floats) -> float:
    """How much of a step reaches MOST: a root of  mean((1 - pure / 2) * (strong + share * step) ** 2) = MOST."""
    square, twice, rest = (
        float(((1 - pure / 2) * each).mean()) for each in (step**2, strong * step, strong**2)
    )
    return (float(np.sqrt(max(twice**2 + square * (MOST - rest), 0.0))) - twice) / max(square, 1e-6)


def _share_once(strong: Floats, step: Floats) -> float:
    """The same as older forms had it: along a straight line, which stops short, and as if all came."""
    before, after = float((strong**2).mean()), float(((strong + step) ** 2).mean())
    return (MOST_ONCE - before) / max(after - before, 1e-6)


def _in_cells(values: Floats, cells: int) -> Floats:
    return np.asarray(Image.fromarray(values).resize((cells, cells), Image.Resampling.BOX), np.float32)


def marked(
    image: Image.Image, key: MarkKey, picture: str, where: Image.Image | None = None, *, form: str = FORM
) -> Image.Image | None:
    """A copy of the picture (RGB) with its mark; None where it is too small for one.

    `where` is grey and of the picture's size: the mark is only where that is white, and fades with it.
    """
    cells = cells_for(image.size, form)
    if not cells:
        return None
    return Image.fromarray(_laid(image.convert("RGB"), pattern(key, picture, image, cells, form), where))


def unmarked(
    image: Image.Image, key: MarkKey, picture: str, where: Image.Image | None = None, *, form: str = FORM
) -> Image.Image:
    """The picture (RGB) without its mark, but for rounding: what a file that may hold it is compared with.

    How strong the mark is, is seen from the picture, so it is taken away twice: the second time as strong as it is by
    the first one's picture. With too much taken away, a picture that never had the mark would seem to carry it.
    """
    cells = cells_for(image.size, form)
    if not cells:
        return image
    values, seen = image.convert("RGB"), image
    for _ in range(2):
        seen = Image.fromarray(_taken(values, pattern(key, picture, seen, cells, form), where))
    return seen


def _laid(image: Image.Image, pattern: Floats, where: Image.Image | None) -> NDArray[np.uint8]:
    """The picture's values with the pattern, where it is wanted."""
    return _rounded(np.asarray(image, np.float32) + _wanted(pattern, where)[..., None]).astype(np.uint8)


def _taken(image: Image.Image, pattern: Floats, where: Image.Image | None) -> NDArray[np.uint8]:
    """The picture's values without the pattern.

    White could not be raised nor black lowered: taking away there what never came would leave the mark's negative, and
    every white picture would seem to carry the mark.
    """
    values, added = np.asarray(image, np.float32), _wanted(pattern, where)[..., None]
    raised = added > 0
    never_came = ((values >= 255) & raised) | ((values <= 0) & ~raised)
    return np.where(never_came, values, _rounded(values - added)).astype(np.uint8)


def _wanted(pattern: Floats, where: Image.Image | None) -> Floats:
    if where is None:
        return pattern
    return np.asarray(pattern * (np.asarray(where.convert("L"), np.float32) / 255), np.float32)


def _rounded(values: Floats) -> Floats:
    return np.clip(values, 0, 255) + np.float32(0.5)
