"""How a model is brought into memory is chosen, checked, and on the record; memory that runs out costs speed."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from PIL import Image
from request_samples import ask

from generation.engine.engine import Engine
from generation.engine.loading import Loading, decided
from generation.engine.memory import AGAIN
from generation.errors import ModelError, OutOfMemory, RequestError
from generation.model.model import find_model

LAYOUT = Image.new("RGB", (96, 64), "white")
SMALL = {"num_inference_steps": 2, "strength": 0.9, "long_side": 96}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("tiny"))


def load(folder: Path, **chosen: Any) -> Engine:
    return Engine.load(find_model(str(folder)), loading=Loading(**chosen))


def painted(engine: Engine) -> dict[str, Any]:
    return dict(engine.render(ask(engine.capabilities, LAYOUT, **SMALL)).facts)


def test_an_ordinary_loading_says_nothing_new(folder: Path) -> None:
    facts = painted(load(folder))
    assert not {"offload", "quantized", "attention", "autoencoder_tiles", "compiled"} & set(facts)


def test_what_was_chosen_is_among_the_facts_of_the_run(folder: Path) -> None:
    facts = painted(load(folder, dtype="bfloat16", attention="sliced", tiles=True))
    assert (facts["dtype"], facts["attention"], facts["autoencoder_tiles"]) == ("bfloat16", "sliced", True)


def test_the_network_is_kept_in_bytes_where_that_is_asked_for(folder: Path) -> None:
    pytest.importorskip("torchao", reason="the extra `quantize` is not installed")
    plain, small = load(folder), load(folder, quantize="int8")
    assert painted(small)["quantized"] == "int8"
    linear = small.pipe.unet.time_embedding.linear_1.weight
    assert "Int8" in type(linear).__name__ or linear.dtype.itemsize == 1
    assert type(plain.pipe.unet.time_embedding.linear_1.weight).__name__ == "Parameter"


def test_offloading_on_a_processor_is_refused_with_the_reason(folder: Path) -> None:
    with pytest.raises(RequestError, match="moves weights between a GPU and memory, and cpu is no GPU"):
        load(folder, device="cpu", offload="model")


@pytest.mark.parametrize(
    ("free", "offload"), [(10**9, "none"), (1, "model"), (1_000, "sequential"), (None, "none")]
)
def test_weights_that_do_not_fit_are_offloaded_by_themselves(
    folder: Path, free: int | None, offload: str
) -> None:
    pipe = load(folder).pipe
    largest = max(
        sum(each.numel() * each.element_size() for each in part.parameters())
        for part in (pipe.unet, pipe.vae, pipe.text_encoder)
    )
    given = round(largest / 0.9) + 10 if offload == "model" else free
    assert decided(Loading(), "cuda", pipe, given if free else None) == offload


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"dtype": "int3"}, "dtype is auto, mixed, float32, bfloat16 or float16, not 'int3'"),
        ({"quantize": "nf4"}, "quantize is none or int8, not 'nf4'"),
        ({"offload": "disk"}, "offload is auto, none, model or sequential, not 'disk'"),
        ({"device": "cuda:9"}, "there is no device 'cuda:9' here; there is cpu"),
        ({"device": "tpu"}, "there is no device 'tpu' here"),
    ],
)
def test_what_cannot_be_chosen_is_named_with_what_can(
    folder: Path, chosen: dict[str, str], said: str
) -> None:
    with pytest.raises(RequestError, match=said):
        load(folder, **chosen)


def test_an_attention_that_is_not_here_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"attention 'nonsense' cannot be used here|lets nobody choose"):
        load(folder, attention="nonsense")
    with pytest.raises(ModelError, match="cannot be used here"):
        load(tiny_pipelines.flux(tmp_path), attention="nonsense")


def limit_decoder(engine: Engine, cells: int) -> Any:
    """As much memory as a decoder of so many cells takes, with the library's own error; until the answer is removed."""
    import torch

    def check(_: Any, given: tuple[Any, ...]) -> None:
        if given[0].shape[-1] * given[0].shape[-2] > cells:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    return engine.pipe.vae.decoder.register_forward_pre_hook(check)


def test_where_memory_runs_out_the_picture_is_painted_in_tiles_and_that_is_told(folder: Path) -> None:
    engine = load(folder)
    limit_decoder(engine, 8 * 8)
    assert engine.pipe.vae.tile_latent_min_size <= 8
    assert painted(engine)["memory_ran_out"] == "autoencoder in tiles"
    assert painted(engine)["memory_ran_out"] == "autoencoder in tiles"  # it is not tried the other way again
    assert engine.runs["memory_ran_out"] == "autoencoder in tiles"


def test_after_a_while_the_whole_is_tried_again_since_another_program_may_have_had_the_memory(
    folder: Path,
) -> None:
    engine, now = load(folder), [1000.0]
    engine._memory.clock = lambda: now[0]
    taken = limit_decoder(engine, 8 * 8)
    assert painted(engine)["memory_ran_out"] == "autoencoder in tiles"
    taken.remove()
    now[0] += AGAIN / 2
    assert painted(engine)["memory_ran_out"] == "autoencoder in tiles"
    now[0] += AGAIN
    assert "memory_ran_out" not in painted(engine)
    assert "memory_ran_out" not in engine.runs


def test_where_nothing_is_left_to_give_up_the_picture_is_too_large(folder: Path) -> None:
    engine = load(folder)
    limit_decoder(engine, 0)
    with pytest.raises(OutOfMemory, match="96 x 64 is too large for the memory of cpu; ask for a smaller"):
        painted(engine)


@pytest.mark.parametrize("kind", ["StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline"])
def test_a_model_that_lacks_a_part_or_some_weights_says_which(tmp_path: Path, kind: str) -> None:
    import json

    from safetensors.torch import load_file, save_file

    whole = tiny_pipelines.stable_diffusion(tmp_path / "whole")
    index = json.loads((whole / "model_index.json").read_text())
    lacking = shutil.copytree(whole, tmp_path / "lacking")
    without = index | {"text_encoder": [None, None], "tokenizer": [None, None]}
    without["_class_name"] = kind
    (lacking / "model_index.json").write_text(json.dumps(without))
    with pytest.raises(ModelError, match="it lacks text_encoder, tokenizer, which Stable"):
        load(lacking)
    weights = whole / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    del tensors["conv_in.weight"]
    save_file(tensors, weights)
    with pytest.raises(ModelError, match="the weights of whole are not all in its files"):
        load(whole)


def test_a_device_that_is_lost_midway_is_told_as_that(folder: Path) -> None:
    engine = load(folder)

    def lose(*_: Any) -> None:
        raise RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be ...")

    engine.pipe.unet.register_forward_pre_hook(lose)
    with pytest.raises(
        ModelError, match=r"cpu stopped answering in the middle of the picture .*; start genzu again"
    ):
        painted(engine)
