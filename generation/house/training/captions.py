"""The words of a painted scene: its sky, its ground, and its things with every colour that is not the usual one."""

import random

from .layout import Icon, Layout
from .look import NAMED, Look
from .pictures import Pictures
from .subjects import Thing

UNSAID = 0.35  # how often a caption passes over a thing in its usual colours


def caption(pictures: Pictures, layout: Layout, look: Look, rng: random.Random) -> str:
    """The words of a look: what they leave out has its usual colour."""
    sky = rng.choice(look.sky.others) if rng.random() < 0.22 else look.sky.words
    parts = [sky + " background" if layout.plain and rng.random() < 0.5 else sky]
    if layout.pane:
        parts.append("room")
    elif not layout.plain and rng.random() < 0.95:
        parts.append(look.ground.words)
    if look.clouds:
        parts.append("clouds")
    if layout.ridges and rng.random() < 0.4:
        parts.append("hills")
    names = _names(pictures, layout, look, rng)
    return ", ".join(dict.fromkeys(parts + names if rng.random() < 0.5 else names + parts))


def _names(pictures: Pictures, layout: Layout, look: Look, rng: random.Random) -> list[str]:
    """What the caption says of the things: all that is not as usual, and most of the rest."""
    names: dict[str, bool] = {}  # words, and whether they must be said
    for thing, chosen, variant in zip(layout.back + layout.front, look.chosen, look.variants, strict=True):
        if isinstance(thing, Icon):
            picture = pictures.all[thing.index]
            words = picture.colours[variant]
            said = layout.plain and words and (variant or rng.random() < 0.5)
            names[f"{words[0]} {picture.name}" if said else picture.name] = layout.plain
            if said:
                names |= dict.fromkeys(words[1:], True)
        else:
            names |= thing_words(thing, chosen, look)
    kept = [name for name, needed in names.items() if needed or rng.random() > UNSAID]
    rng.shuffle(kept)
    return kept


def thing_words(thing: Thing, chosen: dict[str, str], look: Look) -> dict[str, bool]:
    """What a caption says of a thing, and whether it must: every colour that is not the usual one."""
    noun = "moon" if thing.noun == "sun" and look.sky.dark else thing.noun
    words: dict[str, bool] = {}
    first = next(iter(thing.slots), None)
    needed = False
    for slot, names in thing.slots.items():
        word = chosen[slot]
        if slot not in NAMED or word == names[0] or word not in names:
            continue
        if slot == first:
            spoken = "wooden" if word == "wood" and not thing.noun.startswith("wooden") else word
            noun, needed = f"{spoken} {noun}", True
        else:
            words[f"{word} {slot}"] = True
    return {noun: needed, **words}
