"""diffusers' pipeline classes, read from their signatures: what each does with a picture, and why some paint none.

One answer for the engine, the page, the command line and the printed table. No weights are read here; diffusers is
imported when it is asked for.
"""

import inspect
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from generation.errors import ModelError
from generation.quiet import quietly


class Task(StrEnum):
    """What a class does with the layout."""

    OVER = "paints over a picture"  # as far as strength lets it
    EDIT = "changes a picture by words"  # no strength
    FILL = "fills the white of a mask"
    LINES = "paints along a picture's lines"  # from noise: none of the layout's colours come in
    LARGER = "makes a picture larger"  # by a factor of its own


# StableDiffusionXL | ControlNet | Img2Img | | Pipeline; Kandinsky's classes end in Combined.
_NAME = re.compile(
    r"(?P<stem>\w+?)(?P<control>ControlNetUnion|ControlNetPAG|ControlNet|Control|PAG|Adapter)?"
    r"(?P<task>Img2Img|Inpainting|Inpaint)?(?P<whole>Combined)?Pipeline"
)
_TASKS = {
    Task.OVER: ("Img2Img",),
    Task.FILL: ("Inpaint", "Inpainting"),
    Task.EDIT: ("",),
    Task.LINES: ("",),
    Task.LARGER: ("",),
}
# How a class names the layout, the best first; `images` is a list of the pictures of each prompt.
_LAYOUTS = ("image", "images", "control_image")
_MASKS = ("mask_image", "control_mask", "mask")

EXTRA = "edit"  # of ours, with the packages that some classes read their pictures and words with
WORDS_ALONE = "it paints from words alone"
# What no signature says.
_REASONS = {
    "ChromaInpaintPipeline": "it stumbles over its own network in this diffusers (guidance_embeds)",
    "JoyImageEditPipeline": "it paints at sizes of its own alone, and cuts the layout to one of them",
    "JoyImageEditPlusPipeline": "it paints at sizes of its own alone, and cuts the layout to one of them",
    "Kandinsky5I2IPipeline": "it paints at seven sizes of its own alone, and stretches the layout to one of them",
    "HunyuanImageRefinerPipeline": "it only refines what HunyuanImage has just painted",
    "LEditsPPPipelineStableDiffusion": "it turns a picture back into noise first, in a call of its own",
    "LEditsPPPipelineStableDiffusionXL": "it turns a picture back into noise first, in a call of its own",
    "OmniGenPipeline": "its prompt has to name each picture by a mark of its own (<|image_1|>)",
    "QwenImageLayeredPipeline": "it takes a picture apart into layers",
    "ShapEImg2ImgPipeline": "it makes a solid of a picture, and gives views of it",
    "StableDiffusionImageVariationPipeline": "it paints something like a picture and does not keep its lines",
    "StableUnCLIPImg2ImgPipeline": "it paints something like a picture and does not keep its lines",
    "VisualClozeGenerationPipeline": "it wants pairs of pictures that show what to do",
    "VisualClozePipeline": "it wants pairs of pictures that show what to do",
}
# These answer with a film of which the last frame is the picture; so many frames are the fewest.
STILLS = {"ChronoEditPipeline": 5}
# These make a picture so many times as large, and take one whose sides are multiples of so many pixels.
LARGER = {"StableDiffusionUpscalePipeline": (4, 8), "StableDiffusionLatentUpscalePipeline": (2, 64)}
SPRINT = 2  # steps for which a Sana Sprint has a time of its own half-way


@dataclass(frozen=True, slots=True)
class Family:
    """One class of diffusers. Where `refusal` says something, it paints over no layout; `task` is None then."""

    pipeline: str
    task: Task | None = None
    refusal: str = ""
    takes: frozenset[str] = frozenset()  # its call's parameters
    layout: str = ""  # the parameter that the layout is given as
    mask: str = ""  # the parameter of a mask
    needs: frozenset[str] = frozenset()  # parts that it cannot be built without
    packages: tuple[str, ...] = ()  # of the extra `edit`, that it reads pictures or words with

    @property
    def watched(self) -> bool:
        """Whether it calls back after each step."""
        return "callback_on_step_end" in self.takes


