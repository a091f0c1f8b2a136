"""A ControlNet for many kinds is told which one it is shown: SDXL's and FLUX's, on small real pipelines."""

from dataclasses import replace
from pathlib import Path

import pytest
import tiny_families
import tiny_pipelines
from conftest import draw_house
from tiny_diffusion import controlnet
from tiny_parts import loud

from generation.engine.engine import Engine
from generation.errors import ModelError
from generation.layout.beside import Beside
from generation.layout.colour import Colours
from generation.model.model import find_model
from generation.quiet import quietly
from generation.request.asking import request_for
from generation.request.request import PaintSettings, Render
from generation.works.weight import Weight
from generation.works.works import Works, find_kit

LAYOUT = draw_house((96, 64))
QUICK = PaintSettings("a house", strength=0.8, num_inference_steps=2, long_side=96, seed=7)


def sdxl(folder: Path) -> tuple[Path, Path]:
    from diffusers import UNet2DConditionModel

    base = tiny_pipelines.stable_diffusion_xl(folder / "xl")
    net = controlnet(UNet2DConditionModel.from_pretrained(base / "unet"), "Union")
    net.save_pretrained(folder / "union")
    return base, folder / "union"


def flux(folder: Path) -> tuple[Path, Path]:
    from diffusers import FluxControlNetModel

    base = tiny_families.save("FluxImg2ImgPipeline", folder / "flux")
    net = FluxControlNetModel(
        in_channels=16, patch_size=1, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=[4, 4, 8],
        num_mode=10,
    )  # fmt: skip
    loud(net).save_pretrained(folder / "union")
    return base, folder / "union"


def painted(engine: Engine, *used: str) -> Render:
    off = tuple(Weight(each.key, 0.0) for each in engine.easel.kit if each.key not in used)
    settings = replace(QUICK, weights=off)
    return engine.render(request_for(engine.capabilities, Colours(LAYOUT), settings, None, Beside()))


@pytest.mark.parametrize(("made", "kinds"), [(sdxl, ("lineart", "tile")), (flux, ("canny", "tile"))])
def test_each_kind_of_a_union_steers_in_its_own_way_and_two_together_in_another(
    made, kinds: tuple[str, str], tmp_path: Path
) -> None:
    with quietly():
        base, net = made(tmp_path)
        kit = find_kit(Works(controls=tuple(f"{kind}={net}" for kind in kinds)))
        engine = Engine.load(find_model(str(base)), adapters=kit)
    first, second = kinds
    looks = [painted(engine, *used) for used in ((), (first,), (second,), kinds)]
    assert len({each.image.tobytes() for each in looks}) == 4
    assert "ControlNet" in str(looks[-1].facts["pipeline"])
    assert {f"control_{each}" for each in kinds} <= set(looks[-1].facts)


def test_a_kind_that_a_union_was_not_made_for_is_told_with_those_it_was(tmp_path: Path) -> None:
    with quietly():
        base, net = flux(tmp_path)
    kit = find_kit(Works(controls=(f"scribble={net}",)))
    with pytest.raises(ModelError, match="not made for scribble, but for canny, tile, depth"):
        Engine.load(find_model(str(base)), adapters=kit)
