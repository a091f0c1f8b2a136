"""A scan is cleaned before it is painted, and the record and the file say so; anything else is painted as it is."""

from pathlib import Path

import pytest
import tiny_pipelines
from click.testing import CliRunner
from conftest import draw_house
from PIL import Image

from generation.cli import genzu
from generation.errors import RequestError
from generation.layout.colour import ADOBE, SRGB, Colours, to_srgb
from generation.studio.ready import made_ready
from provenance.release.opening import open_archive
from provenance.settings import Settings


def photographed_page() -> Image.Image:
    """A drawing in pencil on grey paper, the light falling off to one side, on a dark table."""
    light = Image.linear_gradient("L").resize((300, 200)).point(lambda value: 150 + value // 4)
    page = light.convert("RGB")
    lines = draw_house((300, 200)).convert("L").point(lambda value: 255 - value)
    page.paste((90, 90, 90), (0, 0), lines)
    table = Image.new("RGB", (400, 300), (40, 34, 30))
    table.paste(page, (50, 50))
    return table


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.png"
    photographed_page().save(path)
    return path


@pytest.fixture
def paint(tmp_path: Path, model: Path):
    def call(layout: Path, *words: object, out: str = "out.png", code: int = 0):
        own = [
            "--home",
            tmp_path / "home",
            "paint",
            layout,
            "--prompt",
            "night",
            "--model",
            model,
            "--steps",
            2,
        ]
        own += ["--strength", 1, "--long-side", 96, "--by", "layout: Mori Aoi", "--by", "prompt: Abe Rin"]
        done = CliRunner().invoke(genzu, [str(each) for each in [*own, "-o", tmp_path / out, *words]])
        assert (done.exit_code == 0) is (code == 0), (done.output, done.exception)
        return done

    return call


def test_a_scan_is_cleaned_and_everybody_is_told(paint, scan, tmp_path):
    done = paint(scan)
    assert "the layout was cleaned before it was painted" in done.output and "--" not in done.output
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        (record,) = archive.ledger.pictures()
        said = record.statement.parameters["cleaned"]
        assert "light" in said and "levels" in said
        # The layout itself is what the record and the file name.
        assert archive.vault.get(record.statement.inputs[0].resource.digest) == scan.read_bytes()
    assert said.encode() in (tmp_path / "out.png").read_bytes()


def test_what_would_be_public_names_the_cleaning_before_anything_is_made(paint, scan):
    assert "the layout cleaned first (" in paint(scan, "--dry-run").output
    assert "cleaned" not in paint(scan, "--dry-run", "--clean", "off").output


@pytest.mark.parametrize("choice", ["auto", "off"])
def test_a_clean_drawing_and_a_scan_that_is_to_stay_are_painted_as_they_are(
    paint, layout, scan, tmp_path, choice
):
    done = paint(layout if choice == "auto" else scan, "--clean", choice)
    assert "cleaned" not in done.output
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        assert "cleaned" not in archive.ledger.pictures()[0].statement.parameters


def test_a_painting_of_ours_is_not_taken_for_a_scan(paint, scan, tmp_path):
    paint(scan, out="1.png")
    done = paint(tmp_path / "1.png", out="2.png")
    assert "cleaned" not in done.output


def test_a_mask_and_cleaning_are_refused_together_and_a_mask_alone_keeps_the_scan(paint, scan, tmp_path):
    mask = Image.new("L", Image.open(scan).size)
    mask.paste(255, (0, 0, 40, 40))
    mask.save(tmp_path / "mask.png")
    refused = paint(scan, "--mask", tmp_path / "mask.png", "--clean", "on", code=2)
    assert "a mask keeps the layout as it is" in str(refused.exception)
    assert "cleaned" not in paint(scan, "--mask", tmp_path / "mask.png").output


def test_a_cleaned_layout_is_in_srgb_and_tagged_where_the_layout_was():
    page = photographed_page()
    assert made_ready(Colours(page), None, masked=False).seen.profile is None
    wide = made_ready(Colours(page, ADOBE, "Adobe"), None, masked=False)
    assert wide.done and wide.seen.profile == SRGB


def test_what_is_left_alone_is_the_layout_itself():
    drawing = Colours(draw_house(), ADOBE)
    ready = made_ready(drawing, False, masked=False)
    assert ready.seen is drawing and ready.note == ""
    assert to_srgb(ready.seen.image, None) is drawing.image


def test_a_mask_refuses_cleaning_in_words():
    with pytest.raises(RequestError, match="choose one"):
        made_ready(Colours(draw_house()), True, masked=True)


def test_the_size_that_is_told_before_is_the_one_that_a_squared_page_will_have(paint, scan, tmp_path):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from generation.tabs.layout import cleaning_of

    settings = Settings(home=tmp_path / "home")
    told = cleaning_of(settings, str(scan), "auto", masked=False)
    assert told is not None and "squared" in told.done
    assert cleaning_of(settings, str(scan), "auto", masked=True) is None
    assert cleaning_of(settings, str(scan), "off", masked=False) is None
    assert cleaning_of(settings, str(tmp_path / "gone.png"), "auto", masked=False) is None
    paint(scan)
    width, height = Image.open(tmp_path / "out.png").size
    assert abs(width / height - told.size[0] / told.size[1]) < 0.02


def test_a_cleaned_scan_is_cleaned_again_when_its_record_is_painted_again(paint, scan, model, tmp_path):
    from generation.studio.replay import ReplayOutcome, replay
    from generation.studio.studio import Studio

    paint(scan)
    paint(scan, "--clean", "off", out="as-it-is.png")
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        studio = Studio.open(archive, str(model))
        for record in archive.ledger.pictures():
            assert replay(studio, record).outcome is ReplayOutcome.IDENTICAL
