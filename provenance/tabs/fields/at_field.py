"""What is wrong with a form, told at its fields: each is marked, the first has the focus, nothing lies over the page.

A handler gives its update or a list of troubles; `pressed` hands these to the browser (page.js: genzu.mark). What goes
wrong beyond the fields is told below the button.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr

from provenance.errors import ProvenanceError
from provenance.tabs.text.sentences import sentence

MARK = "(text) => window.genzu.mark(text)"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong at a field; `folds` have to be opened to see it, outermost first."""

    id: str
    words: str
    folds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A check of one field: what it raises is told there."""

    id: str
    check: Callable[[], object]
    folds: tuple[str, ...] = ()


# A handler's update, or what keeps it from being made.
Answer = Mapping[Any, Any] | list[Trouble]


def as_json(troubles: Sequence[Trouble]) -> str:
    """As the browser takes them."""
    return json.dumps([{"id": each.id, "words": each.words, "folds": each.folds} for each in troubles])


def missing(*needed: Needed, paths: Sequence[str | None] = ()) -> list[Trouble]:
    """What is wrong, in the order of the fields; uploads are named by their names, not by their `paths`."""
    found = []
    for each in needed:
        try:
            each.check()
        except ProvenanceError as error:
            found.append(Trouble(each.id, sentence(error, *paths), each.folds))
    return found


def pressed(event: Callable[..., Any], answer: Callable[..., Answer], inputs: Any, outputs: Sequence[Any], *,
            at: str, emptied: Sequence[Any] = (), **options: Any) -> Any:  # fmt: skip
    """Wires a button's event; `at` is the id of the button or field where what has no field of its own is told.

    `emptied` are outputs whose older answer goes when there is none now: it was to another question.

    Gives the event for what follows a success or a refusal.
    """
    marks = gr.Textbox(visible=False)

    @wraps(answer)
    def told(*values: Any) -> Mapping[Any, Any]:
        try:
            found = answer(*values)
        except gr.Error as error:
            found = [Trouble(at, str(error.message))]
        if isinstance(found, list):
            return {**dict.fromkeys(emptied, ""), marks: as_json(found)}
        return {**found, marks: ""}

    asked = event(told, inputs, [*outputs, marks], **options)
    return asked.then(None, marks, js=MARK)
