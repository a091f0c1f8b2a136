"""Every pipeline class of the installed diffusers that takes a picture, with what it does for a layout painter.

The rows are derived from the classes themselves (families.py). `PAINTED` is what the tests of this release
build small and paint with; a test holds the two together.
"""

import inspect
import re
from dataclasses import dataclass

from generation.model.families import EXTRA, WORDS_ALONE, Family, Task, class_named, family, sibling
from generation.quiet import quietly

# A parameter that takes a picture, by its last word; `ip_adapter_image` too.
_PICTURES = re.compile(r"(^|_)(image|images|hint)$|^image_reference$")
_REST = ("it makes a film", "diffusers has given it up", "it is put together from blocks")

PAINTED = frozenset(
    f"{name}Pipeline"
    for name in """
        StableDiffusionImg2Img StableDiffusionInpaint StableDiffusionInstructPix2Pix
        StableDiffusionPAGImg2Img StableDiffusionPAGInpaint StableDiffusionControlNet
        StableDiffusionControlNetImg2Img StableDiffusionControlNetInpaint StableDiffusionControlNetPAG
        StableDiffusionControlNetPAGInpaint StableDiffusionAdapter StableDiffusionDepth2Img
        StableDiffusionXLImg2Img StableDiffusionXLInpaint StableDiffusionXLInstructPix2Pix
        StableDiffusionXLPAGImg2Img StableDiffusionXLPAGInpaint StableDiffusionXLControlNet
        StableDiffusionXLControlNetImg2Img StableDiffusionXLControlNetInpaint StableDiffusionXLControlNetPAG
        StableDiffusionXLControlNetPAGImg2Img StableDiffusionXLAdapter LatentConsistencyModelImg2Img
        ChromaImg2Img FluxImg2Img FluxInpaint
        ZImageImg2Img ZImageInpaint QwenImageImg2Img QwenImageInpaint QwenImageControlNetInpaint
        StableDiffusion3Img2Img StableDiffusion3PAGImg2Img
        FluxFill FluxControl FluxControlImg2Img
        FluxControlInpaint FluxControlNet FluxControlNetImg2Img FluxControlNetInpaint
        FluxKontext FluxKontextInpaint Flux2Klein Flux2KleinKV Flux2KleinInpaint
        StableDiffusionXLControlNetUnion StableDiffusionXLControlNetUnionImg2Img
        StableDiffusionXLControlNetUnionInpaint
        StableDiffusion3Inpaint StableDiffusion3ControlNet StableDiffusion3ControlNetInpainting
        QwenImageControlNet ZImageControlNet ZImageControlNetInpaint SanaControlNet SanaSprintImg2Img
        KandinskyImg2ImgCombined KandinskyInpaintCombined KandinskyV22Img2ImgCombined
        KandinskyV22InpaintCombined Kandinsky3Img2Img IFImg2Img IFInpainting
        ChronoEdit HunyuanDiTControlNet CogView4Control
        StableDiffusionUpscale StableDiffusionLatentUpscale
        BriaFibo2 BriaFiboEdit Flux2 GlmImage LongCatImageEdit QwenImage21 ZImageOmni
        QwenImageEdit QwenImageEditPlus QwenImageEditInpaint DreamLite DreamLiteMobile
    """.split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """One class. `task` is empty where it is refused; `answer` is a sentence about it."""

    name: str
    task: str
    answer: str
    tried: str


def rows(*, every: bool = False) -> list[Row]:
    """A row for each class that takes a picture; without `every`, films, given-up and modular classes are left out."""
    found = [_row(family(name)) for name in names()]
    return [each for each in found if every or not any(why in each.answer for why in _REST)]


def names() -> list[str]:
    """Every exported pipeline class that takes a picture, or that cannot be looked at here."""
    with quietly():
        import diffusers

        exported = [name for name in dir(diffusers) if "Pipeline" in name]
    return sorted(name for name in exported if _takes_pictures(name))


def _takes_pictures(name: str) -> bool:
    kind = class_named(name)
    if kind is None:
        return False
    if hasattr(kind, "_backends") or "invert" in dir(
        kind
    ):  # a package is missing; LEdits++ takes it by `invert`
        return name.endswith("Pipeline") or "LEdits" in name
    return any(_PICTURES.search(each) for each in inspect.signature(kind.__call__).parameters)


def _row(each: Family) -> Row:
    if each.task is None:
        paints = sibling(each.pipeline, Task.OVER)
        if each.refusal == WORDS_ALONE and paints is not None:
            return Row(each.pipeline, Task.OVER, f"is opened as {paints}", _tried(paints))
        return Row(each.pipeline, "", f"refused: {each.refusal}", "")
    extra = f" (with genzu[{EXTRA}])" if each.packages else ""
    return Row(each.pipeline, each.task, f"{each.task}{extra}", _tried(each.pipeline))


def _tried(name: str) -> str:
    return "painted here" if name in PAINTED else "not tried here"
