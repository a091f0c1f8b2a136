"""Back, Forward and a reload: each tab has an address, and in it what the tab is about."""

from typing import TYPE_CHECKING

import pytest
from page_driving import PATIENCE, Site, paint, steps, tab, unfold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytest.importorskip("gradio", reason="the page needs genzu[app]")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def fresh(browser: "Browser", site: Site) -> "Iterator[Page]":
    """The page of a visitor who has not been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    page.wait_for_selector("#gz-paint")
    yield page
    context.close()


def chosen(page: "Page", name: str) -> None:
    page.wait_for_selector(f"button[role=tab][aria-selected=true]:has-text('{name}')")


def painted(page: "Page") -> str:
    """Paints, and gives the picture's address."""
    paint(page)
    key = page.locator(".gz-stage").get_attribute("data-picture")
    page.wait_for_url(f"**/?picture={key}")
    return str(key)


def test_back_and_forward_go_from_tab_to_tab_and_from_picture_to_picture(fresh):
    for name in ("Record", "Inspect", "Audit"):
        tab(fresh, name)
    for name in ("Inspect", "Record", "Paint"):
        fresh.go_back()
        chosen(fresh, name)
    for name in ("Record", "Inspect", "Audit"):
        fresh.go_forward()
        chosen(fresh, name)

    tab(fresh, "Paint")
    unfold(fresh)
    steps(fresh, 2)
    first = painted(fresh)
    second = painted(fresh)
    fresh.go_back()
    fresh.wait_for_selector(f".gz-stage[data-picture='{first}']")
    # Nothing is in between: the first picture was painted where the tab was opened.
    fresh.go_back()
    chosen(fresh, "Audit")
    fresh.go_forward()
    fresh.go_forward()
    fresh.wait_for_selector(f".gz-stage[data-picture='{second}']")
    # Away and back by the tabs, its address is still its own.
    tab(fresh, "Credits")
    fresh.wait_for_url("**/?tab=credits")
    tab(fresh, "Paint")
    fresh.wait_for_url(f"**/?picture={second}")


def test_the_address_of_another_tab_is_not_given_to_a_picture_that_was_painted(fresh, site, layout):
    unfold(fresh)
    steps(fresh, 2)
    key = painted(fresh)
    for name in ("inspect", "audit", "credits"):
        # The last picture is found again as the page opens, behind the tab that was asked for.
        fresh.goto(f"{site.url}/?tab={name}")
        fresh.wait_for_selector(f".gz-stage[data-picture='{key}']", state="attached")
        fresh.wait_for_timeout(500)
        assert fresh.evaluate("location.search") == f"?tab={name}"
    # An answer on a file of one's own is not at the address of another picture.
    fresh.goto(f"{site.url}/?tab=inspect&picture={key}")
    fresh.wait_for_selector(".gz-answer, .gz-inspected, .gz-verdict, summary:has-text('What was checked')")
    fresh.locator("#gz-inspect input[type=file]").first.set_input_files(layout)
    fresh.wait_for_url("**/?tab=inspect")


def test_a_name_that_was_looked_up_is_gone_back_to(fresh):
    tab(fresh, "Credits")
    for name in ("Nobody Here", "Somebody Else"):
        fresh.locator("#gz-credit-name input").fill(name)
        fresh.locator("#gz-credit-ask").click()
        fresh.locator(".gz-credited", has_text=f"“{name}”").wait_for()
    fresh.go_back()
    fresh.locator(".gz-credited", has_text="“Nobody Here”").wait_for()
    assert fresh.locator("#gz-credit-name input").input_value() == "Nobody Here"
    fresh.go_back()
    chosen(fresh, "Paint")


def test_the_id_of_a_dispute_is_there_after_a_reload_and_asks_for_its_answer(fresh, site, painted_record):
    tab(fresh, "Credits")
    fresh.locator("#gz-dispute > button").click()
    fresh.locator("#gz-dispute-picture input").fill(painted_record)
    fresh.locator("#gz-dispute-claim textarea").fill("I drew this, and somebody else is named.")
    fresh.locator("#gz-dispute-contact input").fill("mori@example.org")
    fresh.locator("#gz-dispute-send").click()
    sent = fresh.locator("[data-dispute]")
    sent.wait_for()
    which = str(sent.get_attribute("data-dispute"))
    fresh.wait_for_url(f"**/?tab=credits&dispute={which}")
    assert sent.get_by_role("link").get_attribute("href") == f"?tab=credits&dispute={which}"
    fresh.reload()
    fresh.get_by_text("The keeper has not answered yet.").wait_for()
    fresh.wait_for_timeout(1000)
    assert fresh.get_by_text("The keeper has not answered yet.").is_visible()
    assert fresh.locator("#gz-dispute-id input").input_value() == which


@pytest.fixture
def painted_record(painted, site: Site) -> str:
    with site.ledger() as ledger:
        return ledger.pictures(limit=1)[0].picture
