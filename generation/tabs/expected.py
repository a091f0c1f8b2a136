"""What a model can be asked, as far as its folder tells before its weights are loaded: the form is built from this.

The engine knows for sure once it is loaded, and refuses what the model would ignore.
"""

import json
from pathlib import Path
from typing import Any

from generation.model import Model
from generation.request import Capabilities

# The classes that start from noise over the picture; their call takes strength, guidance and a negative prompt.
_FROM_NOISE = ("StableDiffusion", "Kandinsky", "LatentConsistency", "PixArt", "AltDiffusion")
_BY_WORDS_ALONE = ("Kontext", "Edit", "Flux2", "Pix2Pix")


def expected(model: Model) -> Capabilities:
    """The form for a model. Of a class that nobody here knows, all that it might take is offered."""
    name = model.pipeline
    edits = any(word in name for word in _BY_WORDS_ALONE)
    said = dict(model.defaults)
    side = _side(model.path)
    return Capabilities(
        strength=None if edits else float(said.get("strength", 0.7)),
        guidance_scale=float(said.get("guidance_scale", 7.5)),
        num_inference_steps=int(said.get("num_inference_steps", 30)),
        negative_prompt=name.startswith(_FROM_NOISE),
        control_image="ControlNet" in name,
        preview=name.startswith(_FROM_NOISE),
        long_side=int(said.get("long_side", side)),
        long_sides=(side, 2 * side),
    )


def _side(folder: Path) -> int:
    """Pixels that the network was trained on."""
    unet, vae = _config(folder / "unet" / "config.json"), _config(folder / "vae" / "config.json")
    said = unet.get("sample_size")
    cells = said if isinstance(said, int) else 64 if unet else 128
    blocks = vae.get("block_out_channels") or vae.get("encoder_block_out_channels")
    scale = 2 ** (len(blocks) - 1) if isinstance(blocks, list) and blocks else 8
    return max(64, min(cells * scale, 2048))


def _config(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
