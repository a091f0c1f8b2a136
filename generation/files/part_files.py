"""One network by itself, in a folder of diffusers' or transformers' layout, or on the hub: where it is, and its files.

net/config.json                            names its class
net/diffusion_pytorch_model.safetensors    its weights; transformers calls them model.safetensors
"""

from pathlib import Path

from generation.errors import ModelMissing, UnsafeModel
from generation.files import hub
from generation.files.folder import CONFIG, PICKLES, variant_of
from generation.files.weights import check_safetensors


def place_of_part(name: str, what: str) -> tuple[Path, str, str]:
    """The folder on this disk, and of a hub's: its address and its commit. `what` is what it should be, with "a"."""
    path = Path(name).expanduser()
    if path.suffix in PICKLES:
        raise UnsafeModel(f"{path.name} is a pickle, and opening one can run any code; get it as safetensors")
    if path.is_dir():
        return path, "", hub.UNPINNED
    asked = hub.NAME.fullmatch(name)
    if asked is None or path.exists() or path.suffix == ".safetensors":
        bare = what.partition(" ")[2]
        raise ModelMissing(
            f"there is no {bare} {name[:80]!r}: give its folder (with {CONFIG} and its safetensors file), "
            "or a hub id"
        )
    snapshot = hub.part(asked["repo"], asked["revision"])
    return snapshot.path, f"https://huggingface.co/{asked['repo']}", snapshot.commit


def weights_of_part(folder: Path) -> list[str]:
    """The names of its weights, one precision of them, each safe to open; and of the index of its shards."""
    weights = sorted(each.name for each in folder.glob("*.safetensors"))
    if not weights:
        if any(each.suffix in PICKLES for each in folder.iterdir()):
            raise UnsafeModel(
                f"{folder.name} comes only as a pickle, and opening one can run any code; look for safetensors"
            )
        raise ModelMissing(f"{folder.name} comes without weights (*.safetensors); get the whole of it")
    plain = [each for each in weights if variant_of(each) is None]
    chosen = plain or [each for each in weights if variant_of(each) == "fp16"] or weights
    for each in chosen:
        check_safetensors(folder / each)
    return [*chosen, *sorted(each.name for each in folder.glob("*.safetensors.index.json"))]
