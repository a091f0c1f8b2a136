"""The engine paints what was asked, says what it did, stops when told to, and leaves nothing half-made."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import COMMIT, cache_snapshot
from PIL import Image, ImageChops, ImageDraw
from request_samples import ask as ask_of
from request_samples import asked

from generation.engine.engine import Engine
from generation.errors import Cancelled, ModelChanged, ModelError, ModelMissing, RequestError, Withheld
from generation.model.families import painter
from generation.model.model import find_model
from generation.model.pipelines import capabilities_of
from generation.request.request import CUT, Render, Request, plainly

DRAWING = Image.new("RGB", (100, 70), "white")
ImageDraw.Draw(DRAWING).polygon([(20, 60), (20, 30), (45, 10), (70, 30), (70, 60)], outline="black", width=3)


ANY_PARTS = """transformer unet scheduler vae movq text_encoder tokenizer text_encoder_2 tokenizer_2 controlnet adapter
    prior_prior prior_image_encoder prior_text_encoder prior_tokenizer prior_scheduler prior_image_processor""".split()


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Networks this small gain nothing from a second thread, and on a busy machine threads wait for each other."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def house() -> Engine:
    return Engine.load(find_model("house"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("tiny"))
    return Engine.load(find_model(str(folder)))


@pytest.fixture(scope="session")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A transformer of the other family: flow matching, packed latents."""
    return load(tiny_pipelines.flux, tmp_path_factory.mktemp("flow"))


def load(make: Callable[[Path], Path], folder: Path) -> Engine:
    return Engine.load(find_model(str(make(folder))))


def ask(engine: Engine, prompt: str = "night, dark blue sky", **said: Any) -> Request:
    return ask_of(
        engine.capabilities, DRAWING, prompt, **({"num_inference_steps": 4, "long_side": 64} | said)
    )


def pixels(render: Render) -> bytes:
    return render.image.tobytes()


# --- what is painted ---------------------------------------------------------------------------------------


def test_the_embedded_model_paints_a_drawing_by_its_words(house: Engine) -> None:
    def sky(prompt: str) -> tuple[float, ...]:
        render = house.render(ask(house, prompt, long_side=128, num_inference_steps=8, seed=1))
        upper = render.image.crop((0, 0, 128, 20)).resize((1, 1), Image.Resampling.BOX)
        return upper.getpixel((0, 0))  # type: ignore[return-value]

    red, _, blue = sky("sunset, orange sky, green grass, house")
    assert red > blue + 30
    assert sum(sky("night, dark blue sky, green grass, house")) < red + blue


def test_the_facts_tell_how_the_picture_was_made(house: Engine) -> None:
    request = ask(house, strength=0.7, num_inference_steps=6, seed=2**64 - 1, long_side=96)
    facts = house.render(request).facts
    assert facts["pipeline"] == "StableDiffusionImg2ImgPipeline"
    assert facts["scheduler"] == "DDIMScheduler"
    assert (facts["device"], facts["dtype"]) == (house.device, house.dtype)
    assert (facts["steps_asked"], facts["steps_effective"], facts["steps_run"]) == (6, 4, 4)
    assert (facts["width_before"], facts["height_before"]) == (100, 70)
    assert (facts["width_painted"], facts["height_painted"]) == (96, 72)
    assert (facts["width_after"], facts["height_after"]) == (96, 67)
    assert facts["seed"] == "18446744073709551615"
    assert (facts["strength"], facts["guidance_scale"]) == (0.7, 1.5)
    assert (facts["watermark"], facts["safety_checker"]) == ("none", "none")
    assert isinstance(facts["seconds"], float)
    assert all(facts[library] for library in ("torch", "diffusers", "transformers"))


@settings(max_examples=20, deadline=None)
@given(strength=st.floats(0.05, 1), steps=st.integers(1, 12), use_flow=st.booleans())
def test_the_steps_run_are_the_steps_foreseen(
    tiny: Engine, flow: Engine, strength: float, steps: int, use_flow: bool
) -> None:
    engine = flow if use_flow else tiny
    try:
        request = ask(engine, strength=strength, num_inference_steps=steps)
    except RequestError:
        return
    seen: list[tuple[int, int]] = []
    facts = engine.render(request, on_step=lambda done, total, _: seen.append((done, total))).facts
    effective = request.effective_steps
    assert facts["steps_run"] == facts["steps_effective"] == effective
    assert seen == [(number, effective) for number in range(1, effective + 1)]


