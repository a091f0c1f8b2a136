"""The fold "Lines, style, canvas" of the Paint form: what steers the model beside layout and words.

Only what the model and the works beside it can do is shown. The works themselves are named by whoever starts the page
(`genzu serve --control …`): a visitor weighs them, and names no file of this machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from generation.errors import RequestError
from generation.layout.beside import Files
from generation.layout.canvas import NO_SIDES, Sides
from generation.layout.guides import GuideKind
from generation.request.request import Capabilities
from generation.works.adapter import Adapter, WorkKind
from generation.works.kit import of_kind, weighable
from generation.works.weight import Weight
from provenance.tabs.fields.uploads import picture_input
from provenance.tabs.look.theme import piece

LARGE = (2048, 3072, 4096)  # pixels of its longer side
OWN = ""  # the model's own scheduler


@dataclass(frozen=True, slots=True)
class Steering:
    """The fold's values, as the browser sends them."""

    weights: Sequence[Sequence[Any]] = ()
    style: str | None = None
    depth: str | None = None
    references: Sequence[str] = ()
    scheduler: str = OWN
    fill: bool = False
    extend_left: float = 0
    extend_right: float = 0
    extend_top: float = 0
    extend_bottom: float = 0
    large: float = 0
    draws_depth: bool = False  # a depth estimator is beside the model

    @property
    def uploads(self) -> tuple[str | None, ...]:
        return (self.style, self.depth, *(self.references or ()))

    @property
    def files(self) -> Files:
        """The pictures beside the layout."""
        return Files(
            tuple(Path(each) for each in self.references or ()),
            (Path(self.style),) if self.style else (),
            ((GuideKind.DEPTH.value, Path(self.depth)),) if self.depth else (),
        )

    def over(self) -> dict[str, Any]:
        """The fields of PaintSettings that the fold decides; RequestError says which value is none."""
        large = _pixels("the large picture", self.large)
        sides = (self.extend_top, self.extend_right, self.extend_bottom, self.extend_left)
        extend = Sides(*(_pixels("new canvas", each) for each in sides))
        return {
            "weights": tuple(self._shown(_weight(each)) for each in self.weights or ()),
            "scheduler": self.scheduler or None,
            "fill": True if self.fill else None,
            "extend": extend if extend else NO_SIDES,
            **({"long_side": large, "upscale": True, "strength": None} if large else {}),
        }

    def _shown(self, weight: Weight) -> Weight:
        """Depth without its picture is left out where nothing draws it from the layout."""
        there = self.depth or self.draws_depth or weight.key != GuideKind.DEPTH
        return weight if there else replace(weight, scale=0.0)


NOTHING = Steering()


def steering(
    able: Capabilities, kit: Sequence[Adapter], *, hosted: bool
) -> tuple[dict[str, Component], gr.HTML]:
    """The fold's components by the names of `Steering`, and where ControlNets' guides are shown; inside gr.Blocks.

    A public page (`hosted`) paints nothing large: one visitor would keep all others waiting.
    """
    with gr.Accordion("Lines, style, canvas", open=False, elem_id="gz-steering"):
        works = _works(kit)
        guides = piece()
        return {**works, **_beside(able, kit), **_canvas(able, hosted=hosted)}, guides


def _works(kit: Sequence[Adapter]) -> dict[str, Component]:
    """The weights of what is used beside the model, a row for each work."""
    rows = [[each.key, each.scale, each.start, each.end] for each in weighable(tuple(kit))]
    weights = gr.Dataframe(
        rows, headers=["Beside the model", "Weight", "From", "Until"], datatype=["str", "number", "number", "number"],
        type="array", static_columns=[0], visible=bool(rows), elem_id="gz-weights",
        label="How strongly each acts (0: not at all), and in which part of the steps (from 0 to 1)",
    )  # fmt: skip
    words = ", ".join(each.key for each in kit if each.kind is WorkKind.WORD)
    gr.Markdown(f"Words that this model was taught besides: {words}", visible=bool(words))
    return {"weights": weights}


