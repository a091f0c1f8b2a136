"""A picture made larger keeps its broad colours, whatever its tiles are painted with, and is on the record as that."""

from pathlib import Path
from typing import Any

import pytest
import tiny_families
import tiny_pipelines
from conftest import draw_house
from PIL import Image, ImageFilter

from generation.engine.engine import Engine
from generation.errors import RequestError
from generation.layout.colour import Colours
from generation.layout.details import BROAD, with_broad_colours
from generation.model.model import find_model
from generation.model.pipelines import capabilities_of
from generation.quiet import quietly
from generation.request.asking import request_for
from generation.request.request import UPSCALE_STRENGTH, PaintSettings, Render
from generation.studio.replay import ReplayOutcome, replay
from generation.studio.studio import Studio
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.credit import parse_credit

BY = (parse_credit("layout: Mori Aoi"), parse_credit("prompt: Sato Hana"))
LARGER = PaintSettings("a house", num_inference_steps=4, long_side=192, upscale=True, seed=7)


def painted(engine: Engine, settings: PaintSettings, layout: Image.Image) -> Render:
    return engine.render(request_for(engine.capabilities, Colours(layout), settings, None))


def broad(picture: Image.Image) -> Any:
    import numpy as np

    return np.asarray(picture.filter(ImageFilter.GaussianBlur(BROAD)), int)


def test_a_tile_gets_its_details_and_no_other_colours() -> None:
    import numpy as np

    picture = Image.linear_gradient("L").resize((128, 128)).convert("RGB")
    grain = np.random.default_rng(1).integers(0, 60, (128, 128, 3), np.uint8)
    warm = Image.fromarray((np.asarray(picture) // 2 + grain + [40, 0, 0]).clip(0, 255).astype(np.uint8))
    made = with_broad_colours(warm, picture)
    inside = (slice(32, 96), slice(32, 96))
    assert (
        np.abs(broad(made) - broad(picture))[inside].mean() < 3 < np.abs(broad(warm) - broad(picture)).mean()
    )
    fine = np.asarray(made, int) - broad(made)
    assert fine[inside].std() > 10


def test_a_picture_is_made_larger_in_tiles_with_little_strength_and_painted_again_from_its_record(
    archive: Archive, tmp_path: Path
) -> None:
    import numpy as np

    layout = tmp_path / "layout.png"
    tones = Image.linear_gradient("L").resize((96, 64)).point(lambda value: 60 + value // 2)
    tones.convert("RGB").save(layout)
    model = tiny_pipelines.stable_diffusion(tmp_path / "tiny")
    studio = Studio.open(archive, str(model))
    made = studio.paint(layout, LARGER, Job(BY, tmp_path / "out.png"))
    said, facts = made.record.statement.parameters, made.record.facts
    assert (said["upscaled"], said["strength"], said["tile"]) == (True, UPSCALE_STRENGTH, 64)
    assert facts["tiles"] > 4 and facts["width_after"] == 192
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL
    with Image.open(layout) as drawn, Image.open(made.path) as large:
        smooth = drawn.convert("RGB").resize(large.size, Image.Resampling.LANCZOS)
        assert np.abs(broad(large.convert("RGB")) - broad(smooth)).mean() < 6


@pytest.mark.parametrize(
    ("name", "factor"), [("StableDiffusionUpscalePipeline", 4), ("StableDiffusionLatentUpscalePipeline", 2)]
)
def test_a_model_made_for_it_takes_the_small_picture_and_no_strength(
    name: str, factor: int, tmp_path: Path
) -> None:
    with quietly():
        model = find_model(str(tiny_families.save(name, tmp_path / "model")))
    able, engine = capabilities_of(model), Engine.load(model)
    assert (able.pipeline, able.enlarges, able.strength) == (name, factor, None)
    layout = draw_house((96, 64))
    asked = PaintSettings("a house", num_inference_steps=2, seed=7)
    made = painted(engine, asked, layout)
    assert made.image.size == (96 * factor, 64 * factor)
    assert made.facts["tiles"] >= 1
    other = painted(engine, asked, Image.new("RGB", (96, 64), "navy"))
    assert made.image.tobytes() != other.image.tobytes()
    with pytest.raises(RequestError, match="takes no strength"):
        painted(engine, PaintSettings("a house", strength=0.5), layout)


def test_a_model_that_edits_by_words_makes_nothing_larger(tmp_path: Path) -> None:
    able = capabilities_of(find_model(str(tiny_pipelines.instruct(tmp_path / "instruct"))))
    with pytest.raises(RequestError, match="a picture is made larger with a model that takes a strength"):
        able.request(draw_house(), PaintSettings("a house", long_side=256, upscale=True))