def test_the_same_request_gives_the_same_bytes_and_another_seed_or_prompt_does_not(tiny: Engine) -> None:
    first = pixels(tiny.render(ask(tiny, seed=7)))
    assert pixels(tiny.render(ask(tiny, seed=7))) == first
    assert pixels(tiny.render(ask(tiny, seed=8))) != first
    assert pixels(tiny.render(ask(tiny, "snow, white sky", seed=7))) != first


def test_the_picture_has_the_size_foreseen_whatever_the_grid(tiny: Engine) -> None:
    for long_side in (100, 101, 127):
        request = ask(tiny, long_side=long_side)
        assert tiny.render(request).image.size == request.size


def test_a_long_prompt_is_painted_and_the_record_says_how_much_was_read(tiny: Engine) -> None:
    short = tiny.render(ask(tiny, "night")).facts
    assert (short["prompt_tokens"], short["prompt_truncated"]) == (1, False)
    whole = tiny.render(ask(tiny, "night " * 60)).facts
    assert (whole["prompt_tokens"], whole["prompt_token_limit"], whole["prompt_truncated"]) == (60, 38, False)
    begun = tiny.render(ask(tiny, "night " * 60, long_prompt=CUT)).facts
    assert (begun["prompt_tokens"], begun["prompt_token_limit"], begun["prompt_truncated"]) == (60, 38, True)


def test_pictures_painted_at_once_are_those_painted_one_by_one_within_a_tolerance(
    house: Engine, tiny: Engine, flow: Engine
) -> None:
    for engine in (house, tiny, flow):
        requests = [ask(engine, strength=1.0, num_inference_steps=2, seed=seed) for seed in (5, 6, 2**64 - 1)]
        together = engine.render_several(requests)
        assert len({pixels(each) for each in together}) == 3
        for request, render in zip(requests, together, strict=True):
            alone = engine.render(request)
            apart = ImageChops.difference(alone.image, render.image).getextrema()
            assert max(high for _, high in apart) <= 4
            assert render.facts["batch_size"] == 3
            assert render.facts["seed"] == str(request.settings.seed)
            assert "batch_size" not in alone.facts


def test_pictures_that_differ_in_more_than_their_seeds_are_no_batch(house: Engine) -> None:
    with pytest.raises(RequestError, match="differ in their seeds alone"):
        house.render_several([ask(house, "night"), ask(house, "noon", seed=1)])


# --- watching and stopping ---------------------------------------------------------------------------------


def test_previews_come_when_asked_for_and_change_nothing(tiny: Engine) -> None:
    plain = pixels(tiny.render(ask(tiny, strength=1.0, num_inference_steps=7)))
    previews: dict[int, Image.Image] = {}

    def on_step(done: int, total: int, preview: Image.Image | None) -> None:
        if preview is not None:
            previews[done] = preview

    request = ask(tiny, strength=1.0, num_inference_steps=7, preview_every=3)
    assert pixels(tiny.render(request, on_step=on_step)) == plain
    assert list(previews) == [3, 6]
    assert {preview.size for preview in previews.values()} == {request.size}


def test_an_early_preview_already_looks_like_the_picture(house: Engine) -> None:
    seen: list[Image.Image] = []
    request = ask(house, "sunset, pink sky, house", num_inference_steps=9, preview_every=2, long_side=96)
    final = house.render(
        request, on_step=lambda _, __, preview: seen.append(preview) if preview else None
    ).image
    difference = ImageChops.difference(seen[0].resize((8, 8)), final.resize((8, 8))).convert("L")
    assert sum(difference.tobytes()) / 64 < 40


