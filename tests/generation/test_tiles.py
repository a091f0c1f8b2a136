"""Tiles cover a picture, lie over each other, and fade into one another."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from generation.errors import RequestError
from generation.layout.tiles import Tiling, painted_in_tiles, plan

LENGTH = st.integers(8, 500).map(lambda cells: cells * 8)


@given(LENGTH, LENGTH, st.sampled_from([64, 100, 512, 1024]), st.integers(0, 32))
def test_every_pixel_is_in_a_tile_and_every_tile_in_the_picture(
    wide: int, high: int, side: int, overlap: int
) -> None:
    boxes = plan((wide, high), Tiling(side, overlap))
    assert {(box.width, box.height) for box in boxes} == {(boxes[0].width, boxes[0].height)}
    for start, length, whole in (("left", "width", wide), ("top", "height", high)):
        reach = 0
        for at, long in sorted({(getattr(box, start), getattr(box, length)) for box in boxes}):
            assert at <= reach or at == 0
            assert at % 8 == 0 and at + long <= whole
            reach = at + long
        assert reach == whole


@given(LENGTH, st.integers(8, 32))
def test_neighbours_lie_over_each_other_at_least_as_far_as_was_asked(wide: int, overlap: int) -> None:
    row = plan((wide, 64), Tiling(256, overlap))
    for before, after in itertools.pairwise(row):
        shared = before.left + before.width - after.left
        assert shared == after.fade_left >= overlap


@pytest.mark.parametrize("side", [1, 0, -5, 63, 4096, 512.0, True, "512"])
def test_a_tile_of_another_size_is_refused(side: int) -> None:
    with pytest.raises(RequestError, match="a tile's side: a whole number of pixels from 64 to 2048"):
        Tiling.of(side, None)


@pytest.mark.parametrize("overlap", [-1, 300, 1.5])
def test_an_overlap_of_more_than_half_a_tile_is_refused(overlap: int) -> None:
    with pytest.raises(RequestError, match="the overlap of tiles: a whole number"):
        Tiling.of(512, overlap)


def test_an_overlap_without_tiles_is_refused() -> None:
    with pytest.raises(RequestError, match="give the side of a tile"):
        Tiling.of(None, 8)


def test_tiles_that_agree_leave_no_seam() -> None:
    picture = Image.linear_gradient("L").resize((400, 300)).convert("RGB")
    tiled = painted_in_tiles(picture, plan((400, 296), Tiling(128, 32)), lambda _, part, __: part.copy())
    assert ImageChops.difference(tiled, picture).getbbox() is None


def test_one_tile_goes_over_into_the_next_step_by_step() -> None:
    boxes = plan((208, 64), Tiling(128, 48))
    colours = ["black", "white"]
    picture = Image.new("RGB", (208, 64), "red")
    tiled = painted_in_tiles(
        picture, boxes, lambda number, part, _: Image.new("RGB", part.size, colours[number])
    )
    row = [tiled.getpixel((x, 30))[0] for x in range(208)]
    assert row[0] == 0 and row[-1] == 255 and row == sorted(row)
    assert max(after - before for before, after in itertools.pairwise(row)) <= 6
