"""What makes something on the page callable by name, and what a program is handed back."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.components import Component

from provenance.errors import StatementError, Way
from provenance.inspection.inspection import inspect_signed
from provenance.release.archive import Archive
from provenance.release.made import FinalFinding, Released
from provenance.show.released_json import released_json
from provenance.statement.credit import Credit, parse_credit
from provenance.statement.json_value import Json
from provenance.tabs.fields.uploads import picture_input
from provenance.tabs.text.remedies import with_remedies
from provenance.tabs.visits.pictures import kept_at

PEOPLE = 40  # credits of one picture


def endpoint(
    name: str, answer: Callable[..., Any], inputs: list[Component], outputs: list[Component], at_once: int = 4
) -> None:
    """Makes `answer` callable by name; nothing of it is seen on the page. To be called inside gr.Blocks.

    So many calls are under way `at_once`; with 0 none of them waits in the queue.
    """
    gr.Button(visible=False).click(
        answer, inputs, outputs, api_name=name, show_progress="hidden",
        queue=at_once > 0, concurrency_limit=at_once or None,
    )  # fmt: skip


def hidden_picture(label: str) -> gr.Image:
    """A place for a picture's own bytes, which is not on the page."""
    return picture_input(label, visible=False)


def hidden_text(label: str, value: str = "") -> gr.Textbox:
    return gr.Textbox(value=value, label=label, visible=False)


def credits_in(text: str) -> tuple[Credit, ...]:
    """Credits that stand in one text, apart by `;` or on lines of their own."""
    parts = [each.strip() for line in str(text or "").splitlines() for each in line.split(";")]
    found = tuple(parse_credit(each) for each in parts[:PEOPLE] if each)
    if not found:
        raise StatementError(
            'nobody is named: give `by`, such as "layout: Mori Aoi", or "layout: -" for no name'
        )
    return found


def handed_out(archive: Archive, released: Released) -> dict[str, Json]:
    """What a program is told of a picture that was signed for it: no place on this machine, an address instead."""
    seen = inspect_signed(released.path, archive)
    told = released_json(released, archive.ledger, seen, _worded)
    return {
        **{name: value for name, value in told.items() if name not in {"path", "credentials"}},
        "address": kept_at(released.path).src,
    }


def _worded(finding: FinalFinding) -> str:
    """A program has no fields to fill in: it names people by `by`."""
    remedy = finding.remedy
    if remedy is None or remedy.way not in {Way.NAME_A_HAND, Way.NAME_SOMEBODY}:
        return with_remedies(finding.words, [remedy] if remedy is not None else [])
    return f'{finding.words}: add "{remedy.name}: NAME" to `by`'
