"""What a model can be asked, read from its class's signature and its configuration files; no weights are loaded.

One answer for the engine, the page and the command line. diffusers is imported when it is asked for, not before.
"""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from generation.errors import ModelError, RequestError
from generation.files.folder import INDEX, components, read_config
from generation.model.families import (
    LARGER,
    SPRINT,
    Family,
    Task,
    class_named,
    guidance_name,
    painter,
    sibling,
)
from generation.model.model import Model
from generation.model.references import references_of
from generation.model.schedulers import chosen, compatible
from generation.model.trained import made_for, trained_side
from generation.quiet import quietly
from generation.request.request import Capabilities
from generation.words.reader import reader_of

STEPS = 50  # of a class that has no number of its own
# It hands strength to its scheduler, which spreads all steps over the part that is left.
_STRENGTH_KEEPS_STEPS = {"LatentConsistencyModelImg2ImgPipeline"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many denoising steps a class runs with a scheduler, as both say themselves; no weights are needed.

    Strength decides where the schedule is entered, and schedulers differ: Heun calls the network twice a step, PNDM
    (Stable Diffusion 1.5's own) once more than it was asked.
    """

    pipeline: str
    scheduler: str
    config: str  # the scheduler's own, as JSON

    @classmethod
    def of(cls, pipe: Any) -> "Schedule":
        """Of a loaded pipeline, with the scheduler that it has now."""
        config = {name: value for name, value in pipe.scheduler.config.items() if not name.startswith("_")}
        text = json.dumps(config, sort_keys=True, default=list)
        return cls(type(pipe).__name__, type(pipe.scheduler).__name__, text)

    @property
    def schedulers(self) -> tuple[str, ...]:
        """The schedulers that fit, the model's own first."""
        return compatible(self.scheduler)

    def with_scheduler(self, text: str) -> "tuple[str, Schedule]":
        """Another scheduler by its full name, and steps counted with it; RequestError lists those that fit."""
        name = chosen(text, self.schedulers)
        return name, replace(self, scheduler=name)

    def __call__(self, steps: int, strength: float | None) -> int:
        return _foreseen(self.pipeline, self.scheduler, self.config, steps, strength)


def capabilities_of(model: Model) -> Capabilities:
    """What `model` can be asked; ModelError where diffusers has no class that paints with it."""
    painting = family_of(model)
    kind = class_named(painting.pipeline)
    takes = inspect.signature(kind.__call__).parameters
    index = read_config(model.folder / INDEX)
    parts = set(components(index))
    defaults = {name: each.default for name, each in takes.items()} | dict(model.defaults)
    best = defaults.get("guidance_scale") or defaults.get(guidance_name(takes))
    side, schedule = trained_side(model, painting, parts), _schedule(model, kind, index)
    return Capabilities(
        strength=float(defaults["strength"]) if "strength" in takes else None,
        guidance_scale=float(best) if best is not None else None,
        num_inference_steps=int(defaults.get("num_inference_steps") or STEPS),
        # With a distilled guidance and no second one, a negative prompt is accepted and does nothing.
        negative_prompt="negative_prompt" in takes and (defaults.get("true_cfg_scale") or 2) > 1,
        control_image="control_image" in takes,
        # Nothing is shown that the model's own checker has not seen.
        preview={"unet", "vae"} <= parts and "safety_checker" not in parts and painting.watched,
        long_side=int(defaults.get("long_side", side)),
        long_sides=(side, 2 * side),
        runs=schedule,
        fills=bool(painting.mask),
        needs_mask=painting.task is Task.FILL,
        pipeline=painting.pipeline,
        references=references_of(kind),
        can_fill=bool(painting.mask) or sibling(kind.__name__, Task.FILL) is not None,
        reader=reader_of(kind, model.folder, index),
        enlarges=LARGER[kind.__name__][0] if kind.__name__ in LARGER else 0,
    )


def family_of(model: Model) -> Family:
    """The class that paints with `model`: of its family, and for what its weights were made for."""
    parts = components(read_config(model.folder / INDEX))
    return painter(model.pipeline, made_for(model, parts), parts)


def pipeline_class(model: Model) -> Any:
    """The same as a class of diffusers."""
    return class_named(family_of(model).pipeline)


def _schedule(model: Model, kind: Any, index: Mapping[str, Any]) -> Schedule:
    _, scheduler = index.get("scheduler") or ("", "")
    config = read_config(model.folder / "scheduler" / "scheduler_config.json")
    return Schedule(kind.__name__, str(scheduler), json.dumps(config, sort_keys=True))


@lru_cache(maxsize=1024)
def _foreseen(pipeline: str, scheduler: str, config: str, steps: int, strength: float | None) -> int:
    with quietly():
        import diffusers

        kind = getattr(diffusers, pipeline)
        # A combined class leaves its steps to the class that it is combined of.
        kind = getattr(diffusers, pipeline.replace("Combined", ""), kind)
    made = _with_steps(_scheduler(scheduler, config), steps)
    # The last time of Sana Sprint's scheduler is where it ends.
    end = 1 if "intermediate_timesteps" in inspect.signature(made.set_timesteps).parameters else 0
    if strength is None or pipeline in _STRENGTH_KEEPS_STEPS or not hasattr(kind, "get_timesteps"):
        return len(made.timesteps) - end
    # Its sums look at the scheduler alone, and at how many calls it makes a step.
    where = ["cpu"] if "device" in inspect.signature(kind.get_timesteps).parameters else []
    timesteps, left = kind.get_timesteps(SimpleNamespace(scheduler=made), steps, strength, *where)[:2]
    return len(timesteps) - end if left >= 1 else 0


def _scheduler(name: str, config: str) -> Any:
    try:
        with quietly():
            import diffusers

            return getattr(diffusers, name).from_config(json.loads(config))
    except (AttributeError, ImportError, TypeError, ValueError) as error:
        words = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
        raise ModelError(f"the model's scheduler ({name or 'none'}) cannot be used: {words}") from error


def _with_steps(scheduler: Any, steps: int) -> Any:
    # Flow models shift their times by the picture's size (`mu`); how many there are does not change.
    shift: dict[str, Any] = {"mu": 1.0} if scheduler.config.get("use_dynamic_shifting") else {}
    if "intermediate_timesteps" in inspect.signature(scheduler.set_timesteps).parameters and steps != SPRINT:
        shift["intermediate_timesteps"] = None
    try:
        scheduler.set_timesteps(steps, **shift)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        name = type(scheduler).__name__
        raise RequestError(
            f"the model's scheduler ({name}) cannot run {steps} steps; ask for another number"
        ) from error
    return scheduler
