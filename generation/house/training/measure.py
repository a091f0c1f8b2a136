"""How well a model paints layouts it has never seen: words followed, colours that stay in their things, lines kept.

A word counts as followed when, of all paintings of the same layout that differ in that word alone, the right one is
nearest in mean Lab colour over the region it speaks of. A colour word stays in its thing when the rest of the picture
changes by less than 5 Lab on average. Lines: the share of the drawn ones with an edge of the painting within 2 px, and
F1 of the two (painted grass has edges of its own, so F1 cannot be 1 even for the truth). Of a pencil drawing only the
lines count that the pencil drew: a hand leaves gaps.
"""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image
from numpy.typing import NDArray
from PIL import Image

from generation.layout.prepare import prepare

from .card import DEFAULTS
from .hand import pencil, taken
from .light import develop
from .look import Look, caption, draw_look
from .marks import Array
from .scenes import Scenes
from .stage import Stage
from .vocabulary import GROUNDS, HOURS, SLOTS, Hour

Bytes = NDArray[np.uint8]
Region = NDArray[np.bool_]
SEED = 77_000_000
SETTINGS = ((0.5, 10), (0.7, 8), (0.8, 6), (0.9, 6))
STAYS = 5.0
STROKE = 0.15  # how dark graphite is a line
HEAD = (
    "| strength | steps | sky phrase | time of day | ground | repainted | colour followed | colour stays | lines kept "
    "| edge F1 | pencil kept | s a picture |"
)
FAMILIES = (
    ("night", "night moonlit starry"),
    ("sunset", "sunset golden"),
    ("dusk", "dusk evening"),
    ("morning", "morning dawn"),
    ("grey", "grey storm rain fog snowfall white"),
)


@dataclass
class Question:
    """A region of a painting, some words, the mean Lab colour it has under each, and which one is asked for."""

    region: Region
    answers: Array  # (words, 3)
    asked: int
    words: list[str]

    def found(self, painting: Bytes) -> int:
        """The word whose colour is nearest."""
        mean = lab(painting)[self.region].mean(0)
        return int(np.argmin(np.linalg.norm(self.answers - mean, axis=1)))


@dataclass
class Case:
    """An unseen layout: its drawing, another painting of it, and what is asked of each painting."""

    drawing: Bytes
    pencilled: Bytes
    strokes: Region  # lines that the pencil drew
    other: Bytes
    words: str
    sky: Question
    ground: Question
    plain: str  # words that name a thing first, and the same words with a colour for it
    coloured: str
    thing: Question | None


@dataclass
class Tally:
    """What came of each case at one setting."""

    sky: list[bool] = field(default_factory=list)
    time_of_day: list[bool] = field(default_factory=list)
    ground: list[bool] = field(default_factory=list)
    repainted: list[bool] = field(default_factory=list)
    followed: list[bool] = field(default_factory=list)
    stays: list[bool] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    pencil: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self, strength: float, steps: int) -> str:
        """A row under `HEAD`."""
        answers = (self.sky, self.time_of_day, self.ground, self.repainted, self.followed, self.stays)
        shares = " | ".join(f"{np.mean(a):.0%}" for a in answers)
        lines = " | ".join(f"{np.mean(a):.2f}" for a in (self.kept, self.edges, self.pencil))
        return f"| {strength} | {steps} | {shares} | {lines} | {np.median(self.seconds):.2f} |"


