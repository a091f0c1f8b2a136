"""The page, driven in a real browser: what a visitor sees, and what stands in the ledger afterwards."""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import draw_house
from PIL import Image, PngImagePlugin

from provenance.credentials.read.chain import Verdict
from provenance.ledger import Ledger
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.consent import Consent, consent_body
from provenance.people.register import register_of
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Answer, Disclosure, SourceType, Step

pytest.importorskip("gradio", reason="the page needs genzu[app]")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = '<img src=x onerror="window.hacked=1"> {{value}} ${7*7}'
SECONDS = 1000  # milliseconds
PATIENCE = 120 * SECONDS  # a loaded machine paints slowly

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Site:
    """The running page, and where its archive is."""

    url: str
    settings: Settings

    def ledger(self) -> Ledger:
        return Ledger.open(self.settings.ledger, key=self.settings.keys / "unused", read_only=True)

    def newest(self, state: State | None = None) -> PictureRecord:
        with self.ledger() as ledger:
            return ledger.pictures(state=state, limit=1)[0]


def chromium() -> str:
    found = os.environ.get("GENZU_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.skip("no Chromium here; name one with GENZU_CHROMIUM")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("page")
    home, log = folder / "home", folder / "log.txt"
    policy = folder / "policy.toml"
    policy.write_text('[[rule]]\nwords = ["gore"]\nwhy = "This page is for all ages."\n')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = "import sys; sys.argv[0] = 'genzu'; from generation.cli import main; main()"
    given = {"GENZU_HOME": str(home), "GENZU_POLICY": str(policy)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--no-open", "--port", str(port)],
            cwd=ROOT, env=os.environ | given, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, server, log)
        yield Site(url, Settings(home=home))
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(60)
        finally:
            server.kill()


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(1000):
        if server.poll() is not None:
            pytest.fail(f"the page did not start:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the page did not answer in time")


@pytest.fixture
def page(browser: "playwright.Browser", site: Site) -> Iterator["playwright.Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(site.url)
    opened.wait_for_selector("#gz-paint")
    unfold(opened)
    yield opened
    context.close()


def unfold(page: "playwright.Page", *more: str) -> None:
    """Opens "More" on the Paint form, and in it the model's settings and what becomes public."""
    for fold in ("gz-more", "gz-settings", "gz-publicity", *more):
        page.locator(f"#{fold} > button").click()
    page.wait_for_selector(".gz-public")
    fill(page, "Your name", "Abe Rin")


def upload(page: "playwright.Page", where: str, path: Path) -> None:
    page.locator(f"{where} input[type=file]").first.set_input_files(path)


def choose_layout(page: "playwright.Page", path: Path, told: str) -> None:
    upload(page, "#gz-layout", path)
    page.locator(".gz-arrived", has_text=told).wait_for()


def steps(page: "playwright.Page", number: int) -> None:
    field = page.get_by_label("number input for Steps")
    field.fill(str(number))
    field.press("Tab")
    page.locator(".gz-public", has_text=f"{number} steps").wait_for()


def fill(page: "playwright.Page", label: str, text: str) -> None:
    page.get_by_label(label, exact=True).first.fill(text)
    page.locator(".gz-public", has_text=text).wait_for()


def paint(page: "playwright.Page") -> None:
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=waiting], [data-state=running]")
    page.wait_for_selector("[data-state=done]")


def take(page: "playwright.Page", button: str, target: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_text(button).click()
    waiting.value.save_as(target)
    return target


def tab(page: "playwright.Page", name: str) -> None:
    page.get_by_role("tab", name=name).click()


@pytest.fixture(scope="module")
def clear_layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layout with transparent paper: what gr.Image would re-encode."""
    path = tmp_path_factory.mktemp("layouts") / "layout.png"
    picture = draw_house((192, 128)).convert("RGBA")
    picture.putalpha(picture.convert("L").point(lambda value: 255 - value))
    picture.save(path)
    return path


@pytest.fixture(scope="module")
def painted(browser: "playwright.Browser", site: Site, clear_layout: Path, tmp_path_factory) -> Path:
    """A picture painted on the page by Mori Aoi's layout, downloaded."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    unfold(page)
    choose_layout(page, clear_layout, "192 × 128")
    page.get_by_label("How was it made?").click()
    page.get_by_role("option", name="Drawn by hand, in software").click()
    fill(page, "Words", "lilac dusk, house")
    fill(page, "Drawn by", "Mori Aoi")
    fill(page, "Your name", "Tanaka Ren")
    page.get_by_text("Not at all: the words stay here").click()
    steps(page, 4)
    paint(page)
    target = take(page, "Download the signed picture", tmp_path_factory.mktemp("taken") / "painted.png")
    context.close()
    return target


def test_a_visitor_paints_and_takes_home_the_signed_bytes(page, site, clear_layout, tmp_path):
    choose_layout(page, clear_layout, "192 × 128")
    fill(page, "Words", "night, dark blue sky, house")
    fill(page, "Drawn by", HOSTILE)
    steps(page, 12)
    page.evaluate(
        """() => { window.told = new Set(); new MutationObserver(() => {
            const now = document.querySelector('.gz-count');
            if (now) window.told.add(now.firstChild.textContent.trim());
        }).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
    )
    paint(page)

    counted = [text for text in page.evaluate("[...window.told]") if re.fullmatch(r"Step \d+ of 9", text)]
    assert len(counted) >= 3
    signed = take(page, "Download the signed picture", tmp_path / "signed.png").read_bytes()
    record = site.newest()
    assert record.state is State.RELEASED and record.output is not None
    assert Digest.of(signed) == record.output.digest
    # The layout entered with every byte, its transparency too.
    assert record.statement.inputs[0].resource.digest == Digest.of(clear_layout.read_bytes())
    assert [credit.name for credit in record.statement.credits] == [HOSTILE, "Abe Rin"]
    assert (
        record.statement.prompt is not None and record.statement.prompt.text == "night, dark blue sky, house"
    )

    # Both pictures of the slider are there, and a right click saves the signed file.
    shown = page.locator(".gz-slider img").evaluate_all("all => all.map(each => each.src)")
    assert any(
        hashlib.sha256(page.request.get(src).body()).digest() == record.output.digest.value for src in shown
    )
    assert page.locator(".gz-graph svg").count() == 1
    # The name is text wherever it is shown, and nothing of it ran.
    for place in (".gz-public", ".gz-story", ".gz-graph"):
        assert "onerror" in page.locator(place).first.inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], img[src$='/x']").count() == 0


def test_what_comes_next_is_reached_without_scrolling_past_the_whole_form(page):
    steps(page, 2)
    paint(page)
    again = page.get_by_role("button", name="Paint over this picture")
    again.wait_for()
    page.locator(".gz-result:visible").evaluate(
        "each => { scrollTo(0, 400); each.scrollTo(0, each.scrollHeight); }"
    )
    place = again.bounding_box()
    assert place is not None and 0 < place["y"] < 900


def test_a_layout_goes_on_the_record_before_what_is_painted_over_it(painted, site, clear_layout):
    with site.ledger() as ledger:
        (record,) = ledger.pictures_with_file(Digest.of_file(painted))
        parent = record.statement.parent
        assert parent is not None and parent.picture is not None
        layout = ledger.picture(parent.picture)
    assert layout.statement.step is Step.RECORD
    assert layout.statement.source_type is SourceType.DIGITAL_CREATION
    assert [credit.name for credit in layout.statement.credits] == ["Mori Aoi"]
    assert layout.statement.inputs[0].resource.digest == Digest.of_file(clear_layout)
    assert [credit.name for credit in record.statement.credits] == ["Mori Aoi", "Tanaka Ren"]


def test_inspect_tells_the_whole_chain_and_keeps_a_withheld_prompt_to_itself(page, painted, site):
    tab(page, "Inspect")
    upload(page, "#gz-inspect", painted)
    answer = page.locator(".gz-answer")
    answer.wait_for()
    assert answer.get_attribute("data-verdict") == Verdict.INTACT_KNOWN
    told = answer.inner_text()
    assert told.index("AI-assisted") < told.index("Intact")  # whether AI was used, before the signature
    for fold in page.locator(".gz-answer summary").all():
        fold.click()
    told = answer.inner_text()
    for words in (
        "Mori Aoi",
        "Tanaka Ren",
        "by hand",
        "AI over a picture",
        "genzu-house",
        "settings: strength",
    ):
        assert words in told
    with site.ledger() as ledger:
        (record,) = ledger.pictures_with_file(Digest.of_file(painted))
    assert record.statement.prompt is not None
    assert record.statement.prompt.disclosure is Disclosure.ABSENT
    page.get_by_text("The whole answer as JSON").click()
    page.locator(".cm-content").wait_for()
    assert "lilac" not in page.content()


def test_inspect_it_opens_the_answer_on_the_painted_picture(page, clear_layout):
    choose_layout(page, clear_layout, "192 × 128")
    fill(page, "Words", "night, house")
    fill(page, "Your name", "Tanaka Ren")
    steps(page, 2)
    paint(page)
    page.get_by_role("link", name="Inspect it").click()
    answer = page.locator(".gz-answer:visible")
    answer.wait_for()
    assert "Tanaka Ren" in answer.inner_text() and "genzu-house" in answer.inner_text()


def test_inspect_has_honest_words_for_a_strangers_picture_and_for_no_picture(page, layout, tmp_path):
    tab(page, "Inspect")
    upload(page, "#gz-inspect", layout)
    page.locator(".gz-answer", has_text="No Content Credentials").wait_for()
    assert "That says nothing about how it was made" in page.locator(".gz-answer").inner_text()
    broken = tmp_path / "notes.png"
    broken.write_text("not a picture")
    upload(page, "#gz-inspect", broken)
    page.locator(".gz-answer", has_text="Could not be checked").wait_for()


def test_inspecting_leaves_nothing_behind(page, painted, site):
    with site.ledger() as ledger:
        before = len(ledger)
    tab(page, "Inspect")
    upload(page, "#gz-inspect", painted)
    page.locator(".gz-answer").wait_for()
    with site.ledger() as ledger:
        assert len(ledger) == before


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
    page.wait_for_selector("[data-state=running] .gz-count:has-text('picture 1 of 2')")
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
    seed = site.newest().statement.parameters["seed"]
    page.wait_for_function("document.querySelector('#gz-seed input, #gz-seed textarea')?.value.length > 0")
    assert page.locator("#gz-seed").locator("input, textarea").input_value() in {
        seed,
        str(int(str(seed)) - 1),
    }
    # Another browser does not have them among its own, and can look at one by its address.
    other = browser.new_context().new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{site.url}/?picture={second}")
    other.wait_for_selector(f".gz-stage[data-picture='{second}']")
    assert other.locator(".gz-strip").count() == 0
    other.context.close()
    context.close()


def test_each_tab_has_an_address(page, site):
    tab(page, "Credits")
    page.wait_for_url("**/?tab=credits")
    tab(page, "Audit")
    page.go_back()
    page.wait_for_selector("button[role=tab][aria-selected=true]:has-text('Credits')")
    page.reload()
    page.wait_for_selector("button[role=tab][aria-selected=true]:has-text('Credits')")


def test_what_is_no_picture_gets_a_sentence_without_our_paths(page, tmp_path):
    broken = tmp_path / "holiday.png"
    broken.write_text("not a picture at all")
    upload(page, "#gz-layout", broken)
    note = page.locator(".gz-bad", has_text="holiday.png is not a picture")
    note.wait_for()
    assert "/tmp" not in note.inner_text() and "gradio" not in note.inner_text()
    fill(page, "Your name", "Tanaka Ren")
    page.locator("#gz-paint").click()
    page.locator("#gz-layout .gz-wrong-words", has_text="holiday.png is not a picture").wait_for()


def test_a_picture_for_which_nobody_is_named_is_not_painted(page, site):
    with site.ledger() as ledger:
        before = len(ledger)
    page.get_by_label("Your name", exact=True).fill("")
    page.locator("#gz-paint").click()
    # Asked at its field, which has the focus; nothing is laid over the page.
    page.locator("#gz-your-name .gz-wrong-words", has_text="Write your name").wait_for()
    assert page.evaluate("document.activeElement.closest('#gz-your-name') !== null")
    assert page.locator(".toast-body").count() == 0
    with site.ledger() as ledger:
        assert len(ledger) == before
    # Asking not to be named counts.
    page.get_by_label("I ask not to be named").check()
    page.locator(".gz-public", has_text="(asked not to be named)").wait_for()


def test_software_in_a_persons_slot_is_refused_with_its_line(page):
    page.get_by_label("Your name", exact=True).fill("AI (+Human)")
    page.locator(".gz-public .gz-missing", has_text="names software").wait_for()


def test_credits_are_found_by_name_and_by_the_layout_alone(page, painted, clear_layout):
    tab(page, "Credits")
    page.get_by_label("A name").fill("Mori Aoi")
    page.get_by_role("button", name="Look it up").click()
    page.locator(".gz-credited[data-total='2']").wait_for()
    assert "painted by AI over a picture" in page.locator(".gz-credited").inner_text()
    upload(page, "#gz-credit-picture", clear_layout)
    page.locator(".gz-credited", has_text="Made from this picture").wait_for()
    page.get_by_label("A name").fill("Nobody Known")
    page.get_by_role("button", name="Look it up").click()
    page.locator(".gz-credited[data-total='0']", has_text="No record here").wait_for()


def test_an_audit_of_a_zip_is_a_table_to_take_away(page, painted, layout, tmp_path):
    delivery = tmp_path / "delivery.zip"
    tampered = bytearray(painted.read_bytes())
    tampered[-60] ^= 1
    with zipfile.ZipFile(delivery, "w") as archive:
        archive.write(painted, "cut01/bg.png")
        archive.write(layout, "cut02/<b>bold.png")
        archive.writestr("cut03/bg.png", bytes(tampered))
        archive.writestr("notes.txt", "left out")
    tab(page, "Audit")
    upload(page, "#gz-audit", delivery)
    table = page.locator(".gz-audited[data-total='3']")
    table.wait_for()
    told = table.inner_text()
    for words in (
        "AI-assisted",
        "altered",
        "unknown",
        "Mori Aoi",
        "cut02/<b>bold.png",
        "1 file was no picture",
    ):
        assert words in told
    csv = take(page, "Download the table (CSV)", tmp_path / "audit.csv").read_text(encoding="utf-8-sig")
    assert csv.count("delivery.zip/") == 3
    html = take(page, "Download the report (HTML)", tmp_path / "audit.html").read_text()
    assert "&lt;b&gt;bold.png" in html


def test_a_second_pass_and_a_revision_by_hand_continue_the_chain(page, painted, site, tmp_path):
    choose_layout(page, painted, " × ")
    fill(page, "Words", "night, stars")
    fill(page, "Your name", "Tanaka Ren")
    steps(page, 4)
    paint(page)
    page.get_by_text("Paint over this picture").click()
    page.get_by_label("Your name", exact=True).fill("Ito Yui")
    page.locator(".gz-public", has_text="Ito Yui").wait_for()
    paint(page)
    taken = take(page, "Download the signed picture", tmp_path / "third.png")
    edited = tmp_path / "edited.png"
    with Image.open(taken) as picture:
        picture.convert("RGB").rotate(180).save(edited)
    page.get_by_text("Revised by hand?").click()
    upload(page, "#gz-revised", edited)
    page.locator("#gz-revised img").wait_for()
    page.get_by_label("Name 1", exact=True).last.fill("Sato Hana")
    before = page.locator(".gz-public", has_text="Credit, retouch: Sato Hana")
    before.wait_for()
    assert "revised by hand" in before.inner_text() and "not the picture itself" in before.inner_text()
    page.get_by_role("button", name="Sign the revision").click()
    page.locator(".gz-story", has_text="Sato Hana").wait_for()
    page.locator(".gz-graph", has_text="Hand revision").wait_for()
    graph = page.locator(".gz-graph").inner_text()
    for words in ("Mori Aoi", "AI pass 1", "AI pass 3", "Ito Yui", "Sato Hana"):
        assert words in graph
    record = site.newest()
    assert record.statement.step is Step.RETOUCH
    assert record.statement.parent is not None
    assert record.statement.parent.resource.digest == Digest.of_file(taken)


def test_a_drawing_is_signed_by_itself_and_a_use_that_its_artist_forbids_is_stopped(page, site, tmp_path):
    drawn = tmp_path / "drawn.png"
    draw_house((160, 96)).save(drawn)
    tab(page, "Record")
    upload(page, "#gz-record", drawn)
    page.get_by_label("Name 1", exact=True).last.fill("Ueda Rin")
    sign = page.locator("#gz-record-sign:not([disabled])")
    sign.click()
    page.get_by_text("Say how the picture was made").first.wait_for()
    page.locator("#gz-record-origin input").click()
    page.get_by_role("option", name="Drawn by hand, on paper, and scanned").last.click()
    # Told before it is signed.
    before = page.locator(".gz-public:visible")
    before.get_by_text("Credit, layout: Ueda Rin").wait_for()
    assert "IPTC: print" in before.inner_text() and "Signature: Genzu" in before.inner_text()
    sign.click()
    page.locator(".gz-story", has_text="Ueda Rin").wait_for()
    signed = take(page, "Download the signed copy", tmp_path / "signed.png")
    record = site.newest()
    assert record.output is not None and record.output.digest == Digest.of_file(signed)
    assert record.statement.source_type is SourceType.PRINT and record.statement.step is Step.RECORD

    with open_archive(site.settings) as archive:
        rin = register_of(archive.ledger).only("Ueda Rin").person
        said = Consent(rin, Answer.NO, Answer.NO, ask="rin@example.org")
        archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(said))
    tab(page, "Paint")
    choose_layout(page, signed, "160 × 96")
    fill(page, "Words", "night, house")
    fill(page, "Your name", "Tanaka Ren")
    steps(page, 4)
    page.locator("#gz-paint").click()
    told = page.locator("[data-state=forbidden]")
    told.wait_for()
    assert "Ueda Rin does not allow AI use" in told.inner_text() and "rin@example.org" in told.inner_text()
    assert site.newest().picture == record.picture
    # Nobody goes on without a name and a reason.
    page.locator("#gz-takeover-go").click()
    page.get_by_text("fill in both").wait_for()
    page.get_by_label("Who decides this").fill("Elin Lindqvist")
    page.get_by_label("Why", exact=True).fill("agreed by phone")
    page.locator("#gz-takeover-go").click()
    page.wait_for_selector("[data-state=done]")
    with site.ledger() as ledger:
        (override,) = [each for each in ledger.entries() if each.kind is EntryKind.CONSENT_OVERRIDDEN]
    assert override.body["picture"] == site.newest().picture
    assert not page.locator(".gz-takeover").is_visible()


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


def test_a_shipped_layout_brings_its_credit_and_a_visitors_own_takes_it_away(page, clear_layout):
    public = page.locator(".gz-public")
    public.get_by_text("Nadja Grün / OpenMoji, CC BY-SA 4.0").wait_for()
    page.get_by_role("button", name="House on a hill").click()
    public.get_by_text("Martin Wehl / OpenMoji, CC BY-SA 4.0").wait_for()
    choose_layout(page, clear_layout, "192 × 128")
    public.get_by_text("OpenMoji, CC").wait_for(state="detached")
    assert "Martin Wehl" not in public.inner_text()


def test_what_the_hosts_policy_refuses_is_told_at_the_words_and_is_on_the_record(page, site):
    fill(page, "Words", "a hall full of g-o-r-e")
    page.locator("#gz-paint").click()
    page.get_by_text("refuses 'gore': This page is for all ages.").wait_for()
    assert page.locator("#gz-prompt").get_by_text("This page is for all ages.").count() == 1
    record = site.newest()
    assert record.state is State.FAILED
    assert str(record.facts["reason"]).startswith("PolicyRefused: rule 1 of sha256:")
    fill(page, "Words", "a hall")
    steps(page, 2)
    paint(page)
    assert site.newest().state is State.RELEASED


def test_a_picture_that_is_dropped_fills_the_form_with_how_it_was_painted(page, painted, site, tmp_path):
    page.locator("#gz-likeness > button").click()
    upload(page, "#gz-like", painted)
    page.get_by_text("Filled in from our record of it").wait_for()
    # Its words were kept out of the file by another browser: they are not shown here.
    assert "lilac" not in page.locator("#gz-likeness").inner_text()
    assert page.get_by_label("number input for Steps").input_value() == "4"
    with site.ledger() as ledger:
        (record,) = ledger.pictures_with_file(Digest.of_file(painted))
    seed = page.locator("#gz-seed input, #gz-seed textarea").first
    assert seed.input_value() == str(record.statement.parameters["seed"])
    info = PngImagePlugin.PngInfo()
    info.add_text(
        "parameters", "snow\nNegative prompt: cars\nSteps: 7, Sampler: Euler a, CFG scale: 2.5, Seed: 5"
    )
    draw_house().save(tmp_path / "theirs.png", pnginfo=info)
    upload(page, "#gz-like", tmp_path / "theirs.png")
    page.get_by_text("the text that AUTOMATIC1111 leaves (unsigned)").wait_for()
    assert page.get_by_label("Words", exact=True).first.input_value() == "snow"
    assert page.get_by_label("number input for Steps").input_value() == "7"
    draw_house().save(tmp_path / "plain.png")
    upload(page, "#gz-like", tmp_path / "plain.png")
    page.get_by_text("plain.png says nothing of how it was painted").wait_for()
    assert page.get_by_label("Words", exact=True).first.input_value() == "snow"


def test_a_mask_keeps_the_layout_where_it_is_black_and_goes_with_its_layout(
    page, site, clear_layout, tmp_path
):
    small, mask = tmp_path / "small.png", tmp_path / "mask.png"
    Image.new("L", (64, 64), 255).save(small)
    half = Image.new("L", (192, 128))
    half.paste(255, (0, 0, 192, 64))
    half.save(mask)
    page.locator("#gz-part > button").click()
    choose_layout(page, clear_layout, "192 × 128")
    upload(page, "#gz-mask", small)
    page.locator(".gz-arrived", has_text="64 × 64").wait_for()
    page.locator(".gz-public", has_text="mask:").wait_for()
    fill(page, "Words", "night, house")
    fill(page, "Drawn by", "Mori Aoi")
    steps(page, 4)
    page.locator("#gz-paint").click()
    page.locator("#gz-mask .gz-wrong-words", has_text="64 x 64 pixels and the layout 192 x 128").wait_for()
    page.locator("#gz-mask").get_by_label("Remove Image").click()
    page.locator(".gz-arrived", has_text="64 × 64").wait_for(state="detached")
    upload(page, "#gz-mask", mask)
    page.locator(".gz-arrived").nth(1).wait_for()
    page.locator(".gz-public", has_text="mask:").wait_for()
    paint(page)
    signed = take(page, "Download the signed picture", tmp_path / "signed.png")
    record = site.newest()
    assert [each.role for each in record.statement.inputs] == [InputRole.LAYOUT, InputRole.MASK]
    assert record.statement.inputs[1].resource.digest == Digest.of_file(mask)  # every byte of it
    shown = Image.open(signed).convert("RGB")
    before = Image.open(clear_layout)
    white = Image.alpha_composite(Image.new("RGBA", before.size, "white"), before).convert("RGB")
    fitted = white.resize(shown.size, Image.Resampling.LANCZOS)
    kept = (0, shown.height // 2 + 4, shown.width, shown.height)
    assert shown.crop(kept).tobytes() == fitted.crop(kept).tobytes()
    assert shown.crop((0, 0, shown.width, 40)).tobytes() != fitted.crop((0, 0, shown.width, 40)).tobytes()
    # Over another layout it would keep the wrong parts: it goes with its own.
    page.get_by_role("button", name="House on a hill").click()
    page.locator(".gz-public", has_text="mask:").wait_for(state="detached")


def test_a_refusal_is_told_in_words_on_every_tab(page, site, clear_layout):
    tab(page, "Credits")
    page.get_by_label("A name").fill(" ")
    page.get_by_role("button", name="Look it up").click()
    page.locator("[role=alert]", has_text="Write a name first").wait_for()
    page.get_by_text("Something is wrong here").click()
    page.get_by_role("button", name="Send to the keeper").click()
    page.get_by_text("ay which picture is meant").first.wait_for()


def test_after_a_file_that_was_refused_the_next_one_is_read_by_itself(page, layout, tmp_path):
    broken, empty = tmp_path / "broken.png", tmp_path / "empty.zip"
    broken.write_bytes(layout.read_bytes()[:60])
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("notes.txt", "no picture")
    tab(page, "Credits")
    upload(page, "#gz-credit-picture", layout)
    page.locator(".gz-credited").wait_for()
    upload(page, "#gz-credit-picture", broken)
    page.locator("[role=alert]", has_text="broken.png is damaged").wait_for()
    # The answer on the other file does not stay beside the refusal.
    page.locator(".gz-credited").wait_for(state="detached")
    upload(page, "#gz-credit-picture", layout)
    page.locator(".gz-credited").wait_for()
    tab(page, "Audit")
    upload(page, "#gz-audit", empty)
    page.locator(".gz-audited", has_text="there is no picture in it").wait_for()
    upload(page, "#gz-audit", layout)
    page.locator(".gz-audited[data-total='1']", has_text="layout.png").wait_for()


def test_a_claim_that_lacks_something_keeps_its_evidence_until_it_is_sent(page, painted, site, layout):
    with site.ledger() as ledger:
        (record,) = ledger.pictures_with_file(Digest.of_file(painted))
    tab(page, "Credits")
    page.get_by_text("Something is wrong here").click()
    page.locator("#gz-dispute-picture").get_by_role("textbox").fill(record.picture)
    page.locator("#gz-dispute-claim").get_by_role("textbox").fill("I drew this")
    upload(page, "#gz-dispute", layout)
    page.locator("#gz-dispute", has_text="layout.png").wait_for()
    page.get_by_role("button", name="Send to the keeper").click()
    page.get_by_text("a contact is needed").first.wait_for()
    page.locator("#gz-dispute-contact").get_by_role("textbox").fill("me@example.org")
    page.get_by_role("button", name="Send to the keeper").click()
    page.locator("[data-dispute]", has_text="Sent.").wait_for()
    with site.ledger() as ledger:
        kept = [each.evidence for each in register_of(ledger).disputes.values()]
    assert Digest.of_file(layout) in kept


def test_a_picture_that_a_browser_cannot_show_has_words_and_no_broken_mark(page, layout, tmp_path):
    scan = tmp_path / "scan.tif"
    with Image.open(layout) as picture:
        picture.save(scan)
    tab(page, "Record")
    upload(page, "#gz-record", scan)
    page.locator("#gz-record.gz-unseen").wait_for()
    assert page.locator("#gz-record img").evaluate("each => getComputedStyle(each).visibility") == "hidden"
    told = page.locator("#gz-record").evaluate("each => getComputedStyle(each, '::after').content")
    assert "cannot show" in told
    page.locator("#gz-record").get_by_label("Remove Image").click()
    upload(page, "#gz-record", layout)
    page.locator("#gz-record:not(.gz-unseen) img").wait_for()


def test_nothing_is_fetched_from_elsewhere_and_nothing_stays_in_the_browser(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    unfold(page)
    for name in ("Record", "Inspect", "Credits", "Audit", "Paint"):
        tab(page, name)
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "white snow" not in kept and "Nadja" not in kept
    context.close()


def test_the_page_fits_a_phone_in_light_and_dark(browser, site):
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.wait_for_selector("#gz-paint")
        for name in ("Paint", "Record", "Inspect", "Credits", "Audit"):
            tab(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        context.close()


@pytest.mark.parametrize("width", [390, 820, 1024])
def test_a_table_of_an_audit_is_not_cut_off(browser, site, painted, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    tab(page, "Audit")
    upload(page, "#gz-audit", painted)
    table = page.locator(".gz-audited table")
    table.wait_for()
    place = table.bounding_box()
    assert place is not None and place["x"] + place["width"] <= width
    context.close()


def test_the_archive_is_served_to_nobody(painted, site):
    keys = [path for path in site.settings.home.rglob("*") if path.is_file()]
    assert keys
    for path in keys:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.url}/gradio_api/file={path}")
        assert refused.value.code in {403, 404}


def test_handlers_cannot_be_called_past_the_queue(site):
    for route in ("run/begin", "run/paint", "run/0", "run/predict"):
        call = urllib.request.Request(
            f"{site.url}/gradio_api/{route}",
            data=b'{"data": []}',
            headers={"Content-Type": "application/json"},
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(call)
