"""A ControlNet beside a base model: `KIND=MODEL`, such as `lineart=nets/lineart:0.8@0-0.6`.

MODEL is a folder in diffusers' layout (config.json and safetensors), or a hub id with its revision. KIND says what it
is shown; generation/guides.py draws that from the layout.
"""

from dataclasses import replace
from pathlib import Path

from generation import hub
from generation.adapter import Adapter, WorkKind, of_files
from generation.errors import ModelError, ModelMissing, UnsafeModel
from generation.folder import CONFIG, PICKLES, read_index, variant_of
from generation.guides import GuideKind
from generation.weight import CONTROL_MOST, parted
from generation.weights import check_safetensors

HOW = "a ControlNet is named KIND=MODEL or KIND=MODEL:SCALE@START-END, with KIND one of " + ", ".join(
    GuideKind
)


def find_control(text: str, *, cache: Path | None = None, hub_cache: Path | None = None) -> Adapter:
    """The ControlNet of that text; ModelError or RequestError says what is wrong with it."""
    word, separator, rest = text.partition("=")
    if not separator or word.strip().lower() not in set(GuideKind) or not rest:
        raise ModelError(f"{HOW}; not {text[:80]!r}")
    kind = GuideKind(word.strip().lower())
    name, weight = parted(rest, kind.value, CONTROL_MOST)
    folder, source, revision = _place(name, hub_cache)
    found = of_files(folder, _files(folder), WorkKind.CONTROL, kind.value, weight=weight, cache=cache)
    if not source:
        return found
    return replace(found, name=name.partition("@")[0], source=source, revision=revision)


def _place(name: str, hub_cache: Path | None) -> tuple[Path, str, str]:
    """The folder on this disk, and of a hub's: its address and its commit."""
    path = Path(name).expanduser()
    if path.suffix in PICKLES:
        raise UnsafeModel(f"{path.name} is a pickle, and opening one can run any code; get it as safetensors")
    if path.is_dir():
        return path, "", hub.UNPINNED
    asked = hub.NAME.fullmatch(name)
    if asked is None or path.exists() or path.suffix == ".safetensors":
        raise ModelMissing(
            f"there is no ControlNet {name[:80]!r}: give its folder (with {CONFIG} and its safetensors file), "
            "or a hub id"
        )
    snapshot = hub.part(asked["repo"], asked["revision"], hub_cache)
    return snapshot.path, f"https://huggingface.co/{asked['repo']}", snapshot.commit


def _files(folder: Path) -> dict[str, Path]:
    """Its configuration and its weights, one precision of them."""
    if not (folder / CONFIG).is_file():
        raise ModelError(
            f"{folder.resolve().name} is no ControlNet: it has no {CONFIG}; a base model is given with --model"
        )
    config = read_index(folder / CONFIG)
    kind = config.get("_class_name")
    if not isinstance(kind, str) or "ControlNet" not in kind:
        raise ModelError(
            f"{folder.name} is no ControlNet: its {CONFIG} names {str(kind or 'no class')[:60]}; "
            "a base model is given with --model"
        )
    weights = sorted(each.name for each in folder.glob("*.safetensors"))
    if not weights:
        pickled = any(each.suffix in PICKLES for each in folder.iterdir())
        if pickled:
            raise UnsafeModel(
                f"{folder.name} comes only as a pickle, and opening one can run any code; look for safetensors"
            )
        raise ModelMissing(f"{folder.name} comes without weights (*.safetensors); get the whole of it")
    plain = [each for each in weights if variant_of(each) is None]
    chosen = plain or [each for each in weights if variant_of(each) == "fp16"] or weights
    for each in chosen:
        check_safetensors(folder / each)
    indexes = [each.name for each in folder.glob("*.safetensors.index.json")]
    return {each: folder / each for each in (CONFIG, *chosen, *indexes)}
