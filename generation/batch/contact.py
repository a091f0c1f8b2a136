"""Contact sheets: the candidates of a row side by side, or the pictures of a grid along its axes; and a page of all.

A sheet is for choosing. It is not signed, and says so; the signed files stand beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader
from PIL import Image, ImageDraw, ImageFont

CELL = 320  # pixels of a picture's longer side
LEAST = 200  # pixels of a column, so that its caption can be read
PAD, LINE = 12, 20  # pixels
PAPER, INK, DIM = (247, 246, 243), (29, 28, 26), (92, 89, 82)
ACROSS = 4
NOTE = "Contact sheet: not signed. The signed pictures stand beside it."


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture on a sheet: where its file is (None: there is none), and its caption."""

    path: Path | None
    caption: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The words along one side of a grid."""

    name: str
    values: tuple[str, ...]


def contact_sheet(title: str, cells: Sequence[Cell]) -> Image.Image:
    """The pictures in rows of ACROSS, each over its caption (RGB)."""
    pictures = [_small(each.path) for each in cells]
    wide = max([LEAST, *(each.width for each in pictures if each)])
    high = max([each.height for each in pictures if each] or [CELL])
    across = max(1, min(ACROSS, len(cells)))
    down = -(-len(cells) // across)
    step = (wide + PAD, high + LINE + PAD)
    sheet, pen = _paper((PAD + across * step[0], 2 * PAD + 2 * LINE + down * step[1]), title)
    for at, (cell, picture) in enumerate(zip(cells, pictures, strict=True)):
        place = (PAD + at % across * step[0], PAD + 2 * LINE + at // across * step[1])
        _put(sheet, pen, place, (wide, high), picture)
        _text(pen, (place[0], place[1] + high + 2), cell.caption, wide)
    return sheet


def grid_sheet(title: str, across: Axis, down: Axis, cells: Sequence[Sequence[Cell]]) -> Image.Image:
    """The pictures of a grid with the values of its axes: a row of `cells` for each value of `down` (RGB)."""
    pictures = [[_small(each.path) for each in row] for row in cells]
    wide = max([LEAST, *(each.width for row in pictures for each in row if each)])
    high = max([each.height for row in pictures for each in row if each] or [CELL])
    head = max([_length(each) for each in down.values] + [0])
    head = min(head, wide) + PAD if any(down.values) else 0
    step = (wide + PAD, high + PAD)
    size = (PAD + head + len(across.values) * step[0], 2 * PAD + 4 * LINE + len(down.values) * step[1])
    sheet, pen = _paper(size, title)
    top = PAD + 4 * LINE
    names = " · ".join(
        each for each in (f"across: {across.name}", f"down: {down.name}" if down.name else "") if each
    )
    _text(pen, (PAD, PAD + 2 * LINE), names, size[0] - 2 * PAD, DIM)
    for column, value in enumerate(across.values):
        _text(pen, (PAD + head + column * step[0], top - LINE), value, wide)
    for line, (value, row) in enumerate(zip(down.values, pictures, strict=True)):
        _text(pen, (PAD, top + line * step[1] + high // 2), value, head)
        for column, picture in enumerate(row):
            _put(sheet, pen, (PAD + head + column * step[0], top + line * step[1]), (wide, high), picture)
    return sheet


def contact_page(title: str, rows: Sequence[tuple[str, str, Sequence[Cell]]], folder: Path) -> str:
    """A page in `folder` of every row (name, what was asked, its pictures); each picture leads to its signed file."""
    loader = PackageLoader("generation.batch", "")
    page = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    shown = [
        {
            "name": name,
            "asked": asked,
            "cells": [{"href": _link(each.path, folder), "caption": each.caption} for each in cells],
        }
        for name, asked, cells in rows
    ]
    return page.get_template("contact.html").render(title=title, rows=shown, note=NOTE)


def _link(path: Path | None, folder: Path) -> str:
    if path is None:
        return ""
    return quote(path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix())


def _small(path: Path | None) -> Image.Image | None:
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (CELL, CELL))
            small = picture.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    small.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
    return small


def _paper(size: tuple[int, int], title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGB", (max(size[0], 2 * PAD + CELL), size[1]), PAPER)
    pen = ImageDraw.Draw(sheet)
    _text(pen, (PAD, PAD), title, sheet.width - 2 * PAD)
    _text(pen, (PAD, PAD + LINE), NOTE, sheet.width - 2 * PAD, DIM)
    return sheet, pen


def _put(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    room: tuple[int, int],
    picture: Image.Image | None,
) -> None:
    if picture is not None:
        sheet.paste(picture, place)
        return
    pen.rectangle((*place, place[0] + room[0] - 1, place[1] + room[1] - 1), outline=DIM)
    _text(pen, (place[0] + PAD, place[1] + room[1] // 2), "no picture", room[0] - 2 * PAD, DIM)


def _text(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    words: str,
    room: int,
    ink: tuple[int, int, int] = INK,
) -> None:
    """The words, cut off where the room ends; a letter that the font lacks shows as a box."""
    words = " ".join(words.split())
    while words and _length(words) > room:
        words = words[:-2].rstrip("…") + "…" if len(words) > 2 else ""
    pen.text(place, words, fill=ink, font=_font())


def _length(words: str) -> int:
    return int(_font().getlength(words)) + 1


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(14)
