"""What the page tells of an upload is about that upload alone.

It goes as soon as another file is given or this one is taken away: a large one takes a while to arrive and longer to be
read, and may be refused. What the server says late, of a file that is gone, is not shown. All of it is done in the
browser, which knows what stands in a field (given.js).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from provenance.tabs.fields.inputs import Values
from provenance.tabs.look.theme import QUIET


def begun(field: str) -> gr.Button:
    """What the browser presses as a file is given to the field with this id, or its form is about another picture."""
    return gr.Button("", visible="hidden", elem_id=f"{field}-begun")


def at_first(events: Iterable[Any], shown: Sequence[Component], stops: Sequence[Any] = ()) -> None:
    """At these events what is shown is again as the page opened with it, and answers under way are let go of.

    To be wired before what else the events do: a browser does one thing after the other, and waits for the server.
    """
    ids = [each._id for each in shown]
    gr.on(
        [*events], None, outputs=[*shown], js=f"() => window.genzu.atFirst({ids})", cancels=[*stops] or None, **QUIET
    )  # fmt: skip


def of_its_upload(
    uploads: Sequence[Component], shown: Sequence[Component], readings: Sequence[Any] = ()
) -> None:
    """What is shown is of a file in one of these fields, read by `readings`: it goes with that file."""
    taken = [each.clear for each in uploads if isinstance(each, gr.File)]
    given = [begun(str(each.elem_id)).click for each in uploads]
    at_first([*taken, *given], shown, readings)


@dataclass(frozen=True, slots=True)
class Said:
    """`told` says what `answer` finds, asked anew at each event: nothing while the values of `given` are others.

    Of several answers under way only that on what `given` and `beside` hold now is shown.
    """

    told: gr.HTML
    answer: Callable[[Values], str]
    inputs: set[Component]
    given: Sequence[Component]
    events: Iterable[Any]
    beside: Sequence[Component] = ()
    trigger_mode: Literal["multiple", "always_last"] = "multiple"


def said_of(*pieces: Said) -> None:
    """Wires what a form says of its uploads: at a change all of it goes at once, and only then is the server asked."""
    for each in pieces:
        gone = f"(...given) => window.genzu.goneOf({each.told._id}, given)"
        gr.on([field.change for field in each.given], None, [*each.given], each.told, js=gone, **QUIET)
    for each in pieces:
        _asked(each)


def _asked(piece: Said) -> None:
    arrived = gr.Textbox(visible=False)
    now = [*piece.given, *piece.beside]

    def said(values: Values) -> str:
        return json.dumps([piece.answer(values), *(values[each] for each in now)])

    asked = gr.on([*piece.events], said, piece.inputs, arrived, trigger_mode=piece.trigger_mode, **QUIET)
    come = f"(arrived, ...now) => window.genzu.comeOf({piece.told._id}, {len(piece.given)}, arrived, now)"
    asked.then(None, [arrived, *now], piece.told, js=come, **QUIET)