@lru_cache(maxsize=1024)
def family(name: str) -> Family:
    """What the class `name` does; one that diffusers does not have is refused like any other."""
    kind = class_named(name)
    if kind is None:
        return Family(name, refusal="the installed diffusers has no pipeline of this name")
    if "Modular" in name or "Blocks" in name:
        return Family(name, refusal="it is put together from blocks, and no signature says what it takes")
    lacking = [each for each in getattr(kind, "_backends", ()) if find_spec(each) is None]
    if lacking:
        return Family(name, refusal=f"it needs {' and '.join(lacking)}, which is not installed")
    call = inspect.signature(kind.__call__).parameters
    takes = frozenset(call) - {"self"}
    layout = next((each for each in _LAYOUTS if each in takes), "")
    refusal = next(_reasons(kind, takes, layout), "")
    if refusal:
        return Family(name, refusal=refusal, takes=takes)
    mask = next((each for each in _MASKS if each in takes), "")
    return Family(name, _task(kind, takes, mask), "", takes, layout, mask, _needs(kind), tuple(_wants(kind)))


def class_named(name: str) -> Any:
    """The pipeline class of that name in diffusers; None where there is none."""
    with quietly():
        import diffusers

        try:
            found = getattr(diffusers, name, None)
        except RuntimeError as error:  # the class's file cannot be imported
            raise ModelError(unusable(name, error)) from error
    return found if inspect.isclass(found) and "Pipeline" in name and callable(found.__call__) else None


def unusable(name: str, error: BaseException) -> str:
    """Why the libraries below cannot be used for a class, in a sentence."""
    chain: list[BaseException] = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__) is not None and below not in chain:
        chain.append(below)
    if any("torchvision::" in str(each) for each in chain):
        return (
            f"{name} cannot be loaded: the torchvision that is installed was built for another torch; "
            "install both from the same index, or take torchvision away"
        )
    first = next(iter(str(chain[-1]).strip().splitlines()), type(chain[-1]).__name__)[:200]
    return f"{name} cannot be loaded: {first}"


def sibling(name: str, task: Task, control: str | None = None) -> str | None:
    """The class of the same family for another task; None where diffusers has none that paints.

    `control` is "ControlNet" for the one that takes a ControlNet beside the model, "" for the one without; None keeps
    what the name says.
    """
    parted = _NAME.fullmatch(name)
    if parted is None:
        return None
    steered = parted["control"] or "" if control is None else control
    whole = parted["whole"] or ""
    for word in _TASKS[task]:
        other = f"{parted['stem']}{steered}{word}{whole}Pipeline"
        if family(other).task is task:
            return other
    return None


def painter(name: str, task: Task | None, parts: Collection[str]) -> Family:
    """The class that paints with a model whose index names `name`: that one, or a sibling. ModelError says why none.

    `task` is what the weights were made for (None: they say nothing); `parts` are the model's.
    """
    named = family(name)
    usual = [Task.OVER, Task.EDIT, named.task or Task.LINES, Task.LINES, Task.FILL]
    lacks = ""
    for each in [task] if task in (Task.FILL, Task.EDIT) else usual:
        others = (sibling(name, each), name, *_EDITORS.get((name, each), ()))
        for other in filter(None, others):
            found = family(other)
            if found.task is each and found.needs <= set(parts):
                return _with_packages(found)
            if found.task is each and not lacks:
                lacks = f"it lacks {', '.join(sorted(found.needs - set(parts)))}, which {other} needs"
    why = lacks or named.refusal or _no_sibling(named, task)
    if why == WORDS_ALONE:
        why = f"{why}, and diffusers has no class of its family that paints over a picture"
    raise ModelError(f"{name} paints no picture over another: {why}")


def guidance_name(takes: Mapping[str, inspect.Parameter]) -> str:
    """Qwen-Image calls it `true_cfg_scale`, and its `guidance_scale` (None) is for models to come."""
    if "true_cfg_scale" in takes and (
        "guidance_scale" not in takes or takes["guidance_scale"].default is None
    ):
        return "true_cfg_scale"
    return "guidance_scale"


