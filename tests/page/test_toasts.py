"""A refusal that every part of the page gets as it opens is read once, in the page's language."""

from typing import TYPE_CHECKING

import pytest
from page_driving import PATIENCE, Site

from provenance.tabs.text.language import say
from provenance.tabs.visits.door import TOO_OFTEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.importorskip("gradio", reason="the page needs genzu[app]")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_refusal_at_page_load_is_shown_once(browser: "Browser", site: Site, language: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    words = say(TOO_OFTEN, language)
    # As the door answers an address that asked too often (provenance/tabs/visits/door.py).
    page.route("**/queue/join*", lambda route: route.fulfill(status=429, json={"error": words}))
    page.goto(f"{site.url}?lang={language}")
    page.locator(".toast-message-item").nth(1).wait_for(state="attached")
    page.wait_for_timeout(500)
    told = page.locator(".toast-message-item:visible")
    assert told.count() == 1 and words in told.inner_text()
    assert page.locator(".toast-count:visible").count() == 0
    context.close()
