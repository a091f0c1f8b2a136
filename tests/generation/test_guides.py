"""What a ControlNet is shown is drawn from the layout: its lines, thick or thin, and its edges."""

import numpy as np
import pytest
from conftest import draw_house
from PIL import Image, ImageDraw

from generation.errors import RequestError
from generation.layout.guides import GuideKind, guide

DRAWN = (GuideKind.LINEART, GuideKind.SCRIBBLE, GuideKind.CANNY)


def lit(kind: GuideKind, layout: Image.Image) -> np.ndarray:
    return np.asarray(guide(kind, layout).convert("L")) > 127


def test_line_art_is_the_layouts_own_lines_in_white_on_black() -> None:
    layout = draw_house((192, 128))
    lines = np.asarray(layout.convert("L")) < 128
    found = lit(GuideKind.LINEART, layout)
    assert (found & lines).sum() / lines.sum() > 0.95
    assert (found & ~lines).sum() / found.sum() < 0.05


def test_a_pencil_line_in_the_shadow_of_a_page_counts_as_much_as_one_in_the_light() -> None:
    page = Image.linear_gradient("L").resize((200, 200)).point(lambda value: 110 + value // 2)
    ImageDraw.Draw(page).line((0, 20, 199, 20), fill=70, width=2)
    ImageDraw.Draw(page).line((0, 180, 199, 180), fill=120, width=2)
    found = lit(GuideKind.LINEART, page.convert("RGB"))
    assert found[20].mean() > 0.9 and found[180].mean() > 0.9
    assert found[60:140].mean() < 0.01


def test_a_scribble_is_thicker_than_the_line_and_covers_it() -> None:
    layout = draw_house((640, 400))
    lines, scribble = lit(GuideKind.LINEART, layout), lit(GuideKind.SCRIBBLE, layout)
    assert (scribble & lines).sum() / lines.sum() > 0.98
    assert scribble.sum() > 1.5 * lines.sum()


def test_edges_run_along_both_sides_of_a_line_and_are_a_pixel_wide() -> None:
    layout = Image.new("RGB", (100, 100), "white")
    ImageDraw.Draw(layout).rectangle((30, 0, 69, 99), fill="black")
    across = lit(GuideKind.CANNY, layout)[50]
    assert 2 <= across.sum() <= 4
    assert across[27:32].any() and across[67:72].any()


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("colour", ["white", "black", "grey"])
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (64, 64)])
def test_a_blank_sheet_has_neither_lines_nor_edges(
    kind: GuideKind, colour: str, size: tuple[int, int]
) -> None:
    shown = guide(kind, Image.new("RGB", size, colour))
    assert (shown.size, shown.mode) == (size, "RGB")
    assert not np.asarray(shown).any()


def test_a_tile_network_sees_the_layout_itself() -> None:
    assert guide(GuideKind.TILE, draw_house()).tobytes() == draw_house().tobytes()


def test_depth_is_given_and_never_invented() -> None:
    with pytest.raises(RequestError, match="or give a depth picture as large as the layout"):
        guide(GuideKind.DEPTH, draw_house())
