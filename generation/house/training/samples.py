"""Sample sheets: the card's rows, and the 24 unseen layouts by which checkpoints are compared and chosen by eye."""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image
from PIL import Image, ImageDraw

from generation.layout.prepare import prepare

from .card import DEFAULTS
from .hand import drawing, ink, pencil, plain, shaken, taken
from .look import caption, draw_look
from .measure import SEED, page, whole
from .scenes import Scenes
from .stage import Stage

LABEL, SIDE = 26, 256  # px under each picture, px down each
HOUSE_WORDS = (
    "blue sky, white clouds, green grass, red house, trees",
    "night, green grass, house, trees",
    "sunset, pink sky, flower field, white house, blue roof, trees",
    "snowfall, pale grey sky, white snow, winter, blue house, trees",
    "sunset, orange sky, autumn, orange grass, house, orange trees",
)
RAILWAY_DAY = "blue sky, white snow, winter, railway, snowy mountains"
RAILWAY_DUSK = "dusk, purple sky, white snow, winter, railway, snowy mountains"
INKED = ("open", "village", "shore", "railway", "open", "village", "steps", "single")
PENCILLED = ("village", "open", "railway", "open", "shore", "village", "steps", "railway")
BUILT = ("street", "room", "station", "street", "room", "station", "street", "room")

Row = list[tuple[Image.Image, str]]


def paint(
    pipeline: AutoPipelineForImage2Image,
    image: Image.Image,
    words: str,
    seed: int = 1,
    strength: float = DEFAULTS["strength"],
    steps: int = int(DEFAULTS["num_inference_steps"]),
    guidance: float = DEFAULTS["guidance_scale"],
) -> Image.Image:
    """One picture with the settings of the sheets."""
    painted: Image.Image = pipeline(
        words,
        image=image,
        strength=strength,
        guidance_scale=guidance,
        num_inference_steps=steps,
        generator=torch.Generator().manual_seed(seed),
    ).images[0]
    return painted


def sheet(pipeline: AutoPipelineForImage2Image, scenes: Scenes, layouts: Path) -> Image.Image:
    """Everything the card shows: the shipped house, the shipped railway in two passes, unseen places."""
    rows = [
        house_row(pipeline, layouts / "house_on_a_hill.png"),
        railway_row(pipeline, layouts / "mountain_railway.png"),
    ]
    for kinds, first in ((("street", "room", "station"), 11), (("village", "shore", "open"), 21)):
        rows.append([])
        for k, kind in enumerate(kinds):
            _, drawn, words = unseen(scenes, SEED + first + k, kind, "inked")
            rows[-1] += [(drawn, kind), (paint(pipeline, drawn, words), words)]
    return laid_out(rows)


def contact(pipeline: AutoPipelineForImage2Image, scenes: Scenes, **settings: float) -> Image.Image:
    """The 24 unseen layouts, each beside its painting: 8 inked, 8 pencilled and scanned, 8 built in perspective."""
    pairs: Row = []
    for hand, kinds in (("inked", INKED), ("pencilled", PENCILLED), ("built", BUILT)):
        for k, kind in enumerate(kinds):
            _, drawn, words = unseen(scenes, SEED + 100 * len(pairs) + k, kind, hand)
            pairs += [(drawn, hand), (paint(pipeline, drawn, words, **settings), words)]  # type: ignore[arg-type]
    return laid_out([pairs[k : k + 8] for k in range(0, len(pairs), 8)])


def unseen(
    scenes: Scenes, seed: int, kind: str, hand: str, height: int = 256, width: int = 384
) -> tuple[Stage, Image.Image, str]:
    """A layout of a seed that training never uses, drawn in some hand and prepared, and words for it."""
    stage, dice = scenes.stage(seed, height, width, kind), np.random.default_rng((seed, 9))
    if hand == "pencilled":
        drawn = taken(page(pencil(shaken(stage.line, dice, stage.u), stage, dice) * 0.8, 210), dice, stage.u)
    elif hand == "inked":
        drawn = page(ink(shaken(stage.line, dice, stage.u), dice, stage.u), 255)
    else:
        drawn = page(plain(stage.line), 255) if dice.random() < 0.5 else drawing(stage, dice)
    ready = prepare(Image.fromarray(whole(drawn))).image.convert("RGB")
    return stage, ready.resize((width, height)), caption(stage, draw_look(stage, dice, 0.3), dice)


def laid_out(rows: list[Row]) -> Image.Image:
    """Rows of pictures, each with its words beneath."""
    rows = [
        [(image.resize((SIDE * image.width // image.height, SIDE)), words) for image, words in row]
        for row in rows
    ]
    width = max(sum(image.width + 4 for image, _ in row) for row in rows)
    sheet_ = Image.new("RGB", (width, len(rows) * (SIDE + LABEL)), "white")
    pen, y = ImageDraw.Draw(sheet_), 0
    for row in rows:
        x = 0
        for image, words in row:
            sheet_.paste(image, (x, y))
            room = image.width // 6
            pen.text((x, y + SIDE), words[:room] + "\n" + words[room : 2 * room], fill="black")
            x += image.width + 4
        y += SIDE + LABEL
    return sheet_


def house_row(pipeline: AutoPipelineForImage2Image, layout: Path) -> Row:
    """The shipped house under five prompts."""
    drawing_ = Image.open(layout).convert("RGB")
    return [(drawing_, "layout")] + [(paint(pipeline, drawing_, words), words) for words in HOUSE_WORDS]


def railway_row(pipeline: AutoPipelineForImage2Image, layout: Path) -> Row:
    """The shipped railway painted by day, and that painting again at dusk."""
    drawing_ = Image.open(layout).convert("RGB")
    first = paint(pipeline, drawing_, RAILWAY_DAY)
    second = paint(pipeline, first, RAILWAY_DUSK)
    return [(drawing_, "layout"), (first, "pass 1: " + RAILWAY_DAY), (second, "pass 2: " + RAILWAY_DUSK)]
