"""The tab Record: a drawing signed by itself, what its artist forbids, files that a browser cannot show."""

import pytest
from conftest import draw_house
from page_driving import choose_layout, fill, steps, tab, take, upload
from PIL import Image

from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import Consent, consent_body
from provenance.people.register import register_of
from provenance.release.opening import open_archive
from provenance.statement.canonical import Digest
from provenance.statement.vocabulary import Answer, SourceType, Step

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_drawing_is_signed_by_itself_and_a_use_that_its_artist_forbids_is_stopped(page, site, tmp_path):
    drawn = tmp_path / "drawn.png"
    draw_house((160, 96)).save(drawn)
    tab(page, "Record")
    upload(page, "#gz-record", drawn)
    page.get_by_label("Name 1", exact=True).last.fill("Ueda Rin")
    sign = page.locator("#gz-record-sign:not([disabled])")
    sign.click()
    page.locator("#gz-record-origin .gz-wrong-words", has_text="Say how the picture was made").wait_for()
    assert page.locator(".toast-body").count() == 0
    page.locator("#gz-record-origin input").click()
    page.get_by_role("option", name="Drawn on paper and scanned").last.click()
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
    for field, words in (("by", "Say who decides this"), ("why", "Say why this is painted")):
        page.locator(f"#gz-takeover-{field} .gz-wrong-words", has_text=words).wait_for()
    page.get_by_label("Who decides this").fill("Elin Lindqvist")
    page.get_by_label("Why", exact=True).fill("agreed by phone")
    page.locator("#gz-takeover-go").click()
    page.wait_for_selector("[data-state=done]")
    with site.ledger() as ledger:
        (override,) = [each for each in ledger.entries() if each.kind is EntryKind.CONSENT_OVERRIDDEN]
    assert override.body["picture"] == site.newest().picture
    assert not page.locator(".gz-takeover").is_visible()


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
    page.locator("#gz-record").get_by_role("button", name="Remove Image").click()
    upload(page, "#gz-record", layout)
    page.locator("#gz-record:not(.gz-unseen) img").wait_for()
