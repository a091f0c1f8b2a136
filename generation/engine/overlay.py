"""Works laid into a loaded pipeline: LoRAs and words into its parts, an IP-Adapter into its attention.

ModelError for one that it has no place for. What a LoRA adds is kept beside the weights, not added into them, so that
each picture can weigh it anew; `weigh` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generation.errors import ModelError
from generation.extras import need
from generation.works.adapter import Adapter, WorkKind, fitting
from generation.works.kit import of_kind


def overlaid(pipe: Any, adapters: Sequence[Adapter]) -> Any:
    """The same pipeline with every LoRA, word and style adapter in it."""
    _lay_loras(pipe, of_kind(adapters, WorkKind.LORA))
    for each in of_kind(adapters, WorkKind.WORD):
        _teach(pipe, each)
    for each in of_kind(adapters, WorkKind.STYLE):
        _lay_style(pipe, each)
    return pipe


def weigh(pipe: Any, loaded: Sequence[Adapter], used: Sequence[Adapter]) -> None:
    """Sets how strongly each LoRA and the style adapter act; those that are not used are loaded and do nothing."""
    scales = {each.key: each.scale for each in used}
    loras = of_kind(loaded, WorkKind.LORA)
    if loras:
        pipe.set_adapters(
            [_name(number) for number, _ in enumerate(loras)], [scales.get(each.key, 0.0) for each in loras]
        )
    for each in of_kind(loaded, WorkKind.STYLE):
        pipe.set_ip_adapter_scale(scales.get(each.key, 0.0))


def _lay_loras(pipe: Any, loras: Sequence[Adapter]) -> None:
    if not loras:
        return
    need("lora")
    if not hasattr(pipe, "load_lora_weights"):
        raise ModelError(f"{type(pipe).__name__} takes no LoRA; leave it out, or name another model")
    for number, each in enumerate(loras):
        with fitting(each):
            pipe.load_lora_weights(
                str(each.path.parent),
                weight_name=each.path.name,
                adapter_name=_name(number),
                local_files_only=True,
            )
        if not any(_name(number) in found for found in pipe.get_list_adapters().values()):
            raise ModelError(
                f"the LoRA {each.name} changes nothing in this model; it was made for another kind"
            )
        each.check_untouched()


def _teach(pipe: Any, word: Adapter) -> None:
    """A textual inversion: its vectors become a word of each tokenizer that they were made for."""
    from safetensors.torch import load_file

    if not hasattr(pipe, "load_textual_inversion"):
        raise ModelError(f"{type(pipe).__name__} takes no textual inversion; leave {word.name} out")
    with fitting(word):
        tensors = load_file(str(word.path))
        pairs = dict(_encoders(pipe, tensors))
        for number, vectors in pairs.items():
            pipe.load_textual_inversion(
                {word.key: vectors},
                token=word.key,
                tokenizer=getattr(pipe, f"tokenizer{number}"),
                text_encoder=getattr(pipe, f"text_encoder{number}"),
            )
    word.check_untouched()


def _encoders(pipe: Any, tensors: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The ending of each encoder's name ("", "_2"), with the vectors that are for it."""
    for name, ending in (("clip_l", ""), ("clip_g", "_2")):
        if name in tensors:
            yield ending, tensors[name]
    if not {"clip_l", "clip_g"} & set(tensors):
        if len(tensors) != 1:
            raise ValueError(f"it holds {len(tensors)} tensors where one is expected")
        if getattr(pipe, "text_encoder_2", None) is not None:
            raise ValueError("it was made for a model with one text encoder, and this one has two")
        yield "", next(iter(tensors.values()))
    elif ("clip_g" in tensors) != (getattr(pipe, "text_encoder_2", None) is not None):
        raise ValueError("it was made for a model with another number of text encoders")


def _lay_style(pipe: Any, style: Adapter) -> None:
    if not hasattr(pipe, "load_ip_adapter"):
        raise ModelError(f"{type(pipe).__name__} takes no style reference; leave the IP-Adapter out")
    with fitting(style):
        pipe.load_ip_adapter(
            str(style.path.parent), subfolder="", weight_name=style.path.name, local_files_only=True
        )
    style.check_untouched()


def _name(number: int) -> str:
    return f"genzu_{number}"
