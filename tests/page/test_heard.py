"""The page without eyes or a mouse: what each control is called, where the focus stays, what is said aloud."""

from typing import TYPE_CHECKING

import pytest
from page_driving import PATIENCE, Site, unfold

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("gradio", reason="the page needs genzu[app]")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABS = ("paint", "record", "inspect", "credits", "audit", "keeper")
# Everything that can be pressed or filled in, by the name that is heard.
NAMES = """() => [...document.querySelectorAll("button, input, textarea, a")]
.filter((each) => each.offsetParent).map((each) => {
  const by = (each.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id))
    .map((named) => named?.getAttribute("aria-label") ?? named?.innerText ?? "").join(" ").trim();
  return by || each.ariaLabel || [...each.labels ?? []].map((label) => label.innerText).join(" ").trim()
    || each.innerText.trim() || each.title || `(nothing: ${each.outerHTML.slice(0, 120)})`;
})"""
# gradio's own words, which it has in English alone.
ENGLISH = ("Reset to", "Remove", "Fullscreen", "number input", "range slider", "Click to", "(nothing")


def opened(browser, url: str) -> "Page":
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.wait_for_selector("button[role=tab]")
    return page


@pytest.mark.parametrize("name", TABS)
def test_every_control_has_a_name_in_the_language_of_the_page(browser, site: Site, name: str):
    page = opened(browser, f"{site.url}/?lang=ja&tab={name}")
    page.wait_for_selector(f"#gz-tab-{name}-button[aria-selected=true]")
    page.wait_for_timeout(500)
    for fold in page.locator("button.label-wrap:visible").all():
        fold.click()
    page.wait_for_timeout(500)
    names = page.evaluate(NAMES)
    assert len(names) > 6
    assert [each for each in names if any(words in each for words in ENGLISH)] == []
    page.context.close()


def test_a_button_of_a_field_is_called_after_its_field(browser, site: Site):
    page = opened(browser, site.url)
    layout = page.locator("#gz-layout")
    layout.get_by_role("button", name="Layout Remove Image").wait_for()
    page.locator("#gz-strength").get_by_role("button", name="Strength Reset to default value").wait_for()
    # By the keyboard alone: the picture is removed, and the focus stays in the field, where Enter chooses another.
    layout.get_by_role("button", name="Remove Image").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement?.closest('#gz-layout')?.querySelector('img') === null")
    by = page.evaluate("document.activeElement.getAttribute('aria-labelledby').split(' ')")
    assert page.locator(f"#{by[0]}").inner_text().strip() == "Layout"
    page.context.close()


def test_what_is_said_aloud_is_words(browser, site: Site):
    page = opened(browser, site.url)
    unfold(page)
    page.evaluate("""() => {
      window.heard = [];
      new MutationObserver(() => {
        for (const each of document.querySelectorAll("[aria-live], [role=status]")) window.heard.push(each.innerText);
      }).observe(document.body, {childList: true, subtree: true, characterData: true});
    }""")
    page.locator("#gz-tab-keeper-button").click()
    page.locator("#gz-keeper-look").click()
    page.locator("#gz-keeper-list", has_text="None is open").or_(
        page.locator("#gz-keeper-list label")
    ).first.wait_for()
    page.wait_for_function("window.heard.some((each) => each.includes('Done'))")
    assert [each for each in page.evaluate("window.heard") if "common." in each] == []
    page.context.close()


def test_the_main_job_is_done_by_the_keyboard_alone(browser, site: Site, clear_layout):
    page = opened(browser, site.url)
    page.wait_for_selector(".gz-arrived")
    page.on("filechooser", lambda asked: asked.set_files(clear_layout))

    def reach(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if words in page.evaluate(
                "(document.activeElement.closest('[id^=gz-]')?.id ?? '') + ' ' + document.activeElement.innerText"
            ):
                return
        pytest.fail(f"{words} is not reached by Tab")

    page.locator("#gz-layout .icon-button").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement?.matches('#gz-layout .upload-container:not(.hidden)')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement?.closest('#gz-layout')?.querySelector('img')")
    reach("gz-drawn-by")
    page.keyboard.type("Kita Haru")
    reach("gz-prompt")
    page.keyboard.type("lilac dusk, house")
    reach("gz-your-name")
    page.keyboard.type("Abe Rin")
    reach("gz-paint")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-state=done]")
    # The focus is where it was, and what was made comes next.
    assert page.evaluate("document.activeElement.id") == "gz-paint"
    reach("Inspect it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?tab=inspect&picture=*")
    page.locator("summary", has_text="What was checked").wait_for()
    page.locator("#gz-tab-credits-button").focus()
    page.keyboard.press("Enter")
    reach("gz-credit-name")
    page.keyboard.type("Kita Haru")
    page.keyboard.press("Enter")
    page.locator(".gz-credited", has_text="Kita Haru").wait_for()
    page.context.close()
