"""A loaded diffusers pipeline that turns a Request into a Render. The only file with torch.

Both are imported when an engine is loaded, not before. `render` is a function of its request alone: it writes
nothing, so it may run in a forked worker, and the caller keeps the record.
"""

import inspect
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from generation.engine.call import answered, call
from generation.engine.converted import Conversions, converted
from generation.engine.easel import Easel
from generation.engine.engine_devices import (
    checked,
    device_name,
    free_memory,
    half_of,
    lost,
    machine_memory,
    picked,
)
from generation.engine.given import OWN_SIZE, as_asked, grid_of, pictures_for, pictures_of
from generation.engine.loading import Loading, decided, placed
from generation.engine.memory import Memory
from generation.engine.seen import Seen
from generation.engine.steps import Steps, stop_if
from generation.engine.stumbles import put_right
from generation.engine.tiled import in_tiles, tiles_of
from generation.engine.tuning import MIXED, Backend, Tuning, narrow, parts_of, settled, tune, tuning_of
from generation.errors import ModelError, OutOfMemory, RequestError
from generation.files.misfit import misfit
from generation.layout.colour import to_srgb
from generation.model.model import Model
from generation.model.pipelines import Schedule, capabilities_of, pipeline_class
from generation.quiet import quietly
from generation.request.facts import pipeline_facts, request_facts, size_facts, token_facts, version_of
from generation.request.fit import finished, fit
from generation.request.request import Capabilities, OnStep, Render, Request
from generation.works.adapter import Adapter

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

        `dtype` "auto" is mixed on a processor that multiplies bfloat16 itself, else float32 (tuning.py).
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
                pictures = pictures_for(pipe, request, seen.layout)
                more = self.easel.arguments(pipe, request, seen)
                asked = call(type(pipe), requests, seen.layout.size, pictures, more)
                result = pipe(**asked, **steps.hook)
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise self._too_large(request) from error
        except FOREIGN as error:
            if error is steps.raised:
                raise
            steps.stop_if_asked()
            # The CPU allocator has no error class of its own.
            if isinstance(error, RuntimeError) and "can't allocate memory" in str(error):
                raise self._too_large(request) from error
            if lost(error):
                raise ModelError(
                    f"{self.device} stopped answering in the middle of the picture ({_first_line(error)}); "
                    "start genzu again, and paint the picture again"
                ) from error
            raise ModelError(f"{type(pipe).__name__} failed: {_first_line(error)}") from error
        painted = answered(result, pictures_of(result), len(requests))
        return [as_asked(pipe, seen.layout, each) for each in painted]

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
    if "meta tensor" in said:  # what no file gave a value stays one
        return f"the weights of {model.name} are not all in its files; get the whole model again"
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


def _overflows(pipe: Any, dtype: str) -> bool:
    """Whether a preview would come out black: some autoencoders decode in float32 alone."""
    vae = getattr(pipe, "vae", None)
    return dtype == "float16" and bool(getattr(getattr(vae, "config", None), "force_upcast", False))


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
