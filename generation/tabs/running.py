"""The fold "How the model runs": told to everybody, and chosen by whoever serves the page on their own machine.

A visitor changes nothing of it: a model is loaded once for all of them. What is chosen is on each picture's record.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Protocol

import gradio as gr
from gradio.components import Component

from generation.engine.engine_devices import names_here
from generation.engine.loading import AS_IT_COMES, BACKENDS, DTYPES, OFFLOADS, QUANTIZED, Loading
from generation.errors import GenerationError
from provenance.tabs.fields.inputs import Values
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import ASKED, QUIET, piece
from provenance.tabs.text.language import say
from provenance.tabs.text.sentences import sentence
from provenance.tabs.visits.visitor import Keeper

# What is said of a value; others are names, and stand as they are.
WORDS = {
    "auto": "Automatic", "mixed": "Mixed", "plain": "Plain torch", "tuned": "Tuned torch", "openvino": "OpenVINO",
    "none": "None", "model": "A part at a time", "sequential": "A layer at a time", "sliced": "In slices",
    "native": "Plain torch",
}  # fmt: skip
ATTENTIONS = ("auto", "sliced", "native", "flash", "xformers", "sage")


class Runs(Protocol):
    """What is asked of a studio here; studio.py's Studio says what each of these is."""

    loading: Loading | None
    renderer: Any

    @property
    def engine(self) -> Any: ...

    @property
    def how_it_runs(self) -> str: ...

    def load_as(self, loading: Loading) -> None: ...


class Choices:
    """The components of the fold, by the names of Loading."""

    def __init__(self, studio: Runs) -> None:
        now = studio.loading or AS_IT_COMES
        with gr.Accordion("How the model runs", open=False, elem_id="gz-running"):
            self.told = piece()
            with gr.Column(visible=False, elem_id="gz-loading") as self.group:
                with gr.Row():
                    device = _choice("Device", ("auto", *names_here()), now.device, "gz-device")
                    dtype = _choice("Precision", ("auto", *DTYPES), now.dtype, "gz-dtype")
                with gr.Row():
                    backend = _choice("Computed by", BACKENDS, now.backend, "gz-backend")
                    offload = _choice("Parts outside the GPU", OFFLOADS, now.offload, "gz-offload")
                with gr.Row():
                    quantize = _choice("Quantized", QUANTIZED, now.quantize, "gz-quantize")
                    attention = _choice("Attention", ATTENTIONS, now.attention, "gz-attention")
                tiles = gr.Checkbox(now.tiles, label="The autoencoder works in tiles", container=False)
                compiled = gr.Checkbox(
                    now.compile, label="Compile the network: the first picture takes longer", container=False
                )
                self.load = gr.Button(
                    "Load it this way", size="sm", elem_id="gz-load", elem_classes="gz-quiet"
                )
        self.named: dict[str, Component] = {
            "device": device, "dtype": dtype, "backend": backend, "offload": offload, "quantize": quantize,
            "attention": attention, "tiles": tiles, "compile": compiled,
        }  # fmt: skip


def _choice(label: str, values: tuple[str, ...], value: str, place: str) -> gr.Dropdown:
    shown = values if value in values else (*values, value)
    choices = [(WORDS.get(each, each), each) for each in shown]
    return gr.Dropdown(choices, value=value, label=label, filterable=False, min_width=150, elem_id=place)


def wire_running(
    studio: Runs, choices: Choices, page: gr.Blocks, keeper: Keeper, busy: Callable[[], bool]
) -> None:
    """Tells how the model runs as the page opens, and loads it anew for whoever serves the page."""

    def may(request: gr.Request) -> bool:
        return not keeper.settings.hosted and studio.renderer is None and keeper.knows(request)

    def arrive(request: gr.Request) -> dict[Any, Any]:
        return {choices.told: told(studio), choices.group: gr.update(visible=may(request))}

    def load(request: gr.Request, values: Values) -> dict[Any, Any]:
        if not may(request):
            raise gr.Error(
                say("Only whoever serves this page chooses how its model runs."), title="Not loaded"
            )
        if busy():
            raise gr.Error(say("A picture is being painted; wait until it is there."), title="Not loaded")
        before = studio.loading
        try:
            studio.load_as(_chosen(values, choices))
            studio.engine  # noqa: B018 - loaded now, so that what does not fit is told here
        except GenerationError as error:
            studio.load_as(before or AS_IT_COMES)
            bad = fragment("sentence", kind="bad", title="", words=sentence(error))
            return {choices.told: told(studio) + bad}
        return {choices.told: told(studio)}

    page.load(arrive, outputs=[choices.told, choices.group], **QUIET)
    choices.load.click(load, {*choices.named.values()}, choices.told, **ASKED)


def _chosen(values: Values, choices: Choices) -> Loading:
    return Loading(**{each.name: values[choices.named[each.name]] for each in fields(Loading)})


def told(studio: Runs) -> str:
    """How the model runs, as a sentence; HTML."""
    return fragment("sentence", kind="told", title="", words=studio.how_it_runs)
