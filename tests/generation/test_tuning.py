"""How a model runs on a processor changes no more than the last bits, and stands on the record."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from conftest import draw_house
from PIL import Image
from request_samples import ask

from generation.engine import tuning
from generation.engine.converted import LIST, Conversions
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.engine.tuning import native_bfloat16, recorded
from generation.errors import ModelError, OutOfMemory
from generation.model.model import Model, find_model
from generation.request.request import PaintSettings
from generation.studio.replay import ReplayOutcome, distance, replay
from generation.studio.studio import CONVERTED, Studio
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.credit import parse_credit

LAYOUTS = [draw_house((96, 64)), draw_house((64, 96))]
QUICK = {"num_inference_steps": 3, "strength": 0.9, "long_side": 104}  # no multiple of 32: every size goes
BY = (parse_credit("prompt: Sato Hana"),)
needs_openvino = pytest.mark.skipif(not tuning.installed(), reason="the extra `fast` is not installed")


@pytest.fixture(scope="module")
def house() -> Model:
    return find_model("house")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, house: Model) -> Path:
    """Where the embedded model is converted already."""
    folder = tmp_path_factory.mktemp("kept")
    if tuning.installed():
        Engine.load(house, loading=Loading(backend="openvino"), kept=folder)
    return folder


def painted(engine: Engine, layout: Image.Image = LAYOUTS[0], **said: Any) -> Image.Image:
    return engine.render(ask(engine.capabilities, layout, "sunset", **(QUICK | said))).image


def bare(engine: Engine, layout: Image.Image) -> Image.Image:
    """The pipeline's own call, at the size that the engine asks for."""
    import torch

    request = ask(engine.capabilities, layout, "sunset", **QUICK)
    pipe, size = engine.pipe, painted(engine, layout).size
    assert size == request.size
    on_grid = [-(-side // 8) * 8 for side in size]
    result = pipe(
        "sunset",
        image=layout.resize((on_grid[0], on_grid[1]), Image.Resampling.LANCZOS),
        strength=0.9,
        num_inference_steps=3,
        guidance_scale=request.settings.guidance_scale,
        generator=torch.Generator().manual_seed(0),
    )
    image: Image.Image = result.images[0]
    return image


@pytest.mark.parametrize(
    ("chosen", "largest", "mean"),
    [
        ({"backend": "tuned", "dtype": "float32"}, 1, 0.01),
        ({"backend": "tuned", "dtype": "mixed"}, 10, 1.5),
        pytest.param({"backend": "openvino", "dtype": "float32"}, 1, 0.01, marks=needs_openvino),
        pytest.param({"backend": "openvino", "dtype": "mixed"}, 10, 1.5, marks=needs_openvino),
    ],
)
def test_every_backend_paints_the_same_picture_within_a_tolerance(
    house: Model, kept: Path, chosen: dict[str, str], largest: int, mean: float
) -> None:
    plain = Engine.load(house, loading=Loading(backend="plain", dtype="float32"))
    other = Engine.load(house, loading=Loading(**chosen), kept=kept)
    for layout in LAYOUTS:
        apart = distance(painted(plain, layout), painted(other, layout))
        assert apart.largest <= largest
        assert apart.mean <= mean


def test_the_plain_backend_is_diffusers_itself(house: Model) -> None:
    engine = Engine.load(house, loading=Loading(backend="plain", dtype="float32"))
    square = draw_house((104, 104))
    assert painted(engine, square).tobytes() == bare(engine, square).tobytes()


def test_the_automatic_choice_is_what_this_processor_computes_itself(house: Model) -> None:
    engine = Engine.load(house)
    facts = engine.render(ask(engine.capabilities, LAYOUTS[0], "sunset", **QUICK)).facts
    assert (facts["dtype"], facts["backend"]) == ("mixed" if native_bfloat16() else "float32", "tuned 2")


def test_a_network_that_gives_no_numbers_paints_no_picture(house: Model) -> None:
    import torch

    engine = Engine.load(house, loading=Loading(backend="tuned"))
    torch.nn.init.constant_(engine.pipe.unet.conv_out.bias, float("nan"))
    with pytest.raises(ModelError, match="gave numbers that are no picture"):
        painted(engine)


@needs_openvino
def test_words_that_are_no_numbers_paint_no_picture_in_openvino(house: Model, kept: Path) -> None:
    import torch

    engine = Engine.load(house, loading=Loading(backend="openvino"), kept=kept)
    torch.nn.init.constant_(next(engine.pipe.text_encoder.parameters()), float("nan"))
    with pytest.raises(ModelError, match="gave numbers that are no picture"):
        painted(engine)


def test_a_processor_without_bfloat16_paints_in_float32(
    house: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.setattr(torch.cpu, name, lambda: False)
    assert Engine.load(house).dtype == "float32"


def test_candidates_of_one_layout_are_encoded_once_and_are_the_pictures_of_their_seeds(house: Model) -> None:
    engine = Engine.load(house)
    encoded: list[int] = []
    engine.pipe.vae.encoder.layers.register_forward_pre_hook(lambda *_: encoded.append(1))
    wanted = [ask(engine.capabilities, LAYOUTS[0], "sunset", **QUICK, seed=seed) for seed in range(3)]
    together = engine.render_several(wanted)
    assert len(encoded) == 1
    for request, render in zip(wanted, together, strict=True):
        assert distance(engine.render(request).image, render.image).largest <= 10
    assert len(encoded) == 1
    engine.render(ask(engine.capabilities, LAYOUTS[1], "sunset", **QUICK))
    assert len(encoded) == 2


@pytest.mark.parametrize(
    "chosen", [{"quantize": "int8"}, {"compile": True}, {"attention": "sliced"}, {"dtype": "bfloat16"}]
)
def test_what_somebody_chose_is_not_chosen_over(chosen: dict[str, Any]) -> None:
    decided = tuning.tuning_of(Loading(**chosen), "cpu", "float16")
    assert decided.dtype == chosen.get("dtype", "float32")
    assert decided.backend == ("tuned" if "dtype" in chosen else "plain")


def test_backends_of_a_processor_are_refused_on_a_gpu() -> None:
    for chosen in ({"backend": "openvino"}, {"backend": "tuned"}, {"dtype": "mixed"}):
        with pytest.raises(ModelError, match="are for a processor; leave them out for cuda"):
            tuning.tuning_of(Loading(**chosen), "cuda", "float16")
    assert tuning.tuning_of(Loading(), "cuda:1", "float16").facts() == {
        "dtype": "float16",
        "backend": "plain",
    }


def test_a_transformer_is_loaded_as_before_and_mixed_is_refused_for_it(tmp_path: Path) -> None:
    flow = find_model(str(tiny_pipelines.flux(tmp_path)))
    assert Engine.load(flow).dtype == "float32"
    with pytest.raises(ModelError, match="mixed precision is for a UNet2DConditionModel"):
        Engine.load(flow, loading=Loading(dtype="mixed"))


# --- OpenVINO ----------------------------------------------------------------------------------------------


@needs_openvino
def test_a_conversion_that_lies_there_is_used_by_itself_and_named_with_its_version(
    house: Model, kept: Path
) -> None:
    from importlib.metadata import version

    named = f"openvino {version('openvino')}, form 2"
    assert Engine.load(house, kept=kept).tuning.facts()["backend"] == named
    assert Engine.load(house).tuning.facts()["backend"] == "tuned 2"


def changed(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mtime_ns for each in folder.iterdir()}


@needs_openvino
def test_a_conversion_is_used_again_and_made_again_only_where_it_is_damaged(tmp_path: Path) -> None:
    tiny = find_model(str(tiny_pipelines.stable_diffusion(tmp_path / "tiny")))
    kept, chosen = tmp_path / "kept", Loading(backend="openvino", dtype="float32")
    plain = painted(Engine.load(tiny, loading=Loading(backend="plain", dtype="float32")))
    assert distance(painted(Engine.load(tiny, loading=chosen, kept=kept)), plain).largest <= 1
    place = Conversions(kept, tiny.digest).place
    assert place is not None
    before = changed(place)
    Engine.load(tiny, loading=chosen, kept=kept)
    assert changed(place) == before
    for name, damage in {"network.bin": b"half", LIST: b'{"network.xml'}.items():
        (place / name).write_bytes(damage)
        assert distance(painted(Engine.load(tiny, loading=chosen, kept=kept)), plain).largest <= 1
        assert (place / name).stat().st_size > len(damage)
    assert [each.name for each in kept.iterdir()] == [place.name]  # nothing half-made is left


@needs_openvino
def test_other_weights_and_other_versions_have_a_conversion_of_their_own(
    house: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Conversions(tmp_path, house.digest)
    assert mine.place != Conversions(tmp_path, "0" * 64).place
    before = mine.place
    monkeypatch.setattr("generation.engine.converted.metadata.version", lambda name: f"another {name}")
    assert mine.place != before


@needs_openvino
def test_what_a_kill_left_of_a_conversion_goes_once_nobody_can_be_at_it(house: Model, tmp_path: Path) -> None:
    left, under_way = tmp_path / ".part-left", tmp_path / ".part-now"
    for each in (left, under_way):
        each.mkdir()
        (each / "network.bin").write_bytes(bytes(1_000))
    os.utime(left, (0, 0))
    Conversions(tmp_path, house.digest).keep({})
    assert not left.exists() and under_way.exists()


@needs_openvino
def test_a_folder_that_cannot_be_written_costs_the_conversion_each_time_and_nothing_else(
    tmp_path: Path,
) -> None:
    tiny = find_model(str(tiny_pipelines.stable_diffusion(tmp_path / "tiny")))
    (tmp_path / "file").write_text("no folder")
    chosen = Loading(backend="openvino", dtype="float32")
    engine = Engine.load(tiny, loading=chosen, kept=tmp_path / "file" / "kept")
    plain = Engine.load(tiny, loading=Loading(backend="plain", dtype="float32"))
    assert distance(painted(engine), painted(plain)).largest <= 1
    assert (tmp_path / "file").read_text() == "no folder"


@needs_openvino
def test_models_that_openvino_does_not_run_here_are_refused_and_left_to_torch_by_themselves(
    tmp_path: Path,
) -> None:
    large = find_model(str(tiny_pipelines.stable_diffusion_xl(tmp_path)))
    with pytest.raises(ModelError, match=r"and not StableDiffusionXLImg2ImgPipeline; leave the backend out"):
        Engine.load(large, loading=Loading(backend="openvino"))
    assert Engine.load(large, many=True).tuning.backend == "tuned"


@needs_openvino
def test_a_conversion_tells_nobody_that_it_was_made(tmp_path: Path) -> None:
    tiny = tiny_pipelines.stable_diffusion(tmp_path / "tiny")
    code = f"""
import sys
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.model.model import find_model

Engine.load(find_model({str(tiny)!r}), loading=Loading(backend="openvino"))
print(sys.modules.get("openvino_telemetry"))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=Path(__file__).parents[2], env={"HOME": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split()[-1] == "None"
    assert not (tmp_path / "intel").exists()


# --- on the record -----------------------------------------------------------------------------------------


def studio_with(archive: Archive, kept: Path, **chosen: str) -> Studio:
    opened = Studio.open(archive, "house", loading=Loading(**chosen))
    opened.kept = kept
    return opened


@pytest.mark.parametrize(
    "chosen",
    [
        {"backend": "plain", "dtype": "float32"},
        {"backend": "tuned", "dtype": "mixed"},
        pytest.param({"backend": "openvino", "dtype": "mixed"}, marks=needs_openvino),
    ],
)
def test_a_picture_is_painted_again_as_its_record_says_whatever_is_chosen_now(
    archive: Archive, layout: Path, kept: Path, tmp_path: Path, chosen: dict[str, str]
) -> None:
    settings = PaintSettings("sunset", num_inference_steps=3, long_side=96, seed=7)
    made = studio_with(archive, kept, **chosen).paint(layout, settings, Job(BY, tmp_path / "out.png"))
    facts = archive.ledger.picture(made.record.picture).facts
    assert (facts["dtype"], str(facts["backend"]).split()[0]) == (chosen["dtype"], chosen["backend"])
    another = studio_with(archive, kept, backend="plain", dtype="bfloat16")
    assert replay(another, made.record).outcome is ReplayOutcome.IDENTICAL


def test_without_openvino_its_pictures_are_painted_again_by_torch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = {"device": "cpu", "dtype": "mixed", "backend": "openvino 2026.4.1"}
    monkeypatch.setattr("generation.engine.tuning.installed", lambda: False)
    assert recorded(facts) == Loading(device="cpu", dtype="mixed", backend="tuned")


def test_older_records_name_no_backend_and_are_painted_by_diffusers_as_it_is() -> None:
    assert recorded({"device": "cpu", "dtype": "float32"}) == Loading("cpu", "float32", "plain")
    assert recorded({"device": "cuda (NVIDIA H200)", "dtype": "float16"}) is None
    assert recorded({"device": "cpu", "dtype": "float32", "quantized": "int8"}) is None
    assert recorded({"device": "cpu", "dtype": "mixed", "backend": "abacus"}) is None


def test_records_of_the_first_form_are_painted_again_without_shorter_sums(house: Model) -> None:
    now, then = (
        recorded({"device": "cpu", "dtype": "float32", "backend": said}) for said in ("tuned 2", "tuned")
    )
    assert now == Loading(device="cpu", dtype="float32", backend="tuned")
    first = Engine.load(house, loading=then)
    assert first.tuning.facts() == {"dtype": "float32", "backend": "tuned"}
    assert painted(first).tobytes() == painted(Engine.load(house, loading=then)).tobytes()
    assert distance(painted(first), painted(Engine.load(house, loading=now))).largest <= 1


def test_conversions_lie_in_the_archives_folder(archive: Archive) -> None:
    assert Studio.open(archive, "house").kept == archive.settings.home / CONVERTED


# --- memory ------------------------------------------------------------------------------------------------


def limit_batch(engine: Engine, values: int) -> list[int]:
    """As much memory as a network takes for so many values; which sizes it was asked for."""
    import torch

    seen: list[int] = []

    def check(_: Any, given: tuple[Any, ...]) -> None:
        seen.append(given[0].shape[0])
        if given[0].numel() > values:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    engine.pipe.unet.register_forward_pre_hook(check)
    return seen


def test_a_batch_that_does_not_fit_is_halved_told_and_not_tried_again(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.stable_diffusion(tmp_path))))
    small = {"num_inference_steps": 2, "strength": 0.9, "long_side": 64, "guidance_scale": 3.0}
    wanted = [ask(engine.capabilities, LAYOUTS[0], **small, seed=seed) for seed in range(5)]
    alone = [engine.render(each).image for each in wanted]
    one = 2 * 4 * 8 * 6
    seen = limit_batch(engine, 2 * one)  # two pictures at once, each with and without words
    renders = engine.render_several(wanted)
    assert [each.facts["memory_ran_out"] for each in renders] == ["smaller batch"] * 5
    assert [each.facts.get("batch_size", 1) for each in renders] == [2, 2, 2, 2, 1]
    assert max(distance(each.image, one).largest for each, one in zip(renders, alone, strict=True)) <= 10
    seen.clear()
    engine.render_several(wanted)
    assert max(seen) == 4
    assert "memory_ran_out" not in engine.render(wanted[0]).facts


def test_what_was_given_up_for_a_large_picture_is_taken_back_for_a_small_one(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.stable_diffusion(tmp_path))))
    import torch

    def check(_: Any, given: tuple[Any, ...]) -> None:
        if given[0].shape[-1] * given[0].shape[-2] > 64:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    engine.pipe.vae.decoder.register_forward_pre_hook(check)

    def told(side: int) -> Any:
        small = {"num_inference_steps": 2, "strength": 0.9, "long_side": side}
        return engine.render(ask(engine.capabilities, LAYOUTS[0], **small)).facts.get("memory_ran_out")

    assert told(64) is None
    assert told(96) == "autoencoder in tiles"
    assert told(64) is None
    assert told(96) == "autoencoder in tiles"


def test_one_picture_that_does_not_fit_at_all_is_refused(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.stable_diffusion(tmp_path))))
    limit_batch(engine, 0)
    wanted = [ask(engine.capabilities, LAYOUTS[0], long_side=64, seed=seed) for seed in range(2)]
    with pytest.raises(OutOfMemory, match="too large for the memory of cpu"):
        engine.render_several(wanted)


def test_the_list_of_digests_is_written_last(kept: Path, house: Model) -> None:
    place = Conversions(kept, house.digest).place
    if place is None or not place.is_dir():
        pytest.skip("the extra `fast` is not installed")
    said = json.loads((place / LIST).read_text(encoding="utf-8"))
    assert sorted(said) == sorted(each.name for each in place.iterdir() if each.name != LIST)
