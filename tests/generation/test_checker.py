"""A model that brings a checker of its own is checked by it: what it holds back is no picture, and is on the record."""

from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from click.testing import CliRunner
from conftest import draw_house

from generation.cli import genzu
from generation.errors import Withheld
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings


def checked(folder: Path, threshold: float) -> Path:
    """A small model with Stable Diffusion's own checker, which finds everything or nothing."""
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    small = {"hidden_size": 32, "intermediate_size": 37, "num_attention_heads": 4, "num_hidden_layers": 2}
    config = CLIPConfig(vision_config={**small, "image_size": 32, "patch_size": 8}, projection_dim=16)
    checker = StableDiffusionSafetyChecker(config)
    for weights in (checker.concept_embeds, checker.special_care_embeds):
        weights.data.copy_(torch.randn(weights.shape))
    for weights in (checker.concept_embeds_weights, checker.special_care_embeds_weights):
        weights.data.fill_(threshold)
    size = {"crop_size": {"height": 32, "width": 32}, "size": {"shortest_edge": 32}}
    parts: dict[str, Any] = tiny_pipelines.parts()
    pipe = StableDiffusionImg2ImgPipeline(
        **parts, safety_checker=checker, feature_extractor=CLIPImageProcessor(**size)
    )
    pipe.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("threshold", "held"), [(-2.0, True), (2.0, False)])
def test_what_the_models_checker_holds_back_is_never_released(tmp_path, threshold, held):
    model = checked(tmp_path / "model", threshold)
    draw_house().save(tmp_path / "c.png")
    asked = (
        "--steps",
        "2",
        "--strength",
        "1",
        "--long-side",
        "64",
        "--by",
        "prompt: Abe Rin",
        "--prompt",
        "snow",
    )
    start = [
        "--home",
        str(tmp_path / "home"),
        "paint",
        str(tmp_path / "c.png"),
        "-o",
        str(tmp_path / "out.png"),
    ]
    done = CliRunner().invoke(genzu, [*start, "--model", str(model), *asked])
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        (record,) = archive.ledger.pictures(limit=-1)
    assert (tmp_path / "out.png").exists() is not held
    if held:
        assert isinstance(done.exception, Withheld)
        assert record.state is State.FAILED and record.facts["reason"] == "Withheld"
    else:
        assert done.exit_code == 0, done.output
        assert record.state is State.RELEASED
        assert record.facts["safety_checker"] == "StableDiffusionSafetyChecker"
