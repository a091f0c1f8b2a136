"""Whether a row's settings can be painted, from the heads of its files: asked of every row before any is painted."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from generation.asking import request_for
from generation.batch.row import Row
from generation.batch.table import Problem
from generation.colour import Colours
from generation.errors import GenerationError
from generation.request import Capabilities

_ORIENTATION, _TURNED = 0x0112, 5  # EXIF; from 5 on the sides change places


def faults(able: Capabilities, row: Row) -> Iterator[Problem]:
    """What the model would refuse. A file that is damaged further in is found when it is opened."""
    try:
        layout = Image.new("RGB", _shown(row.layout))
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        yield Problem(row.number, "layout", f"{row.layout} is no picture that can be read ({error})")
        return
    mask = None
    if row.mask is not None:
        try:
            mask = Image.new("L", _shown(row.mask), 255)
        except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
            yield Problem(row.number, "mask", f"{row.mask} is no picture that can be read ({error})")
            return
    try:
        request_for(able, Colours(layout), row.settings, mask)
    except GenerationError as error:
        yield Problem(row.number, "", str(error))


def _shown(path: Path) -> tuple[int, int]:
    """Width and height as shown; only the head of the file is read."""
    with Image.open(path) as picture:
        width, height = picture.size
        turned = picture.getexif().get(_ORIENTATION, 1) >= _TURNED
    return (height, width) if turned else (width, height)
