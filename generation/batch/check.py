"""Whether a row's settings can be painted, from the heads of its files: asked of every row before any is painted."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from generation.batch.row import Row
from generation.batch.table import Problem
from generation.errors import GenerationError
from generation.layout.beside import Beside
from generation.layout.colour import Colours
from generation.request.asking import request_for
from generation.request.request import Capabilities
from generation.works.kit import Given, Kit, check_beside, in_use
from provenance.errors import why

_ORIENTATION, _TURNED = 0x0112, 5  # EXIF; from 5 on the sides change places


def faults(able: Capabilities, row: Row, kit: Kit = ()) -> Iterator[Problem]:
    """What the model would refuse, with `kit` beside it. A file damaged further in is found when it is opened."""
    try:
        layout = _stand_in("layout", row.layout)
        mask = _stand_in("mask", row.mask, "L") if row.mask is not None else None
        beside = Beside(
            tuple(_stand_in("reference", each) for each in row.beside.references),
            tuple(_stand_in("style", each) for each in row.beside.styles),
            tuple((key, _stand_in("guide", each)) for key, each in row.beside.guides),
        )
    except _Unread as unread:
        yield Problem(row.number, unread.column, unread.words)
        return
    words = (row.settings.prompt, row.settings.negative_prompt)
    try:
        check_beside(in_use(kit, row.asked.weights, words, Given.of(beside)), beside)
        request_for(able, Colours(layout), row.asked, mask, beside)
    except GenerationError as error:
        yield Problem(row.number, "", str(error))


class _Unread(Exception):
    """No picture can be read at a place that a column names."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column, self.words = column, words


def _stand_in(column: str, path: Path, mode: str = "RGB") -> Image.Image:
    """A white picture of the same size."""
    try:
        return Image.new(mode, _shown(path), "white")
    except UnidentifiedImageError as error:
        raise _Unread(column, f"{path} is no picture that can be read") from error
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise _Unread(column, f"{path} is no picture that can be read ({why(error)})") from error


def _shown(path: Path) -> tuple[int, int]:
    """Width and height as shown; only the head of the file is read."""
    with Image.open(path) as picture:
        width, height = picture.size
        turned = picture.getexif().get(_ORIENTATION, 1) >= _TURNED
    return (height, width) if turned else (width, height)
