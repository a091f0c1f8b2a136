"""The page from its first screen to its last, as visitor, artist and keeper, in both languages, on desktop and phone.

With GENZU_SHOTS=folder each step leaves a picture of the screen there, to be looked at.
"""

import os
import re
from pathlib import Path

import pytest
from page_driving import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
ENGLISH_LEFT = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")  # three words of it on end
QUOTED = ("word of mouth and a photograph", "Abe Rin")  # what people wrote; it is not translated
TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement
    const ours = !at.closest('[translate=no], code, pre, svg, script, style')
    if (ours && at.checkVisibility()) found.push(walk.currentNode.data.trim())
  }
  return found
}"""


class Walk:
    """One person's way over the page; each step says where it is."""

    def __init__(self, browser, site, size: str, language: str) -> None:
        self.context = browser.new_context(
            viewport=SIZES[size], locale=language, accept_downloads=True, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.name, self.language, self.number = f"{size}-{language[:2]}", language[:2], 0
        self.page.goto(site.url)

    def seen(self, what: str) -> None:
        """The screen is as wide as it is, and in Japanese nothing of ours is left in English."""
        self.number += 1
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
        if folder := os.environ.get("GENZU_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.wait_for_timeout(600)
            page.screenshot(path=f"{folder}/{self.name}-{self.number}-{what}.png", full_page=True)
        if self.language == "ja":
            page.wait_for_function("document.documentElement.lang === 'ja'")
            assert self.left_in_english() == [], what

    def left_in_english(self) -> list[str]:
        """Texts of the page that are English, apart from what people wrote."""
        texts = self.page.evaluate(TEXTS)
        return [
            text for text in texts if ENGLISH_LEFT.search(text) and not any(said in text for said in QUOTED)
        ]

    def tab(self, name: str) -> None:
        self.page.locator(f"#gz-tab-{name}-button").click()

    def write(self, field: str, text: str) -> None:
        self.page.locator(f"#{field}").locator("input, textarea").first.fill(text)


@pytest.fixture(params=[(size, language) for size in SIZES for language in ("en-GB", "ja-JP")], ids="-".join)
def walk(request, browser, site):
    walking = Walk(browser, site, *request.param)
    yield walking
    walking.context.close()


def test_from_the_first_screen_to_a_signed_picture_its_credit_a_dispute_and_its_answer(walk, tmp_path):
    page = walk.page
    claim, who = (f"{said} {walk.name}" for said in QUOTED)
    # A visitor: what is there, paint it again, take it along.
    page.wait_for_selector(".gz-graph svg")
    if walk.language == "ja":
        page.locator(".gz-first", has_text="作画 Nadja Grün").or_(
            page.get_by_text("作画 Nadja Grün")
        ).first.wait_for()
    walk.seen("first")
    page.locator("#gz-first-again").click()
    page.wait_for_selector(".gz-wrong-words")
    walk.seen("asked for the name")
    walk.write("gz-your-name", who)
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=done]")
    walk.seen("painted")
    with page.expect_download() as taken:
        page.locator(".gz-do a, .gz-do button").first.click()
    taken.value.save_as(tmp_path / "painted.png")
    # The same file, asked by somebody who has nothing else.
    walk.tab("inspect")
    page.locator("#gz-inspect input[type=file]").first.set_input_files(tmp_path / "painted.png")
    page.locator(".gz-answer").first.wait_for()
    walk.seen("inspected")
    # An artist: am I credited, and what if it is wrong?
    walk.tab("credits")
    walk.write("gz-credit-name", who)
    page.locator("#gz-credit-ask").click()
    page.wait_for_selector(".gz-credited")
    walk.seen("credits")
    picture = re.search(r"pic-[a-z2-7]{20}", page.locator(".gz-credited").first.inner_html())
    assert picture
    page.locator("#gz-dispute > button").click()
    walk.write("gz-dispute-picture", picture[0])
    walk.write("gz-dispute-claim", claim)
    walk.write("gz-dispute-contact", "rin@example.org")
    page.locator("#gz-dispute-send").click()
    page.locator("[data-dispute]").first.wait_for()
    walk.seen("disputed")
    # The keeper: hears of it, and answers.
    walk.tab("keeper")
    page.locator("#gz-keeper-look").click()
    page.locator("#gz-keeper-list label", has_text=claim).first.click()
    page.locator("#gz-keeper-by").wait_for()
    page.locator("#gz-keeper-answer").wait_for()
    walk.seen("keeper")
    walk.write("gz-keeper-by", "Kept by Ito")
    page.locator("#gz-keeper-outcome label").first.click()
    walk.write("gz-keeper-words", "we looked")
    page.locator("#gz-keeper-answer").click()
    page.locator("#gz-keeper-list label", has_text=claim).wait_for(state="detached")
    walk.seen("answered")
