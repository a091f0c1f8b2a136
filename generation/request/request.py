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
from typing import Protocol, TypeGuard, TypeVar, runtime_checkable

from PIL import Image

from generation.errors import RequestError
from generation.layout.beside import NOTHING, Beside
from generation.layout.canvas import NO_SIDES, Sides
from generation.layout.mask import check_mask
from generation.layout.output_size import SIDES, output_size, whole
from generation.layout.tiles import SIDES as TILE_SIDES
from generation.layout.tiles import Tiling
from generation.words.reader import Reader, Unread
from generation.works.weight import Weight
from provenance.statement.blank import is_blank

T = TypeVar("T")
PROMPT_LIMIT = 10_000  # characters; models read a few hundred
STEPS = range(1, 1000 + 1)  # schedulers are trained on 1000 time steps
SEEDS = range(2**64)
CHUNKS, CUT = "chunks", "cut"  # how a prompt is read that is longer than the model reads at once
GUIDANCE_LIMIT = 100.0
UPSCALE_STRENGTH = 0.25  # docs/decisions/0213

# Called after each step with steps done, steps in all, and a preview where one was asked for and is due.
OnStep = Callable[[int, int, Image.Image | None], None]


# How many denoising steps a model runs of so many asked for, at a strength (None: it has none).
Runs = Callable[[int, float | None], int]


@runtime_checkable
class Scheduled(Protocol):
    """A way of counting steps that knows which other schedulers fit."""

    @property
    def schedulers(self) -> tuple[str, ...]:
        """The schedulers that fit, the model's own first."""

    def with_scheduler(self, text: str) -> tuple[str, Runs]:
        """The full name of the one that is meant, and steps counted with it; RequestError lists those that fit."""


def plainly(steps: int, strength: float | None) -> int:
    """A scheduler that calls the network once a step, entered at `strength`: diffusers' own sum."""
    return steps if strength is None else min(int(steps * strength), steps)


