"""A class's own names for the pictures that go in, the grid that they lie on, and the picture that comes out.

Everything here is about one loaded pipeline of diffusers; no torch.
"""

import inspect
import json
import math
import re
import sys
from functools import reduce
from typing import Any

from PIL import Image

from generation.errors import ModelError
from generation.model.families import LARGER, SPRINT, STILLS, Task, family
from generation.request.fit import fitted_mask
from generation.request.request import Request
from generation.works.unions import of_lines

MOVQ_GRID = 64  # Kandinsky's autoencoder rounds its sizes to eight cells of eight pixels
GRID = 8
OWN_SIZE = "own_size"
# `height % (self.vae_scale_factor * 2) != 0`: what a class checks a size for, as a product.
_FACTOR = r"(?:\d+|self(?:\.\w+)+)"
_CHECKED = re.compile(rf"height % \(?({_FACTOR}(?: \* {_FACTOR})*)\)? != 0")
_LISTS = re.compile(r"list\[(PIL\.|Image\.|list\[)", re.IGNORECASE)


def pictures_for(pipe: Any, request: Request, layout: Image.Image) -> dict[str, Any]:
    """The layout, and the mask where there is one, by the names that the class of `pipe` has for them.

    `layout` lies on the grid. A class that fills also gets the mask; that its white alone was painted is seen to
    afterwards, for every class (docs/decisions/0067).
    """
    painting = family(type(pipe).__name__)
    shown = _small(layout, painting.pipeline)
    if painting.layout == "images":
        given: dict[str, Any] = {"images": [[layout]]}
    elif painting.task is Task.EDIT and _listed(type(pipe)):
        given = {painting.layout: [shown]}
    else:
        given = {painting.layout or "image": shown}
    # What SDXL's classes would take themselves; some trip over the form in which they find it.
    given["original_size"] = given["target_size"] = (layout.height, layout.width)
    # A ControlNet, or a network with a control picture beside the noise, sees the drawing.
    given["control_image"] = layout
    given |= _plainly(pipe, request) | _instruction(type(pipe), request.settings.prompt)
    # The layout is looked at as large as the picture will be.
    given["output_resolution"] = math.isqrt(layout.width * layout.height)
    if painting.mask and request.mask is not None:
        given[painting.mask] = fitted_mask(request, layout.size)
    if painting.pipeline in STILLS:
        given["num_frames"] = STILLS[painting.pipeline]
    return given


def _small(layout: Image.Image, pipeline: str) -> Image.Image:
    """The layout as a class takes it that makes a picture larger: as many times smaller."""
    if pipeline not in LARGER:
        return layout
    factor, _ = LARGER[pipeline]
    size = (layout.width // factor, layout.height // factor)
    return layout.resize(size, Image.Resampling.LANCZOS)


def _listed(kind: type) -> bool:
    """Whether a method of the class takes the layout in a list alone."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    named = [inspect.signature(each).parameters.get("image") for name, each in methods if name != "__call__"]
    spelled = [str(each.annotation).removesuffix(" | None") for each in named if each is not None]
    return any(all(map(_LISTS.match, each.split(" | "))) for each in spelled)


def _instruction(kind: type, words: str) -> dict[str, str]:
    """The words in JSON, where the class has a check of its own that refuses them as they are (Fibo Edit)."""
    valid: Any = getattr(sys.modules[kind.__module__], "is_valid_edit_json", None)
    if valid is None or valid(words):
        return {}
    return {"prompt": json.dumps({"edit_instruction": words}, ensure_ascii=False)}


def _plainly(pipe: Any, request: Request) -> dict[str, Any]:
    """What some classes would decide otherwise by themselves."""
    settled: dict[str, Any] = {
        # Otherwise the layout is laid on one of their own sizes, and cut when it comes back.
        "use_resolution_binning": False,
        # Otherwise the words are changed before they are read, or not: that depends on a package.
        "clean_caption": False,
    }
    if request.settings.num_inference_steps != SPRINT:
        settled["intermediate_timesteps"] = None
    kind = of_lines(getattr(pipe, "controlnet", None))
    return settled if kind is None else {**settled, "control_mode": kind}


def grid_of(pipe: Any) -> int:
    """Sides of a picture have to be multiples of so many pixels."""
    if hasattr(pipe, "movq"):
        return MOVQ_GRID
    if type(pipe).__name__ in LARGER:
        factor, grid = LARGER[type(pipe).__name__]
        return factor * grid
    return math.lcm(_processed(pipe), _checked(pipe))


def _processed(pipe: Any) -> int:
    """Of what its processor of pictures makes a side a multiple."""
    for processor in ("image_processor", "video_processor"):
        config: Any = getattr(getattr(pipe, processor, None), "config", None)
        if hasattr(config, "vae_scale_factor"):
            return int(config.vae_scale_factor) * _patch(pipe)
    return GRID


def _checked(pipe: Any) -> int:
    """Of what the class's own check wants a side to be a multiple; one where it checks nothing that can be read."""
    check = getattr(type(pipe), "check_inputs", None)
    found = _CHECKED.search(inspect.getsource(check)) if check is not None else None
    return math.prod(_factor(pipe, each) for each in found[1].split(" * ")) if found else 1


def _factor(pipe: Any, spelled: str) -> int:
    if spelled.isdigit():
        return int(spelled)
    _, *names = spelled.split(".")
    value = reduce(lambda of, name: getattr(of, name, None), names, pipe)
    return value if isinstance(value, int) else 1


def _patch(pipe: Any) -> int:
    """Latent cells a side that a transformer takes as one, where its class does not count them in."""
    config = getattr(getattr(pipe, "transformer", None), "config", None)
    size = getattr(config, "patch_size", None)
    if isinstance(size, list | tuple):
        size = max(each for each in size if isinstance(each, int))
    return size if isinstance(size, int) else 1


def pictures_of(result: Any) -> list[Any]:
    """The pictures of a pipeline's answer: `images`, Kandinsky's `image`, or the last frame of a film."""
    for name in ("images", "image"):
        found = getattr(result, name, None)
        if found is not None:
            return list(found)
    frames = getattr(result, "frames", None)
    if frames is None:
        raise ModelError(f"the model answered with no picture ({type(result).__name__})")
    return [each[-1] for each in frames]


def as_asked(pipe: Any, layout: Image.Image, picture: Image.Image) -> Image.Image:
    """What a class painted, as large as the layout (unless it makes pictures larger) and without alpha.

    LongCat paints at about a megapixel, to which it has stretched the layout: this is the way back. The size that it
    had is kept in `info`, as OWN_SIZE.
    """
    picture = _without_alpha(picture)
    if picture.size == layout.size or type(pipe).__name__ in LARGER:
        return picture
    scaled = picture.resize(layout.size, Image.Resampling.LANCZOS)
    scaled.info[OWN_SIZE] = picture.size
    return scaled


def _without_alpha(picture: Image.Image) -> Image.Image:
    """On white, where the autoencoder paints how much shows through (Qwen-Image 2.1)."""
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
