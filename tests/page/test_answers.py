"""What the page tells of a file goes with that file: another one that is given, read, refused or taken away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import draw_house
from page_driving import choose_layout, fill, paint, steps, tab, upload
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED_AT_ONCE = "**/gradio_api/run/**"  # a layout's facts
QUEUED = "**/gradio_api/queue/join*"
SENT = "**/gradio_api/upload*"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two drawings that differ in size."""
    folder = tmp_path_factory.mktemp("drawn")
    paths = [folder / "first.png", folder / "second.png"]
    for path, size in zip(paths, ((192, 128), (128, 160)), strict=True):
        draw_house(size).save(path)
    return paths


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that takes seconds to be read."""
    path = tmp_path_factory.mktemp("large") / "large.png"
    Image.frombytes("RGB", (4000, 4000), os.urandom(48_000_000)).save(path, compress_level=0)
    return path


class Gate:
    """What is asked of the server waits here until the gate is opened; afterwards all passes."""

    def __init__(self, page: "Page", what: str) -> None:
        self.held: list[Route] = []
        self.open = False
        page.route(what, self._come)

    def _come(self, route: "Route") -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)


@contextmanager
def slow(page: "Page", what: str) -> Iterator[Gate]:
    """What is asked meanwhile does not reach the server before the end, or while the gate is open."""
    gate = Gate(page, what)
    yield gate
    gate.open = True
    for route in gate.held:
        route.continue_()


def reading(page: "Page", where: str, path: Path) -> None:
    """Gives a picture whose reading has been accepted, and not been answered."""
    with page.expect_response(QUEUED):
        upload(page, where, path)
    page.wait_for_timeout(100)


def another_layout(page: "Page", path: Path) -> None:
    page.locator("#gz-layout .icon-button").last.click()
    upload(page, "#gz-layout", path)


def test_the_facts_of_a_layout_are_gone_while_another_one_is_read(page, drawn):
    choose_layout(page, drawn[0], "192 × 128")
    fill(page, "Words", "night, house")
    with slow(page, ASKED_AT_ONCE):
        another_layout(page, drawn[1])
        page.locator("#gz-layout img[src*='second.png']").wait_for()
        page.locator(".gz-arrived").wait_for(state="detached")
        # What its signed file will say is of that layout, too.
        page.locator(".gz-public").wait_for(state="detached")
    page.locator(".gz-arrived", has_text="128 × 160").wait_for()
    page.locator(".gz-public", has_text="night, house").wait_for()


def test_a_late_answer_on_a_layout_that_is_gone_is_not_shown(page, drawn):
    choose_layout(page, drawn[1], "128 × 160")
    with slow(page, ASKED_AT_ONCE) as gate:
        another_layout(page, drawn[0])
        page.locator("#gz-layout img[src*='first.png']").wait_for()
        page.wait_for_timeout(500)
        gate.open = True
        another_layout(page, drawn[1])
        page.locator(".gz-arrived", has_text="128 × 160").wait_for()
    page.wait_for_timeout(1500)
    assert page.locator(".gz-arrived").inner_text().startswith("128 × 160")


def test_a_mask_that_was_chosen_stays_when_gradio_tells_of_its_layout_once_more(page, drawn):
    page.locator("#gz-part > button").click()
    with slow(page, ASKED_AT_ONCE):
        another_layout(page, drawn[0])
        page.locator("#gz-layout img[src*='first.png']").wait_for()
        upload(page, "#gz-mask", drawn[0])
        page.locator("#gz-mask img").wait_for()
    page.locator(".gz-arrived", has_text="192 × 128").first.wait_for()
    page.wait_for_timeout(1500)
    assert page.locator("#gz-mask img").count() == 1


def test_an_answer_on_a_picture_is_gone_as_soon_as_another_one_is_given(page, drawn):
    tab(page, "Inspect")
    upload(page, "#gz-inspect", drawn[0])
    page.locator(".gz-answer figcaption", has_text="first.png").wait_for()
    page.get_by_text("The whole answer as JSON").wait_for()
    with slow(page, SENT):
        upload(page, "#gz-inspect", drawn[1])
        page.get_by_text("Its whole history will appear here").wait_for()
        assert not page.locator(".gz-answer").count()
        assert not page.get_by_text("The whole answer as JSON").is_visible()
    page.locator(".gz-answer figcaption", has_text="second.png").wait_for()


def test_a_picture_that_is_given_while_another_one_is_read_is_answered(page, drawn, large):
    tab(page, "Inspect")
    reading(page, "#gz-inspect", large)
    # At once: a click that waits for the button to stand still comes after the answer on a busy machine.
    page.locator("#gz-inspect .icon-button").last.evaluate("(button) => button.click()")
    upload(page, "#gz-inspect", drawn[1])
    page.locator(".gz-answer figcaption", has_text="second.png").wait_for()
    page.wait_for_timeout(5000)
    assert page.locator(".gz-answer figcaption").inner_text().startswith("second.png")


def test_the_table_of_a_delivery_and_its_files_go_as_another_one_is_given(page, drawn):
    tab(page, "Audit")
    upload(page, "#gz-audit", drawn[0])
    page.locator(".gz-audited", has_text="first.png").wait_for()
    taken = page.get_by_role("button", name="Download the table (CSV)")
    taken.wait_for()
    with slow(page, SENT):
        upload(page, "#gz-audit", drawn[1])
        page.get_by_text("The table will appear here").wait_for()
        assert not taken.is_visible()
    page.locator(".gz-audited", has_text="second.png").wait_for()
    taken.wait_for()


def test_a_signed_copy_is_not_offered_beside_the_next_picture_to_sign(page, drawn):
    tab(page, "Record")
    upload(page, "#gz-record", drawn[0])
    page.get_by_label("Name 1", exact=True).last.fill("Ueda Rin")
    page.locator("#gz-record-origin input").click()
    page.get_by_role("option", name="Drawn on paper and scanned").last.click()
    page.locator("#gz-record-sign:not([disabled])").click()
    page.locator("#gz-record-download").wait_for()
    page.locator("#gz-record img").wait_for(state="detached")
    upload(page, "#gz-record", drawn[1])
    page.get_by_text("The signed copy will appear here").wait_for()
    assert not page.locator("#gz-record-download").is_visible()
    assert not page.locator(".gz-story:visible").count()


def test_what_was_wrong_with_a_layout_goes_with_it(page, drawn, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(drawn[0].read_bytes()[:300])
    another_layout(page, broken)
    page.locator(".gz-bad").wait_for()
    page.locator("#gz-paint").click()
    words = page.locator("#gz-layout .gz-wrong-words")
    words.wait_for()
    page.locator("#gz-layout .icon-button").last.click()
    words.wait_for(state="detached")


def test_a_certificate_is_offered_of_whom_the_field_names(page, painted):
    tab(page, "Credits")
    name = page.locator("#gz-credit-name").get_by_role("textbox")
    name.fill("Mori Aoi")
    page.locator("#gz-credit-ask").click()
    offered = page.locator("#gz-credit-wanted")
    offered.wait_for()
    name.press_sequentially("x")
    offered.wait_for(state="hidden")


def test_a_late_answer_on_one_name_is_not_shown_for_another(page):
    tab(page, "Credits")
    name, ask = page.locator("#gz-credit-name").get_by_role("textbox"), page.locator("#gz-credit-ask")
    with slow(page, "**/genzu/credits*") as gate:
        name.fill("Nobody One")
        ask.click()
        page.wait_for_timeout(300)
        gate.open = True
        name.fill("Nobody Two")
        ask.click()
        page.locator(".gz-credited", has_text="Nobody Two").wait_for()
    page.wait_for_timeout(800)
    assert "Nobody Two" in page.locator(".gz-credited").inner_text()


def test_a_name_that_is_asked_while_a_picture_is_read_is_kept_and_answered(page, large):
    tab(page, "Credits")
    name = page.locator("#gz-credit-name").get_by_role("textbox")
    reading(page, "#gz-credit-picture", large)
    name.fill("Nobody One")
    page.locator("#gz-credit-ask").click()
    page.locator(".gz-credited", has_text="Nobody One").wait_for()
    page.wait_for_timeout(5000)
    assert name.input_value() == "Nobody One"
    assert "Nobody One" in page.locator(".gz-credited").inner_text()
    # The picture is let go of, and another one can be given.
    page.locator("#gz-credit-picture input[type=file]").wait_for(state="attached")


def test_a_name_that_is_typed_while_a_picture_is_read_is_kept(page, drawn):
    tab(page, "Credits")
    name = page.locator("#gz-credit-name").get_by_role("textbox")
    with slow(page, SENT):
        upload(page, "#gz-credit-picture", drawn[0])
        name.fill("Typed meanwhile")
    page.locator(".gz-credited", has_text="first.png").wait_for()
    page.wait_for_timeout(800)
    assert name.input_value() == "Typed meanwhile"


@pytest.mark.parametrize(
    ("typed", "told"),
    [("a" * 1_000_000, "This is too long for a name"), ("Mori \\ud800 Aoi", "No record here of")],
    ids=["a million characters", "half of a letter"],
)
def test_a_name_that_no_address_holds_gets_an_answer(page, typed, told):
    tab(page, "Credits")
    field = page.locator("#gz-credit-name").get_by_role("textbox")
    field.evaluate(
        """(field, text) => {
          const {set} = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
          set.call(field, JSON.parse(`"${text}"`));
          field.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        typed,
    )
    page.locator("#gz-credit-ask").click()
    page.get_by_text(told).wait_for()


def test_a_revision_is_not_recorded_as_one_of_another_picture(page, drawn):
    choose_layout(page, drawn[0], "192 × 128")
    steps(page, 2)
    page.locator("#gz-place > button").click()
    fill(page, "Words", "night, house")
    page.get_by_label("Production", exact=True).first.fill("First Film")
    paint(page)
    page.get_by_label("Production", exact=True).first.fill("Second Film")
    paint(page)
    page.locator("#gz-revision > button").click()
    upload(page, "#gz-revised", drawn[0])
    before = page.locator("#gz-revision .gz-public")
    page.locator("#gz-revision").get_by_label("Name 1").fill("Sato Hana")
    before.get_by_text("Second Film").wait_for()
    page.locator(".gz-strip [data-key]").nth(1).click()
    page.locator("#gz-revised img").wait_for(state="detached")
    before.get_by_text("First Film").wait_for()