def _beside(able: Capabilities, kit: Sequence[Adapter]) -> dict[str, Component]:
    """The pictures that go in beside the layout."""
    styled = any(each.kind is WorkKind.STYLE for each in kit)
    style = picture_input(
        label="In the style of this picture", height=200, visible=styled, elem_id="gz-style",
        elem_classes="gz-drop", placeholder="Drop a picture here\nIts artists are asked, as for a layout",
    )  # fmt: skip
    deep = any(each.key == GuideKind.DEPTH for each in kit)
    draws = bool(of_kind(kit, WorkKind.DEPTH))
    depth = picture_input(
        label="Depth of the layout: near is white", height=200, visible=deep, elem_id="gz-depth",
        elem_classes="gz-drop",
        placeholder="Drop a depth picture here\nAs large as the layout"
        + ("; without one it is estimated from the layout" if draws else ""),
    )  # fmt: skip
    references = gr.File(
        label=f"References: up to {able.references} pictures", file_count="multiple",
        type="filepath", visible=able.references > 0, elem_id="gz-references",
    )  # fmt: skip
    return {"style": style, "depth": depth, "references": references, "draws_depth": gr.State(draws)}


def _canvas(able: Capabilities, *, hosted: bool) -> dict[str, Component]:
    """New canvas, filling, size and scheduler."""
    sides: dict[str, Component] = {}
    for pair in (("left", "right"), ("top", "bottom")):
        with gr.Row():
            for side in pair:
                sides[f"extend_{side}"] = gr.Number(
                    0, precision=0, minimum=0, label=f"More canvas, {side}", min_width=150,
                    elem_id=f"gz-extend-{side}",
                )  # fmt: skip
    fill = gr.Checkbox(
        label="Show the mask to the model, which then fills it", container=False, elem_id="gz-fill",
        visible=able.can_fill and not able.needs_mask,
    )  # fmt: skip
    large = gr.Dropdown(
        [("As set above", 0), *((f"{side:,} pixels, made larger in tiles", side) for side in LARGE)],
        value=0, label="A large picture", filterable=False, elem_id="gz-large",
        visible=not hosted and (able.strength is not None or able.enlarges > 0),
        info="A painting is made larger, and its colours stay. A drawing is painted first: you get both pictures",
    )  # fmt: skip
    own, *others = able.schedulers or ("",)
    scheduler = gr.Dropdown(
        [("The model's own", OWN), *((each.removesuffix("Scheduler"), each) for each in others)],
        value=OWN, label="Scheduler", filterable=False, elem_id="gz-scheduler", visible=bool(others),
        info=f"How a step is computed; this model's own is {own.removesuffix('Scheduler')}",
    )  # fmt: skip
    return {**sides, "fill": fill, "large": large, "scheduler": scheduler}


def _weight(row: Sequence[Any]) -> Weight:
    """A row of the table; an empty cell is as nobody typed in it."""
    key, scale, start, end = (*row, None, None, None)[:4]
    numbers = [_number(str(key), each, usual) for each, usual in ((scale, 0.0), (start, 0.0), (end, 1.0))]
    return Weight(str(key), *numbers)


def _number(key: str, value: Any, usual: float) -> float:
    if value is None or value == "":
        return usual
    try:
        return float(value)
    except (TypeError, ValueError):
        raise RequestError(f"the weights of {key[:40]} are numbers, not {str(value)[:40]!r}") from None


def _pixels(what: str, value: Any) -> int:
    if value is None or value == "":
        return 0
    try:
        whole = int(value)
    except (TypeError, ValueError, OverflowError):
        raise RequestError(f"{what} is a whole number of pixels, not {str(value)[:40]!r}") from None
    if whole != value:
        raise RequestError(f"{what} is a whole number of pixels, not {value!r}")
    return whole
