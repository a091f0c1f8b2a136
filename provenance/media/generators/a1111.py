"""The line of settings that AUTOMATIC1111 began and many programs write since, below the prompt.

    a house
    Negative prompt: people
    Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: v1-5, Denoising strength: 0.5

    AUTOMATIC1111, Forge, SD.Next, Fooocus, Draw Things, krita-ai-diffusion (Model hash: unknown, Mode: Refine),
    stable-diffusion.cpp (which does not say whether a run began from a picture)

A whole line counts: a whole number of steps, a sampler, and one more of seed, guidance or the model's hash. A size and
a model are also those of an embroidery, a seed alone that of a piece of music: beside a seed one more setting counts.
SD.Next leaves a sampler out that was not chosen.

>>> [trace] = read_settings("a house\\nSteps: 20, Sampler: Euler a, Seed: 7, Denoising strength: 0.5, Model: v1-5")
>>> trace.maker, trace.models
(<Maker.AI_ASSISTED: 'ai-assisted'>, ('v1-5',))
>>> list(read_settings("Steps: 5 washes, then ink"))
[]
"""

import re
from collections.abc import Iterator, Mapping

from provenance.media.generators.generator_trace import MODELS, SETTINGS, Trace, by_ai
from provenance.statement.untrusted import plain

LINE_LIMIT = 50_000  # characters of a settings line
_SETTING = re.compile(r'([A-Za-z][\w /()-]{0,60}): ("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)')
_HASH = re.compile(r"[0-9a-f]{8,64}")
_GUIDANCE = ("CFG scale", "CFG Scale", "Guidance Scale", "Distilled CFG Scale")
# A seed counts where one of these is there, too.
_BESIDE_A_SEED = ("Size", "Model", "Base model", "Unet", "Denoising strength", "Schedule type", "Version")
# What krita-ai-diffusion calls a run from words alone.
_FROM_WORDS = "Generate"


def read_settings(text: str, field: str = "parameters") -> Iterator[Trace]:
    """The trace in the last line that has the form; none where no line has it."""
    for line in reversed(text.splitlines()):
        said = dict(_SETTING.findall(line[:LINE_LIMIT]))
        if _is_settings(said):
            named = [said.get(key, "").strip().strip('"') for key in ("Model", "Base model", "Unet")]
            models = tuple(each for each in named if each)[:MODELS]
            yield Trace(_writer(said), field, by_ai(_over_a_picture(said)), models, plain(text, 200))
            return


def _is_settings(said: Mapping[str, str]) -> bool:
    sampled = said.get("Sampler", "").strip() or _is_sdnext(said)
    if not said.get("Steps", "").strip().isdecimal() or not sampled:
        return False
    seeded = said.get("Seed", "").strip().lstrip("-").isdecimal()
    return (
        (seeded and any(said.get(key, "").strip() for key in _BESIDE_A_SEED))
        or any(_is_number(said.get(key, "")) for key in _GUIDANCE)
        or _HASH.fullmatch(said.get("Model hash", "").strip().lower()) is not None
    )


def _over_a_picture(said: Mapping[str, str]) -> bool:
    """Whether a run began from a picture: a denoising strength that is not that of a second pass over its own."""
    operations = said.get("Operations", "").lower()
    if operations:
        return "img2img" in operations or "inpaint" in operations
    mode = said.get("Mode", "").strip()
    if _is_krita(said) and mode:
        return mode != _FROM_WORDS or _is_number(said.get("Denoising strength", ""))
    own_second_pass = any(key.startswith("Hires") or key == "First pass size" for key in said)
    from_picture = "Init image hash" in said or "Mask blur" in said or "Inpaint area" in said
    strength = said.get("Denoising strength", "").strip()
    return from_picture or _drawn_over(said) or (_is_number(strength) and not own_second_pass)


def _drawn_over(said: Mapping[str, str]) -> bool:
    """Draw Things writes its strength always: at 1.0 nothing of a picture was there."""
    strength = said.get("Strength", "")
    return "Seed Mode" in said and _is_number(strength) and float(strength) < 1


def _is_sdnext(said: Mapping[str, str]) -> bool:
    return said.get("App", "").strip() == "SD.Next"


def _is_krita(said: Mapping[str, str]) -> bool:
    return said.get("Model hash", "").strip() == "unknown"


def _writer(said: Mapping[str, str]) -> str:
    """Which of the programs that share this form wrote it, as its version says."""
    version = said.get("Version", "").strip()
    if _is_sdnext(said):
        return "SD.Next"
    if version.startswith("Fooocus"):
        return "Fooocus"
    if version in {"ComfyUI", "stable-diffusion.cpp"}:
        return version
    if "Seed Mode" in said:
        return "Draw Things"
    if _is_krita(said):
        return "krita-ai-diffusion"
    return "Forge" if re.match(r"f\d|neo", version) else SETTINGS


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*\d{1,6}(?:\.\d{1,12})?\s*", text) is not None
