"""What the page tells of an upload is about that upload alone.

It goes as soon as another file is given or this one is taken away: a large one takes a while to arrive and longer to be
read, and may be refused. What the server says late, of a file that is gone, is not shown. All of it is done in the
browser, which knows what stands in a field (given.js).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from provenance.tabs.inputs import Values
from provenance.tabs.theme import QUIET


def begun(field: str) -> gr.Button:
    """What the browser presses as a file is given to the field with this id, or its form is about another picture."""
    return gr.Button(visible="hidden", elem_id=f"{field}-begun")


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


def said_of(
    given: Sequence[Component],
    events: Iterable[Any],
    answer: Callable[[Values], str],
    inputs: set[Component],
    told: gr.HTML,
    *,
    beside: Sequence[Component] = (),
    trigger_mode: Literal["multiple", "always_last"] = "multiple",
) -> None:
    """`told` says what `answer` finds, asked anew at each event: nothing while the values of `given` are others.

    Of several answers under way only that on what `given` and `beside` hold now is shown.
    """
    arrived = gr.Textbox(visible=False)
    now = [*given, *beside]

    def said(values: Values) -> str:
        return json.dumps([answer(values), *(values[each] for each in now)])

    gone = f"(...given) => window.genzu.goneOf({told._id}, given)"
    gr.on([each.change for each in given], None, [*given], told, js=gone, **QUIET)
    asked = gr.on([*events], said, inputs, arrived, trigger_mode=trigger_mode, **QUIET)
    come = f"(arrived, ...now) => window.genzu.comeOf({told._id}, {len(given)}, arrived, now)"
    asked.then(None, [arrived, *now], told, js=come, **QUIET)
