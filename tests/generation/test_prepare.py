"""A layout is made ready for the model: scans are cleaned, clean drawings and paintings are left as they are."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from generation.layout.prepare import kind_of, page_corners, prepare


def a_drawing(width: int = 320, height: int = 240, ink: int = 0) -> Image.Image:
    """A house on a hill in lines on white paper."""
    page = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(page)
    pen.line([(0, 170), (width, 150)], fill=ink, width=2)
    pen.polygon([(110, 155), (110, 90), (150, 55), (190, 90), (190, 152)], outline=ink, width=2)
    pen.rectangle((140, 115, 160, 150), outline=ink, width=2)
    pen.ellipse((230, 70, 290, 130), outline=ink, width=2)
    return page.convert("RGB")


def scanned(drawing: Image.Image, paper: float = 0.72, pencil: float = 0.75) -> Image.Image:
    """The drawing in faint pencil on grey paper, the light falling off to one side, with grain."""
    line = 1 - np.asarray(drawing.convert("L"), np.float32) / 255
    height, width = line.shape
    light = paper * (1 - 0.35 * np.linspace(0, 1, width)[None] * np.linspace(0.4, 1, height)[:, None])
    page = light * (1 - line * (1 - pencil)) + np.random.default_rng(1).normal(0, 0.008, line.shape)
    return Image.fromarray((np.clip(page, 0, 1) * 255).astype(np.uint8)).convert("RGB")


def photographed(page: Image.Image) -> Image.Image:
    """The page on a dark table, a little turned."""
    table = Image.new("RGB", (460, 380), (52, 44, 40))
    turned = page.convert("RGBA").rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(turned, (60, 60), turned)
    return table


def a_painting() -> Image.Image:
    rows, columns = np.mgrid[0:200, 0:300].astype(np.float32)
    sky = np.stack([90 + rows * 0.5, 140 + rows * 0.4, 220 - rows * 0.2], 2)
    ground = np.stack([60 + columns * 0.1, 130 + 0 * rows, 50 + 0 * rows], 2)
    return Image.fromarray(np.where(rows[..., None] < 120, sky, ground).astype(np.uint8))


def lines_found(prepared: Image.Image, drawing: Image.Image) -> float:
    """The share of the drawing's lines that are clearly darker than paper."""
    there = np.asarray(drawing.convert("L").resize(prepared.size)) < 100
    return float((np.asarray(prepared.convert("L"))[there] < 140).mean())


def test_a_pencil_scan_on_grey_paper_becomes_firm_lines_on_white():
    drawing = a_drawing()
    scan = scanned(drawing)
    assert lines_found(scan, drawing) < 0.7 or np.asarray(scan).mean() < 200
    found = prepare(scan)
    assert found.kind == "scan"
    assert found.steps == ("light", "levels")
    assert lines_found(found.image, drawing) > 0.9
    paper = np.asarray(found.image.convert("L"))[np.asarray(drawing.convert("L")) > 250]
    assert np.median(paper) > 245
    assert np.percentile(paper, 5) > 225, "the shadow is gone"


def test_a_photograph_of_a_page_on_a_table_is_squared():
    found = prepare(photographed(scanned(a_drawing(), paper=0.9)))
    assert found.kind == "scan"
    assert found.steps[0] == "squared"
    width, height = found.image.size
    assert abs(width / height - 320 / 240) < 0.06
    assert (np.asarray(found.image.convert("L")) > 200).mean() > 0.85, "no table is left"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_clean_drawing_is_left_as_it_is(mode):
    drawing = a_drawing().convert(mode)
    found = prepare(drawing)
    assert (found.kind, found.changed) == ("drawing", False)
    assert found.image is drawing


def test_a_painting_is_left_as_it_is():
    found = prepare(a_painting())
    assert (found.kind, found.changed) == ("painting", False)


def test_the_visitor_may_want_otherwise():
    assert prepare(a_painting(), wanted=True).changed
    assert not prepare(scanned(a_drawing()), wanted=False).changed


def test_a_coloured_pencil_keeps_its_colour():
    page = Image.new("RGB", (200, 160), (214, 206, 190))
    ImageDraw.Draw(page).line([(10, 80), (190, 60)], fill=(90, 120, 200), width=4)
    found = prepare(page)
    assert found.kind == "scan"
    red, _, blue = np.asarray(found.image)[71, 98]
    assert blue > red + 40


def test_an_empty_page_is_no_drawing():
    assert kind_of(Image.new("RGB", (100, 80), "white")) == "painting"


def test_a_page_that_fills_the_picture_has_no_corners():
    assert page_corners(scanned(a_drawing())) is None


def test_the_result_keeps_its_size_when_nothing_is_squared():
    assert prepare(scanned(a_drawing())).image.size == (320, 240)
