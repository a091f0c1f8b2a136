"""A pipeline folder in diffusers' layout: which of its files are loaded, and which must not be.

model_index.json                                   names the class and the parts
unet/config.json                                   a folder for each part
unet/diffusion_pytorch_model.safetensors           its weights
unet/diffusion_pytorch_model.fp16.safetensors      the same in another precision: a "variant"
unet/diffusion_pytorch_model.bin                   a pickle: never opened
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.errors import ModelChanged, ModelMissing, UnsafeModel
from provenance.errors import why

INDEX = "model_index.json"
CONFIG = "config.json"  # of a part, or of a network by itself
TEXTS = (".json", ".txt", ".model", ".jinja")  # configurations, vocabularies, SentencePiece models
# What a tokenizer has beside its vocabulary; and those that read letters, and have none.
_ABOUT_WORDS = {
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
}
_BYTES = {"ByT5Tokenizer", "ByT5TokenizerFast"}
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a pipeline is loaded from: relative paths, and the weights' variant (None: the plain ones)."""

    pipeline: str  # the class that model_index.json names
    files: tuple[str, ...]
    variant: str | None


def read_layout(folder: Path) -> Layout:
    """The layout of a folder on this disk, every part there and safe to open."""
    index = read_index(folder / INDEX)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found = layout(names, index)
    for part in components(index):
        inside = [name.removeprefix(f"{part}/") for name in found.files if name.startswith(f"{part}/")]
        if not inside:
            raise ModelMissing(
                f"the folder {part} that {INDEX} names is not in {folder.name}; get the whole model"
            )
        # Of a pipeline's parts, those with weights are configured by config.json; tokenizers, schedulers and
        # image processors by files of other names.
        if "config.json" in inside and not any(name.endswith(".safetensors") for name in inside):
            raise ModelMissing(f"{part} has no weights (*.safetensors) in {folder.name}; get the whole model")
        if "config.json" not in inside and any(name.endswith(".safetensors") for name in inside):
            raise ModelMissing(f"{part} has no config.json in {folder.name}; get the whole model")
        kind = str(index[part][1])
        if "Tokenizer" in kind and kind not in _BYTES and set(inside) <= _ABOUT_WORDS:
            raise ModelMissing(f"{part} has no vocabulary in {folder.name}; get the whole model")
        for shards in (name for name in inside if name.endswith(".safetensors.index.json")):
            _check_shards(folder / part, shards)
    return found


def layout(names: Collection[str], index: Mapping[str, Any]) -> Layout:
    """Of a folder's or a repository's files, those that count.

    >>> names = [INDEX, "README.md", "unet/w.bin", "unet/w.safetensors", "unet/w.fp16.safetensors"]
    >>> layout(names, {"_class_name": "P", "unet": ["diffusers", "UNet2DConditionModel"]}).files
    ('model_index.json', 'unet/w.safetensors')
    """
    pipeline = index.get("_class_name")
    if not isinstance(pipeline, str):
        raise UnsafeModel(
            f"{INDEX} names program code of the model's own instead of a diffusers class; it is not run"
        )
    inside = {part: sorted(n for n in names if n.startswith(f"{part}/")) for part in components(index)}
    weights = {part: [n for n in inside[part] if n.endswith(".safetensors")] for part in inside}
    for part, each in inside.items():
        if f"{part}/{index[part][0]}.py" in each:
            raise UnsafeModel(f"{part} brings program code of its own ({index[part][0]}.py); it is not run")
        if not weights[part] and any(name.endswith(PICKLES) for name in each):
            raise UnsafeModel(
                f"{part} comes only as a pickle, and opening one can run any code; look for safetensors"
            )
    variant = _pick_variant(list(weights.values()))
    files = [INDEX]
    for part, each in inside.items():
        files += [name for name in each if name.endswith(TEXTS)]
        chosen = [name for name in weights[part] if variant_of(name) == variant]
        files += chosen or [name for name in weights[part] if variant_of(name) is None]
    return Layout(pipeline, tuple(files), variant)


def components(index: Mapping[str, Any]) -> list[str]:
    """The parts that model_index.json names, each a folder; those left out are written [null, null]."""
    return [
        name
        for name, value in index.items()
        if isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)
    ]


def variant_of(name: str) -> str | None:
    """The word between a weight file's name and its ending; None of the plain file.

    >>> variant_of("unet/w.fp16-00001-of-00002.safetensors"), variant_of("unet/w-00001-of-00002.safetensors")
    ('fp16', None)
    """
    found = re.search(r"\.([A-Za-z0-9_]+)(?:-\d{5}-of-\d{5})?\.safetensors$", name)
    return found[1] if found else None


def read_index(path: Path) -> Mapping[str, Any]:
    """model_index.json as an object."""
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelMissing(
            f"{path.parent.name} has no {path.name}: it is not a diffusers pipeline folder"
        ) from None
    except OSError as error:
        raise ModelMissing(f"{path.name} could not be read: {why(error)}") from error
    except (ValueError, RecursionError) as error:
        raise ModelChanged(f"{path.parent.name}/{path.name} is no JSON (damaged?); get it again") from error
    if not isinstance(value, dict):
        raise ModelChanged(f"{path.parent.name}/{path.name} holds no object; get it again")
    return value


def read_config(path: Path) -> Mapping[str, Any]:
    """A part's configuration; empty where there is none that can be read."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _pick_variant(weights: Collection[Collection[str]]) -> str | None:
    """None where each part has plain weights; else what those without have, fp16 before others."""
    without = [{variant_of(name) for name in each} for each in weights if each]
    variants = {variant for each in without if None not in each for variant in each}
    return "fp16" if "fp16" in variants else min((str(variant) for variant in variants), default=None)


def _check_shards(folder: Path, name: str) -> None:
    shards = set(dict(read_index(folder / name).get("weight_map") or {}).values())
    missing = sorted(str(shard) for shard in shards if not (folder / str(shard)).is_file())
    # Several indexes may lie side by side, one a variant: only one that has begun to arrive is missing files.
    if missing and len(missing) < len(shards):
        raise ModelMissing(
            f"{folder.name} lacks {missing[0]}; the download was not finished: get the whole model"
        )
