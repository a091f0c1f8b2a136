"""What the page keeps of its visitors in memory: little, and of a bounded number of them."""

from collections.abc import Iterator

import httpx
import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")
import gradio as gr

from provenance.tabs.visits.sessions import PAGES, keep_little

BOXES = 300


@pytest.fixture
def page() -> Iterator[gr.Blocks]:
    with gr.Blocks(analytics_enabled=False) as page:
        boxes = [gr.Textbox() for _ in range(BOXES)]
        seen = gr.State(0)
        gr.Button().click(lambda count: (count + 1, str(count + 1)), seen, [seen, boxes[0]], api_name="count")
    page.launch(prevent_thread_lock=True, quiet=True, server_port=None, state_session_capacity=PAGES)
    keep_little(page)
    yield page
    page.close()


def counted(page: gr.Blocks, session: str) -> str:
    """What the page answers to one press of the button in a session."""
    body = {"data": [None], "fn_index": 0, "session_hash": session}
    with httpx.Client(base_url=page.local_url, timeout=30, trust_env=False) as client:
        client.post("/gradio_api/queue/join", json=body).raise_for_status()
        with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as told:
            return next(line for line in told.iter_lines() if "process_completed" in line)


def test_each_visitor_has_a_state_of_their_own_and_it_lasts(page: gr.Blocks):
    assert '"1"' in counted(page, "anna")
    assert '"2"' in counted(page, "anna")
    assert '"1"' in counted(page, "ben")


def test_a_visitor_costs_no_copy_of_the_whole_page(page: gr.Blocks):
    counted(page, "anna")
    kept = page.app.state_holder["anna"]
    assert len(kept.config_values) < BOXES / 10


def test_of_more_visitors_than_are_kept_those_who_were_away_longest_are_let_go(page: gr.Blocks):
    sessions = page.app.state_holder
    sessions["anna"]
    for number in range(PAGES):
        sessions[f"visitor {number}"]
    assert len(sessions.session_data) == PAGES
    assert "anna" not in sessions
    assert f"visitor {PAGES - 1}" in sessions
