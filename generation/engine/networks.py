"""ControlNets in memory, each beside a loaded base model that it was made for; ModelError where it was not."""

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generation.errors import ModelError
from generation.files.folder import CONFIG, read_index, variant_of
from generation.quiet import quietly
from generation.works.adapter import Adapter, fitting
from generation.works.control_file import built_as, is_union

# What has to be alike in a network and in the model that it steers, where both say it.
_SHAPE = (
    "cross_attention_dim",
    "block_out_channels",
    "joint_attention_dim",
    "pooled_projection_dim",
    "num_attention_heads",
)


def networks(pipe: Any, controls: Sequence[Adapter]) -> dict[str, Any]:
    """Each ControlNet by its key, on the model's device and in its precision."""
    return {each.key: _network(pipe, each) for each in controls}


def _network(pipe: Any, control: Adapter) -> Any:
    made = _of_file if control.path.is_file() else _of_folder
    net = made(pipe, control)
    control.check_untouched()
    return net.to(pipe.device)


def _of_file(pipe: Any, control: Adapter) -> Any:
    """One in a single file, which only a UNet's has: the UNet says how it is built."""
    base = getattr(pipe, "unet", None)
    if base is None:
        raise ModelError(
            f"the ControlNet {control.name} steers a UNet, and {type(pipe).__name__} has none; look for one that was "
            "made for this model"
        )
    with quietly(), fitting(control):
        return _loaded(control.path, base.config).to(pipe.dtype)


def _loaded(path: Path, base: Mapping[str, Any]) -> Any:
    """The network in a file beside the UNet of that configuration, in the file's precision.

    What torch raises on tensors that do not fit passes through.
    """
    import torch
    from diffusers import ControlNetModel, ControlNetUnionModel
    from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint
    from safetensors.torch import load_file

    kind = ControlNetUnionModel if is_union(path) else ControlNetModel
    takes = inspect.signature(kind.__init__).parameters
    built = {name: value for name, value in built_as(path, base).items() if name in takes}
    with torch.device("meta"):  # no memory, and no time for numbers that are replaced
        net = kind.from_config(built)
    tensors = convert_controlnet_checkpoint(load_file(path), dict(net.config))
    net.load_state_dict(tensors, strict=True, assign=True)
    return net.eval().requires_grad_(requires_grad=False)


def _of_folder(pipe: Any, control: Adapter) -> Any:
    with quietly():
        import diffusers

    config = read_index(control.path / CONFIG)
    kind = getattr(diffusers, str(config.get("_class_name")), None)
    if not inspect.isclass(kind) or not hasattr(kind, "from_pretrained"):
        raise ModelError(f"{control.name} names {config.get('_class_name')}, which diffusers does not have")
    base = getattr(pipe, "unet", None) or getattr(pipe, "transformer", None)
    own = dict(getattr(base, "config", {}))
    apart = [each for each in _SHAPE if _differs(config.get(each), own.get(each))]
    if not own or apart:
        theirs = f" ({apart[0]} is {config[apart[0]]}, the model's {own[apart[0]]})" if apart else ""
        raise ModelError(
            f"the ControlNet {control.name} was made for another architecture than {type(pipe).__name__}{theirs}; "
            "look for one that was made for this model"
        )
    weights = [name for name in control.paths if name.endswith(".safetensors")]
    variant = next(filter(None, map(variant_of, weights)), None)
    with quietly(), fitting(control):
        return kind.from_pretrained(
            str(control.path), use_safetensors=True, local_files_only=True, variant=variant, dtype=pipe.dtype
        )


def _differs(one: object, other: object) -> bool:
    if one is None or other is None:
        return False
    return _listed(one) != _listed(other)


def _listed(value: object) -> object:
    return list(value) if isinstance(value, list | tuple) else value
