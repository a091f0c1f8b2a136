"""A mark that the small reference does not show is read beside the record's own picture, and never where it is not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lookup_samples import cut, landscape, saved
from PIL import Image, ImageChops, ImageFilter, ImageOps

from provenance.lookup.faint_mark import marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.search import Search

KEY = MarkKey.of_ledger(b"\x07" * 32)
Change = Callable[[Image.Image], Image.Image]


def line_drawing(seed: int) -> Image.Image:
    """The outlines of a landscape, in black on white paper."""
    light = landscape(seed, (600, 480)).convert("L").filter(ImageFilter.GaussianBlur(1))
    edges = light.filter(ImageFilter.FIND_EDGES).point(lambda value: min(255, value * 3))
    inner = ImageOps.invert(edges).crop((4, 4, 596, 476))
    return ImageOps.expand(inner, border=4, fill="white").convert("RGB")


def smaller_brighter_packed(picture: Image.Image) -> Image.Image:
    """Half as large, cut, brighter, and packed as JPEG 50."""
    half = cut(picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX), 0.15)
    return saved(half.point(lambda value: min(255, round(value * 1.12))), 50)


def with_mark(picture: Image.Image, name: str) -> Image.Image:
    found = marked(picture, KEY, name)
    assert found is not None
    return found


def search_for(folder: Path, plain: Image.Image, *, beside: bool) -> Search:
    """An index of one picture, `pic-1`; `beside`: with its own picture to read the mark beside."""
    picture = with_mark(plain, "pic-1")
    without = unmarked(picture, KEY, "pic-1")
    kept = indexed("pic-1", picture, without)
    assert kept is not None
    file = IndexFile(folder / f"{beside}.sqlite3")
    file.add([kept])
    return Search.of(file, {"pic-1": without}.get if beside else None)


def mark_in(search: Search, copy: Image.Image, key: MarkKey = KEY) -> float:
    found = search.look_up(copy, key)
    assert [each.picture for each in found] == ["pic-1"]
    assert found[0].mark is not None
    return found[0].mark


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_line_drawing_made_smaller_brighter_and_packed_it_is_read_beside_the_record_s_own_picture(
    seed: int, tmp_path: Path
) -> None:
    plain = line_drawing(seed)
    copy = smaller_brighter_packed(with_mark(plain, "pic-1"))
    assert mark_in(search_for(tmp_path, plain, beside=False), copy) < MARK_FOUND
    assert mark_in(search_for(tmp_path, plain, beside=True), copy) >= MARK_FOUND


ABSENT: dict[str, Change] = {
    "without a mark": lambda plain: plain,
    "with another record's": lambda plain: with_mark(plain, "pic-2"),
}
EDITS: dict[str, Change] = {
    "untouched": lambda it: it,
    "smaller, brighter, packed": smaller_brighter_packed,
    "mirrored": ImageOps.mirror,
}


@pytest.mark.parametrize("made", [line_drawing, landscape], ids=["lines", "land"])
def test_it_is_not_read_beside_the_picture_where_it_is_not(
    made: Callable[[int], Image.Image], tmp_path: Path
) -> None:
    """The very same pixels without it among them: what was taken away for the comparison leaves no mark turned over."""
    plain = made(4)
    search = search_for(tmp_path, plain, beside=True)
    copies = [edit(kind(plain)) for kind in ABSENT.values() for edit in EDITS.values()]
    assert [mark_in(search, each) >= MARK_FOUND for each in copies] == [False] * len(copies)


def test_with_another_ledger_s_key_it_is_not_read(tmp_path: Path) -> None:
    plain = line_drawing(1)
    search = search_for(tmp_path, plain, beside=True)
    assert mark_in(search, with_mark(plain, "pic-1"), MarkKey.of_ledger(b"\x08" * 32)) < MARK_FOUND


def test_a_busy_picture_without_its_mark_is_what_it_was() -> None:
    """How strong the mark is, is seen from the marked picture: taken away twice, hardly a value is wrong."""
    plain = landscape(2)
    without = unmarked(with_mark(plain, "pic-1"), KEY, "pic-1")
    apart = np.asarray(ImageChops.difference(plain, without))
    assert (apart > 0).mean() < 0.01
