"""More canvas: what is added is masked white, and the layout keeps its place and its values."""

import pytest
from conftest import draw_house
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generation.errors import RequestError
from generation.layout.canvas import Sides, extended, new_area, parse_sides

PIXELS = st.integers(0, 300)
SIDES = st.builds(Sides, PIXELS, PIXELS, PIXELS, PIXELS)


@given(SIDES)
def test_sides_are_read_as_they_are_written(sides: Sides) -> None:
    if sides:
        assert parse_sides(str(sides)) == sides


def test_one_number_is_for_every_side() -> None:
    assert parse_sides(" 64 ") == Sides(64, 64, 64, 64)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "left=0",
        "up=3",
        "left",
        "left=1,left=2",
        "left=-1",
        "left=1.5",
        "left=９",
        "left=5000",
        "x" * 999,
    ],
)
def test_what_is_no_side_is_refused_with_how_it_is_written(text: str) -> None:
    with pytest.raises(RequestError, match="pixels"):
        parse_sides(text)


def test_the_layout_keeps_its_place_and_its_values_and_only_the_rest_is_masked() -> None:
    layout, sides = draw_house((40, 30)), Sides(top=3, right=50, left=7)
    larger, mask = extended(layout, sides), new_area(layout, sides)
    assert larger.size == mask.size == sides.of(layout.size) == (97, 33)
    place = (7, 3, 47, 33)
    assert larger.crop(place).tobytes() == layout.tobytes()
    assert mask.crop(place).getextrema() == (0, 0)
    mask.paste(255, place)
    assert mask.getextrema() == (255, 255)


def test_a_mask_over_the_layout_stays_where_it_was_drawn() -> None:
    drawn = Image.new("L", (40, 30))
    drawn.paste(200, (10, 10, 20, 20))
    mask = new_area(draw_house((40, 30)), Sides(left=8), drawn)
    assert mask.crop((8, 0, 48, 30)).tobytes() == drawn.tobytes()
