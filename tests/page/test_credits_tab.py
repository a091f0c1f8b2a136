"""The tabs Credits and Audit: names, pictures, disputes, a delivery to take away, refusals in words."""

import zipfile

import pytest
from page_driving import PATIENCE, tab, take, upload, upload_seen

from provenance.people.register import register_of
from provenance.statement.canonical import Digest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_credits_are_found_by_name_and_by_the_layout_alone(page, painted, clear_layout):
    tab(page, "Credits")
    page.get_by_label("A name").fill("Mori Aoi")
    page.get_by_role("button", name="Look it up").click()
    page.locator(".gz-credited[data-total='2']").wait_for()
    assert "painted by AI over a picture" in page.locator(".gz-credited").inner_text()
    upload(page, "#gz-credit-picture", clear_layout)
    page.locator(".gz-credited", has_text="Made with this picture").wait_for()
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


def test_a_refusal_is_told_in_words_on_every_tab(page, site, clear_layout):
    tab(page, "Credits")
    page.get_by_label("A name").fill(" ")
    page.get_by_role("button", name="Look it up").click()
    page.locator("[role=alert]", has_text="Write a name first").wait_for()
    page.get_by_text("Something is wrong here").click()
    page.get_by_role("button", name="Send to the keeper").click()
    for field, words in (
        ("picture", "Say which picture is meant"),
        ("claim", "A dispute says what is wrong"),
        ("contact", "Say how the keeper can reach you"),
    ):
        page.locator(f"#gz-dispute-{field} .gz-wrong-words", has_text=words).wait_for()
    assert page.evaluate("document.activeElement.closest('#gz-dispute-picture') !== null")
    page.locator("#gz-dispute-id textarea, #gz-dispute-id input").first.fill("dis-none")
    page.locator("#gz-dispute-id button").click()
    page.locator("#gz-dispute-id .gz-wrong-words", has_text="no dispute 'dis-none' is on record").wait_for()
    # A keeper's own mistakes, too.
    tab(page, "Keeper")
    page.get_by_role("button", name="Look for disputes").click()
    listed = page.locator("#gz-keeper-list")
    # Another file's walk may have left one open.
    listed.locator("input[type=radio]").or_(listed.get_by_text("None is open")).first.wait_for()
    assert page.locator(".toast-body").count() == 0


def test_after_a_file_that_is_damaged_or_refused_the_next_one_is_read_by_itself(page, layout, tmp_path):
    broken, empty = tmp_path / "broken.png", tmp_path / "empty.zip"
    broken.write_bytes(layout.read_bytes()[:60])
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("notes.txt", "no picture")
    tab(page, "Credits")
    upload(page, "#gz-credit-picture", layout)
    page.locator(".gz-credited").wait_for()
    upload(page, "#gz-credit-picture", broken)
    page.locator(".gz-credited", has_text="Its pixels were not read").wait_for()
    upload(page, "#gz-credit-picture", layout)
    page.locator(".gz-credited", has_text="layout.png").wait_for()
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
    upload_seen(page, "#gz-dispute", layout)
    page.get_by_role("button", name="Send to the keeper").click()
    page.get_by_text("a contact is needed").first.wait_for()
    page.locator("#gz-dispute-contact").get_by_role("textbox").fill("me@example.org")
    # Pressed twice it is sent once, and nothing is told beside that.
    page.get_by_role("button", name="Send to the keeper").dblclick()
    sent = page.locator("[data-dispute]", has_text="Sent.")
    sent.wait_for()
    page.locator("#gz-dispute-send:not([aria-busy])").wait_for()
    assert page.locator(".gz-wrong-words").count() == 0
    with site.ledger() as ledger:
        kept = [each.evidence for each in register_of(ledger).disputes.values()]
    assert Digest.of_file(layout) in kept
    # As a phone types it. Where an id is not known, the answer to the one before goes.
    asked = page.locator("#gz-dispute-id textarea, #gz-dispute-id input").first
    for typed, answers in (((sent.get_attribute("data-dispute") or "").capitalize(), 1), ("dis-none", 0)):
        asked.fill(typed)
        page.locator("#gz-dispute-id button").click()
        page.locator("#gz-dispute-id .gz-wrong-words").wait_for(state="detached" if answers else "visible")
        told = page.get_by_text("The keeper has not answered yet")
        told.wait_for(state="visible" if answers else "detached")


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
