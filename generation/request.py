"""What is asked of a model, and what comes back. No torch: a request is checked before anything is loaded.

>>> layout = Image.new("RGB", (1920, 1080), "white")
>>> words = PaintSettings("sunset, pink sky", strength=0.7, guidance_scale=2.5, num_inference_steps=24, long_side=512)
>>> asked = Request(layout, words)
>>> asked.size, asked.effective_steps
((512, 288), 16)
>>> Request(layout, replace(words, strength=0.1, num_inference_steps=5))
Traceback (most recent call last):
    ...
generation.errors.RequestError: strength 0.1 of 5 steps leaves no step to run; try 10 steps or strength 0.2
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard, TypeVar

from PIL import Image

from generation.errors import RequestError
from generation.mask import check_mask

T = TypeVar("T")
PROMPT_LIMIT = 10_000  # characters; models read a few hundred
SIDES = range(32, 4096 + 1)  # pixels
STEPS = range(1, 1000 + 1)  # schedulers are trained on 1000 time steps
SEEDS = range(2**64)
GUIDANCE_LIMIT = 100.0

# Called after each step with steps done, steps in all, and a preview where one was asked for and is due.
OnStep = Callable[[int, int, Image.Image | None], None]


# How many denoising steps a model runs of so many asked for, at a strength (None: it has none).
Runs = Callable[[int, float | None], int]


def plainly(steps: int, strength: float | None) -> int:
    """A scheduler that calls the network once a step, entered at `strength`: diffusers' own sum."""
    return steps if strength is None else min(int(steps * strength), steps)


@dataclass(frozen=True, slots=True)
class PaintSettings:
    """How a picture is to be painted: the words and the numbers. None takes the model's own default.

    The command line, the form, the studio and the request hold this one value. `long_side` or one of `width` and
    `height` scales the layout; none of them takes the size that the model paints best. `clean` says whether the layout
    is cleaned first; None cleans a scan (generation/ready.py).
    """

    prompt: str
    negative_prompt: str = ""
    strength: float | None = None
    guidance_scale: float | None = None
    num_inference_steps: int | None = None
    seed: int = 0
    width: int | None = None
    height: int | None = None
    long_side: int | None = None
    clean: bool | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A picture to paint over, and settings with nothing left open. An instance is one that can be run.

    `image` is RGB, as shown (EXIF rotation applied); `profile` is the ICC profile that its numbers are meant by (None:
    sRGB). The output keeps its proportions; without any size among the settings it keeps its size. A strength of None
    is for models that have none (instruction editors). `mask` is grey and as large as the picture: only where it is
    white does the painting replace it (generation/mask.py). `preview_every` steps a preview is decoded; 0 means never.
    `runs` is the model's way of counting steps.
    """

    image: Image.Image
    settings: PaintSettings
    mask: Image.Image | None = None
    profile: bytes | None = None
    preview_every: int = 0
    runs: Runs = plainly

    def __post_init__(self) -> None:
        if self.image.mode != "RGB":
            raise RequestError(f"the picture has to be RGB, this one is {self.image.mode}")
        asked = self.settings
        _check_words("prompt", asked.prompt)
        _check_words("negative prompt", asked.negative_prompt)
        steps = _whole("steps", asked.num_inference_steps, STEPS)
        _whole("the seed", asked.seed, SEEDS)
        _whole("the preview interval", self.preview_every, range(STEPS.stop))
        if not _is_number(asked.guidance_scale) or not 0 <= asked.guidance_scale <= GUIDANCE_LIMIT:
            raise RequestError(
                f"guidance is a number from 0 to {GUIDANCE_LIMIT:.0f}, not {asked.guidance_scale!r}"
            )
        if asked.strength is not None:
            _check_strength(asked.strength, steps, self.runs)
        size = self.size  # refuses one that cannot be painted
        if self.mask is not None:
            check_mask(self.mask, self.shown, size)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height of the picture that goes in."""
        return self.image.size

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture that comes out."""
        asked = self.settings
        return _output_size(self.shown, asked.width, asked.height, asked.long_side)

    @property
    def effective_steps(self) -> int:
        """How many steps the class and the scheduler run of those asked for."""
        assert self.settings.num_inference_steps is not None
        return self.runs(self.settings.num_inference_steps, self.settings.strength)


@dataclass(frozen=True, slots=True)
class Render:
    """What came back: the picture (RGB) and the facts of the run, ready for a record (seeds are text)."""

    image: Image.Image
    facts: Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can be asked, with its own defaults: forms and commands are built from this."""

    strength: float | None  # its default; None: the model takes no strength
    guidance_scale: float | None  # its default; None: the model takes no guidance
    num_inference_steps: int
    negative_prompt: bool
    control_image: bool  # the line drawing also steers a ControlNet
    preview: bool
    long_side: int  # what it paints best, in pixels
    long_sides: tuple[int, int]  # between these it paints well
    runs: Runs = plainly  # how it counts steps
    fills: bool = False  # its network sees the mask
    needs_mask: bool = False  # it was made for filling and does nothing else
    pipeline: str = ""  # the class of diffusers that paints

    def request(
        self,
        image: Image.Image,
        settings: PaintSettings,
        *,
        mask: Image.Image | None = None,
        profile: bytes | None = None,
        preview_every: int = 0,
    ) -> Request:
        """A request that this model can run, with its defaults for what was left open; what it cannot do is refused."""
        request = Request(image, self.filled_in(settings), mask, profile, preview_every, self.runs)
        self.check(request)
        return request

    def filled_in(self, settings: PaintSettings) -> PaintSettings:
        """The settings with this model's defaults in the place of None."""
        sizes = (settings.width, settings.height, settings.long_side)
        return replace(
            settings,
            strength=_first(settings.strength, self.strength),
            guidance_scale=_first(settings.guidance_scale, self.guidance_scale, 0.0),
            num_inference_steps=_first(settings.num_inference_steps, self.num_inference_steps),
            long_side=self.long_side if sizes == (None, None, None) else settings.long_side,
        )

    def check(self, request: Request) -> None:
        """Refuses what this model would ignore: a record must not state a setting that did nothing."""
        asked = request.settings
        guidance = asked.guidance_scale or 0
        if self.needs_mask and request.mask is None:
            raise RequestError(
                "this model only fills the white of a mask; give a mask as well, or name the base model"
            )
        if self.strength is None and asked.strength is not None:
            raise RequestError(
                "this model takes no strength: it is told by words how much to change; leave it out"
            )
        if self.strength is not None and asked.strength is None:
            raise RequestError(f"this model needs a strength, such as {self.strength}")
        if not self.negative_prompt and asked.negative_prompt:
            raise RequestError("this model takes no negative prompt; say what should be there instead")
        if asked.negative_prompt and guidance <= 1:
            raise RequestError("a negative prompt works only with guidance above 1; ask for more, or drop it")
        if self.guidance_scale is None and guidance:
            raise RequestError("this model takes no guidance; leave guidance out")


