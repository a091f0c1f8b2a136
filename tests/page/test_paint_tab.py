"""The tab Paint in a real browser: what a visitor sees, and what stands in the ledger afterwards."""

import hashlib
import re

import pytest
from page_driving import HOSTILE, choose_layout, fill, paint, steps, take, upload
from PIL import Image

from provenance.ledger.store.records import State
from provenance.statement.canonical import Digest
from provenance.statement.vocabulary import SourceType, Step

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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


def test_a_press_is_seen_to_be_noticed_before_the_server_answers(page):
    held, slow = [], [True]

    def hold(route):
        if slow:
            held.append(route)
        else:
            route.continue_()

    page.get_by_label("Your name", exact=True).fill("")
    page.route("**/gradio_api/queue/join**", hold)
    page.locator("#gz-paint").click()
    page.wait_for_selector("#gz-paint[aria-busy=true]")
    slow.clear()
    for each in held:
        each.continue_()
    page.wait_for_selector(".gz-wrong-words")  # nobody is named
    page.wait_for_selector("#gz-paint:not([aria-busy])")


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


def test_a_shipped_layout_brings_its_credit_and_a_visitors_own_takes_it_away(page, clear_layout):
    public = page.locator(".gz-public")
    public.get_by_text("Martin Wehl / OpenMoji, CC BY-SA 4.0").wait_for()
    # In the browser: with the server out of reach the form is filled in all the same, and typed words stay.
    page.get_by_label("Words", exact=True).first.fill("my own words")
    page.route("**/gradio_api/queue/**", lambda route: route.abort())
    page.get_by_role("button", name="Mountain railway").click()
    page.wait_for_function(
        "document.querySelector('#gz-drawn-by :is(input, textarea)').value === 'Nadja Grün'"
    )
    assert page.get_by_label("Words", exact=True).first.input_value() == "my own words"
    page.unroute("**/gradio_api/queue/**")
    page.get_by_role("button", name="House on a hill").click()
    page.get_by_role("button", name="Mountain railway").click()
    public.get_by_text("Nadja Grün / OpenMoji, CC BY-SA 4.0").wait_for()
    choose_layout(page, clear_layout, "192 × 128")
    public.get_by_text("OpenMoji, CC").wait_for(state="detached")
    assert "Nadja Grün" not in public.inner_text()


def test_words_typed_while_a_drawing_arrives_stay(page, clear_layout):
    # What gradio read of the field, as the drawing arrived, were still the example's words.
    page.evaluate(
        """() => { const {instead} = window.genzu; window.genzu.instead = (id, said, ours, words) => {
            if (id === "gz-prompt") window.genzu.written(id, "night, stars");
            return instead(id, said, ours, words);
        }; }"""
    )
    choose_layout(page, clear_layout, "192 × 128")
    assert page.get_by_label("Words", exact=True).first.input_value() == "night, stars"
    page.locator(".gz-public", has_text="night, stars").wait_for()
    assert page.locator("#gz-drawn-by :is(input, textarea)").first.input_value() == ""


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
