"""What a painter makes of drawings, as latents, beside the paintings that it should have made: the decoder's lessons.

The drawings are clean and unshaken: a line of the answer lies where the painting has it.
"""

import numpy as np
import torch
from diffusers import StableDiffusionImg2ImgPipeline
from PIL import Image

from .autoencoder import Answer
from .card import DEFAULTS
from .hand import plain
from .light import develop
from .look import caption, draw_look
from .measure import page, whole
from .scenes import Scenes

FIRST_SEED = 930_000_000  # no other stage uses them
SIZES = ((256, 256), (192, 320), (256, 384))
STRENGTHS = (0.8, 0.7, 0.8, 0.9)


def answers(pipeline: StableDiffusionImg2ImgPipeline, scenes: Scenes, count: int) -> list[Answer]:
    """Answers to `count` scenes of their own."""
    return [answer(pipeline, scenes, k) for k in range(count)]


def answer(pipeline: StableDiffusionImg2ImgPipeline, scenes: Scenes, number: int) -> Answer:
    """One answer, unscaled, and its truth."""
    seed = FIRST_SEED + number
    dice = np.random.default_rng((seed, 5))
    stage = scenes.stage(seed, *SIZES[number % len(SIZES)])
    look = draw_look(stage, dice, 0.4)
    latents = pipeline(
        caption(stage, look, dice),
        image=Image.fromarray(whole(page(plain(stage.line), 255))),
        strength=STRENGTHS[number % len(STRENGTHS)],
        guidance_scale=DEFAULTS["guidance_scale"],
        num_inference_steps=DEFAULTS["num_inference_steps"],
        generator=torch.Generator().manual_seed(seed),
        output_type="latent",
    ).images[0]
    return latents / pipeline.vae.config.scaling_factor, develop(stage, look)
