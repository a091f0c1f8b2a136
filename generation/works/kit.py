"""Everything that is used beside one model: LoRAs, textual inversions, ControlNets, an IP-Adapter, a depth estimator.

Each has a key by which settings weigh it for one picture: the name of a LoRA's file, the word of a textual inversion,
the kind of a ControlNet, "style". A record must not name a work that did nothing, so `in_use` leaves out what is
weighed 0, the words that are not in the prompt, and an estimator whose depth nobody looks at.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generation.errors import RequestError
from generation.layout.beside import Beside, Files
from generation.layout.guides import NO_DEPTH, GuideKind
from generation.works.adapter import SCALES, Adapter, WorkKind
from generation.works.weight import CONTROL_MOST, STYLE_MOST, Weight, check_scale

Kit = tuple[Adapter, ...]
_SCALES = {
    WorkKind.LORA: SCALES,
    WorkKind.CONTROL: (0.0, CONTROL_MOST),
    WorkKind.STYLE: (0.0, STYLE_MOST),
    WorkKind.WORD: (1.0, 1.0),
    WorkKind.DEPTH: (1.0, 1.0),
}
# A word is said or not, depth is drawn or not: there is nothing to weigh.
_UNWEIGHED = (WorkKind.WORD, WorkKind.DEPTH)


@dataclass(frozen=True, slots=True)
class Given:
    """Which pictures are given beside a layout: whether one of a style, and for which ControlNets, by their keys."""

    styled: bool = False
    guides: frozenset[str] = frozenset()

    @classmethod
    def of(cls, beside: Beside | Files) -> "Given":
        """As pictures, or as files that are still to be opened."""
        return cls(bool(beside.styles), frozenset(key for key, _ in beside.guides))


NOTHING_GIVEN = Given()


def weighed(kit: Kit, weights: Iterable[Weight]) -> Kit:
    """The works as one picture uses them; those weighed 0 are left out. RequestError for what is not there."""
    asked = {each.key: each for each in weights}
    known = {each.key: each for each in weighable(kit)}
    for key, weight in asked.items():
        if key not in known:
            names = ", ".join(sorted(known)) or "nothing"
            raise RequestError(f"there is no {key[:40]!r} beside this model to weigh; there is {names}")
        if weight.scale:
            check_scale(weight, *_SCALES[known[key].kind])
        if (weight.start, weight.end) != (0.0, 1.0) and known[key].kind is not WorkKind.CONTROL:
            raise RequestError(f"{key[:40]} acts on every step; only a ControlNet has a start and an end")
    used = (_as_asked(each, asked.get(each.key)) for each in kit)
    return tuple(each for each in used if each.scale)


def weighable(kit: Kit) -> Kit:
    """The works that a picture can use more or less of."""
    return tuple(each for each in kit if each.kind not in _UNWEIGHED)


def in_use(kit: Kit, weights: Iterable[Weight], words: Sequence[str], given: Given) -> Kit:
    """Of the works, those that change a picture of these words, with these pictures given beside its layout."""
    used = weighed(kit, weights)
    deep = GuideKind.DEPTH in {each.key for each in of_kind(used, WorkKind.CONTROL)} - given.guides
    return tuple(each for each in used if _acts(each, words, given, deep=deep))


def _acts(work: Adapter, words: Sequence[str], given: Given, *, deep: bool) -> bool:
    """Whether a work that is weighed changes the picture. `deep`: a ControlNet wants the layout's depth."""
    if work.kind is WorkKind.WORD:
        return any(calls(text, work.key) for text in words)
    if work.kind is WorkKind.STYLE:
        return given.styled
    return deep if work.kind is WorkKind.DEPTH else True


def check_beside(used: Kit, beside: Beside) -> None:
    """RequestError where a picture is given that no work here looks at, or one is missing that a ControlNet needs."""
    steering = {each.key for each in of_kind(used, WorkKind.CONTROL)}
    if beside.styles and not of_kind(used, WorkKind.STYLE):
        raise RequestError(
            "a style picture needs an IP-Adapter that looks at it; name one, or leave the picture out"
        )
    given = {key for key, _ in beside.guides}
    for key in given - steering:
        raise RequestError(f"a picture is given for {key[:40]}, but no ControlNet for it is used")
    if GuideKind.DEPTH in steering - given and not of_kind(used, WorkKind.DEPTH):
        raise RequestError(NO_DEPTH)


def calls(words: str, key: str) -> bool:
    """Whether a prompt holds the word of a textual inversion, as a word of its own.

    >>> calls("a house in ink-wash, at dusk", "ink-wash"), calls("an inkwell", "ink")
    (True, False)
    """
    return re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", words) is not None


def of_kind(kit: Iterable[Adapter], kind: WorkKind) -> Kit:
    return tuple(each for each in kit if each.kind is kind)


def _as_asked(adapter: Adapter, weight: Weight | None) -> Adapter:
    if weight is None:
        return adapter
    return replace(adapter, scale=weight.scale, start=weight.start, end=weight.end)
