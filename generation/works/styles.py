"""A style reference by an IP-Adapter: `FILE` or `FILE:SCALE`, with its image encoder in a folder beside it.

ip-adapter/ip-adapter_sd15.safetensors
ip-adapter/image_encoder/config.json, model.safetensors      the CLIP that looks at the style picture
"""

from pathlib import Path

from generation.errors import ModelMissing, UnsafeModel
from generation.files.weights import check_safetensors
from generation.works.adapter import Adapter, WorkKind, of_files
from generation.works.weight import STYLE_MOST, parted

ENCODER = "image_encoder"
KEY = "style"


def find_style(text: str, *, cache: Path | None = None) -> Adapter:
    """The IP-Adapter of that text; ModelError says what is wrong with it."""
    name, weight = parted(text, KEY, STYLE_MOST)
    path = Path(name).expanduser()
    if path.suffix != ".safetensors":
        raise UnsafeModel(
            f"{path.name} is no .safetensors file; other forms of an IP-Adapter can run any code"
        )
    if not path.is_file():
        raise ModelMissing(f"there is no file {path}")
    encoder = path.parent / ENCODER
    weights = sorted(encoder.glob("*.safetensors")) if (encoder / "config.json").is_file() else []
    if not weights:
        raise ModelMissing(
            f"{path.name} needs the encoder that looks at the style picture: put the folder {ENCODER}/ that "
            "belongs to it (config.json and model.safetensors) beside the file"
        )
    files = [encoder / "config.json", *weights, *encoder.glob("preprocessor_config.json")]
    for each in (path, *weights):
        check_safetensors(each)
    named = {path.name: path} | {f"{ENCODER}/{each.name}": each for each in files}
    return of_files(path, named, WorkKind.STYLE, KEY, weight=weight, cache=cache)
