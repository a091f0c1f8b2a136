# ruff: noqa: S311 - layouts are composed by lot; nothing here is secret
"""How well a model paints layouts it has never seen: words followed, drawn lines kept, seconds a picture.

A word counts as followed when, of all paintings of the same layout that differ in that word alone, the right one is
nearest in mean Lab colour over the region it speaks of. Lines: F1 of Canny edges against the drawn ones, 2 px
tolerance.
"""

import random
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image
from numpy.typing import NDArray
from PIL import Image

from .canvas import Array
from .layout import Layout
from .look import Look, make_look
from .looks import GROUNDS, SKIES
from .scenes import Scenes, whole
from .strokes import plain
from .subjects import house

Bytes = NDArray[np.uint8]
Region = NDArray[np.bool_]
SEED = 77_000_000
SETTINGS = ((0.5, 24), (0.7, 24), (0.9, 24), (1.0, 12))
GUIDANCE = 2.5
# Day, morning, sunset, dusk, night, grey, green: which of the skies are of one time of day.
FAMILY = (0, 0, 0, 1, 2, 2, 2, 3, 2, 4, 4, 4, 4, 5, 5, 6)
WALLS = ("red", "blue", "yellow", "white", "green", "brown")
HEAD = "| strength | steps | sky phrase | time of day | ground | repainted | house colour | edge F1 | s a picture |"


@dataclass
class Question:
    """A region of a painting, the mean Lab colour it has under each word, and the word asked for."""

    region: Region
    answers: Array  # (words, 3)
    asked: int

    def found(self, painting: Bytes) -> int:
        """The word whose colour is nearest."""
        mean = lab(painting)[self.region].mean(0)
        return int(np.argmin(np.linalg.norm(self.answers - mean, axis=1)))


@dataclass
class Case:
    """An unseen layout: its drawing, another painting of it, a house, and what is asked of each."""

    drawing: Bytes
    other: Bytes
    words: str
    sky: Question
    ground: Question
    house: Bytes
    house_words: str
    wall: Question


@dataclass
class Tally:
    """What came of each case at one setting."""

    sky: list[bool] = field(default_factory=list)
    time_of_day: list[bool] = field(default_factory=list)
    ground: list[bool] = field(default_factory=list)
    repainted: list[bool] = field(default_factory=list)
    wall: list[bool] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self, strength: float, steps: int) -> str:
        """A row under `HEAD`."""
        answers = (self.sky, self.time_of_day, self.ground, self.repainted, self.wall)
        shares = " | ".join(f"{np.mean(a):.0%}" for a in answers)
        return (
            f"| {strength} | {steps} | {shares} | {np.mean(self.edges):.2f} | {np.median(self.seconds):.2f} |"
        )


