"""A ControlNet in one file, on small real networks: in diffusers' names or its first makers', it paints as a folder."""

from pathlib import Path
from typing import Any

import pytest
import tiny_families
import tiny_pipelines
from conftest import draw_house
from ldm_names import control_name
from tiny_diffusion import controlnet

from generation.engine.engine import Engine
from generation.errors import ModelError
from generation.layout.beside import Beside
from generation.layout.colour import Colours
from generation.model.model import find_model
from generation.request.asking import request_for
from generation.request.request import PaintSettings
from generation.works.controls import find_control
from generation.works.works import Works, find_kit

LAYOUT = draw_house((96, 64))
QUICK = PaintSettings("a house", strength=0.8, num_inference_steps=2, long_side=96, seed=7)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def net(base: Path) -> Path:
    return tiny_pipelines.control_net(base.parent / "net", base)


def painted(base: Path, control: Path, kind: str = "lineart") -> bytes:
    kit = find_kit(Works(controls=(f"{kind}={control}:0.7@0-0.9",)))
    engine = Engine.load(find_model(str(base)), adapters=kit)
    request = request_for(engine.capabilities, Colours(LAYOUT), QUICK, None, Beside())
    render = engine.render(request)
    assert "ControlNet" in str(render.facts["pipeline"])
    return render.image.tobytes()


def tensors_of(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(folder / "diffusion_pytorch_model.safetensors")


def saved(tensors: dict[str, Any], file: Path, **about: str) -> Path:
    from safetensors.torch import save_file

    save_file(tensors, file, metadata=about or None)
    return file


def test_one_file_steers_as_the_folder_does_whoever_named_its_tensors(
    base: Path, net: Path, tmp_path: Path
) -> None:
    tensors = tensors_of(net)
    first = {control_name(name): each for name, each in tensors.items()}
    bare = {name.removeprefix("control_model."): each for name, each in first.items()}
    half = {name: each.half() for name, each in first.items()}
    whole = painted(base, net)
    for number, each in enumerate((tensors, first, bare)):
        assert painted(base, saved(each, tmp_path / f"{number}.safetensors")) == whole
    assert len(painted(base, saved(half, tmp_path / "half.safetensors"))) == len(whole)


def test_a_union_in_one_file_steers_as_its_folder_does(tmp_path: Path) -> None:
    from diffusers import ControlNetUnionModel, UNet2DConditionModel

    base = tiny_pipelines.stable_diffusion_xl(tmp_path / "xl")
    made = controlnet(UNet2DConditionModel.from_pretrained(base / "unet"), "Union")
    shape = {name: value for name, value in made.config.items() if not name.startswith("_")}
    ControlNetUnionModel.from_config(shape | {"num_trans_head": 8}).save_pretrained(tmp_path / "union")
    file = saved(tensors_of(tmp_path / "union"), tmp_path / "union.safetensors")
    assert painted(base, file, "tile") == painted(base, tmp_path / "union", "tile")


def test_its_digest_is_the_files_and_its_maker_stands_in_a_card_or_in_the_head(
    net: Path, tmp_path: Path
) -> None:
    import hashlib

    file = saved(tensors_of(net), tmp_path / "lines.safetensors", **{"modelspec.author": "Kita Sora"})
    (tmp_path / "lines.json").write_text('{"name": "Lines", "license": "MIT"}')
    found = find_control(f"lineart={file}:0.5")
    assert (found.name, found.author, found.license, found.scale) == ("Lines", "Kita Sora", "MIT", 0.5)
    assert found.digest == hashlib.sha256(file.read_bytes()).hexdigest()


OTHERS = {
    "lllite_unet_input_blocks_4_1.weight": "is a ControlNet-LLLite and no ControlNet",
    "lora_controlnet": "is a Control-LoRA and no ControlNet",
    "adapter.body.0.block1.weight": "is a T2I-Adapter and no ControlNet",
    "lora_unet_mid_block.lora_down.weight": "is a LoRA and no ControlNet",
    "controlnet_x_embedder.weight": "put it into a folder with the config.json that belongs to it",
    "model.diffusion_model.input_blocks.0.0.weight": "no tensor in it is called as a ControlNet's are",
}


@pytest.mark.parametrize(("name", "words"), OTHERS.items(), ids=list(OTHERS))
def test_a_file_of_something_else_is_told_before_anything_is_loaded(
    name: str, words: str, tmp_path: Path
) -> None:
    import torch

    file = saved({name: torch.zeros(2, 2)}, tmp_path / "net.safetensors")
    with pytest.raises(ModelError, match=words):
        find_control(f"lineart={file}")


def test_one_for_another_architecture_is_told_with_what_differs(
    base: Path, net: Path, tmp_path: Path
) -> None:
    wider = tiny_pipelines.control_net(tmp_path / "net", tiny_pipelines.stable_diffusion_xl(tmp_path / "xl"))
    file = saved(tensors_of(wider), tmp_path / "xl.safetensors")
    with pytest.raises(ModelError, match=r"ControlNet xl does not fit this model: .*\(.*is .* x .* in the "):
        painted(base, file)
    lacking = tensors_of(net)
    del lacking["mid_block.resnets.0.conv1.weight"]
    with pytest.raises(ModelError, match=r"\(mid_block.resnets.0.conv1.weight is not in the file\)"):
        painted(base, saved(lacking, tmp_path / "lacking.safetensors"))
    flux = tiny_families.save("FluxImg2ImgPipeline", tmp_path / "flux")
    file = saved(tensors_of(net), tmp_path / "net.safetensors")
    with pytest.raises(ModelError, match=r"net steers a UNet, and Flux\w+ has none"):
        painted(flux, file)


def test_a_pickle_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no file .*gone\.safetensors"):
        find_control(f"lineart={tmp_path}/gone.safetensors")
    (tmp_path / "net.pth").write_bytes(b"PK")
    with pytest.raises(ModelError, match=r"net\.pth is a pickle"):
        find_control(f"lineart={tmp_path}/net.pth")
