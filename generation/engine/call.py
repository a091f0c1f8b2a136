"""One call of a pipeline: what it is told, in its class's own words, and the pictures that it answers with."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from generation.errors import ModelError, Withheld
from generation.model.families import guidance_name
from generation.request.request import Request

Arguments = Mapping[str, Any]


def call(
    kind: type, requests: Sequence[Request], size: tuple[int, int], pictures: Arguments, more: Arguments
) -> dict[str, Any]:
    """The arguments of a call that paints the requests, which differ in their seeds alone; only what the class takes.

    `size` is that of the layout on the model's grid, `pictures` what it is given of it (given.py), `more`
    what is set up beside the model (Easel.arguments).
    """
    arguments = {**_plain(kind, requests[0], size, pictures), **more}
    takes = inspect.signature(kind.__call__).parameters
    arguments = {name: value for name, value in arguments.items() if name in takes}
    seeds = [each.settings.seed for each in requests]
    return arguments | _seeded(kind, arguments, seeds)


def answered(result: Any, found: Sequence[Any], count: int) -> list[Image.Image]:
    """The pictures `found` in a pipeline's answer, whole and not held back."""
    import numpy

    told = (getattr(result, name, None) or () for name in ("nsfw_content_detected", "nsfw_detected"))
    if any(map(any, told)):
        raise Withheld(
            "the model's own safety checker held the picture back; change the words or the picture"
        )
    if len(found) != count:
        raise ModelError(f"the model gave {len(found)} pictures where {count} were asked for")
    if not all(numpy.isfinite(values).all() for values in found):
        raise ModelError("the model gave numbers that are no picture (overflow); load it with dtype float32")
    return [Image.fromarray((values * 255).round().astype("uint8")) for values in found]


def _plain(kind: type, request: Request, size: tuple[int, int], pictures: Arguments) -> dict[str, Any]:
    """Words, numbers and pictures, whether the class takes them or not."""
    settings, (width, height) = request.settings, size
    guidance = guidance_name(inspect.signature(kind.__call__).parameters)
    asked: dict[str, Any] = {
        "prompt": settings.prompt,
        **pictures,
        "num_inference_steps": settings.num_inference_steps,
        "strength": settings.strength,
        guidance: settings.guidance_scale,
        # The pipelines that take a size choose another one when it is left out.
        "width": width,
        "height": height,
        "max_area": width * height,
        "output_type": "np",
    }
    # Without one this guidance does nothing; its makers give a blank.
    negative = settings.negative_prompt or (" " if guidance == "true_cfg_scale" else "")
    if negative:
        asked["negative_prompt"] = negative
    return asked


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
