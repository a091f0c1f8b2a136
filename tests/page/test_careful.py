"""Values that no page sends: refused in a sentence, before a handler sees them, and without a trace in the log."""

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr
from conftest import run_apart

from provenance.tabs.visits.careful import NOT_WHAT_A_CALL_TAKES, NOT_WHAT_IT_TAKES, CarefulBlocks


@pytest.fixture
def page():
    def refuse(text):
        raise gr.Error("Paint a picture first.")

    with CarefulBlocks() as page:
        text, number, shown = gr.Textbox(), gr.Slider(1, 9, step=1), gr.Image(type="filepath")
        button = gr.Button()
        button.click(lambda *_: "done", [number, shown], text, api_visibility="private")
        button.click(refuse, text, text, api_name="refuse")
    return page


def ask(page, number, values):
    return run_apart(lambda: page.process_api(page.fns[number], values, request=None, state=None))


def told(page, number, values):
    with pytest.raises(gr.Error) as caught:
        ask(page, number, values)
    assert caught.value.print_exception is False  # gradio prints a trace where it is not
    return caught.value.message


@pytest.mark.parametrize(
    "values",
    [[], [3], ["nine", None], [10**30, None], [{}, None], [3, "text"], [3, {"path": "/etc/passwd"}],
     [3, {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]],
)  # fmt: skip
def test_what_no_page_sends_is_refused_before_a_handler_sees_it(page, values):
    assert told(page, 0, values) == NOT_WHAT_IT_TAKES


def test_a_program_is_told_where_its_call_is_described(page):
    assert told(page, 1, []) == NOT_WHAT_A_CALL_TAKES


def test_what_a_visitor_is_told_leaves_no_trace(page):
    assert told(page, 1, ["words"]) == "Paint a picture first."
    assert ask(page, 0, [3, None])["data"] == ["done"]