@dataclass(frozen=True, slots=True)
class PaintSettings:
    """How a picture is to be painted: the words and the numbers. None takes the model's own default.

    The command line, the form, the studio and the request hold this one value. `long_side` or one of `width` and
    `height` scales the layout; none of them takes the size that the model paints best. `clean` says whether the layout
    is cleaned first; None cleans a scan (studio/ready.py). `scheduler` is one that fits the model. `extend` adds
    canvas on the layout's sides, which is painted. `fill` gives the mask to the network, where it can see one; None:
    only for new canvas. `tile` paints in squares of that side, which lie over each other by `overlap`. `long_prompt`
    says whether a prompt that is too long is read in "chunks" or "cut"; None reads it in chunks where the model can.
    `weights` weigh LoRAs, ControlNets and style for this picture. `upscale` makes it larger in tiles, with little
    strength, and each tile keeps its broad colours (generation/layout/details.py).
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
    scheduler: str | None = None
    extend: Sides = NO_SIDES
    fill: bool | None = None
    tile: int | None = None
    overlap: int | None = None
    long_prompt: str | None = None
    weights: tuple[Weight, ...] = ()
    upscale: bool | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A picture to paint over, and settings with nothing left open. An instance is one that can be run.

    `image` is RGB, as shown (EXIF rotation applied); `profile` is the ICC profile that its numbers are meant by (None:
    sRGB). The output keeps its proportions; without any size among the settings it keeps its size. A strength of None
    is for models that have none (instruction editors). `mask` is grey and as large as the picture: only where it is
    white does the painting replace it (layout/mask.py). `preview_every` steps a preview is decoded; 0 means never.
    `runs` is the model's way of counting steps. `beside` are further pictures that go in.
    """

    image: Image.Image
    settings: PaintSettings
    mask: Image.Image | None = None
    profile: bytes | None = None
    preview_every: int = 0
    runs: Runs = plainly
    beside: Beside = NOTHING

    def __post_init__(self) -> None:
        if self.image.mode != "RGB":
            raise RequestError(f"the picture has to be RGB, this one is {self.image.mode}")
        asked = self.settings
        _check_words("prompt", asked.prompt)
        _check_words("negative prompt", asked.negative_prompt)
        steps = whole("steps", asked.num_inference_steps, STEPS)
        whole("the seed", asked.seed, SEEDS)
        whole("the preview interval", self.preview_every, range(STEPS.stop))
        if not _is_number(asked.guidance_scale) or not 0 <= asked.guidance_scale <= GUIDANCE_LIMIT:
            raise RequestError(
                f"guidance is a number from 0 to {GUIDANCE_LIMIT:.0f}, not {asked.guidance_scale!r}"
            )
        if asked.strength is not None:
            _check_strength(asked.strength, steps, self.runs)
        self._check_more()
        size = self.size  # refuses one that cannot be painted
        if self.mask is not None:
            check_mask(self.mask, self.shown, size)

    def _check_more(self) -> None:
        asked = self.settings
        if asked.long_prompt not in (None, CHUNKS, CUT):
            raise RequestError(
                f"a long prompt is read in {CHUNKS!r} or {CUT!r}, not {asked.long_prompt[:40]!r}"
            )
        if asked.fill and self.mask is None:
            raise RequestError("there is nothing to fill: give a mask, or extend the canvas")
        tiled = Tiling.of(asked.tile, asked.overlap) is not None
        if tiled and asked.strength is None and not asked.upscale:
            raise RequestError(
                "tiles need a model that takes a strength: each would be edited by itself, otherwise"
            )
        self.beside.check(self.shown)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height of the picture that goes in."""
        return self.image.size

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture that comes out."""
        asked = self.settings
        return output_size(self.shown, asked.width, asked.height, asked.long_side)

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
    references: int = 0  # how many pictures beside the layout it takes
    can_fill: bool = False  # it, or a class of its family around its parts, sees the mask
    reader: Reader | None = None  # what it reads of a prompt
    enlarges: int = 0  # it only makes pictures larger, by this factor

    def request(
        self,
        image: Image.Image,
        settings: PaintSettings,
        *,
        mask: Image.Image | None = None,
        profile: bytes | None = None,
        preview_every: int = 0,
        beside: Beside = NOTHING,
    ) -> Request:
        """A request that this model can run, with its defaults for what was left open; what it cannot do is refused.

        Where the canvas is extended, picture and mask are so already.
        """
        # Before anything counts their tokens.
        _check_words("prompt", settings.prompt)
        _check_words("negative prompt", settings.negative_prompt)
        if self.enlarges and (settings.width, settings.height, settings.long_side) == (None, None, None):
            settings = replace(settings, long_side=min(self.enlarges * max(image.size), SIDES.stop - 1))
        asked, runs = self.filled_in(settings), self.runs
        if asked.scheduler is not None:
            name, runs = self._scheduled(asked.scheduler)
            asked = replace(asked, scheduler=name)
        request = Request(image, asked, mask, profile, preview_every, runs, beside)
        self.check(request)
        return request

    def filled_in(self, settings: PaintSettings) -> PaintSettings:
        """The settings with this model's defaults in the place of None."""
        sizes = (settings.width, settings.height, settings.long_side)
        long_prompt = self._long(settings)
        fill = self.needs_mask or (settings.fill if settings.fill is not None else self._fills(settings))
        upscale = settings.upscale or bool(self.enlarges) or None
        return replace(
            settings,
            fill=fill,
            upscale=upscale,
            tile=self._tile() if upscale and settings.tile is None else settings.tile,
            long_prompt=long_prompt,
            strength=_first(settings.strength, self._strength(fill=fill, upscale=bool(upscale))),
            guidance_scale=_first(settings.guidance_scale, self.guidance_scale, 0.0),
            num_inference_steps=_first(settings.num_inference_steps, self.num_inference_steps),
            long_side=self.long_side if sizes == (None, None, None) else settings.long_side,
        )

    def _strength(self, *, fill: bool, upscale: bool) -> float | None:
        """The strength where nobody says one: what is filled is new, and what is made larger is kept."""
        if self.strength is None:
            return None
        if fill:
            return 1.0
        return UPSCALE_STRENGTH if upscale else self.strength

    def _tile(self) -> int:
        """The side of the tiles that a picture is made larger in: what the model paints best."""
        return min(max(self.long_side, TILE_SIDES.start), TILE_SIDES.stop - 1)

    def _fills(self, settings: PaintSettings) -> bool:
        """Whether the network sees the mask where nobody says so: only for new canvas, which has nothing to keep."""
        return bool(settings.extend) and self.can_fill

    @property
    def schedulers(self) -> tuple[str, ...]:
        """The schedulers that it can be painted with, its own first."""
        return self.runs.schedulers if isinstance(self.runs, Scheduled) else ()

    def runs_of(self, settings: PaintSettings) -> Runs:
        """How steps are counted with the scheduler of these settings."""
        return self.runs if settings.scheduler is None else self._scheduled(settings.scheduler)[1]

    def _scheduled(self, text: str) -> tuple[str, Runs]:
        """The full name of the scheduler that is meant, and its way of counting steps."""
        if not isinstance(self.runs, Scheduled):
            raise RequestError("this model is painted with its own scheduler alone; leave the scheduler out")
        return self.runs.with_scheduler(text)

    def unread(self, settings: PaintSettings) -> list[Unread]:
        """What this model will not read of the words, as they are asked to be read."""
        if self.reader is None or settings.long_prompt == CHUNKS:
            return []
        found = (self.reader(each) for each in (settings.prompt, settings.negative_prompt))
        return [each for each in found if each is not None]

    def _long(self, settings: PaintSettings) -> str | None:
        """How long words are read; None where they are short, and it makes no difference."""
        if settings.long_prompt not in (None, CHUNKS, CUT):
            return settings.long_prompt  # refused by the request
        if settings.long_prompt == CUT or not self.unread(replace(settings, long_prompt=CUT)):
            return None
        chunks = self.reader is not None and self.reader.chunks
        return CHUNKS if chunks else settings.long_prompt

    def check(self, request: Request) -> None:
        """Refuses what this model would ignore: a record must not state a setting that did nothing."""
        asked = request.settings
        guidance = asked.guidance_scale or 0
        if self.needs_mask and request.mask is None:
            raise RequestError(
                "this model only fills the white of a mask; give a mask as well, or name the base model",
                about="mask",
            )
        if self.strength is None and asked.strength is not None:
            raise RequestError(
                "this model takes no strength: it is told by words how much to change; leave it out"
            )
        if self.strength is not None and asked.strength is None:
            raise RequestError(f"this model needs a strength, such as {self.strength}")
        if not self.negative_prompt and asked.negative_prompt:
            raise RequestError(
                "this model takes no negative prompt; say what should be there instead",
                about="negative_prompt",
            )
        if asked.negative_prompt and guidance <= 1:
            raise RequestError(
                "a negative prompt works only with guidance above 1; ask for more, or drop it",
                about="negative_prompt",
            )
        if self.guidance_scale is None and guidance:
            raise RequestError("this model takes no guidance; leave guidance out")
        if asked.upscale and not self.enlarges and self.strength is None:
            raise RequestError(
                "a picture is made larger with a model that takes a strength, or with one made for that; "
                "name another model"
            )
        if asked.fill and not self.can_fill:
            raise RequestError(
                "no class of this model's family sees a mask; leave fill out, or name another model"
            )
        if asked.long_prompt == CHUNKS and not (self.reader and self.reader.chunks):
            raise RequestError("this model cannot read a prompt in chunks; shorten it, or leave that out")
        self.check_references(len(request.beside.references))

    def check_references(self, given: int) -> None:
        """Refuses more pictures beside the layout than this model looks at."""
        if given <= self.references:
            return
        if not self.references:
            raise RequestError("this model looks at the layout alone; leave the reference pictures out")
        raise RequestError(
            f"this model looks at {self.references} reference pictures at most, and {given} are given"
        )


def check_prompt(words: str) -> None:
    """RequestError where there is nothing to paint by: no words, or none that anybody can see."""
    if is_blank(words):
        raise RequestError("the prompt is empty; say in a few words what the painting should show")


def _check_words(name: str, words: str) -> None:
    about = name.replace(" ", "_")
    if len(words) > PROMPT_LIMIT:
        raise RequestError(
            f"a {name} has at most {PROMPT_LIMIT:,} characters, this one {len(words):,}; shorten it",
            about=about,
        )
    try:
        words.encode()
    except UnicodeEncodeError:
        raise RequestError(
            f"the {name} holds half a character (a lone surrogate); type it again", about=about
        ) from None


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


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _first(*values: T | None) -> T | None:
    """The first that is not None."""
    return next((value for value in values if value is not None), None)
