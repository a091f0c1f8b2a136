"""A look: everything that words decide about a layout, and the caption that says it.

What the words leave out has its usual paint. Looks come in pairs that differ in a single word, mostly the colour of a
thing, and their captions in nothing else: that is what teaches a colour word to stay in its thing.
"""

from dataclasses import dataclass, replace

import numpy as np

from .marks import Array, Dice
from .stage import Stage
from .vocabulary import (
    CLOUDS,
    FIXED,
    GROUNDS,
    HOURS,
    LAMPLIT_PANE,
    SLOTS,
    SNOWY_LEAF,
    SNOWY_ROOF,
    Ground,
    Hour,
    Paint,
)

UNSAID = (0.0, 0.3, 0.6)  # how often a caption passes over a thing in its usual paint: one of these for each
COLOUR_EXCHANGED, COLOUR_DROPPED = 0.6, 0.25  # how often the one word exchanged is a colour; is taken away
LEAST_SEEN = 0.002  # share of the picture under which a thing's colour is not worth a word


@dataclass(frozen=True)
class Look:
    """An hour, a ground, clouds if any, and the colour words of the slots that have one."""

    hour: Hour
    ground: Ground | None
    clouds: str = ""  # "piled", "thin"
    chosen: tuple[tuple[str, str], ...] = ()  # slot, colour word
    snowy: bool = False

    @property
    def traits(self) -> frozenset[str]:
        """What cels may ask for."""
        found = set(self.hour.traits)
        if self.ground:
            found |= self.ground.traits
        if self.clouds:
            found.add(self.clouds)
        if self.snowy:
            found.add("snow")
        return frozenset(found)

    def paint(self, slot: str) -> Array:
        """A slot's paint as (3, 3) in 0..255: dark, middle, light."""
        return mixed(self._named(slot))

    def _named(self, slot: str) -> Paint:
        word = dict(self.chosen).get(slot)
        traits = self.traits
        special: dict[str, Paint] = {
            "sky": self.hour.sky,
            "cloud": (self.hour.cloud[0], _between(*self.hour.cloud), self.hour.cloud[1]),
            "haze": (self.hour.haze,) * 3,
        }
        if self.ground:
            special["ground"] = self.ground.paint
            special["blossom"] = (self.ground.blossom or "#f0e0a0",) * 3
        if "snow" in traits:
            special |= {"roof": SNOWY_ROOF, "leaf": SNOWY_LEAF, "pine": SNOWY_LEAF, "hill": SNOWY_LEAF}
        if "lamps" in traits:
            special["pane"] = LAMPLIT_PANE
        if word:
            return SLOTS[slot].paints[word]
        return special.get(slot) or (SLOTS[slot].usual if slot in SLOTS else FIXED[slot])


def mixed(paint: Paint) -> Array:
    """``#rrggbb`` three times as (3, 3) floats."""
    return np.array([[int(code[k : k + 2], 16) for k in (1, 3, 5)] for code in paint], np.float32)


def _between(a: str, b: str) -> str:
    middle = (mixed((a, a, a))[0] + mixed((b, b, b))[0]) / 2
    return "#" + "".join(f"{round(float(v)):02x}" for v in middle)


def draw_hour(dice: Dice) -> Hour:
    """An hour by lot."""
    weights = np.array([h.often for h in HOURS])
    return HOURS[dice.choice(len(HOURS), p=weights / weights.sum())]


def draw_ground(dice: Dice, kind: str) -> Ground | None:
    """A ground of a kind by lot."""
    fit = [g for g in GROUNDS if g.kind == kind]
    if not fit:
        return None
    weights = np.array([g.often for g in fit])
    return fit[dice.choice(len(fit), p=weights / weights.sum())]


