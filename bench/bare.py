"""diffusers' own way, as its documentation shows it: what ours is measured beside. One place for all benchmarks."""

from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from generation.request.request import PaintSettings


def loaded(where: str) -> Any:
    """The pipeline in the folder `where`, in float32."""
    import torch
    from diffusers import AutoPipelineForImage2Image

    return AutoPipelineForImage2Image.from_pretrained(where, dtype=torch.float32, use_safetensors=True)


def bare(pipe: Any, layout: Image.Image, asked: "PaintSettings") -> Image.Image:
    """One picture over `layout`, in one call of the class; of the settings it takes words, numbers and seed."""
    import torch

    image: Image.Image = pipe(
        asked.prompt,
        image=layout,
        strength=asked.strength,
        guidance_scale=asked.guidance_scale,
        num_inference_steps=asked.num_inference_steps,
        generator=torch.Generator().manual_seed(asked.seed),
    ).images[0]
    return image
