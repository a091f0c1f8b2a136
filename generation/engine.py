"""A loaded diffusers pipeline that turns a Request into a Render. The only file with torch.

Both are imported when an engine is loaded, not before. `render` is a function of its request alone: it writes
nothing, so it may run in a forked worker, and the caller keeps the record.
"""

import inspect
import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from generation.adapter import Adapter
from generation.colour import to_srgb
from generation.converted import Conversions, converted
from generation.easel import Easel
from generation.engine_devices import (
    checked,
    device_name,
    free_memory,
    half_of,
    lost,
    machine_memory,
    picked,
)
from generation.errors import ModelError, OutOfMemory, RequestError, Withheld
from generation.facts import pipeline_facts, request_facts, size_facts, token_facts, version_of
from generation.fit import finished, fit
from generation.given import OWN_SIZE, as_asked, grid_of, pictures_for, pictures_of
from generation.loading import Loading, decided, placed
from generation.memory import Memory
from generation.misfit import misfit
from generation.model import Model
from generation.pipelines import Schedule, capabilities_of, guidance_name, pipeline_class
from generation.quiet import quietly
from generation.request import Capabilities, OnStep, Render, Request
from generation.seen import Seen
from generation.steps import Steps, stop_if
from generation.stumbles import put_right
from generation.tiled import in_tiles, tiles_of
from generation.tuning import MIXED, Backend, Tuning, narrow, parts_of, settled, tune, tuning_of

UNLIKE = "ignore_mismatched_sizes"  # transformers says no more of weights that do not fit
NO_CLASS = re.compile(r"has no class `(\w{1,80})`")
# What libraries below us raise on a broken model or an odd input. Ours pass through untouched.
FOREIGN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    ImportError,
    NameError,  # a package that a class needs and does not ask for
)


