"""A layout's colours: which sky, which ground, and what colour each kind of things has."""

import random
from dataclasses import dataclass

import numpy as np

from .canvas import Array
from .layout import Icon, Layout
from .looks import COLOURS, GROUNDS, SKIES, Ground, Sky, rgb
from .subjects import Thing

# The slots whose colour a caption says: "red house, blue roof".
NAMED = ("wall", "roof", "leaf", "fir", "rock", "way", "cloud", "glow", "floor", "post")
CLOUDS, CLOUDY = 0.75, 0.08  # how much of the sky they take, and how often a look has them


@dataclass
class Look:
    """A layout's colours: sky, ground, clouds, and for each thing its slots' words or its colouring."""

    sky: Sky
    ground: Ground
    clouds: float
    chosen: list[dict[str, str]]
    variants: list[int]


def usual(thing: Thing | Icon) -> dict[str, str]:
    """Each slot's colour when no word is said."""
    if isinstance(thing, Icon):
        return {}
    return {slot: names[0] for slot, names in thing.slots.items()}


def make_look(layout: Layout, rng: random.Random, free: float) -> Look:
    """A look; kinds of things take another than their usual colour with chance `free`.

    One kind has one colour in a look, and only in the slots that words name well: what no word can say must not vary,
    or the painter learns to mix.
    """
    sky = rng.choices(SKIES, [s.often for s in SKIES])[0]
    grounds = [g for g in GROUNDS if g.water == layout.water]
    if layout.seed % 3 == 0 and has(layout, "railway", "fir") and rng.random() < 0.5:
        grounds = [g for g in grounds if g.snow] or grounds
    ground = rng.choices(grounds, [g.often for g in grounds])[0]
    clouds = CLOUDS if rng.random() < CLOUDY else 0.0
    kinds: dict[str, dict[str, str]] = {}
    chosen, variants = [], []
    for thing in layout.back + layout.front:
        colours = usual(thing)
        if isinstance(thing, Thing):
            if thing.noun not in kinds:
                kinds[thing.noun] = {
                    slot: rng.choice(names)
                    for slot, names in thing.slots.items()
                    if slot in NAMED and len(names) > 1 and rng.random() < free
                }
            colours |= {k: v for k, v in kinds[thing.noun].items() if k in colours and v in thing.slots[k]}
        chosen.append(colours)
        # A picture's other colourings exchange several colours at once: only a picture alone has words for all of them.
        variants.append(rng.choice((1, 2, 3)) if layout.plain and rng.random() < free else 0)
    return Look(sky, ground, clouds, chosen, variants)


def has(layout: Layout, *nouns: str) -> bool:
    """Whether any of the things is drawn."""
    return any(isinstance(t, Thing) and t.noun in nouns for t in layout.back + layout.front)


def colour_of(thing: Thing, slot: str, chosen: dict[str, str], look: Look) -> tuple[Array, bool]:
    """A slot's colour and whether it shines by itself."""
    name = chosen[slot]
    if name in thing.slots and name != slot:
        return colour_of(thing, name, chosen, look)[0] * 0.82, False
    if slot == "pane" and name == "glass" and look.sky.dark:
        return rgb(COLOURS["lamp"]), True
    if slot == "glow":
        moon = look.sky.dark and name == "yellow"
        return rgb("#fff6d8") if moon else rgb(COLOURS[name]), True
    if slot == "lamp":
        return rgb(COLOURS[name]), look.sky.dark
    if name == "ballast":
        return (rgb(look.ground.far) * 0.5 + rgb("#8d8982") * 0.5), False
    colour = rgb(COLOURS[name])
    if look.ground.snow and slot in ("roof", "fir"):
        colour = colour * 0.3 + np.array([250, 252, 255], np.float32) * 0.7
    return colour, False
