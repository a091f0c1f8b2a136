"""A lost connection: the page comes back by itself with what was typed, and tells what became of a painting."""

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from page_driving import PATIENCE, choose_layout, unfold

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("gradio", reason="the page needs genzu[app]")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Wire:
    """What lies between a browser and the page: it can be cut and mended."""

    def __init__(self, url: str) -> None:
        self.to = urlsplit(url).port
        self.whole = True
        self.ends: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._let_in, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for each in self.ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.whole = True

    def _let_in(self) -> None:
        while True:
            near, _ = self.door.accept()
            if not self.whole:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def opened(browser: "Browser", url: str) -> "Page":
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    unfold(page, name="Abe Rin")
    return page


def lost(page: "Page", wire: Wire, words: str) -> None:
    """Cuts the wire, waits until the page says so, and mends it; the page loads itself anew."""
    page.evaluate("window.before = 1")
    wire.cut()
    page.locator("#gz-paint").click()  # a page that waits for nothing notices nothing
    page.locator(".toast-body", has_text=words).wait_for()
    assert "Attempting" not in page.locator(".toast-body").inner_text()
    wire.mend()
    page.wait_for_function("!window.before && document.querySelector('#gz-paint')")


def typed(page: "Page") -> None:
    page.locator("#gz-prompt textarea").fill("lilac dusk, an inn that I thought about for long")
    page.locator("#gz-drawn-by input").fill("Mori Aoi")
    page.get_by_label("How was it made?").click()
    page.get_by_role("option", name="Drawn by hand, in software").click()
    number = page.get_by_label("number input for Steps")
    number.fill("9")
    number.press("Tab")


def still_there(page: "Page", layout: str) -> None:
    page.wait_for_function("document.querySelector('#gz-steps input')?.value === '9'")
    page.wait_for_function(
        "(name) => document.querySelector('#gz-layout img')?.src.endsWith(name)", arg=layout
    )
    assert "thought about for long" in page.locator("#gz-prompt textarea").input_value()
    assert page.locator("#gz-drawn-by input").input_value() == "Mori Aoi"
    assert page.locator("#gz-your-name input").input_value() == "Abe Rin"
    # It lay in the browser for that moment alone.
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_what_was_typed_outlives_a_lost_connection_and_the_switch_of_the_language(
    browser, site, clear_layout
):
    wire = Wire(site.url)
    page = opened(browser, wire.url)
    choose_layout(page, clear_layout, "192 × 128")
    typed(page)
    seed = page.locator("#gz-seed :is(input, textarea)").input_value()
    lost(page, wire, "The connection was lost. This page opens again by itself")
    still_there(page, clear_layout.name)
    assert page.locator("#gz-origin input").input_value() == "Drawn by hand, in software"
    assert page.locator("#gz-seed :is(input, textarea)").input_value() == seed
    page.locator("a[data-lang=ja]").click()
    page.wait_for_selector("html[lang=ja]")
    still_there(page, clear_layout.name)
    assert page.locator("#gz-origin input").input_value() == "手描き（ソフト）"
    lost(page, wire, "接続が切れました")
    still_there(page, clear_layout.name)
    page.context.close()


def test_a_painting_goes_on_while_the_connection_is_lost_and_is_found_again(browser, site):
    wire = Wire(site.url)
    page = opened(browser, wire.url)
    number = page.get_by_label("number input for Steps")
    number.fill("40")
    number.press("Tab")
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=running] .gz-count:has-text('of 32')")
    lost(page, wire, "The connection was lost.")
    page.wait_for_selector("[data-state=done]")
    page.wait_for_url("**/?picture=*")
    assert page.locator("#gz-your-name input").input_value() == "Abe Rin"
    page.context.close()


def test_a_lookup_that_the_server_does_not_hear_says_so(browser, site):
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site.url}/?tab=credits")
    page.locator("#gz-credit-ask").click()
    page.get_by_role("alert").wait_for()  # "write a name first": the page is ready
    page.locator("#gz-credit-name input").fill("Mori Aoi")
    # This request alone: gradio, too, may notice a wire that is cut, and hears no button after that.
    page.route("**/genzu/credits?*", lambda route: route.abort())
    page.locator("#gz-credit-ask").click()
    page.get_by_role("alert").filter(has_text="The server did not answer; try again.").wait_for()
    page.context.close()
