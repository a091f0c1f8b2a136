"""A LoRA made here, laid over a tiny pipeline: it changes the picture, and stands in the record and in the file."""

from pathlib import Path

import pytest

pytest.importorskip("peft", reason="a LoRA needs genzu[lora]")

from tiny_pipelines import stable_diffusion

from generation.engine.engine import Engine
from generation.errors import ModelError
from generation.model.model import Model, find_model
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from generation.works.adapter import find_adapter
from provenance.credentials.read.reader import read_chain
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role

BY = (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Abe Rin"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return find_model(str(stable_diffusion(tmp_path_factory.mktemp("model") / "tiny")))


@pytest.fixture(scope="module")
def lora(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random differences for the attention of the tiny UNet, as training saves them."""
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    pipe = StableDiffusionImg2ImgPipeline.from_pretrained(model.path)
    torch.manual_seed(1)
    pipe.unet.add_adapter(LoraConfig(r=2, init_lora_weights=False, target_modules=["to_q", "to_k", "to_v"]))
    folder = tmp_path_factory.mktemp("lora")
    layers = get_peft_model_state_dict(pipe.unet)
    StableDiffusionImg2ImgPipeline.save_lora_weights(folder, layers, weight_name="ink.safetensors")
    (folder / "ink.json").write_text('{"name": "Ink wash", "author": "Kita Sora", "license": "CC BY 4.0"}')
    return folder / "ink.safetensors"


def test_a_lora_is_a_credited_work_of_its_own(
    archive: Archive, model: Model, lora: Path, layout: Path, tmp_path: Path
) -> None:
    def painted(name: str, *loras: str) -> tuple[Path, Studio]:
        studio = Studio.open(archive, str(model.path), loras=loras)
        job = Job(BY, tmp_path / f"{name}.png")
        settings = PaintSettings("a house", strength=1.0, num_inference_steps=2, long_side=64, seed=7)
        return studio.paint(layout, settings, job).path, studio

    plain, _ = painted("plain")
    inked, _ = painted("inked", f"{lora}:0.5")
    assert plain.read_bytes() != inked.read_bytes()
    pixels = {
        path: archive.ledger.pictures_with_file(Digest.of_file(path))[0].output for path in (plain, inked)
    }
    assert pixels[plain] and pixels[inked] and pixels[plain].pixels != pixels[inked].pixels
    said = archive.ledger.pictures_with_file(Digest.of_file(inked))[0].statement
    (used,) = said.adapters
    assert used.scale == 0.5 and used.model.digest == Digest.of_file(lora)
    assert (used.model.name, used.model.attribution, used.model.license) == (
        "Ink wash",
        "Kita Sora",
        "CC BY 4.0",
    )
    assert archive.ledger.model(Digest.of_file(lora)) == used.model
    step = read_chain(inked, trust=archive.trust).file
    assert step is not None
    told = next(each for each in step.models if each.get("adapter") == "LoRA")
    assert (told["name"], told["attribution"], told["scale"]) == ("Ink wash", "Kita Sora", 0.5)
    assert told["digest"] == str(Digest.of_file(lora)) and len(step.models) == 2
    assert (
        str(tmp_path).encode() not in inked.read_bytes()
        and str(lora.parent).encode() not in inked.read_bytes()
    )


def test_a_lora_for_another_kind_of_model_is_refused(model: Model, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    file = tmp_path / "other.safetensors"
    save_file({"unet.x.lora_A.weight": torch.ones(2, 3), "unet.x.lora_B.weight": torch.ones(3, 2)}, file)
    with pytest.raises(ModelError):
        Engine.load(model, adapters=(find_adapter(str(file)),))