@pytest.mark.parametrize("stop_after", [0, 1, 3])
def test_a_cancelled_run_stops_at_that_step_and_gives_nothing(tiny: Engine, stop_after: int) -> None:
    before = pixels(tiny.render(ask(tiny, seed=3)))
    done: list[int] = []
    with pytest.raises(Cancelled, match="nothing was made"):
        tiny.render(
            ask(tiny, strength=1.0, num_inference_steps=10),
            on_step=lambda number, _, __: done.append(number),
            cancelled=lambda: len(done) >= stop_after,
        )
    assert done == list(range(1, stop_after + 1))
    assert pixels(tiny.render(ask(tiny, seed=3))) == before


def test_an_error_that_the_stop_itself_caused_is_told_as_the_stop(tiny: Engine, monkeypatch) -> None:
    stopped = threading.Event()

    def interrupted(*_: object, **__: object) -> None:
        stopped.set()
        raise RuntimeError("error while deserializing header")

    with monkeypatch.context() as broken:
        broken.setattr(type(tiny.easel.pipe), "__call__", interrupted)
        with pytest.raises(Cancelled):
            tiny.render(ask(tiny), cancelled=stopped.is_set)
        with pytest.raises(ModelError, match="deserializing"):
            tiny.render(ask(tiny))
    assert tiny.render(ask(tiny)).image


def test_what_the_caller_raises_comes_out_as_it_is(tiny: Engine) -> None:
    def broken_pipe(*_: object) -> None:
        raise BrokenPipeError("the page was closed")

    with pytest.raises(BrokenPipeError, match="the page was closed"):
        tiny.render(ask(tiny), on_step=broken_pipe)
    assert tiny.render(ask(tiny)).image


def test_two_threads_take_turns_and_each_gets_its_own_picture(tiny: Engine) -> None:
    requests = [ask(tiny, seed=seed) for seed in range(4)]
    alone = [pixels(tiny.render(request)) for request in requests]
    together: dict[int, bytes] = {}

    def paint(number: int) -> None:
        together[number] = pixels(tiny.render(requests[number]))

    threads = [threading.Thread(target=paint, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(4)] == alone


def test_a_run_that_waits_for_its_turn_can_be_cancelled(tiny: Engine) -> None:
    painting, waited = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        painting.set()
        waited.wait(20)

    first = threading.Thread(target=tiny.render, args=(ask(tiny, strength=1.0, num_inference_steps=1), hold))
    first.start()
    painting.wait(20)
    with pytest.raises(Cancelled):
        tiny.render(ask(tiny), cancelled=lambda: True)
    waited.set()
    first.join()


def test_a_forked_worker_does_not_wait_for_a_lock_that_nobody_holds(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    (tmp_path / "model_index.json").write_text("changed")  # the child ends before it computes anything
    with engine._turn:
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            try:
                engine.render(ask(engine))
            except ModelChanged:
                os._exit(7)
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


# --- every kind of model -----------------------------------------------------------------------------------


def test_a_text_to_image_model_is_loaded_as_its_image_to_image_sibling(tiny: Engine) -> None:
    assert tiny.model.pipeline == "StableDiffusionPipeline"
    assert type(tiny.pipe).__name__ == "StableDiffusionImg2ImgPipeline"


@pytest.mark.parametrize(
    ("named", "loaded"),
    [
        ("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline"),
        ("StableDiffusionXLInpaintPipeline", "StableDiffusionXLImg2ImgPipeline"),
        ("StableDiffusionControlNetPipeline", "StableDiffusionControlNetImg2ImgPipeline"),
        ("StableDiffusionInstructPix2PixPipeline", "StableDiffusionInstructPix2PixPipeline"),
        ("FluxPipeline", "FluxImg2ImgPipeline"),
        ("FluxKontextPipeline", "FluxKontextPipeline"),
        ("FluxKontextInpaintPipeline", "FluxKontextPipeline"),
        ("FluxFillPipeline", "FluxFillPipeline"),
        ("Flux2KleinInpaintPipeline", "Flux2KleinPipeline"),
        ("Flux2KleinKVPipeline", "Flux2KleinKVPipeline"),
        ("ChromaPipeline", "ChromaImg2ImgPipeline"),
        ("SanaSprintPipeline", "SanaSprintImg2ImgPipeline"),
        ("ZImagePipeline", "ZImageImg2ImgPipeline"),
        ("KandinskyV22CombinedPipeline", "KandinskyV22Img2ImgCombinedPipeline"),
        ("IFPipeline", "IFImg2ImgPipeline"),
        ("StableDiffusionAdapterPipeline", "StableDiffusionAdapterPipeline"),
    ],
)
def test_a_class_that_takes_a_picture_is_found_for_each_family(named: str, loaded: str) -> None:
    assert painter(named, None, ANY_PARTS).pipeline == loaded


@pytest.mark.parametrize("named", ["StableVideoDiffusionPipeline", "DDPMScheduler", "logging", "Mine"])
def test_a_class_that_paints_over_nothing_is_refused(named: str) -> None:
    with pytest.raises(ModelError, match="paints no picture over another"):
        painter(named, None, ANY_PARTS)


def test_weights_kept_in_half_precision_come_back_whole(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.half_precision(tmp_path))), dtype="float32")
    assert engine.model.variant == "fp16"
    parts = [engine.pipe.unet, engine.pipe.vae, engine.pipe.text_encoder]
    assert {str(part.dtype) for part in parts} == {"torch.float32"}
    assert engine.render(ask(engine)).facts["dtype"] == "float32"