def load(folder: Path) -> AutoPipelineForImage2Image:
    """A model folder as the stock pipeline, quiet, on the CPU."""
    pipeline = AutoPipelineForImage2Image.from_pretrained(folder, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def measure(pipeline: AutoPipelineForImage2Image, cases: list[Case], strength: float, steps: int) -> Tally:
    """Paint every case at one setting, from the drawing and from another painting, and judge."""
    tally = Tally()

    def paint(source: Bytes, words: str, seed: int) -> Bytes:
        generator, begin = torch.Generator().manual_seed(seed), time.time()
        out = pipeline(
            words,
            image=Image.fromarray(source),
            strength=strength,
            guidance_scale=GUIDANCE,
            num_inference_steps=steps,
            generator=generator,
        ).images[0]
        tally.seconds.append(time.time() - begin)
        return np.asarray(out)

    for k, case in enumerate(cases):
        out = paint(case.drawing, case.words, k)
        found = case.sky.found(out)
        tally.sky.append(found == case.sky.asked)
        tally.time_of_day.append(FAMILY[found] == FAMILY[case.sky.asked])
        tally.ground.append(case.ground.found(out) == case.ground.asked)
        tally.edges.append(edges(out, case.drawing))
        again = paint(case.other, case.words, k)
        tally.repainted.append(FAMILY[case.sky.found(again)] == FAMILY[case.sky.asked])
        tally.wall.append(case.wall.found(paint(case.house, case.house_words, k)) == case.wall.asked)
    return tally


def make_cases(scenes: Scenes, count: int) -> list[Case]:
    """Cases from seeds that training never uses; the same count gives the same cases."""
    return [make_case(scenes, seed) for seed in range(SEED, SEED + count)]


def make_case(scenes: Scenes, seed: int) -> Case:
    """One case: sky and ground words on a composed layout, a wall's colour word on a house."""
    rng = random.Random(seed)
    layout, look, other = unseen(scenes, rng)
    canvas = scenes.brush.paint(layout, look)
    sky, ground = regions(layout, canvas.line, canvas.objects)
    grounds = [g for g in GROUNDS if g.water == layout.water]
    skies = [replace(look, sky=s) for s in SKIES]
    picture, words, wall = house_case(scenes, seed)
    return Case(
        drawing=whole(plain(canvas.line)),
        other=whole(scenes.brush.paint(layout, other).colour),
        words=f"{look.sky.words}, {look.ground.words}",
        sky=ask(scenes, layout, skies, sky, SKIES.index(look.sky)),
        ground=ask(
            scenes, layout, [replace(look, ground=g) for g in grounds], ground, grounds.index(look.ground)
        ),
        house=picture,
        house_words=words,
        wall=wall,
    )


def ask(scenes: Scenes, layout: Layout, looks: list[Look], region: Region, asked: int) -> Question:
    """Which of some looks a region shows."""
    means = [lab(scenes.brush.paint(layout, look).colour)[region].mean(0) for look in looks]
    return Question(region, np.stack(means), asked)


def unseen(scenes: Scenes, rng: random.Random) -> tuple[Layout, Look, Look]:
    """An outdoor layout, a cloudless look of it, and a look whose sky is dark where the first is light."""
    layout = scenes.layout(rng, 256, 256)
    while layout.plain or layout.pane:
        layout = scenes.layout(rng, 256, 256)
    look, other = make_look(layout, rng, 0), make_look(layout, rng, 0.5)
    while other.sky.dark == look.sky.dark:
        other = make_look(layout, rng, 0.5)
    return layout, replace(look, clouds=0.0), replace(other, clouds=0.0)


def regions(layout: Layout, line: Array, objects: Array) -> tuple[Region, Region]:
    """Where bare sky and bare ground are."""
    taken = cv2.dilate(((line > 0.3) | (objects > 0.1)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    rows = np.arange(layout.height)[:, None]
    top = min([layout.ground.min(), *(r.min() for r in layout.ridges)])
    return (rows < top - 6) & ~taken, (rows > layout.ground[None] + 6) & ~taken


def house_case(scenes: Scenes, seed: int) -> tuple[Bytes, str, Question]:
    """A house on grass: its drawing, words with one of six wall colours, and which colour the wall took."""
    rng, asked = random.Random(seed), seed % len(WALLS)
    layout = Layout(
        256, 256, 150.0, np.full(256, 150, np.float32), False, pen=rng.uniform(1.2, 3.5), seed=seed
    )
    layout.front.append(house(rng, 128, 215, rng.uniform(100, 150)))
    usual = {"roof": "red", "door": "brown", "pane": "glass", "side": "wall"}
    looks = [Look(SKIES[0], GROUNDS[0], 0.0, [{"wall": w, **usual}], [0]) for w in WALLS]
    canvases = [scenes.brush.paint(layout, look) for look in looks]
    wall = np.abs(canvases[0].colour - canvases[1].colour).sum(2) > 60
    words = f"blue sky, green grass, {WALLS[asked]} house"
    return whole(plain(canvases[asked].line)), words, ask(scenes, layout, looks, wall, asked)


def edges(out: Bytes, drawn: Bytes) -> float:
    """F1 of the painting's edges against the drawing's."""
    grey = cv2.cvtColor(out, cv2.COLOR_RGB2GRAY)
    painted = cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), 60, 140) > 0
    lines = cv2.Canny(drawn, 60, 140) > 0
    near = [cv2.dilate(a.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0 for a in (painted, lines)]
    precision = (painted & near[1]).sum() / max(1, painted.sum())
    recall = (lines & near[0]).sum() / max(1, lines.sum())
    return float(2 * precision * recall / max(1e-9, precision + recall))


def lab(picture: Array | Bytes) -> Array:
    """A picture in 0..255 as CIE Lab."""
    values = (np.asarray(picture, np.float32) / 255).clip(0, 1)
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_RGB2Lab), np.float32)
