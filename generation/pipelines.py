"""What a model can be asked, read from its class's signature and its configuration files; no weights are loaded.

One answer for the engine, the page and the command line. diffusers is imported when it is asked for, not before.
"""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from generation.errors import ModelError, RequestError
from generation.folder import INDEX, components
from generation.model import Model
from generation.quiet import quietly
from generation.request import Capabilities

LATENT_CELLS = 128  # of a transformer that does not say
CELL = 8  # pixels a latent cell, where the autoencoder does not say
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

    def __call__(self, steps: int, strength: float | None) -> int:
        return _foreseen(self.pipeline, self.scheduler, self.config, steps, strength)


def capabilities_of(model: Model) -> Capabilities:
    """What `model` can be asked; ModelError where diffusers has no class that paints with it."""
    kind = pipeline_class(model.pipeline)
    takes = inspect.signature(kind.__call__).parameters
    index = read_config(model.folder / INDEX)
    parts = set(components(index))
    _check_channels(model, kind, parts)
    defaults = {name: each.default for name, each in takes.items()} | dict(model.defaults)
    best = defaults.get("guidance_scale") or defaults.get(guidance_name(takes))
    side = _side(model, parts)
    return Capabilities(
        strength=float(defaults["strength"]) if "strength" in takes else None,
        guidance_scale=float(best) if best is not None else None,
        num_inference_steps=int(defaults.get("num_inference_steps") or STEPS),
        # With a distilled guidance and no second one, a negative prompt is accepted and does nothing.
        negative_prompt="negative_prompt" in takes and (defaults.get("true_cfg_scale") or 2) > 1,
        control_image="control_image" in takes,
        # Nothing is shown that the model's own checker has not seen.
        preview={"unet", "vae"} <= parts and "safety_checker" not in parts,
        long_side=int(defaults.get("long_side", side)),
        long_sides=(side, 2 * side),
        runs=_schedule(model, kind, index),
    )


def pipeline_class(name: str) -> Any:
    """The image-to-image class for a model whose model_index.json names `name`: that one, or its sibling."""
    with quietly():
        import diffusers

        named = getattr(diffusers, name, None)
    takes = inspect.signature(named.__call__).parameters if inspect.isclass(named) else {}
    # Without a callback after each step a run can be neither shown nor stopped.
    watched = {"image", "callback_on_step_end"} <= set(takes)
    if watched and any(word in name for word in ("Img2Img", "InstructPix2Pix", "Edit")):
        return named
    # Only now: it imports every class of every family, and takes half as long again as all the rest.
    with quietly():
        from diffusers.pipelines import auto_pipeline as auto

    siblings = auto.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING
    if watched and named in siblings.values():
        return named
    for family in (auto.AUTO_TEXT2IMAGE_PIPELINES_MAPPING, auto.AUTO_INPAINT_PIPELINES_MAPPING):
        for kind, each in family.items():
            if each.__name__ == name and kind in siblings:
                return siblings[kind]
    raise ModelError(f"{name} paints no picture over another; name a model of an image-to-image class")


def guidance_name(takes: Mapping[str, inspect.Parameter]) -> str:
    """Qwen-Image calls it `true_cfg_scale`, and its `guidance_scale` (None) is for models to come."""
    if "true_cfg_scale" in takes and (
        "guidance_scale" not in takes or takes["guidance_scale"].default is None
    ):
        return "true_cfg_scale"
    return "guidance_scale"


def read_config(path: Path) -> Mapping[str, Any]:
    """A part's configuration; empty where there is none that can be read."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _side(model: Model, parts: set[str]) -> int:
    """Pixels that the network was trained on."""
    network = "unet" if "unet" in parts else "transformer"
    said = read_config(model.folder / network / "config.json").get("sample_size")
    unsaid = 64 if network == "unet" else LATENT_CELLS
    cells = said if isinstance(said, int) else unsaid
    return max(64, min(cells * _cell(model), 2048))


def _cell(model: Model) -> int:
    """Pixels a side that the autoencoder makes one latent cell of."""
    vae = read_config(model.folder / "vae" / "config.json")
    blocks = vae.get("encoder_block_out_channels") or vae.get("block_out_channels")
    return 2 ** (len(blocks) - 1) if isinstance(blocks, list) and blocks else CELL


def _check_channels(model: Model, kind: Any, parts: set[str]) -> None:
    """Refuses weights that were trained for another kind of call than their family's image-to-image class makes."""
    if "unet" not in parts or not kind.__name__.endswith("Img2ImgPipeline"):
        return
    takes = read_config(model.folder / "unet" / "config.json").get("in_channels")
    given = read_config(model.folder / "vae" / "config.json").get("latent_channels")
    if not isinstance(takes, int) or not isinstance(given, int):
        return
    # A second picture beside the one that is painted, or that and a mask.
    task = {2 * given: "editing by instructions", 2 * given + 1: "inpainting"}.get(takes)
    if task:
        raise ModelError(
            f"{model.name} is made for {task}: its network takes {takes} channels, and painting over a picture gives "
            f"{given}; name the base model that it was made from"
        )


def _schedule(model: Model, kind: Any, index: Mapping[str, Any]) -> Schedule:
    _, scheduler = index.get("scheduler") or ("", "")
    config = read_config(model.folder / "scheduler" / "scheduler_config.json")
    return Schedule(kind.__name__, str(scheduler), json.dumps(config, sort_keys=True))


@lru_cache(maxsize=1024)
def _foreseen(pipeline: str, scheduler: str, config: str, steps: int, strength: float | None) -> int:
    with quietly():
        import diffusers

        kind = getattr(diffusers, pipeline)
    made = _with_steps(_scheduler(scheduler, config), steps)
    if strength is None or pipeline in _STRENGTH_KEEPS_STEPS or not hasattr(kind, "get_timesteps"):
        return len(made.timesteps)
    # Its sums look at the scheduler alone.
    timesteps, left = kind.get_timesteps(SimpleNamespace(scheduler=made), steps, strength, "cpu")[:2]
    return len(timesteps) if left >= 1 else 0


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
    shift = {"mu": 1.0} if scheduler.config.get("use_dynamic_shifting") else {}
    try:
        scheduler.set_timesteps(steps, **shift)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        name = type(scheduler).__name__
        raise RequestError(
            f"the model's scheduler ({name}) cannot run {steps} steps; ask for another number"
        ) from error
    return scheduler