def test_bfloat16_is_used_where_it_is_asked_for(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.stable_diffusion(tmp_path))), dtype="bfloat16")
    assert engine.render(ask(engine)).facts["dtype"] == "bfloat16"
    with pytest.raises(RequestError, match="dtype is auto, mixed, float32, bfloat16 or float16, not 'int3'"):
        Engine.load(engine.model, dtype="int3")


def test_sdxl_is_loaded_without_the_watermark_that_a_package_would_switch_on(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion_xl, tmp_path)
    assert engine.pipe.watermark is None
    facts = engine.render(ask(engine, strength=0.5)).facts
    assert (facts["pipeline"], facts["watermark"]) == ("StableDiffusionXLImg2ImgPipeline", "none")
    assert engine.capabilities.strength == 0.3  # the class's own default


def test_an_editor_without_strength_says_so_and_runs_all_its_steps(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.instruct, tmp_path)
    assert engine.capabilities.strength is None
    facts = engine.render(ask(engine)).facts
    assert (facts["steps_run"], "strength" in facts) == (4, False)
    with pytest.raises(RequestError, match="takes no strength"):
        engine.render(asked(DRAWING, "night", strength=0.5))


def test_a_flow_transformer_paints_and_says_what_it_cannot(flow: Engine) -> None:
    request = ask(flow, "night " * 60, long_side=90)
    render = flow.render(request)
    assert render.image.size == request.size == (90, 63)
    assert render.facts["pipeline"] == "FluxImg2ImgPipeline"
    assert (render.facts["width_painted"], render.facts["height_painted"]) == (96, 64)
    assert not flow.capabilities.preview
    # Its guidance is distilled: a negative prompt would be taken and do nothing.
    with pytest.raises(RequestError, match="takes no negative prompt"):
        ask(flow, negative_prompt="people")


def test_an_editing_transformer_paints_at_the_size_foreseen(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.flux(tmp_path, "FluxKontextPipeline"))))
    request = ask(engine, long_side=128)
    assert (request.settings.strength, request.effective_steps) == (None, 4)
    render = engine.render(request)
    assert (render.image.size, render.facts["steps_run"]) == (request.size, 4)


def compatible(engine: Engine) -> list[str]:
    return sorted(each.__name__ for each in engine.pipe.scheduler.compatibles)


def with_scheduler(engine: Engine, name: str, **config: object) -> None:
    import diffusers

    try:
        engine.pipe.scheduler = getattr(diffusers, name).from_config(engine.pipe.scheduler.config, **config)
    except ImportError as error:
        pytest.skip(str(error).strip())


SCHEDULERS = """DDIMScheduler DDPMScheduler DEISMultistepScheduler DPMSolverMultistepScheduler DPMSolverSDEScheduler
    DPMSolverSinglestepScheduler EDMEulerScheduler EulerAncestralDiscreteScheduler EulerDiscreteScheduler
    HeunDiscreteScheduler KDPM2AncestralDiscreteScheduler KDPM2DiscreteScheduler LCMScheduler LMSDiscreteScheduler
    PNDMScheduler TCDScheduler UniPCMultistepScheduler""".split()