def _check_words(name: str, words: str) -> None:
    if len(words) > PROMPT_LIMIT:
        raise RequestError(
            f"a {name} has at most {PROMPT_LIMIT:,} characters, this one {len(words):,}; shorten it"
        )
    try:
        words.encode()
    except UnicodeEncodeError:
        raise RequestError(f"the {name} holds half a character (a lone surrogate); type it again") from None


def _whole(name: str, value: int | None, allowed: range) -> int:
    # bool is an int to Python; `True` steps is a mistake of the caller's.
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise RequestError(
            f"{name}: a whole number from {allowed.start} to {allowed.stop - 1}, not {value!r}"
        )
    return value


def _check_strength(strength: float, steps: int, runs: Runs) -> None:
    if not _is_number(strength) or not 0 < strength <= 1:
        raise RequestError(f"strength is above 0 and at most 1, not {strength!r}")
    if runs(steps, strength) < 1:
        # One more than the division says: 0.07 of 15 steps is a hair under one.
        fewest = math.ceil(1 / max(strength, 1e-9))
        enough = next((n for n in (fewest, fewest + 1) if n in STEPS and runs(n, strength) >= 1), None)
        stronger = math.ceil(100 / steps) / 100
        more = f"{enough} steps or " if enough else ""
        raise RequestError(
            f"strength {strength:g} of {steps} steps leaves no step to run; try {more}strength {stronger:g}"
        )


def _output_size(
    shown: tuple[int, int], width: int | None, height: int | None, long_side: int | None
) -> tuple[int, int]:
    """The size asked for in the picture's own proportions; other proportions are refused, never stretched."""
    for name, side in (("width", width), ("height", height), ("the long side", long_side)):
        if side is not None:
            _whole(name, side, SIDES)
    if long_side is not None and (width is not None or height is not None):
        raise RequestError("give the long side, or width and height, not both")
    wide, high = shown
    scale = 1.0
    if long_side is not None:
        scale = long_side / max(shown)
    elif width is not None:
        scale = width / wide
    elif height is not None:
        scale = height / high
    size = (round(wide * scale), round(high * scale))
    # A pixel of rounding is what two people computing the same proportions may differ by.
    if width is not None and height is not None:
        if abs(size[1] - height) > 1:
            raise RequestError(
                f"{width} x {height} would stretch a picture of {wide} x {high}; "
                f"give one of them ({width} x {size[1]} fits), or crop the picture first"
            )
        size = (width, height)
    if min(size) not in SIDES or max(size) not in SIDES:
        raise RequestError(
            f"{wide} x {high} would be painted at {size[0]} x {size[1]}; both sides have to be from "
            f"{SIDES.start} to {SIDES.stop - 1} pixels: give another long side, or crop the picture"
        )
    return size


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _first(*values: T | None) -> T | None:
    """The first that is not None."""
    return next((value for value in values if value is not None), None)