def draw_look(stage: Stage, dice: Dice, free: float) -> Look:
    """A look for a layout; each slot seen in it takes another than its usual paint with chance `free`."""
    hour, ground = draw_hour(dice), draw_ground(dice, stage.kind_of_ground)
    if "snowfall" in hour.traits and stage.kind_of_ground == "land":
        ground = next(g for g in GROUNDS if "snow" in g.traits)
    clouds = str(dice.choice(["", "", "piled", "thin"]))
    if hour.traits & {"deck", "clear"} or hour.mist > 2:
        clouds = ""
    chosen = []
    for slot in sorted(stage.slots & set(SLOTS)):
        if dice.random() < free:
            chosen.append((slot, str(dice.choice(list(SLOTS[slot].paints)))))
    return Look(hour, ground, clouds, tuple(chosen))


def exchange(stage: Stage, look: Look, dice: Dice) -> Look:
    """A look that differs from another in one word: mostly the colour of a thing, large things more often.

    Each hour and ground comes as often as any other: those that are rare in a look are learnt here.
    """
    chance = dice.random()
    areas = seen(stage)
    if areas and chance < COLOUR_EXCHANGED:
        weights = np.sqrt(list(areas.values()))
        slot = str(dice.choice(list(areas), p=weights / weights.sum()))
        return recoloured(look, slot, dice)
    if chance < (1 + COLOUR_EXCHANGED) / 2:
        fit = [g for g in GROUNDS if g.kind == stage.kind_of_ground]
        return replace(look, ground=fit[dice.integers(len(fit))] if fit else None)
    return replace(look, hour=HOURS[dice.integers(len(HOURS))])


def recoloured(look: Look, slot: str, dice: Dice) -> Look:
    """The look with another colour word for a slot, one that looks alike more often, or now and then with none."""
    said = dict(look.chosen)
    others = [word for word in SLOTS[slot].paints if word != said.get(slot)]
    if slot in said and dice.random() < COLOUR_DROPPED:
        said.pop(slot)
    elif others:
        now = look.paint(slot)
        near = np.array([1 / (1 + np.linalg.norm(mixed(SLOTS[slot].paints[word]) - now)) for word in others])
        said[slot] = str(dice.choice(others, p=near / near.sum()))
    return replace(look, chosen=tuple(said.items()))


def seen(stage: Stage) -> dict[str, float]:
    """The share of the picture that each slot with colour words fills, of those that can be seen at all."""
    names = sorted(stage.slots & set(SLOTS))
    on_top = np.full((stage.height, stage.width), -1, np.int16)
    for cel in stage.cels:
        if cel.only or cel.adds:
            continue
        index = names.index(cel.slot) if isinstance(cel.slot, str) and cel.slot in names else -1
        x0, y0, x1, y1 = cel.box
        on_top[y0:y1, x0:x1][cel.alpha > 0.5] = index
    shares = {name: float((on_top == k).mean()) for k, name in enumerate(names)}
    return {name: share for name, share in shares.items() if share > LEAST_SEEN}


def caption(stage: Stage, look: Look, dice: Dice) -> str:
    """The words of a look; what they leave out is as usual."""
    phrases = look.hour.phrases
    sky = phrases[0] if dice.random() < 0.6 else str(dice.choice(phrases))
    parts = [sky]
    if look.clouds and "cloud" in stage.slots:
        parts.append(str(dice.choice(CLOUDS[look.clouds])))
    if stage.place:
        parts.insert(int(dice.integers(0, 2)), stage.place)
    if look.ground:
        parts.append(look.ground.phrase)
    named, nouns = [], dict.fromkeys(stage.things)
    unsaid = float(dice.choice(UNSAID))
    for slot, word in look.chosen:
        noun = SLOTS[slot].noun
        named.append(f"{word} {noun}")
        for same in (noun, noun.rstrip("s"), noun + "s"):
            nouns.pop(same, None)
    things = named + [n for n in nouns if dice.random() >= unsaid]
    dice.shuffle(things)
    return ", ".join(dict.fromkeys(parts + things if dice.random() < 0.7 else things + parts))
