"""Runs on the page: called off, one at a time, found again after a reload, several candidates of one click."""

import time

import pytest
from page_driving import PATIENCE, fill, paint, steps, unfold

from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import State
from provenance.statement.vocabulary import Step

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_cancel_stops_the_run_and_the_record_says_so(page, site):
    steps(page, 60)
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=running] .gz-count:has-text('of 48')")
    page.locator("#gz-cancel").click()
    page.wait_for_selector("[data-state=cancelled]")
    assert site.newest().state is State.CANCELLED
    # And the page is ready for the next one.
    page.locator("#gz-paint", has_text="Paint").wait_for()
    assert page.locator("#gz-paint").is_enabled()


def test_one_picture_is_painted_at_a_time_and_who_waits_can_leave_the_line(browser, site, page):
    # The second page is ready before the first one paints: on a busy machine the painting would be over first.
    context = browser.new_context()
    second = context.new_page()
    second.set_default_timeout(PATIENCE)
    second.goto(site.url)
    unfold(second)
    steps(page, 60)
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=running] .gz-count:has-text('of 48')")
    with site.ledger() as ledger:
        before = len(ledger)
    second.locator("#gz-paint").click()
    second.wait_for_selector("[data-state=waiting]")
    second.locator("#gz-cancel").click()
    second.locator("[data-state=cancelled]", has_text="nothing is on the record").wait_for()
    page.locator("#gz-cancel").click()
    page.wait_for_selector("[data-state=cancelled]")
    # The place that was given up is not painted after all: only the first one's cancel was written down.
    time.sleep(2)
    with site.ledger() as ledger:
        assert len(ledger) == before + 1
    context.close()


def test_a_second_page_of_a_browser_that_paints_something_else_keeps_what_is_on_its_table(
    browser, site, page
):
    steps(page, 2)
    paint(page)
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(site.url)
    unfold(other)
    steps(other, 60)
    other.locator("#gz-paint").click()
    other.wait_for_selector("[data-state=running]")
    page.locator("#gz-paint").click()
    page.locator(
        "#gz-paint-wrong", has_text="Another page of this browser is painting something else"
    ).wait_for()
    # The picture that it has painted before, and all that is told of it.
    assert page.locator("[data-state=done]").is_visible()
    assert page.get_by_text("Download the signed picture").is_visible()
    other.locator("#gz-cancel").click()
    other.wait_for_selector("[data-state=cancelled]")


def test_a_run_under_way_outlives_a_closed_page_and_is_found_again_with_all_its_pictures(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    unfold(page)
    number = page.get_by_label("number input for How many pictures")
    number.fill("2")
    number.press("Tab")
    steps(page, 12)
    page.locator("#gz-paint").click()
    # Its first picture may be done before a busy machine has shown that it is the first.
    page.wait_for_selector("[data-state=running] .gz-count:has-text('of 2')")
    page.close()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    page.wait_for_selector("[data-state=done]")
    page.wait_for_selector("[data-pictures='2']")
    assert site.newest().state is State.RELEASED
    # Each has an address, which a reload keeps and Back returns to.
    first = page.locator(".gz-stage").get_attribute("data-picture")
    page.locator(f".gz-strip [data-key]:not([data-key='{first}'])").click()
    page.wait_for_selector(f".gz-stage[data-picture]:not([data-picture='{first}'])")
    second = page.locator(".gz-stage").get_attribute("data-picture")
    page.wait_for_url(f"**/?picture={second}")
    page.reload()
    page.wait_for_selector(f".gz-stage[data-picture='{second}']")
    # The same settings again, from the record.
    page.locator("#gz-same").click()
    page.locator("#gz-more > button").click()
    page.locator("#gz-settings > button").click()
    seed = str(site.newest().statement.parameters["seed"])
    either = [seed, str(int(seed) - 1)]
    page.wait_for_function(
        "(seeds) => seeds.includes(document.querySelector('#gz-seed :is(input, textarea)')?.value)",
        arg=either,
    )
    # Another browser does not have them among its own, and can look at one by its address.
    other = browser.new_context().new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{site.url}/?picture={second}")
    other.wait_for_selector(f".gz-stage[data-picture='{second}']")
    assert other.locator(".gz-strip").count() == 0
    other.context.close()
    context.close()


def test_candidates_of_a_cut_stand_side_by_side_and_one_is_chosen(page, site):
    page.locator("#gz-place > button").click()
    page.get_by_label("Production", exact=True).first.fill("Tide")
    page.get_by_label("Cut or shot").first.fill("c3")
    fill(page, "Your name", "Tanaka Ren")
    number = page.get_by_label("number input for How many pictures")
    number.fill("2")
    number.press("Tab")
    steps(page, 4)
    paint(page)
    page.locator("[data-candidates='2']", has_text="None is chosen yet").wait_for()
    page.locator("#gz-gallery button").first.click()
    page.locator("#gz-gallery", has_text="1, above").wait_for()
    page.get_by_label("Who chooses").fill("Sato Hana")
    page.get_by_label("Why this one").fill("the light")
    page.locator("#gz-choose").click()
    page.locator("[data-candidates='2']", has_text="Number 1 was chosen by Sato Hana").wait_for()
    with site.ledger() as ledger:
        first, second = [
            each
            for each in reversed(ledger.pictures(production="Tide", limit=9))
            if each.statement.step is Step.PAINT
        ]
        (chosen,) = [each for each in ledger.entries() if each.kind is EntryKind.CANDIDATE_CHOSEN]
    assert chosen.body["chosen"] == first.picture
    assert int(second.statement.parameters["seed"]) == int(first.statement.parameters["seed"]) + 1
