"""A loaded model with everything that is used beside it, set up for one picture: which of its family's classes paints,
with which ControlNets, LoRAs, words and style.

The classes of one family share their weights: a ControlNet beside the base model, or a mask that the network sees, is
another class around the same parts, made when it is first needed.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from generation.engine.chunks import in_chunks
from generation.engine.engine_depth import DepthModel
from generation.engine.networks import networks
from generation.engine.overlay import overlaid, weigh
from generation.engine.seen import Seen
from generation.errors import ModelError
from generation.layout.guides import DRAWN_FROM, GuideKind, guide
from generation.model.families import Task, class_named, family, sibling
from generation.model.schedulers import made
from generation.request.fit import fit
from generation.request.request import CHUNKS, Request
from generation.works.adapter import Adapter, WorkKind
from generation.works.kit import Given, Kit, in_use, of_kind
from generation.works.unions import is_own_class, number

GIVEN = "a picture given for it"


@dataclass(slots=True)
class Easel:
    """`pipe` is the model as it was loaded, with `kit` laid over it; `nets` are its ControlNets by key.

    `depth` draws what a ControlNet for depth is shown.
    """

    pipe: Any
    kit: Kit = ()
    nets: Mapping[str, Any] = field(default_factory=dict)
    depth: DepthModel | None = None
    _others: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, pipe: Any, kit: Sequence[Adapter]) -> "Easel":
        """With every work in its place; ModelError where one does not fit this model."""
        controls = of_kind(kit, WorkKind.CONTROL)
        deep = next((DepthModel.load(each, pipe.device) for each in of_kind(kit, WorkKind.DEPTH)), None)
        easel = cls(overlaid(pipe, kit), tuple(kit), networks(pipe, controls), deep)
        if controls:
            # Refused now rather than at the first picture.
            easel._other(Task.OVER, tuple(each.key for each in controls))
            for each in controls:
                number(easel.nets[each.key], each.key)
        return easel

    def used(self, request: Request) -> Kit:
        """The works that change this picture, as it weighs them."""
        asked = request.settings
        words = (asked.prompt, asked.negative_prompt)
        return in_use(self.kit, asked.weights, words, Given.of(request.beside))

    @contextmanager
    def set_up(self, request: Request) -> Iterator[Any]:
        """The pipeline for this picture, with its scheduler and weights; afterwards it has its own scheduler again."""
        used = self.used(request)
        weigh(self.pipe, self.kit, used)
        controls = tuple(each.key for each in of_kind(used, WorkKind.CONTROL))
        pipe = self.pipe
        fills = family(type(pipe).__name__).task is Task.FILL
        if controls or (request.settings.fill and not fills):
            pipe = self._other(Task.FILL if request.settings.fill else Task.OVER, controls)
        own = pipe.scheduler
        if request.settings.scheduler:
            pipe.scheduler = made(request.settings.scheduler, own)
        try:
            yield pipe
        finally:
            pipe.scheduler = own

    def guides(self, request: Request, layout: Image.Image, grid: int) -> dict[str, Image.Image]:
        """What each ControlNet is shown, by its key and as large as `layout`: what was given, or drawn from it."""
        given = dict(request.beside.guides)
        return {
            each.key: fit(replace(request, image=given[each.key]), grid)
            if each.key in given
            else self._drawn(GuideKind(each.key), layout)
            for each in of_kind(self.used(request), WorkKind.CONTROL)
        }

    def _drawn(self, kind: GuideKind, layout: Image.Image) -> Image.Image:
        """What a ControlNet of this kind is shown of a layout."""
        if kind is GuideKind.DEPTH and self.depth is not None:
            return self.depth.draw(layout)
        return guide(kind, layout)

    def facts(self, request: Request) -> dict[str, str]:
        """How the pictures that steered it came about."""
        given = dict(request.beside.guides)
        steering = of_kind(self.used(request), WorkKind.CONTROL)
        return {
            f"control_{each.key}": GIVEN if each.key in given else DRAWN_FROM[GuideKind(each.key)]
            for each in steering
        }

    def arguments(self, pipe: Any, request: Request, seen: Seen) -> dict[str, Any]:
        """What the call is given besides words, layout and numbers."""
        asked: dict[str, Any] = {}
        used = self.used(request)
        asked |= _steered(of_kind(used, WorkKind.CONTROL), seen.guides, self.nets)
        if of_kind(self.kit, WorkKind.STYLE):
            # Without a style picture it is weighed 0, and still wants one to look at.
            shown = list(request.beside.styles) or [Image.new("RGB", (64, 64), "grey")]
            asked["ip_adapter_image"] = [shown]
        if request.beside.references:
            asked["image"] = [seen.layout, *request.beside.references]
        if request.settings.long_prompt == CHUNKS:
            asked |= in_chunks(pipe, request.settings.prompt, request.settings.negative_prompt)
            asked |= {"prompt": None, "negative_prompt": None}
        return asked

    def _other(self, task: Task, controls: tuple[str, ...]) -> Any:
        """A class of the same family around the same parts."""
        found = self._others.get((task, controls))
        if found is None:
            name = type(self.pipe).__name__
            nets = [self.nets[key] for key in controls]
            other = sibling(name, task, _steering(nets))
            if other is None:
                what = "takes a ControlNet beside it" if controls else "fills a mask"
                raise ModelError(f"diffusers has no class of {name}'s family that {what}; name another model")
            found = _around(self.pipe, class_named(other), nets)
            self._others[task, controls] = found
        return found


def _around(pipe: Any, kind: Any, nets: list[Any]) -> Any:
    """A pipeline of another class around the parts of one; nothing is loaded or copied."""
    parts = {**pipe.config, **pipe.components}
    takes = inspect.signature(kind.__init__).parameters
    given = {name: parts[name] for name in takes if name in parts}
    if "add_watermarker" in takes:
        given["add_watermarker"] = False
    if nets:
        given["controlnet"] = nets[0] if len(nets) == 1 else nets
    try:
        made_of = kind(**given)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{kind.__name__} cannot be made of {type(pipe).__name__}: {error}") from error
    made_of.set_progress_bar_config(disable=True)
    return made_of


def _steering(nets: Sequence[Any]) -> str | None:
    """How a class that takes these networks is called; None where there are none."""
    if not nets:
        return None
    own = {is_own_class(net) for net in nets}
    if len(own) > 1:
        raise ModelError(
            "a ControlNet for many kinds and one for a single kind are not used together; name one of them, or a "
            "second of the same sort"
        )
    return "ControlNetUnion" if own == {True} else "ControlNet"


def _steered(controls: Kit, guides: Mapping[str, Image.Image], nets: Mapping[str, Any]) -> dict[str, Any]:
    """What each ControlNet is shown, how strongly it acts, and in which part of the steps."""
    if not controls:
        return {}
    shown = [guides[each.key] for each in controls]
    told: dict[str, list[Any]] = {
        "control_image": shown,
        "controlnet_conditioning_scale": [each.scale for each in controls],
        "control_guidance_start": [each.start for each in controls],
        "control_guidance_end": [each.end for each in controls],
    }
    numbers = [number(nets[each.key], each.key) for each in controls]
    if any(each is not None for each in numbers):
        told["control_mode"] = numbers
    return {name: values if len(controls) > 1 else values[0] for name, values in told.items()}
