"""Adapters (LoRA) laid over a loaded pipeline: their differences are added into its weights, once, at load."""

from collections.abc import Sequence
from typing import Any

from generation.adapter import Adapter
from generation.errors import ModelError
from generation.extras import need


def overlaid(pipe: Any, adapters: Sequence[Adapter]) -> Any:
    """The same pipeline with every adapter in it; ModelError for one that it has no place for.

    What the libraries raise on a broken file passes through: see FOREIGN in engine.py.
    """
    if not adapters:
        return pipe
    need("lora")
    if not hasattr(pipe, "load_lora_weights"):
        raise ModelError(f"{type(pipe).__name__} takes no LoRA; leave it out, or name another model")
    names = [f"genzu_{number}" for number, _ in enumerate(adapters)]
    for name, each in zip(names, adapters, strict=True):
        pipe.load_lora_weights(
            str(each.path.parent), weight_name=each.path.name, adapter_name=name, local_files_only=True
        )
        if not any(name in found for found in pipe.get_list_adapters().values()):
            raise ModelError(
                f"the LoRA {each.name} changes nothing in this model; it was made for another kind"
            )
        each.check_untouched()
    pipe.set_adapters(names, [each.scale for each in adapters])
    pipe.fuse_lora(adapter_names=names)
    pipe.unload_lora_weights()
    return pipe
