"""What stands where in a scene, without colour: pictures at their places, shapes drawn by rule, the ground."""

from dataclasses import dataclass, field

from .canvas import Array
from .subjects import Thing


@dataclass(frozen=True)
class Icon:
    """An OpenMoji picture at a place: x, y of its corner, width, height."""

    index: int
    x: int
    y: int
    w: int
    h: int
    flip: bool
    kind: str  # "sky", "far" or "near"


@dataclass
class Layout:
    """What is drawn, without any colour."""

    height: int
    width: int
    horizon: float
    ground: Array  # the ground's edge, y for each x
    water: bool
    ridges: list[Array] = field(default_factory=list)
    back: list[Thing | Icon] = field(default_factory=list)  # behind the ground's edge
    front: list[Thing | Icon] = field(default_factory=list)
    pen: float = 3.0
    thin: int = 0  # pixels taken off the pictures' strokes
    hand: float = 0.0  # how much the hand shakes, in px
    pane: tuple[float, float, float, float] | None = None  # a room's window
    plain: bool = False  # no ground: one thing before a background
    seed: int = 0
