"""How strongly a work beside a model is used, and in which part of the steps: `0.8`, or `0.8@0-0.6`.

>>> parse_weight("lineart", "0.8@0-0.6")
Weight(key='lineart', scale=0.8, start=0.0, end=0.6)
>>> str(parse_weight("ink", "0.5"))
'0.5'
"""

import math
import re
from dataclasses import dataclass

from generation.errors import RequestError

CONTROL_MOST, STYLE_MOST = 2.0, 2.0  # the largest scales of a ControlNet and of an IP-Adapter
HOW = "a weight is written SCALE or SCALE@START-END, such as 0.8 or 0.8@0-0.6"
# A tail without a folder in it; a colon can also stand in the name of a folder.
_TAIL = re.compile(r"(?P<name>.+):(?P<weight>[^/\\:]*)")


@dataclass(frozen=True, slots=True)
class Weight:
    """A work, by its key, at a strength; 0 leaves it out. It acts from `start` to `end`, shares of the steps."""

    key: str
    scale: float
    start: float = 0.0
    end: float = 1.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.scale):
            raise RequestError(f"{HOW}; {self.scale!r} for {self.key[:40]} is none")
        if not 0 <= self.start < self.end <= 1:
            raise RequestError(
                f"{self.key[:40]} acts between two shares of the steps, from 0 to 1 and the first below the second, "
                f"not {self.start:g} and {self.end:g}"
            )

    def __str__(self) -> str:
        reach = "" if (self.start, self.end) == (0.0, 1.0) else f"@{self.start:g}-{self.end:g}"
        return f"{self.scale:g}{reach}"


def parse_weight(key: str, text: str) -> Weight:
    """From a text; RequestError says how one is written."""
    number, at, reach = text.strip().partition("@")
    try:
        scale = float(number)
        start, end = (float(each) for each in reach.split("-")) if at else (0.0, 1.0)
    except ValueError:
        raise RequestError(f"{HOW}, not {text[:40]!r}") from None
    return Weight(key, scale, start, end)


def parted(text: str, key: str, most: float) -> tuple[str, Weight]:
    """`NAME` or `NAME:WEIGHT` as the name and its weight, 1 where none is written; above 0, at most `most`.

    >>> parted("nets/lineart:0.5", "lineart", 2.0)
    ('nets/lineart', Weight(key='lineart', scale=0.5, start=0.0, end=1.0))
    """
    found = _TAIL.fullmatch(text)
    if found is None:
        return text, Weight(key, 1.0)
    weight = parse_weight(key, found["weight"])
    check_scale(weight, 0, most)
    return found["name"], weight


def check_scale(weight: Weight, least: float, most: float) -> None:
    """RequestError where a scale is not between these, or is 0."""
    if not least <= weight.scale <= most or weight.scale == 0:
        between = f"from {least:g} to {most:g}, and not 0" if least else f"above 0 and at most {most:g}"
        raise RequestError(f"the weight of {weight.key[:40]} is {between}, not {weight.scale:g}")
