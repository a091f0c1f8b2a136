# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""Sample sheets: one drawing under many words, unseen scenes beside their truth, paintings painted again."""

import random
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image
from PIL import Image, ImageDraw

from .captions import caption
from .look import make_look
from .measure import SEED
from .scenes import Scenes, whole
from .strokes import plain

LABEL, SIDE = 26, 256  # px under each picture, px across each
HOUSE_WORDS = (
    "blue sky, green grass, red house, green tree",
    "night",
    "sunset, pink sky, green grass, red house, tree",
    "grey cloudy sky, white snow, winter, blue house",
    "sunset, orange sky, autumn, orange grass, house",
)
RAILWAY_DAY = "blue sky, white snow, winter, railway, mountain"
RAILWAY_DUSK = "dusk, purple sky, white snow, winter, railway, mountain"


def paint(
    pipeline: AutoPipelineForImage2Image, image: Image.Image, words: str, seed: int = 1, strength: float = 0.7
) -> Image.Image:
    """One picture with the settings of the sheets."""
    painted: Image.Image = pipeline(
        words,
        image=image,
        strength=strength,
        guidance_scale=2.5,
        num_inference_steps=24,
        generator=torch.Generator().manual_seed(seed),
    ).images[0]
    return painted


def sheet(
    pipeline: AutoPipelineForImage2Image, scenes: Scenes, layouts: Path, strength: float = 0.7
) -> Image.Image:
    """Everything the card shows: the shipped house, the shipped railway in two passes, held-out scenes."""
    rows = [
        house_row(pipeline, layouts / "house_on_a_hill.png", strength),
        railway_row(pipeline, layouts / "mountain_railway.png", strength),
    ]
    rows += [
        unseen_row(pipeline, scenes, (SEED + 501, SEED + 502), strength),
        unseen_row(pipeline, scenes, (SEED + 504, SEED + 507), strength),
    ]
    rows = [
        [(image.resize((SIDE, SIDE * image.height // image.width)), words) for image, words in row]
        for row in rows
    ]
    width = max(sum(image.width + 4 for image, _ in row) for row in rows)
    page = Image.new("RGB", (width, sum(row[0][0].height + LABEL for row in rows)), "white")
    pen, y = ImageDraw.Draw(page), 0
    for row in rows:
        x = 0
        for image, words in row:
            page.paste(image, (x, y))
            room = image.width // 6
            pen.text((x, y + image.height), words[:room] + "\n" + words[room : 2 * room], fill="black")
            x += image.width + 4
        y += row[0][0].height + LABEL
    return page


Row = list[tuple[Image.Image, str]]


def house_row(pipeline: AutoPipelineForImage2Image, layout: Path, strength: float) -> Row:
    """The shipped house under five prompts."""
    drawing = Image.open(layout).convert("RGB")
    return [(drawing, "layout")] + [(paint(pipeline, drawing, w, strength=strength), w) for w in HOUSE_WORDS]


def railway_row(pipeline: AutoPipelineForImage2Image, layout: Path, strength: float) -> Row:
    """The shipped railway painted by day, and that painting again at dusk."""
    drawing = Image.open(layout).convert("RGB")
    first = paint(pipeline, drawing, RAILWAY_DAY, strength=strength)
    second = paint(pipeline, first, RAILWAY_DUSK, strength=strength)
    return [(drawing, "layout"), (first, "pass 1: " + RAILWAY_DAY), (second, "pass 2: " + RAILWAY_DUSK)]


def unseen_row(
    pipeline: AutoPipelineForImage2Image, scenes: Scenes, seeds: tuple[int, ...], strength: float
) -> Row:
    """Composed scenes never trained on: drawing, what the composer painted, ours."""
    row: Row = []
    for seed in seeds:
        rng = random.Random(seed)
        layout = scenes.layout(rng, 256, 256)
        look = make_look(layout, rng, 0.5)
        canvas, words = scenes.brush.paint(layout, look), caption(scenes.pictures, layout, look, rng)
        drawing = Image.fromarray(whole(plain(canvas.line)))
        row += [
            (drawing, "unseen drawing"),
            (Image.fromarray(whole(np.asarray(canvas.colour))), "truth: " + words),
            (paint(pipeline, drawing, words, seed, strength), "ours"),
        ]
    return row