def test_the_schedulers_tried_here_are_all_that_diffusers_calls_compatible(tiny: Engine) -> None:
    assert set(compatible(tiny)) <= set(SCHEDULERS)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_the_steps_on_record_are_the_steps_that_each_scheduler_runs(tmp_path: Path, name: str) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    with_scheduler(engine, name)
    for steps, strength in ((4, 0.5), (5, 0.45), (7, 0.3), (6, 1.0), (4, 1.0)):
        request = ask(engine, strength=strength, num_inference_steps=steps)
        facts, seen = watched(engine, request)
        assert facts["steps_effective"] == facts["steps_run"] == request.effective_steps == len(seen)
        assert seen[-1] == (len(seen), len(seen))


def watched(engine: Engine, request: Request) -> tuple[Mapping[str, Any], list[tuple[int, int]]]:
    """The facts of a run, and each step as it was told: done, in all."""
    seen: list[tuple[int, int]] = []
    facts = engine.render(request, on_step=lambda done, total, _: seen.append((done, total))).facts
    return facts, seen


def test_the_scheduler_of_stable_diffusion_runs_one_step_more_than_strength_says(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    with_scheduler(engine, "PNDMScheduler", skip_prk_steps=True)
    facts = engine.render(ask(engine, strength=0.5, num_inference_steps=4)).facts
    assert (facts["steps_effective"], facts["steps_run"]) == (3, 3)
    with_scheduler(engine, "PNDMScheduler", skip_prk_steps=False)
    facts = engine.render(ask(engine, strength=0.5, num_inference_steps=4)).facts
    assert facts["steps_effective"] == facts["steps_run"] == 11


def test_a_model_saved_with_its_scheduler_is_counted_before_its_weights_are_loaded(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    with_scheduler(engine, "PNDMScheduler", skip_prk_steps=True)
    engine.pipe.save_pretrained(tmp_path / "pndm")
    able = capabilities_of(find_model(str(tmp_path / "pndm")))
    assert ask_of(able, DRAWING, strength=0.5, num_inference_steps=4).effective_steps == 3
    again = Engine.load(find_model(str(tmp_path / "pndm")))
    assert again.capabilities.runs(4, 0.5) == again.render(ask(again, strength=0.5)).facts["steps_run"] == 3


@pytest.mark.parametrize(
    "make", [tiny_pipelines.stable_diffusion_xl, tiny_pipelines.instruct, tiny_pipelines.controlnet]
)
@pytest.mark.parametrize("name", ["PNDMScheduler", "HeunDiscreteScheduler"])
def test_the_steps_of_other_classes_are_counted_too(
    tmp_path: Path, make: Callable[[Path], Path], name: str
) -> None:
    engine = load(make, tmp_path)
    with_scheduler(engine, name)
    strength = None if engine.capabilities.strength is None else 0.6
    facts = engine.render(ask(engine, strength=strength, num_inference_steps=5)).facts
    assert facts["steps_effective"] == facts["steps_run"] > 0


@pytest.mark.parametrize("kind", ["FluxImg2ImgPipeline", "FluxKontextPipeline"])
def test_a_flow_model_with_heuns_method_counts_every_call(tmp_path: Path, kind: str) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.flux(tmp_path, kind))))
    strength = None if engine.capabilities.strength is None else 0.5
    facts = engine.render(ask(engine, strength=strength, num_inference_steps=5)).facts
    assert facts["steps_effective"] == facts["steps_run"]


