"""Random pipelines of many real classes, as diffusers' own tests make them: a few kilobytes each, and they paint noise.

`save(name, folder)` writes one as a hub has it. Tokenizers are the embedded model's, with a chat's marks where a class
wants them: what is read does not matter to noise. The builders are in the files beside this one, a family each.
"""

from collections.abc import Callable
from pathlib import Path

import tiny_diffusion
import tiny_fibo
import tiny_flux
import tiny_glm
import tiny_kandinsky
import tiny_transformers
from tiny_parts import Parts


def save(name: str, folder: Path, builder: "Builder | None" = None) -> Path:
    """A pipeline of the class `name`, in diffusers' layout."""
    import diffusers
    import torch

    torch.manual_seed(0)
    made = (builder or BUILDERS[name])(name)
    getattr(diffusers, name)(**made).save_pretrained(folder)
    return folder


Builder = Callable[[str], Parts]
_FAMILIES: dict[Builder, str] = {
    tiny_diffusion.sd15: """
        StableDiffusion(Img2Img|Inpaint|InstructPix2Pix|PAGImg2Img|PAGInpaint|ControlNet|ControlNetImg2Img)
        StableDiffusion(ControlNetInpaint|ControlNetPAG|ControlNetPAGInpaint|Adapter)
        LatentConsistencyModel(Img2Img)""",
    tiny_diffusion.depth: "StableDiffusion(Depth2Img)",
    tiny_diffusion.upscaler: "StableDiffusion(Upscale)",
    tiny_diffusion.latent_upscaler: "StableDiffusion(LatentUpscale)",
    tiny_diffusion.sdxl: """
        StableDiffusionXL(Img2Img|Inpaint|InstructPix2Pix|PAGImg2Img|PAGInpaint|ControlNet|ControlNetImg2Img)
        StableDiffusionXL(ControlNetInpaint|ControlNetPAG|ControlNetPAGImg2Img|Adapter)
        StableDiffusionXL(ControlNetUnion|ControlNetUnionImg2Img|ControlNetUnionInpaint)""",
    tiny_flux.flux: """Flux(Img2Img|Inpaint|Fill|Kontext|KontextInpaint|Control|ControlImg2Img|ControlInpaint)
        Flux(ControlNet|ControlNetImg2Img|ControlNetInpaint)""",
    tiny_flux.chroma: "Chroma(Img2Img|Inpaint)",
    tiny_flux.flux2: "Flux2(Klein|KleinKV|KleinInpaint)",
    tiny_transformers.sd3: "StableDiffusion3(Img2Img|Inpaint|PAGImg2Img|ControlNet|ControlNetInpainting)",
    tiny_transformers.z_image: "ZImage(Img2Img|Inpaint|Omni|ControlNet|ControlNetInpaint)",
    tiny_transformers.qwen_image: "QwenImage(Img2Img|Inpaint|ControlNet|ControlNetInpaint)",
    tiny_transformers.sana: "Sana(SprintImg2Img|ControlNet)",
    tiny_kandinsky.kandinsky22: "KandinskyV22(Img2ImgCombined|InpaintCombined)",
    tiny_kandinsky.kandinsky21: "Kandinsky(Img2ImgCombined|InpaintCombined)",
    tiny_kandinsky.kandinsky3: "Kandinsky3(Img2Img)",
    tiny_kandinsky.deepfloyd: "IF(Img2Img|Inpainting)",
    tiny_fibo.fibo_edit: "Bria(FiboEdit)",
    tiny_glm.glm_image: "Glm(Image)",
    tiny_transformers.chrono: "Chrono(Edit)",
    tiny_transformers.hunyuan_dit: "HunyuanDiT(ControlNet)",
    tiny_transformers.cogview: "CogView4(Control)",
}


def spelled(short: str) -> list[str]:
    """The class names that `Stem(One|Another)` stands for."""
    return [
        f"{stem}{kind}Pipeline"
        for word in short.split()
        for stem, _, kinds in [word.rstrip(")").partition("(")]
        for kind in kinds.split("|")
    ]


BUILDERS: dict[str, Builder] = {
    name: builder for builder, short in _FAMILIES.items() for name in spelled(short)
}