def _with_packages(found: Family) -> Family:
    lacking = [each for each in found.packages if find_spec(each) is None]
    if lacking:
        raise ModelError(
            f"{found.pipeline} needs {' and '.join(lacking)}, which is not installed: pip install 'genzu[{EXTRA}]'"
        )
    return found


def _no_sibling(named: Family, task: Task | None) -> str:
    return f"its weights are for another task ({task or named.task}), and diffusers has no class for that"


# Weights that edit or fill, under the name of the model that they were made from.
_EDITORS = {
    (f"{stem}{word}Pipeline", task): (f"{stem}{kind}Pipeline",)
    for stem, task, kind in (
        ("StableDiffusion", Task.EDIT, "InstructPix2Pix"),
        ("StableDiffusionXL", Task.EDIT, "InstructPix2Pix"),
        ("Flux", Task.FILL, "Fill"),
    )
    for word in ("", "Img2Img", "Inpaint")
}


def _reasons(kind: Any, takes: frozenset[str], layout: str) -> Iterator[str]:
    """Why a class paints over no layout, the truest first; nothing where it does."""
    name, gives = kind.__name__, answers(kind)
    if _given_up(kind):
        yield "diffusers has given it up (deprecated)"
    if name in _REASONS:
        yield _REASONS[name]
    if name not in STILLS:
        if {"frames", "video"} & gives:
            yield "it makes a film, not a picture"
        if gives and not {"images", "image"} & gives:
            yield f"it gives no picture, but {', '.join(sorted(gives))}"
    if re.search(r"^IF.*SuperResolution", name):
        yield "it enlarges what IF has just painted, 64 pixels, and no other picture"
    if re.search(r"Upscale|SuperResolution", name) and name not in LARGER:
        yield "it makes a picture larger, by a factor of its own"
    for made in sorted(each for each in _required(kind) if each.endswith(("embeds", "embeddings"))):
        yield f"it paints from {made}, which a prior makes; name a model that holds both (Combined)"
    if not layout:
        yield WORDS_ALONE
    if "prompt" not in takes:
        yield "it takes no words"


def _wants(kind: Any) -> Iterator[str]:
    """Packages that a class needs and asks for only when it paints: said before it is loaded."""
    made_of = inspect.signature(kind.__init__).parameters.values()
    if any(re.search(r"VLProcessor|VideoProcessor|AutoProcessor", str(each.annotation)) for each in made_of):
        yield "torchvision"
    code = inspect.getsource(sys.modules[kind.__module__])
    if re.search(r"^    text = ftfy\.", code, re.MULTILINE):
        yield "ftfy"


def _task(kind: Any, takes: frozenset[str], mask: str) -> Task:
    if kind.__name__ in LARGER:
        return Task.LARGER
    if mask in ("mask_image", "control_mask"):
        return Task.FILL
    if "strength" in takes:
        return Task.OVER
    steering = {"controlnet", "adapter"} & set(inspect.signature(kind.__init__).parameters)
    seen = {"image", "images"} & takes
    return Task.EDIT if seen and not steering else Task.LINES


def _given_up(kind: Any) -> bool:
    from diffusers.pipelines.pipeline_utils import DeprecatedPipelineMixin

    return ".deprecated." in kind.__module__ or issubclass(kind, DeprecatedPipelineMixin)


def _required(kind: Any) -> list[str]:
    call = inspect.signature(kind.__call__).parameters
    return [name for name, each in call.items() if each.default is each.empty and name != "self"]


def _needs(kind: Any) -> frozenset[str]:
    """Parts that have to be there: neither optional nor a plain value."""
    made_of = inspect.signature(kind.__init__).parameters
    optional = set(getattr(kind, "_optional_components", ()))
    plain = {name for name, each in made_of.items() if each.default is not each.empty}
    return frozenset(made_of) - optional - plain - {"self"}


def answers(kind: Any) -> frozenset[str]:
    """The fields of what a class answers with, as its own code names them; empty where another class answers for it."""
    written = inspect.getsource(kind.__call__)
    named = (
        getattr(sys.modules[kind.__module__], each, None) for each in re.findall(r"\b(\w+Output)\(", written)
    )
    fields = (getattr(each, "__dataclass_fields__", {}) for each in named)
    return frozenset(name for each in fields for name in each if "detected" not in name)
