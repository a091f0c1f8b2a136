"""A layout meets the model's grid without a line being stretched."""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw
from request_samples import asked

from generation.request.fit import fit


def drawing(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).line((0, 0, width, height), fill=(10, 20, 200), width=3)
    return image


@given(st.integers(64, 200), st.integers(64, 200), st.sampled_from([8, 16, 64]))
def test_the_layout_lies_untouched_in_the_upper_left_of_the_grid(
    width: int, height: int, multiple: int
) -> None:
    layout = drawing(width, height)
    painted = fit(asked(layout, "night"), multiple)
    assert painted.width % multiple == painted.height % multiple == 0
    assert 0 <= painted.width - width < multiple
    assert 0 <= painted.height - height < multiple
    assert ImageChops.difference(painted.crop((0, 0, width, height)), layout).getbbox() is None


def test_the_edges_are_continued() -> None:
    painted = fit(asked(drawing(65, 70), "night"), 8)
    assert painted.size == (72, 72)
    for x, y in ((71, 3), (3, 71), (71, 71), (66, 69)):
        assert painted.getpixel((x, y)) == painted.getpixel((min(x, 64), min(y, 69)))


def test_a_layout_is_scaled_to_the_size_asked_for() -> None:
    assert fit(asked(drawing(1000, 500), "night", long_side=256), 8).size == (256, 128)
