"""The words and what they look like: skies, grounds and the colours of things.

What a caption does not say takes its usual colour, so that every difference between two paintings has its word.
"""

from dataclasses import dataclass

import numpy as np

from .canvas import Array


@dataclass(frozen=True)
class Sky:
    """A sky's phrase and other ways to say it, its colours and the light it throws on things."""

    words: str
    others: tuple[str, ...]
    zenith: str
    horizon: str
    light: tuple[float, float, float]
    stars: int = 0
    often: float = 1.0

    @property
    def dark(self) -> bool:
        """Lamps are lit under it."""
        return self.light[1] < 0.6 or self.words.startswith("dusk")


@dataclass(frozen=True)
class Ground:
    """A ground's phrase, its colours far and near."""

    words: str
    far: str
    near: str
    water: bool = False
    often: float = 1.0

    @property
    def snow(self) -> bool:
        """Roofs and firs are white on it."""
        return "snow" in self.words


SKIES = (
    Sky("blue sky", ("day, blue sky", "sunny day", "day"), "#4f9fdc", "#c9ecfa", (1.02, 1.01, 0.98), 0, 3),
    Sky("light blue sky", ("pale blue sky",), "#92d3f5", "#e8f8fd", (1.02, 1.01, 0.98), 0, 2.5),
    Sky(
        "clear blue summer sky",
        ("summer day, clear blue sky",),
        "#2f7fd0",
        "#a8dcf6",
        (1.05, 1.03, 0.95),
        0,
        2,
    ),
    Sky(
        "morning, pale yellow sky",
        ("morning", "dawn, pale yellow sky"),
        "#bfe0f0",
        "#fdf0b8",
        (1.05, 1.0, 0.88),
        0,
        2,
    ),
    Sky("sunset, orange sky", ("sunset", "orange sunset"), "#e2703a", "#fcd77a", (1.02, 0.84, 0.68), 0, 2),
    Sky(
        "sunset, pink sky",
        ("pink sunset", "evening, pink sky"),
        "#c76aa4",
        "#ffc4b8",
        (1.02, 0.82, 0.82),
        0,
        2.4,
    ),
    Sky("red sunset sky", ("red sunset", "sunset, red sky"), "#b8362f", "#fb9a5a", (1.0, 0.74, 0.62), 0, 1.4),
    Sky(
        "dusk, purple sky", ("dusk", "twilight, purple sky"), "#54407a", "#e6a0b8", (0.82, 0.70, 0.86), 0, 2.4
    ),
    Sky("golden sky, sunset", ("golden evening",), "#d99a2b", "#fdeaa0", (1.04, 0.90, 0.66), 0, 1.6),
    Sky("night", ("at night", "night sky"), "#101c44", "#34568f", (0.42, 0.48, 0.76), 0, 2.4),
    Sky("night, dark blue sky", ("dark blue night",), "#0c1838", "#2a4a86", (0.40, 0.47, 0.78), 0, 2),
    Sky("starry night", ("night, stars",), "#0a1230", "#40407c", (0.42, 0.44, 0.74), 1, 1.6),
    Sky("purple night sky", ("night, purple sky",), "#2a1a4e", "#7a5a9c", (0.52, 0.44, 0.72), 0, 1.4),
    Sky("grey cloudy sky", ("overcast", "grey sky"), "#9aa4ac", "#d9dee0", (0.86, 0.88, 0.90), 0, 1.8),
    Sky(
        "storm, dark grey sky",
        ("storm", "rain, dark grey sky"),
        "#4a5058",
        "#8f989c",
        (0.66, 0.69, 0.74),
        0,
        1.4,
    ),
    Sky("light green sky", ("pale green sky",), "#8fc9a0", "#e4f3d0", (0.96, 1.02, 0.92), 0, 0.9),
)
GROUNDS = (
    Ground("green grass", "#a8cf62", "#4c8f2c", often=4),
    Ground("light green meadow", "#cfe38a", "#8fbf3a", often=2),
    Ground("dark green forest floor", "#4f8a5c", "#174c34", often=1.5),
    Ground("yellow sand", "#fbeaa0", "#e9c95a", often=2),
    Ground("desert, orange sand", "#f3b878", "#c9702c", often=1.5),
    Ground("white snow, winter", "#ffffff", "#d6e6f2", often=4),
    Ground("brown earth", "#c49a68", "#7a5230", often=1.5),
    Ground("autumn, orange grass", "#f0b850", "#b8641f", often=1.6),
    Ground("grey road", "#c9c9c6", "#86878a", often=1.3),
    Ground("blue sea", "#8fd0ea", "#1f6fb4", True, 2),
    Ground("dark blue sea", "#4a7fb8", "#12366e", True, 1.3),
    Ground("turquoise water", "#b4ece0", "#27a8a0", True, 1.3),
    Ground("purple flower field", "#d8b8e0", "#7a58a4", often=1),
    Ground("pink flower field", "#fbd0dc", "#d8708c", often=1),
)
COLOURS = {
    "white": "#f7f5ee",
    "light grey": "#d0cfce",
    "grey": "#9b9b9a",
    "dark grey": "#4f5254",
    "black": "#2b2b2e",
    "light blue": "#92d3f5",
    "blue": "#4f9bd8",
    "dark blue": "#1e50a0",
    "red": "#dd4a3c",
    "dark red": "#8f2430",
    "light green": "#b1cc33",
    "green": "#5c9e31",
    "dark green": "#1f6a46",
    "yellow": "#fbdc3a",
    "golden": "#e9b035",
    "light orange": "#f4aa41",
    "orange": "#e77a2c",
    "pink": "#f7a3bb",
    "dark pink": "#dd6a8e",
    "light purple": "#b399c8",
    "purple": "#8560aa",
    "brown": "#a57939",
    "dark brown": "#6a462f",
    "cream": "#f3e2b8",
    "steel": "#5b626b",
    "wood": "#b98d58",
    "lamp": "#ffdf70",
    "glass": "#bfe2f2",
    "rock": "#8d93a0",
}


def rgb(code: str) -> Array:
    """``#rrggbb`` as three floats in 0..255."""
    return np.array([int(code[k : k + 2], 16) for k in (1, 3, 5)], np.float32)


def light(sky: Sky) -> Array:
    """The sky's light as a factor on each channel."""
    return np.array(sky.light, np.float32)
