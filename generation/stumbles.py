"""What a loaded pipeline would stumble over in the libraries below it, put right.

Each is found by what the class or its part does, not by its name, and changes no number that it paints with.
"""

import inspect
import re
from typing import Any


def put_right(pipe: Any) -> Any:
    """The same pipeline, which paints."""
    if re.search(r"vae\.encode\(\w+\.bfloat16\(\)\)", inspect.getsource(type(pipe))):
        _pixels_as_own(pipe.vae)
    for part in pipe.components.values():
        if hasattr(part, "get_image_tokens"):
            _one_picture(part)
    return pipe


def _pixels_as_own(vae: Any) -> None:
    """The class rounds pixels to bfloat16 (Z-Image Omni); an autoencoder in another type takes them all the same."""

    def as_own(part: Any, pixels: tuple[Any, ...]) -> tuple[Any, ...]:
        own = next(part.parameters()).dtype
        return tuple(each.to(own) for each in pixels)

    vae.encoder.register_forward_pre_hook(as_own)


def _one_picture(part: Any) -> None:
    """transformers takes a list of maps (channels, height, width); diffusers hands it the only one (GLM-Image)."""
    plain = part.get_image_tokens

    def tokens(maps: Any, grids: Any = None) -> Any:
        single = getattr(maps, "ndim", None) == 3
        return plain([maps] if single else maps, grids).flatten()

    part.get_image_tokens = tokens