def test_more_steps_than_a_scheduler_has_are_refused_before_anything_runs(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    with_scheduler(engine, "LCMScheduler")
    with pytest.raises(RequestError, match="cannot run 90 steps"):
        ask(engine, strength=1.0, num_inference_steps=90)
    with_scheduler(engine, "PNDMScheduler", skip_prk_steps=False)
    with pytest.raises(RequestError, match=r"\(PNDMScheduler\) cannot run 1 steps"):
        ask(engine, strength=1.0, num_inference_steps=1)


def test_what_a_model_can_be_asked_is_known_without_its_weights_and_stays_so_with_them(
    tmp_path: Path,
) -> None:
    for number, make in enumerate(
        (
            tiny_pipelines.stable_diffusion,
            tiny_pipelines.stable_diffusion_xl,
            tiny_pipelines.instruct,
            tiny_pipelines.controlnet,
            tiny_pipelines.half_precision,
            tiny_pipelines.single_file,
            tiny_pipelines.flux,
        )
    ):
        model = find_model(str(make(tmp_path / str(number))))
        before, after = capabilities_of(model), Engine.load(model).capabilities
        assert replace(before, runs=plainly) == replace(after, runs=plainly)
        assert [before.runs(n, after.strength) for n in (1, 4, 9)] == [
            after.runs(n, after.strength) for n in (1, 4, 9)
        ]


def test_the_embedded_model_is_known_without_its_weights(house: Engine) -> None:
    able = capabilities_of(house.model)
    assert replace(able, runs=plainly) == replace(house.capabilities, runs=plainly)
    assert (able.strength, able.num_inference_steps, able.long_side) == (0.8, 6, 512)


@pytest.mark.parametrize("index", ["StableDiffusionInpaintPipeline", "StableDiffusionPipeline"])
def test_weights_made_for_inpainting_fill_a_mask_whatever_their_index_says(
    tmp_path: Path, index: str
) -> None:
    import diffusers

    kind = getattr(diffusers, index)
    kind(**tiny_pipelines.parts(unet_in=9), **tiny_pipelines.UNCHECKED).save_pretrained(tmp_path)
    engine = Engine.load(find_model(str(tmp_path)))
    assert engine.capabilities.needs_mask
    with pytest.raises(RequestError, match="give a mask"):
        ask(engine)
    seen: list[Any] = []
    engine.pipe.unet.register_forward_hook(lambda _, arguments, __: seen.append(arguments[0]))
    render = engine.render(ask(engine, long_side=100, mask=left_half()))
    masks = seen[0][0][4]  # latents, mask, what is left of the picture
    assert (render.facts["pipeline"], masks[:, 0].mean(), masks[:, -1].mean()) == (
        "StableDiffusionInpaintPipeline",
        1,
        0,
    )
    assert render.image.getpixel((80, 10)) == (255, 255, 255)
    assert render.image.getpixel((20, 10)) != (255, 255, 255)


def left_half() -> Image.Image:
    mask = Image.new("L", DRAWING.size)
    mask.paste(255, (0, 0, 50, 70))
    return mask


@pytest.mark.parametrize("name", ["PNDMScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler"])
def test_previews_come_with_every_kind_of_scheduler(tmp_path: Path, name: str) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    with_scheduler(engine, name)
    seen: list[tuple[int, int, bool]] = []
    engine.render(
        ask(engine, strength=0.8, num_inference_steps=10, preview_every=3),
        on_step=lambda done, total, preview: seen.append((done, total, preview is not None)),
    )
    assert [done for done, _, shown in seen if shown] == list(range(3, len(seen), 3))


def test_a_controlnet_sees_the_drawing(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.controlnet, tmp_path)
    assert engine.capabilities.control_image
    seen: list[Any] = []
    engine.pipe.controlnet.register_forward_hook(
        lambda _, __, arguments, ___: seen.append(arguments["controlnet_cond"]), with_kwargs=True
    )
    engine.render(ask(engine, long_side=100))
    lines = seen[0][0].mean(0)  # 72 x 104, from 0 for black to 1 for white
    assert tuple(lines.shape) == (72, 104)
    assert lines[45, 20] < 0.5
    assert lines[45, 30] > 0.9


def test_a_single_file_paints_what_its_folder_paints(tmp_path: Path, tiny: Engine) -> None:
    engine = load(tiny_pipelines.single_file, tmp_path)
    assert engine.model.path.suffix == ".safetensors"
    assert pixels(engine.render(ask(engine, seed=5))) == pixels(tiny.render(ask(tiny, seed=5)))


def test_a_model_of_the_hubs_cache_paints_without_network(tmp_path: Path, tiny: Engine) -> None:
    files = {str(path.relative_to(tiny.model.path)): path.read_bytes() for path in tiny.model.paths.values()}
    cache_snapshot(tmp_path, files)
    engine = Engine.load(find_model(f"studio/snow@{COMMIT}", hub_cache=tmp_path))
    assert engine.model.digest == tiny.model.digest
    assert pixels(engine.render(ask(engine))) == pixels(tiny.render(ask(tiny)))


# --- models that are not right -----------------------------------------------------------------------------


def test_a_file_changed_or_lost_after_loading_stops_the_next_picture(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    weights = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(ModelChanged, match=r"unet/diffusion_pytorch_model\.safetensors was changed"):
        engine.render(ask(engine))
    weights.unlink()
    with pytest.raises(ModelMissing):
        engine.render(ask(engine))
    weights.write_bytes(data)
    assert engine.render(ask(engine)).image


def test_weights_of_another_shape_or_with_a_broken_header_do_not_load(tmp_path: Path) -> None:
    weights = tiny_pipelines.stable_diffusion(tmp_path) / "unet" / "diffusion_pytorch_model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:9] + b"!" * 50 + data[59:])
    with pytest.raises(ModelError, match="is no whole safetensors file"):
        Engine.load(find_model(str(tmp_path)))
    weights.write_bytes(data)
    config = tmp_path / "unet" / "config.json"
    config.write_text(config.read_text().replace('"in_channels": 4', '"in_channels": 6'))
    with pytest.raises(ModelError, match=r"do not fit its configuration: conv_in\.weight"):
        Engine.load(find_model(str(tmp_path)))


def test_a_model_that_overflows_gives_an_error_and_no_black_picture(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    engine.pipe.vae.decoder.conv_out.bias.data.fill_(float("nan"))
    with pytest.raises(ModelError, match="no picture"):
        engine.render(ask(engine))


def test_a_picture_held_back_by_the_models_own_checker_is_no_picture(tmp_path: Path) -> None:
    engine = load(tiny_pipelines.stable_diffusion, tmp_path)
    engine.pipe.safety_checker = lambda images, clip_input: (images, [True])
    engine.pipe.feature_extractor = lambda images, return_tensors: Features()
    with pytest.raises(Withheld, match="held the picture back"):
        engine.render(ask(engine))


class Features:
    """As much of a feature extractor's answer as the pipeline hands on."""

    pixel_values: Any = None

    def to(self, *_: object) -> "Features":
        import torch

        self.pixel_values = torch.zeros(1)
        return self


def test_a_request_for_another_model_is_refused_before_anything_runs(tiny: Engine) -> None:
    with pytest.raises(RequestError, match="needs a strength"):
        tiny.render(replace(ask(tiny), settings=replace(ask(tiny).settings, strength=None)))


# --- a process of its own ----------------------------------------------------------------------------------

QUIET = """
import socket, sys
def refuse(*_): raise SystemExit("the network was used")
socket.socket.connect = socket.getaddrinfo = refuse
from PIL import Image
from generation.model.model import find_model
from generation.engine.engine import Engine
from generation.request.request import PaintSettings
assert "torch" not in sys.modules
engine = Engine.load(find_model("house"))
drawing = Image.new("RGB", (64, 64), "white")
settings = PaintSettings("night " * 60, num_inference_steps=2, long_side=64)
engine.render(engine.capabilities.request(drawing, settings))
"""


@pytest.mark.slow
def test_painting_uses_no_network_and_prints_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


LARGE = """
import resource, sys
from PIL import Image
from generation.errors import OutOfMemory
from generation.model.model import find_model
from generation.engine.engine import Engine
from generation.request.request import PaintSettings
engine = Engine.load(find_model("house"))
drawing = Image.new("RGB", (64, 64), "white")
def ask(side):
    return engine.capabilities.request(drawing, PaintSettings("night", num_inference_steps=2, long_side=side))
engine.render(ask(64))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, used + 2**30))
try:
    engine.render(ask(4096))
except OutOfMemory as error:
    print(error)
print(engine.render(ask(64)).image.size)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's memory through /proc and RLIMIT_AS")
def test_a_picture_too_large_for_the_memory_says_so_and_the_engine_lives_on() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "4096 x 4096 is too large for the memory of cpu; ask for a smaller long side",
        "(64, 64)",
    ]
