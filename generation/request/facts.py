"""The facts of a run, as they go into the record: with what it was made, what was asked, what was done.

Enough to paint the picture again within a tolerance, and to see what a replay on another machine may change.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata
from typing import Any

from PIL import Image

from generation.request.request import CHUNKS, Request
from generation.words.reader import ENDLESS, PROCESSOR, limit_of, longest_of, readers_of

# Read from a file of each package; nothing changes it while the program runs.
version_of = lru_cache(metadata.version)
Facts = Mapping[str, str | int | float | bool]


def pipeline_facts(pipe: Any) -> Facts:
    """What painted: classes, and the versions that decide the last bits."""
    checker = getattr(pipe, "safety_checker", None)
    return {
        "pipeline": type(pipe).__name__,
        "scheduler": type(pipe.scheduler).__name__,
        **{library: version_of(library) for library in ("torch", "diffusers", "transformers")},
        # SDXL would add an invisible mark if a certain package happened to be installed: not left to that.
        "watermark": "none",
        "safety_checker": type(checker).__name__ if checker is not None else "none",
    }


def request_facts(request: Request) -> Facts:
    """What was asked. The seed is text: canonical JSON loses integers above 2**53."""
    asked = request.settings
    return {
        "seed": str(asked.seed),
        "steps_asked": asked.num_inference_steps or 0,
        "steps_effective": request.effective_steps,
        "guidance_scale": float(asked.guidance_scale or 0),
        **({"strength": float(asked.strength)} if asked.strength is not None else {}),
        **({"masked": True} if request.mask is not None else {}),
        **({"filled": True} if asked.fill else {}),
    }


def size_facts(request: Request, painted: tuple[int, int], image: Image.Image) -> Facts:
    """Sizes before, while (on the model's grid, or the class's own) and after."""
    return {
        "width_before": request.shown[0],
        "height_before": request.shown[1],
        "width_painted": painted[0],
        "height_painted": painted[1],
        "width_after": image.width,
        "height_after": image.height,
    }


def token_facts(pipe: Any, request: Request) -> Facts:
    """How much of the words the model read: counted with the tokenizer that takes the most of them."""
    names = readers_of(type(pipe))
    found = (getattr(pipe, name, None) for name in names)
    readers = [
        getattr(each, "tokenizer", each) for each in found if each is not None
    ]  # a processor has one in it
    longest = longest_of(type(pipe))
    limits = [(limit_of(each, longest), each) for each in readers]
    if not limits:
        return {}
    limit, reader = max(limits, key=lambda pair: pair[0])
    limit = ENDLESS if names == PROCESSOR else limit
    plain = {"add_special_tokens": False, "padding": False, "truncation": False, "verbose": False}
    words, negative = (
        len(reader(text, **plain).input_ids)
        for text in (request.settings.prompt, request.settings.negative_prompt)
    )
    whole = request.settings.long_prompt == CHUNKS
    return {
        "prompt_tokens": words,
        **({"prompt_token_limit": limit} if limit < ENDLESS else {}),
        "prompt_truncated": words > limit and not whole,
        "negative_prompt_truncated": negative > limit and not whole,
    }
