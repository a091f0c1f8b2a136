"""A ControlNet as one file of weights, as most are passed around: what it is, by its tensors' names and shapes.

    controlnet_cond_embedding.conv_in.weight       diffusers' own names
    [control_model.]input_hint_block.0.weight      its first makers' names, which ComfyUI and A1111 read
    task_embedding                                 a union, for many kinds of pictures

Such a file does not say how its network is built. The network is a copy of half of the UNet that it steers, so the base
model says it; how it looks at the picture stands in the shapes. Every tensor has to find its place.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.errors import ModelError
from generation.files.folder import CONFIG
from generation.files.weights import head_of

Shapes = Mapping[str, list[int]]

OURS, FIRST = "controlnet_cond_embedding", "input_hint_block"
PREFIX = "control_model."  # before its first makers' names, where a file held the base model too
TASKS, PROJECTION = "task_embedding", "spatial_ch_projs.weight"  # of a union
# What else is called a ControlNet, by how its tensors' names begin.
_OTHERS = {
    "lora_controlnet": "a Control-LoRA",
    "lllite_": "a ControlNet-LLLite",
    "adapter.": "a T2I-Adapter",
    "body.": "a T2I-Adapter",
    "lora_unet_": "a LoRA",
}


def check_control_file(path: Path) -> None:
    """ModelError where a file holds no ControlNet that can be loaded without a configuration."""
    shapes = _shapes(path)
    if _looks(shapes):
        return
    for begins, what in _OTHERS.items():
        if any(each.startswith(begins) for each in shapes):
            raise ModelError(f"{path.name} is {what} and no ControlNet; diffusers takes none in its place")
    if any("control" in each for each in shapes):
        raise ModelError(
            f"{path.name} does not say how its network is built: put it into a folder with the {CONFIG} that "
            "belongs to it, and name the folder"
        )
    raise ModelError(f"{path.name} is no ControlNet: no tensor in it is called as a ControlNet's are")


def is_union(path: Path) -> bool:
    """Whether a file holds a ControlNet for many kinds."""
    return TASKS in _shapes(path)


def built_as(path: Path, base: Mapping[str, Any]) -> dict[str, Any]:
    """How the network in a file is built, as its class calls it. `base` is the configuration of the UNet it steers."""
    shapes = _shapes(path)
    return {**base, **_looks(shapes), **_union(shapes)}


def _shapes(path: Path) -> Shapes:
    return {
        name.removeprefix(PREFIX): each["shape"]
        for name, each in head_of(path).items()
        if name != "__metadata__" and isinstance(each, dict) and isinstance(each.get("shape"), list)
    }


def _looks(shapes: Shapes) -> dict[str, Any]:
    """How its first layers see the picture, as its class calls it; empty where these are no ControlNet's shapes."""
    ours = [f"{OURS}.conv_in.weight", *(f"{OURS}.blocks.{each}.weight" for each in (1, 3, 5))]
    first = [f"{FIRST}.{each}.weight" for each in (0, 4, 8, 12)]
    for names in (ours, first):
        found = [shapes.get(each, []) for each in names]
        if all(len(each) == 4 for each in found):
            wide = tuple(each[0] for each in found)
            return {
                "conditioning_embedding_out_channels": wide,
                "conditioning_channels": found[0][1],
            }
    return {}


def _union(shapes: Shapes) -> dict[str, Any]:
    """How many kinds a union knows, and how wide it mixes them. Its heads are diffusers' number: no shape tells it."""
    if TASKS not in shapes:
        return {}
    kinds, wide = shapes[TASKS]
    return {
        "num_control_type": kinds,
        "num_trans_channel": wide,
        "num_proj_channel": shapes[PROJECTION][0],
    }
