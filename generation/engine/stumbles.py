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
            _each_its_own_map(part)
    return pipe


def _pixels_as_own(vae: Any) -> None:
    """The class rounds pixels to bfloat16 (Z-Image Omni); an autoencoder in another type takes them all the same."""

    def as_own(part: Any, pixels: tuple[Any, ...]) -> tuple[Any, ...]:
        own = next(part.parameters()).dtype
        return tuple(each.to(own) for each in pixels)

    vae.encoder.register_forward_pre_hook(as_own)


def _each_its_own_map(part: Any) -> None:
    """transformers gives and takes a map (channels, height, width) for each picture; diffusers joins them into one.

    Pictures of two sizes cannot be joined as maps, so they are joined as rows and taken apart again (GLM-Image).
    """
    features, tokens = part.get_image_features, part.get_image_tokens

    def in_rows(*given: Any, **named: Any) -> Any:
        found = features(*given, **named)
        # diffusers gives them by their place, transformers calls itself by names.
        if given:
            found.pooler_output = [each.flatten() for each in found.pooler_output]
        return found

    def from_rows(rows: Any, grids: Any) -> Any:
        sizes = [(int(high), int(wide)) for _, high, wide in grids.tolist()]
        channels = rows.numel() // sum(high * wide for high, wide in sizes)
        parted = rows.split([channels * high * wide for high, wide in sizes])
        maps = [each.reshape(channels, high, wide) for each, (high, wide) in zip(parted, sizes, strict=True)]
        return tokens(maps, grids).flatten()

    part.get_image_features, part.get_image_tokens = in_rows, from_rows
