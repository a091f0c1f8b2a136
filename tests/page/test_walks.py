"""The page from its first screen to its last, as visitor, artist and keeper, in both languages, on desktop and phone.

With GENZU_SHOTS=folder each step leaves a picture of the screen there, to be looked at.
"""

import os
import re
import zipfile
from pathlib import Path

import pytest
from conftest import draw_house
from page_driving import PATIENCE, upload
from PIL import ImageDraw

from provenance.statement.canonical import Digest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
ENGLISH_LEFT = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")  # three words of it on end
# What people wrote; it is not translated.
QUOTED = (
    "word of mouth and a photograph",
    "Abe Rin",
    "Ueda Rin",
    "Sato Hana",
    "the end of the river",
    "XMP DigitalSourceType",
)
CITED = re.compile("「[^」]*」")  # what a library said, cited
HEIC = Path(__file__).parents[1] / "data" / "heic" / "layout.heic"
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
        self.english: list[str] = []  # what of ours was left in English on a Japanese page, and where
        self.page.goto(site.url)

    def seen(self, what: str) -> None:
        """The screen is as wide as it is; in Japanese what of ours is left in English is noted."""
        self.number += 1
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
        if folder := os.environ.get("GENZU_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.wait_for_timeout(600)
            page.screenshot(path=f"{folder}/{self.name}-{self.number}-{what}.png", full_page=True)
        if self.language == "ja":
            page.wait_for_function("document.documentElement.lang === 'ja'")
            self.english += [f"{what}: {text}" for text in self.left_in_english()]

    def left_in_english(self) -> list[str]:
        """Texts of the page that are English, apart from what people wrote."""
        texts = self.page.evaluate(TEXTS)
        return [
            text
            for text in texts
            if ENGLISH_LEFT.search(CITED.sub("", text)) and not any(said in text for said in QUOTED)
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
    assert not walking.english, "\n".join(walking.english)


def test_from_the_first_screen_to_a_signed_picture_its_credit_a_dispute_and_its_answer(walk, tmp_path):
    page = walk.page
    claim, who = (f"{said} {walk.name}" for said in QUOTED[:2])
    # A visitor: what is there, paint it again, take it along.
    page.wait_for_selector(".gz-graph svg")
    if walk.language == "ja":
        page.locator(".gz-first", has_text="作画 Martin Wehl").or_(
            page.get_by_text("作画 Martin Wehl")
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
    dispute(walk, picture[0], claim, "rin@example.org")
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
    page.locator("#gz-keeper-answer").dblclick()
    page.locator("#gz-keeper-list label", has_text=claim).wait_for(state="detached")
    # It is answered once, and there is no tool left for no dispute.
    page.locator("#gz-keeper-answer").wait_for(state="hidden")
    assert page.locator("[data-kept-dispute] dt", has_text=re.compile("^(Answer|回答)$")).count() == 1
    walk.seen("answered")


def dispute(walk: Walk, picture: str, claim: str, contact: str) -> None:
    """On the tab Credits: this is wrong."""
    walk.page.locator("#gz-dispute > button").click()
    walk.write("gz-dispute-picture", picture)
    walk.write("gz-dispute-claim", claim)
    walk.write("gz-dispute-contact", contact)
    walk.page.locator("#gz-dispute-send").click()
    walk.page.locator("[data-dispute]").first.wait_for()


def own_layout(walk: Walk, folder: Path) -> Path:
    """A drawing on transparent paper that no other walk has: whoever records one again is not who drew it."""
    picture = draw_house((160 + 8 * sum(walk.name.encode()) % 64, 128)).convert("RGBA")
    picture.putalpha(picture.convert("L").point(lambda value: 255 - value))
    ImageDraw.Draw(picture).text((4, 4), walk.name, fill=(0, 0, 0, 255))
    picture.save(folder / "layout.png")
    return folder / "layout.png"


def test_an_artist_records_inspects_and_audits_and_each_mistake_stands_at_its_field(walk, site, tmp_path):
    page, who = walk.page, f"Ueda Rin {walk.name}"
    layout = own_layout(walk, tmp_path)
    # Record a drawing: what is missing is said where it belongs.
    walk.tab("record")
    upload(page, "#gz-record", layout)
    sign = page.locator("#gz-record-sign:not([disabled])")
    sign.click()
    for field in ("origin", "name-1"):
        page.locator(f"#gz-record-{field} .gz-wrong-words").wait_for()
    assert page.evaluate("document.activeElement.closest('#gz-record-origin') !== null")
    walk.seen("record, what is missing")
    page.locator("#gz-record-origin input").click()
    page.get_by_role("option").nth(1).click()
    page.locator("#gz-record-origin .gz-wrong-words").wait_for(state="detached")
    walk.write("gz-record-name-1", who)
    page.locator("#gz-record-place > button").click()
    walk.write("gz-record-production", "the end of the river")
    page.locator(".gz-public:visible", has_text=who).wait_for()
    walk.seen("record, filled in")
    sign.click()
    page.locator(".gz-story:visible", has_text=who).wait_for()
    walk.seen("recorded")
    with page.expect_download() as taken:
        page.locator("#gz-record-download").click()
    taken.value.save_as(tmp_path / "signed.png")
    # Though a press was refused in between, the file itself arrived, and not what the page made of it.
    assert site.newest().statement.inputs[0].resource.digest == Digest.of_file(layout)
    # Inspect what was changed since, what nobody knows, and what is no picture.
    changed = bytearray((tmp_path / "signed.png").read_bytes())
    changed[-60] ^= 1
    (tmp_path / "changed.png").write_bytes(bytes(changed))
    (tmp_path / "words.png").write_text("no picture at all")
    walk.tab("inspect")
    for name, file in (
        ("changed", tmp_path / "changed.png"),
        ("unknown", HEIC),
        ("no picture", tmp_path / "words.png"),
        ("recorded", tmp_path / "signed.png"),
    ):
        upload(page, "#gz-inspect", file)
        page.locator(".gz-answer", has_text=file.name).wait_for()
        page.evaluate(
            "document.querySelectorAll('.gz-answer details').forEach((each) => { each.open = true })"
        )
        walk.seen(f"inspect, {name}")
    # Audit all of it, with a name that is markup and one that does not end.
    delivery = tmp_path / "delivery.zip"
    with zipfile.ZipFile(delivery, "w") as packed:
        packed.write(tmp_path / "signed.png", "cut01/背景.png")
        packed.write(tmp_path / "changed.png", "cut02/<b>bold.png")
        packed.write(layout, f"cut03/{'a-name-without-an-end' * 6}.png")
        packed.writestr("cut04/broken.png", layout.read_bytes()[:60])
        packed.writestr("notes.txt", "left out")
    walk.tab("audit")
    upload(page, "#gz-audit", delivery)
    page.locator(".gz-audited[data-total='4']").wait_for()
    walk.seen("audited")
    # Who is credited: nobody of that name, then by the picture, then a certificate to take away.
    walk.tab("credits")
    walk.write("gz-credit-name", "Nobody Known")
    page.locator("#gz-credit-ask").click()
    page.locator(".gz-credited[data-total='0']").wait_for()
    walk.seen("credits, nobody")
    upload(page, "#gz-credit-picture", tmp_path / "signed.png")
    page.locator(".gz-credited", has_text=who).wait_for()
    walk.seen("credits, by a picture")
    page.locator("#gz-dispute > button").click()
    page.locator("#gz-dispute-send").click()
    page.locator("#gz-dispute-contact .gz-wrong-words").wait_for()
    walk.seen("dispute, what is missing")


def test_a_revision_photographed_with_a_phone_is_signed_over_the_painting_and_the_keeper_corrects_it(walk):
    page, who = walk.page, f"Sato Hana {walk.name}"
    claim = f"{QUOTED[0]}, {walk.name}, of a revision"
    page.locator("#gz-first-again").click()
    page.wait_for_selector(".gz-wrong-words")
    walk.write("gz-your-name", f"Abe Rin {walk.name}")
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=done]")
    page.locator("#gz-revision > button").click()
    upload(page, "#gz-revised", HEIC)
    page.locator("#gz-revision-sign:not([disabled])").click()
    page.locator("#gz-revision-name-1 .gz-wrong-words").wait_for()
    walk.seen("revision, what is missing")
    walk.write("gz-revision-name-1", who)
    page.locator("#gz-revision-sign").click()
    page.locator(".gz-story:visible", has_text=who).wait_for()
    walk.seen("revised")
    picture = page.locator("#gz-first-story").text_content()
    known = re.search(r"pic-[a-z2-7]{20}", picture)
    assert known, picture
    walk.tab("credits")
    dispute(walk, known[0], claim, "hana@example.org")
    # The keeper: an answer that says too little is marked; a correction; the file once more with today's credits.
    walk.tab("keeper")
    page.locator("#gz-keeper-look").click()
    page.locator("#gz-keeper-list label", has_text=claim).first.click()
    page.locator("#gz-keeper-answer").wait_for()
    page.locator("#gz-keeper-answer").click()
    page.locator("#gz-keeper-by .gz-wrong-words").wait_for()
    page.locator("#gz-keeper-outcome .gz-wrong-words").wait_for()
    walk.seen("keeper, what is missing")
    walk.write("gz-keeper-by", "Kept by Ito")
    page.locator("#gz-keeper-correction > button").click()
    walk.write("gz-keeper-now", f"Mori Aoi {walk.name}")
    page.locator("#gz-keeper-correct").click()
    page.wait_for_function(
        "document.querySelector('#gz-keeper-entries input, #gz-keeper-entries textarea').value"
    )
    page.locator("#gz-keeper-again").click()
    page.locator("#gz-keeper-correction").get_by_role("button").locator("visible=true").nth(2).wait_for()
    walk.seen("keeper, corrected")
