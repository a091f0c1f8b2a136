"""How much a picture changed is measured: aligned, counted, and told where; and nothing is said of labour."""

import pytest
from delivery_samples import scene
from PIL import Image, ImageChops, ImageDraw

from provenance.media.change import difference, heat_map

SIZE = (640, 360)


@pytest.fixture(scope="module")
def painted():
    return scene(5, SIZE)


def test_the_same_picture_did_not_change_at_any_size(painted):
    for other in (painted, painted.resize((320, 180)), painted.resize((1280, 720))):
        found = difference(painted, other)
        assert found.changed < 0.02 and found.likeness > 0.95 and found.moved == (0, 0) and not found.cropped


def test_what_was_painted_over_is_counted_and_found(painted):
    revised = painted.copy()
    ImageDraw.Draw(revised).rectangle((440, 20, 600, 110), fill="red")
    found = difference(painted, revised)
    assert found.changed == pytest.approx(161 * 91 / (640 * 360), abs=0.01)
    assert found.where == "upper right" and "upper right" in str(found)
    assert 0.9 < found.likeness < 1


def test_a_picture_that_was_moved_is_laid_over_before_it_is_compared(painted):
    found = difference(painted, ImageChops.offset(painted, 20, 10))
    assert found.moved[0] == pytest.approx(-31, abs=16) and found.changed < 0.2


def test_lines_of_a_layout_are_found_under_the_paint():
    drawing = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(drawing)
    for x in range(80, 640, 120):
        pen.line((x, 30, x - 40, 330), fill="black", width=4)
    kept = drawing.point(lambda value: 40 + value // 2)
    assert difference(drawing, kept).lines > 0.95
    assert difference(drawing, Image.new("RGB", SIZE, "teal")).lines == 0
    assert difference(Image.new("RGB", SIZE, "white"), drawing).lines is None


def test_another_picture_is_told_apart_from_a_revision(painted):
    other, revised = (
        difference(painted, scene(900, SIZE)),
        difference(painted, painted.point(lambda value: value)),
    )
    assert other.changed > 0.8 and other.likeness < revised.likeness


def test_other_proportions_are_cropped_to_the_middle_and_said(painted):
    assert difference(painted, painted.crop((80, 0, 560, 360))).cropped


def test_the_map_is_red_where_it_changed_and_grey_elsewhere(painted):
    revised = painted.copy()
    ImageDraw.Draw(revised).rectangle((440, 20, 600, 110), fill="red")
    drawn = heat_map(difference(painted, revised))
    red, green, blue = drawn.getpixel((drawn.width * 5 // 6, drawn.height // 6))
    assert red > green + 60 and red > blue + 60
    red, green, blue = drawn.getpixel((20, drawn.height - 20))
    assert abs(red - green) < 3 and abs(green - blue) < 3


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (7, 7)])
def test_any_size_is_compared(size):
    found = difference(Image.new("RGB", (40, 30), "navy"), Image.new("RGB", size, "gold"))
    assert found.changed == 1 and 0 <= found.likeness <= 1


def test_nothing_of_labour_is_said(painted):
    words = str(difference(painted, scene(9, SIZE)))
    assert not {"work", "effort", "human", "hand", "author"} & set(words.split())