@dataclass(slots=True)
class Engine:
    """One model, loaded. One picture at a time: a second thread waits for its turn."""

    model: Model
    easel: Easel
    device: str
    tuning: Tuning
    _able: Capabilities
    _given_up: dict[str, str | bool] = field(default_factory=dict)
    _memory: Memory = field(default_factory=Memory)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _process: int = field(default_factory=os.getpid)

    @classmethod
    def load(
        cls,
        model: Model,
        device: str = "auto",
        dtype: str = "auto",
        adapters: Sequence[Adapter] = (),
        *,
        loading: Loading | None = None,
        kept: Path | None = None,
        many: bool = False,
    ) -> "Engine":
        """The model in memory, with `adapters` in it; ModelError where it cannot be loaded, or changes meanwhile.

        `dtype` "auto" is mixed on a processor that multiplies bfloat16 itself, else float32 (generation/tuning.py).
        On a GPU it is float16, for transformers bfloat16. `loading` says both and more in one value.
        `kept` is the folder of models in OpenVINO. A model is converted to it (some seconds, once) where `many`
        pictures will be painted, or where it is asked for.
        """
        loading = loading or Loading(device, dtype)
        with quietly():
            able = capabilities_of(model)
            import torch
            from diffusers.loaders.single_file_utils import SingleFileComponentError
            from safetensors import SafetensorError

            device = picked(torch) if loading.device == "auto" else checked(loading.device)
            try:
                pipeline = pipeline_class(model)
                tuning = tuning_of(loading, device, half_of(pipeline))
                pipe = _load(pipeline, model, getattr(torch, tuning.whole))
                offload = decided(loading, device, pipe, free_memory(torch, device))
                easel = Easel.of(placed(pipe, loading, device, offload), adapters)
                tuning = _tuned(easel, tuning, loading, Conversions(kept, model.digest), many)
            except torch.OutOfMemoryError as error:
                raise OutOfMemory(f"{model.name} does not fit into the memory of {device}") from error
            except (*FOREIGN, SafetensorError, SingleFileComponentError) as error:
                raise ModelError(_not_loaded(model, error)) from error
        easel.pipe.set_progress_bar_config(disable=True)
        model.check_untouched()  # between hashing and loading a file may have been written to
        shows = able.preview and not _overflows(easel.pipe, tuning.dtype)
        given_up = replace(loading, offload=offload).facts()
        return cls(model, easel, device, tuning, replace(able, preview=shows), given_up)

    @property
    def pipe(self) -> Any:
        """The model as it was loaded, without a ControlNet beside it."""
        return self.easel.pipe

    @property
    def dtype(self) -> str:
        """How exact it computes, as the record says it."""
        return self.tuning.dtype

    @property
    def runs(self) -> dict[str, str | bool]:
        """On what and how it runs, as the facts of a run say it."""
        import torch

        told = {"device": device_name(torch, self.device), **self.tuning.facts()}
        given_up = ", ".join(self._memory.steps)
        less = {"memory_ran_out": given_up} if given_up else {}
        return {**told, "torch": version_of("torch"), **self._given_up, **less}

    @property
    def capabilities(self) -> Capabilities:
        """What it can be asked; its steps are counted with the scheduler that it has now."""
        return replace(self._able, runs=Schedule.of(self.pipe))

    def render(
        self, request: Request, on_step: OnStep | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Render:
        """The picture, and the facts of its making. Cancelled is raised within a step of `cancelled()`."""
        return self.render_several((request,), on_step, cancelled)[0]

    def render_several(
        self,
        requests: Sequence[Request],
        on_step: OnStep | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[Render]:
        """Pictures that differ in their seeds alone, through the network as one batch, in the order asked.

        Each has its own generator, so a picture painted again by itself comes within a tolerance of this one; the
        facts say `batch_size`, and `seconds` is each picture's share. ModelError where the class paints one at a time.
        """
        able = self.capabilities
        for each in requests:
            able.check(each)
        asked = [replace(each, runs=able.runs_of(each.settings)) for each in requests]
        if len({replace(each.settings, seed=0) for each in asked}) > 1:
            raise RequestError("pictures of one batch differ in their seeds alone")
        turn = self._own_turn()
        while not turn.acquire(timeout=0.2):
            stop_if(cancelled)
        try:
            stop_if(cancelled)
            self.model.check_untouched()
            with self.easel.set_up(asked[0]) as pipe:

                def paint(group: Sequence[Request], given_up: str) -> list[Render]:
                    return self._render(pipe, group, given_up, on_step, cancelled)

                return self._memory.within(pipe, asked, paint)
        finally:
            turn.release()

    def _render(
        self,
        pipe: Any,
        requests: Sequence[Request],
        given_up: str,
        on_step: OnStep | None,
        cancelled: Callable[[], bool] | None,
    ) -> list[Render]:
        import torch

        request, count = requests[0], len(requests)
        started = time.perf_counter()
        grid = grid_of(pipe)
        layout = fit(request, grid)
        boxes = tiles_of(request, layout.size, grid)
        every = request.preview_every if self.capabilities.preview and not boxes else 0
        finish = partial(finished, request, layout)

        def looked_at(painting: Image.Image) -> Image.Image:
            return to_srgb(finish(painting), request.profile)

        steps = Steps(
            pipe, every, looked_at, on_step, cancelled,
            foreseen=request.effective_steps, rounds=max(len(boxes), 1),
        )  # fmt: skip
        seen = Seen(to_srgb(layout, request.profile), self.easel.guides(request, layout, grid))
        paint = partial(self._called, pipe, steps)
        if boxes and count > 1:
            raise ModelError("pictures are painted in tiles one at a time")
        painted = (
            [in_tiles(request, seen, boxes, paint, steps.next_round)] if boxes else paint(requests, seen)
        )
        images = [finish(each) for each in painted]
        told = {
            **pipeline_facts(pipe),
            "device": device_name(torch, self.device),
            **self.tuning.facts(),
            **self._given_up,
            **({"memory_ran_out": given_up} if given_up else {}),
            "threads": torch.get_num_threads(),
            **token_facts(pipe, request),
            **self.easel.facts(request),
            **size_facts(request, painted[0].info.get(OWN_SIZE, layout.size), images[0]),
            **({"tiles": len(boxes)} if boxes else {}),
            "steps_run": steps.done,
            **({"batch_size": count} if count > 1 else {}),
            "seconds": round((time.perf_counter() - started) / count, 3),
        }
        return [
            Render(image, {**told, **request_facts(each)})
            for image, each in zip(images, requests, strict=True)
        ]

    def _called(self, pipe: Any, steps: Steps, requests: Sequence[Request], seen: Seen) -> list[Image.Image]:
        """What the pipeline paints over what it sees, a picture for each seed; in sRGB, on the model's grid."""
        import torch

        request = requests[0]
        try:
            with steps.watching():
                arguments = self._arguments(pipe, request, seen)
                arguments |= _seeded(type(pipe), arguments, [each.settings.seed for each in requests])
                result = pipe(**arguments, **steps.hook)
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise self._too_large(request) from error
        except FOREIGN as error:
            if error is steps.raised:
                raise
            # The CPU allocator has no error class of its own.
            if isinstance(error, RuntimeError) and "can't allocate memory" in str(error):
                raise self._too_large(request) from error
            if lost(error):
                raise ModelError(
                    f"{self.device} stopped answering in the middle of the picture ({_first_line(error)}); "
                    "start genzu again, and paint the picture again"
                ) from error
            raise ModelError(f"{type(pipe).__name__} failed: {_first_line(error)}") from error
        return [as_asked(pipe, seen.layout, each) for each in _pictures(result, len(requests))]

    def _arguments(self, pipe: Any, request: Request, seen: Seen) -> dict[str, Any]:
        """The call in the pipeline's own words: only what its class takes."""
        takes = inspect.signature(type(pipe).__call__).parameters
        settings, layout = request.settings, seen.layout
        guidance = guidance_name(takes)
        asked: dict[str, Any] = {
            "prompt": settings.prompt,
            **pictures_for(pipe, request, layout),
            "num_inference_steps": settings.num_inference_steps,
            "strength": settings.strength,
            guidance: settings.guidance_scale,
            # The pipelines that take a size choose another one when it is left out.
            "width": layout.width,
            "height": layout.height,
            "max_area": layout.width * layout.height,
            "output_type": "np",
        }
        # Without one this guidance does nothing; its makers give a blank.
        negative = settings.negative_prompt or (" " if guidance == "true_cfg_scale" else "")
        if negative:
            asked["negative_prompt"] = negative
        asked |= self.easel.arguments(pipe, request, seen)
        return {name: value for name, value in asked.items() if name in takes}

    def _too_large(self, request: Request) -> OutOfMemory:
        if self.device.startswith("cuda"):
            import torch

            torch.cuda.empty_cache()
        width, height = request.size
        return OutOfMemory(
            f"{width} x {height} is too large for the memory of {self.device}; ask for a smaller long side"
        )

    def _own_turn(self) -> threading.Lock:
        # A forked worker (hosted GPU spaces) inherits the lock as it stood, held by a thread that it lacks.
        if self._process != os.getpid():
            self._turn, self._process = threading.Lock(), os.getpid()
        return self._turn


def _tuned(easel: Easel, tuning: Tuning, loading: Loading, conversions: Conversions, many: bool) -> Tuning:
    """Makes the pipeline run as was decided; what was decided in the end."""
    pipe = easel.pipe
    ready = many or conversions.there
    tuning = settled(tuning, loading, pipe, easel.kit, ready=ready, memory=machine_memory())
    if tuning.backend is not Backend.OPENVINO:
        tune(pipe, tuning)
        return tuning
    import torch

    parts = parts_of(pipe)
    half = narrow(pipe) if tuning.dtype == MIXED else ()
    exact = {name: "bf16" if name in half else "f32" for name in parts}
    tune(pipe, tuning, converted(parts, conversions, exact, torch.get_num_threads()))
    return tuning


def _not_loaded(model: Model, error: Exception) -> str:
    """Why a model is not in memory, in a sentence."""
    said = str(error)
    apart = misfit(said)
    if apart or UNLIKE in said:
        how = f": {apart}" if apart else ""
        return f"the weights of {model.name} do not fit its configuration{how}; get the whole model again"
    if named := NO_CLASS.search(said):
        return (
            f"{model.name} names {named[1]}, which the installed diffusers does not have; get a newer one, or "
            "another model"
        )
    return f"{model.name} could not be loaded: {_first_line(error)}"


def _load(pipeline: Any, model: Model, dtype: Any) -> Any:
    # Without a dtype, weights saved in float16 come back mixed.
    options: dict[str, Any] = {"dtype": dtype, "local_files_only": True}
    if "add_watermarker" in inspect.signature(pipeline.__init__).parameters:
        options["add_watermarker"] = False
    if model.config is not None:
        pipe = pipeline.from_single_file(str(model.path), config=str(model.config), **options)
    else:
        pipe = pipeline.from_pretrained(
            str(model.path), use_safetensors=True, variant=model.variant, **options
        )
    return put_right(pipe)


def _seeded(kind: type, arguments: Mapping[str, Any], seeds: Sequence[int]) -> dict[str, Any]:
    """What the arguments lack so that one call paints a picture for each seed; ModelError where the class cannot.

    Words and layout are given once a picture. With `num_images_per_prompt` in their place, FLUX draws from the first
    generator alone for its autoencoder, and no picture but the first is the one that its seed makes by itself.
    Classes without a strength are left out: to an editing model, a second picture is a reference.
    """
    import torch

    # On the CPU, so that a seed means the same noise on every device; used for one picture only, because
    # img2img draws from it for the VAE before it draws the noise.
    generators = [torch.Generator("cpu").manual_seed(each) for each in seeds]
    if len(seeds) == 1:
        return {"generator": generators[0]}
    takes = inspect.signature(kind.__call__).parameters
    alone = arguments.get("prompt") is None or "ip_adapter_image" in arguments
    if alone or not {"prompt", "image", "strength", "num_images_per_prompt"} <= set(takes):
        raise ModelError(f"{kind.__name__} paints one picture at a time")
    each_own = ("prompt", "negative_prompt", "image")
    several = {name: [arguments[name]] * len(seeds) for name in each_own if name in arguments}
    return {**several, "generator": generators}


def _overflows(pipe: Any, dtype: str) -> bool:
    """Whether a preview would come out black: some autoencoders decode in float32 alone."""
    vae = getattr(pipe, "vae", None)
    return dtype == "float16" and bool(getattr(getattr(vae, "config", None), "force_upcast", False))


def _pictures(result: Any, count: int) -> list[Image.Image]:
    """The pictures of a pipeline's answer, whole and not held back."""
    import numpy

    told = (getattr(result, name, None) or () for name in ("nsfw_content_detected", "nsfw_detected"))
    if any(map(any, told)):
        raise Withheld(
            "the model's own safety checker held the picture back; change the words or the picture"
        )
    found = pictures_of(result)
    if len(found) != count:
        raise ModelError(f"the model gave {len(found)} pictures where {count} were asked for")
    if not all(numpy.isfinite(values).all() for values in found):
        raise ModelError("the model gave numbers that are no picture (overflow); load it with dtype float32")
    return [Image.fromarray((values * 255).round().astype("uint8")) for values in found]


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
