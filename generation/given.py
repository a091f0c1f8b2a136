"""A class's own names for the pictures that go in, the grid that they lie on, and the picture that comes out.

Everything here is about one loaded pipeline of diffusers; no torch.
"""

from typing import Any

from PIL import Image

from generation.errors import ModelError
from generation.families import LARGER, SPRINT, STILLS, family
from generation.fit import fitted_mask
from generation.request import Request
from generation.unions import of_lines

MOVQ_GRID = 64  # Kandinsky's autoencoder rounds its sizes to eight cells of eight pixels
GRID = 8


def pictures_for(pipe: Any, request: Request, layout: Image.Image) -> dict[str, Any]:
    """The layout, and the mask where there is one, by the names that the class of `pipe` has for them.

    `layout` lies on the grid. A class that fills also gets the mask; that its white alone was painted is seen to
    afterwards, for every class (docs/decisions/0067).
    """
    painting = family(type(pipe).__name__)
    shown = _small(layout, painting.pipeline)
    if painting.layout == "images":
        given: dict[str, Any] = {"images": [[layout]]}
    else:
        given = {painting.layout or "image": shown}
    # What SDXL's classes would take themselves; some trip over the form in which they find it.
    given["original_size"] = given["target_size"] = (layout.height, layout.width)
    # A ControlNet, or a network with a control picture beside the noise, sees the drawing.
    given["control_image"] = layout
    given |= _plainly(pipe, request)
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
    for processor in ("image_processor", "video_processor"):
        config: Any = getattr(getattr(pipe, processor, None), "config", None)
        if hasattr(config, "vae_scale_factor"):
            return int(config.vae_scale_factor) * _patch(pipe)
    return GRID


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
