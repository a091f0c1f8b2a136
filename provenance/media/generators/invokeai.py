"""What InvokeAI leaves in a PNG, from its first version to today's.

invokeai_metadata   {"generation_mode": "flux_img2img", "model": {"name": …}, "ref_images": […], …}
invokeai_graph      the nodes that ran, where it left no summary of them
sd-metadata         {"model_weights": …, "image": {"type": "img2img", …}}, its version 2
Dream               "a house" -s 50 -S 7 -I layout.png, its version 1
"""

import re
from collections.abc import Iterator, Mapping

from provenance.media.generators.a1111 import LINE_LIMIT
from provenance.media.generators.generator_trace import Trace, by_ai, first_text, object_of

_DREAM = re.compile(r'^\s*".*".*\s-s\s*\d+\b.*\s-S\s*\d+\b|^\s*".*".*\s-S\s*\d+\b.*\s-s\s*\d+\b', re.DOTALL)


def of_metadata(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    said = object_of(text)
    if said is None or not said.keys() & {
        "generation_mode",
        "positive_prompt",
        "model",
        "app_version",
        "seed",
    }:
        return
    mode = str(said.get("generation_mode", ""))
    over = any(word in mode for word in ("img2img", "inpaint", "outpaint")) or bool(said.get("init_image"))
    over = over or isinstance(said.get("upscale_initial_image"), dict) or any(_edited(said))
    model = said.get("model")
    named = (
        first_text(model, "name", "model_name", "key")
        if isinstance(model, dict)
        else first_text(said, "model")
    )
    yield Trace("InvokeAI", "invokeai_metadata", by_ai(over), named)


def of_graph(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    """The nodes that ran, where InvokeAI left no summary of them."""
    said = object_of(text)
    nodes = said.get("nodes") if said is not None else None
    if not isinstance(nodes, dict) or "invokeai_metadata" in fields:
        return
    kinds = [str(each.get("type", "")) for each in nodes.values() if isinstance(each, dict)]
    if any("denoise" in kind for kind in kinds):
        over = any(kind == "i2l" or kind.endswith(("_i2l", "_vae_encode")) for kind in kinds)
        yield Trace("InvokeAI", "invokeai_graph", by_ai(over))


def of_before(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    said = object_of(text)
    image = said.get("image") if said is not None else None
    if said is not None and isinstance(image, dict):
        over = image.get("type") in {"img2img", "inpaint", "outpaint"} or bool(image.get("init_image_path"))
        yield Trace("InvokeAI", "sd-metadata", by_ai(over), first_text(said, "model_weights", "model"))


def of_dream(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    if _DREAM.search(text[:LINE_LIMIT]):
        yield Trace("InvokeAI", "Dream", by_ai(re.search(r"\s-(?:I|-init_img)\s*\S", text) is not None))


def _edited(said: Mapping[str, object]) -> Iterator[bool]:
    """Whether each picture beside the words is one that the model edits (FLUX Kontext), not one that steers it."""
    listed = said.get("ref_images")
    for each in listed if isinstance(listed, list) else ():
        config = each.get("config") if isinstance(each, dict) and each.get("isEnabled", True) else None
        yield isinstance(config, dict) and str(config.get("type", "")).endswith("_reference_image")
