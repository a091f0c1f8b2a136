"""What a model's weights were trained for, read from the configurations beside them: which task, and which size.

An index may name one class and the weights be made for another: an inpainting model saved under the name of its base.
The number of channels that the network takes tells them apart:

    UNet          4 | 9: and a mask with what is left of the picture | 8: and a second picture
    transformer  64 | 384: and the same, four cells and 64 pixels packed into one | 128: and a control picture
"""

import inspect
import re
from collections.abc import Collection, Mapping
from typing import Any

from generation.errors import ModelError
from generation.files.folder import read_config
from generation.model.families import LARGER, Family, Task, class_named
from generation.model.model import Model

UNSAID = {"unet": 512, "transformer": 1024}  # pixels, where neither weights nor class say a size
CELL = 8  # pixels a latent cell, where the autoencoder does not say
PACKED = 4  # latent cells that a transformer of Flux's kind takes as one
_AUTOENCODERS = ("vae", "movq", "vqvae")


def made_for(model: Model, parts: Collection[str]) -> Task | None:
    """The task that the network's channels tell; None where they tell none."""
    if model.pipeline in LARGER:
        return None  # beside the noise it sees the small picture
    takes = _config(model, _network(parts)).get("in_channels")
    given = next(
        (_config(model, each).get("latent_channels") for each in _AUTOENCODERS if each in parts), None
    )
    if not isinstance(takes, int) or not isinstance(given, int):
        return None
    if "transformer" in parts:
        return Task.FILL if takes == PACKED * (2 * given + _cell(model, parts) ** 2) else None
    if takes == given + 1 and "Depth" not in model.pipeline:
        raise ModelError(f"{model.name} reads a depth picture too; its index has to name a Depth2Img class")
    return {2 * given + 1: Task.FILL, 2 * given: Task.EDIT, given: Task.OVER}.get(takes)


def trained_side(model: Model, painting: Family, parts: Collection[str]) -> int:
    """Pixels a side that the network was trained on: as its weights say, else its class, else as most of its kind."""
    network = _network(parts)
    cells = _config(model, network).get("sample_size")
    if isinstance(cells, int):
        return _within(cells * _cell(model, parts))
    for name in (painting.pipeline, re.sub("Img2Img|Inpaint(ing)?", "", painting.pipeline)):
        said = _side_of_class(class_named(name), _cell(model, parts))
        if said is not None:
            return _within(said)
    return UNSAID[network]


def _within(side: int) -> int:
    return max(64, min(side, 2048))


def _network(parts: Collection[str]) -> str:
    return "unet" if "unet" in parts else "transformer"


def _config(model: Model, part: str) -> Mapping[str, Any]:
    return read_config(model.folder / part / "config.json")


def _side_of_class(kind: Any, cell: int) -> int | None:
    """The side that a class takes where it is told none: a default, or a number in its code."""
    if kind is None:
        return None
    width = inspect.signature(kind.__call__).parameters.get("width")
    if width is not None and isinstance(width.default, int):
        return width.default
    code = inspect.getsource(kind)
    cells = re.search(r"self\.default_sample_size = (\d+)$", code, re.MULTILINE)
    pixels = re.search(r"height = height or (\d+)$", code, re.MULTILINE)
    if cells is not None:
        return int(cells[1]) * cell
    return int(pixels[1]) if pixels is not None else None


def _cell(model: Model, parts: Collection[str]) -> int:
    """Pixels a side that the autoencoder makes one latent cell of; one where there is no autoencoder."""
    part = next((each for each in _AUTOENCODERS if each in parts), None)
    if part is None:
        return 1
    said = _config(model, part)
    blocks = said.get("encoder_block_out_channels") or said.get("block_out_channels") or said.get("dim_mult")
    return 2 ** (len(blocks) - 1) if isinstance(blocks, list) and blocks else CELL