def load(folder: Path) -> AutoPipelineForImage2Image:
    """A model folder as the stock pipeline, quiet, on the CPU."""
    pipeline = AutoPipelineForImage2Image.from_pretrained(folder, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def measure(
    pipeline: AutoPipelineForImage2Image,
    cases: list[Case],
    strength: float,
    steps: int,
    guidance: float = DEFAULTS["guidance_scale"],
) -> Tally:
    """Paint every case at one setting, from its drawings and from another painting, and judge."""
    tally = Tally()

    def heard(question: Question, painting: Bytes, words: str) -> bool:
        found = question.found(painting)
        if found != question.asked:
            asked, shown = question.words[question.asked], question.words[found]
            tally.missed.append(f"asked for {asked}, looks like {shown}: {words}")
        return found == question.asked

    def paint(source: Bytes, words: str, seed: int) -> Bytes:
        generator, begin = torch.Generator().manual_seed(seed), time.time()
        out = pipeline(
            words,
            image=Image.fromarray(source),
            strength=strength,
            guidance_scale=guidance,
            num_inference_steps=steps,
            generator=generator,
        ).images[0]
        tally.seconds.append(time.time() - begin)
        return np.asarray(out)

    for k, case in enumerate(cases):
        out = paint(case.drawing, case.words, k)
        found, asked = HOURS[case.sky.found(out)], HOURS[case.sky.asked]
        tally.sky.append(heard(case.sky, out, case.words))
        tally.time_of_day.append(family(found) == family(asked))
        tally.ground.append(heard(case.ground, out, case.words))
        tally.kept.append(kept(out, lines(case.drawing)))
        tally.edges.append(edges(out, case.drawing))
        tally.pencil.append(kept(paint(case.pencilled, case.words, k), case.strokes))
        again = paint(case.other, case.words, k)
        tally.repainted.append(family(HOURS[case.sky.found(again)]) == family(asked))
        if case.thing is not None:
            plain, coloured = (paint(case.drawing, words, k) for words in (case.plain, case.coloured))
            tally.followed.append(heard(case.thing, coloured, case.coloured))
            tally.stays.append(leak(plain, coloured, case.thing.region) < STAYS)
    return tally


def make_cases(scenes: Scenes, count: int, side: int = 256) -> list[Case]:
    """Cases from seeds that training never uses; the same count gives the same cases."""
    return [make_case(scenes, seed, side) for seed in range(SEED, SEED + count)]


def make_case(scenes: Scenes, seed: int, side: int) -> Case:
    """One case, out of doors, so that sky and ground can be asked for."""
    dice = np.random.default_rng(seed)
    kind = str(dice.choice(["open", "village", "railway", "street", "station"]))
    stage = scenes.stage(seed, side, side, kind)
    look, other = (replace(draw_look(stage, dice, 0.0), clouds="", chosen=()) for _ in range(2))
    while family(other.hour) == family(look.hour):
        other = replace(draw_look(stage, dice, 0.0), clouds="")
    words = caption(stage, look, np.random.default_rng(0))
    assert look.ground is not None
    grounds = [g for g in GROUNDS if g.kind == stage.kind_of_ground]
    strokes = pencil(stage.line, stage, dice)
    pencilled = taken(page(strokes * 0.8, 205), dice, stage.u)
    drawing = whole(page(stage.line, 255))
    plain, coloured, thing = colour_case(stage, look, words, dice)
    return Case(
        drawing=drawing,
        pencilled=np.asarray(prepare(Image.fromarray(whole(pencilled))).image.convert("RGB")),
        strokes=lines(drawing) & _near(strokes > STROKE),
        other=develop(stage, other),
        words=words,
        sky=ask(
            stage,
            {h.phrases[0]: replace(look, hour=h) for h in HOURS},
            seen(stage, "sky"),
            HOURS.index(look.hour),
        ),
        ground=ask(
            stage,
            {g.phrase: replace(look, ground=g) for g in grounds},
            seen(stage, "ground"),
            grounds.index(look.ground),
        ),
        plain=plain,
        coloured=coloured,
        thing=thing,
    )


def colour_case(
    stage: Stage, look: Look, words: str, dice: np.random.Generator
) -> tuple[str, str, Question | None]:
    """The largest thing that takes a colour word: words without one and with one, and which colour it took."""
    regions = {slot: seen(stage, slot) for slot in stage.slots & set(SLOTS)}
    slot = max(regions, key=lambda name: int(regions[name].sum()), default="")
    if not slot or regions[slot].mean() < 0.01:
        return words, words, None
    paints = list(SLOTS[slot].paints)
    asked = int(dice.integers(0, len(paints)))
    noun = SLOTS[slot].noun
    said = [part for part in words.split(", ") if part.rstrip("s") != noun.rstrip("s")]
    looks = {f"{paint} {noun}": replace(look, chosen=((slot, paint),)) for paint in paints}
    plain, coloured = (", ".join([named, *said]) for named in (noun, f"{paints[asked]} {noun}"))
    return plain, coloured, ask(stage, looks, regions[slot], asked)


def ask(stage: Stage, looks: dict[str, Look], region: Region, asked: int) -> Question:
    """Which of some words' looks a region shows."""
    means = [lab(develop(stage, look))[region].mean(0) for look in looks.values()]
    return Question(region, np.stack(means), asked, list(looks))


def seen(stage: Stage, slot: str) -> Region:
    """Where a slot's paint can be seen in a layout, a little inside its edges."""
    share = np.zeros((stage.height, stage.width), np.float32)
    for cel in stage.cels:
        if cel.only or cel.adds:
            continue
        part = share[cel.box[1] : cel.box[3], cel.box[0] : cel.box[2]]
        part += (np.float32(cel.slot == slot if isinstance(cel.slot, str) else False) - part) * cel.alpha
    inside = cv2.erode((share > 0.7).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(inside if inside.any() else share > 0.5)


def leak(before: Bytes, after: Bytes, region: Region) -> float:
    """By how much the picture changed outside a region, in Lab on average."""
    outside = cv2.dilate(region.astype(np.uint8), np.ones((13, 13), np.uint8)) == 0
    if not outside.any():
        return 0.0
    return float(np.linalg.norm(lab(before) - lab(after), axis=2)[outside].mean())


def family(hour: Hour) -> str:
    """Which time of day an hour is of."""
    for name, words in FAMILIES:
        if any(word in hour.phrases[0] for word in words.split()):
            return name
    return "day"


def page(line: Array, paper: float) -> Array:
    """Lines in black on paper of a tone, (H, W, 3)."""
    return np.asarray(np.repeat(paper * (1 - 0.94 * line[..., None]), 3, 2), np.float32)


def lines(drawing: Bytes) -> Region:
    """Where a clean drawing has lines."""
    return np.asarray(cv2.Canny(drawing, 60, 140) > 0)


def kept(out: Bytes, drawn: Region) -> float:
    """The share of the drawn lines beside which the painting has an edge."""
    return float((drawn & _near(_edges(out))).sum() / max(1, drawn.sum()))


def edges(out: Bytes, drawn: Bytes) -> float:
    """F1 of the painting's edges against the drawing's."""
    painted, wanted = _edges(out), lines(drawn)
    precision = (painted & _near(wanted)).sum() / max(1, painted.sum())
    recall = (wanted & _near(painted)).sum() / max(1, wanted.sum())
    return float(2 * precision * recall / max(1e-9, precision + recall))


def _edges(picture: Bytes) -> Region:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), 30, 80) > 0)


def _near(lines: Region) -> Region:
    return np.asarray(cv2.dilate(lines.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def lab(picture: Array | Bytes) -> Array:
    """A picture in 0..255 as CIE Lab."""
    values = (np.asarray(picture, np.float32) / 255).clip(0, 1)
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_RGB2Lab), np.float32)


def whole(values: Array) -> Bytes:
    """Floats in 0..255 as bytes."""
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)
