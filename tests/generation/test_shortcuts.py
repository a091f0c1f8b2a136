"""Sums that are made shorter come out the same: on networks of the real classes, in float32, value by value."""

from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from conftest import draw_house
from request_samples import ask

from generation.engine import shortcuts, tuning
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.model.model import find_model
from generation.studio.replay import distance

CLOSE = 2e-5
SMALL = {"num_inference_steps": 2, "strength": 1.0}


@pytest.fixture(scope="module")
def house() -> Any:
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline

    from generation.model.model import HOUSE

    torch.set_grad_enabled(mode=False)
    yield StableDiffusionImg2ImgPipeline.from_pretrained(HOUSE, dtype=torch.float32, use_safetensors=True)
    torch.set_grad_enabled(mode=True)


@pytest.mark.parametrize("size", [(16, 12), (13, 9)])  # twice as large at each step, and not
@pytest.mark.parametrize("pictures", [1, 3])
def test_a_network_that_is_asked_with_words_and_without_gives_what_it_gave(
    house: Any, size: tuple[int, int], pictures: int
) -> None:
    import copy

    import torch

    plain, other = house.unet, copy.deepcopy(house.unet)
    shortcuts.enlarge_at_once(other)
    rows: list[int] = []
    other.down_blocks[0].register_forward_pre_hook(
        lambda _, __, named: rows.append(len(named["hidden_states"])), with_kwargs=True
    )
    other.forward = shortcuts.in_halves(other.forward, shortcuts.Shared(other))
    torch.manual_seed(1)
    half = torch.randn(pictures, plain.config.in_channels, *size)
    words = torch.randn(2 * pictures, 5, plain.config.cross_attention_dim)
    same = torch.cat([half, half])
    apart = torch.cat([half, half + 1])
    for sample, seen in ((same, pictures), (apart, 2 * pictures)):
        wanted = plain(sample, torch.tensor(400), words).sample
        assert (other(sample, torch.tensor(400), words).sample - wanted).abs().max() < CLOSE
        assert rows.pop() == seen


def test_a_tiny_autoencoder_decodes_and_encodes_the_same_values(house: Any) -> None:
    import copy

    import torch

    torch.manual_seed(2)
    other = copy.deepcopy(house.vae)
    for part in (other.encoder, other.decoder):
        shortcuts.enlarge_at_once(part)
        shortcuts.in_one_go(part)
    many = other.config.latent_channels
    latents, picture = torch.randn(2, many, 9, 7), torch.rand(1, 3, 72, 40)
    assert not any(isinstance(each, torch.nn.Upsample) for each in other.decoder.modules())
    assert (other.decoder(latents) - house.vae.decoder(latents)).abs().max() < CLOSE
    assert (other.encoder(picture) - house.vae.encoder(picture)).abs().max() < CLOSE


@pytest.mark.skipif(not tuning.installed(), reason="the extra `fast` is not installed")
def test_a_picture_depends_on_its_size_and_not_on_what_was_painted_before(tmp_path: Path) -> None:
    """More sizes than are kept: the first is made anew, and paints the same."""
    tiny = find_model(str(tiny_pipelines.stable_diffusion(tmp_path / "tiny")))
    engine = Engine.load(tiny, loading=Loading(backend="openvino", dtype="float32"), kept=tmp_path / "kept")
    plain = Engine.load(tiny, loading=Loading(backend="plain", dtype="float32"))

    def painted(loaded: Engine, side: int) -> Any:
        layout = draw_house((side, 64))
        return loaded.render(
            ask(loaded.capabilities, layout, "sunset", long_side=max(side, 64), **SMALL)
        ).image

    sides = range(64, 64 + 8 * 10, 8)
    first = {side: painted(engine, side) for side in sides}
    assert painted(engine, 64).tobytes() == first[64].tobytes()
    assert all(distance(first[side], painted(plain, side)).largest <= 1 for side in (64, 72, 136))
