"""The tab Inspect: the whole chain, honest words, nothing left behind."""

import pytest
from page_driving import choose_layout, fill, paint, steps, tab, upload
from PIL import Image

from provenance.credentials.read.chain import Verdict
from provenance.statement.canonical import Digest
from provenance.statement.vocabulary import Disclosure

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    assert "That says nothing about how the picture was made" in page.locator(".gz-answer").inner_text()
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


@pytest.mark.parametrize(("name", "field", "answer"), [
    ("Inspect", "#gz-inspect", ".gz-answer"), ("Credits", "#gz-credit-picture", ".gz-credited"),
])  # fmt: skip
def test_an_answer_shows_the_picture_it_is_about_and_the_field_takes_the_next_one(
    page, clear_layout, tmp_path, name, field, answer
):
    tab(page, name)
    for number, colour in enumerate(("#204060", "#c04020")):
        picture = tmp_path / f"一枚目 {number}.png"
        Image.new("RGB", (64, 48), colour).save(picture)
        upload(page, field, picture)
        shown = page.locator(f"{answer} .gz-of", has_text=str(number))
        shown.locator("img").wait_for()
        assert shown.locator("img").get_attribute("src").startswith("data:image/jpeg")
        page.locator(field, has_text="Another picture").wait_for()
        assert page.locator(field).locator("input[type=file]").count() == 1
