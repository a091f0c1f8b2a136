"""What is folded behind "More" on the tab Paint: a picture that fills the form, a mask."""

import pytest
from conftest import draw_house
from page_driving import choose_layout, fill, paint, steps, take, upload
from PIL import Image, PngImagePlugin

from provenance.statement.canonical import Digest
from provenance.statement.statement import InputRole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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


def test_what_is_wrong_behind_a_closed_fold_is_seen_and_no_open_fold_is_closed(page):
    page.locator("#gz-seed :is(input, textarea)").fill("x")
    told = page.locator("#gz-seed .gz-wrong-words", has_text="The seed is a whole number")
    for closed in (["gz-settings"], ["gz-settings", "gz-more"]):
        for fold in closed:
            page.locator(f"#{fold} > button").click()
            page.locator(f"#{fold} > button[aria-expanded=false]").wait_for()
        told.wait_for(state="hidden")
        page.locator("#gz-paint").click()
        told.wait_for()
        page.wait_for_function("document.activeElement.closest('#gz-seed') !== null")
        assert page.locator(":is(#gz-more, #gz-settings) > button[aria-expanded=true]").count() == 2


def test_a_list_that_a_keyboard_left_covers_no_field(page):
    page.locator("#gz-drawn-by :is(input, textarea)").focus()
    page.keyboard.press("Tab")
    page.get_by_role("option", name="Photographed").wait_for()
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.closest('#gz-prompt') !== null")
    page.get_by_role("option").first.wait_for(state="hidden")
    page.locator("#gz-origin [role=combobox][aria-expanded=false]").wait_for()


def test_what_is_wrong_with_a_picture_is_seen_in_its_field(page):
    page.locator("#gz-layout").get_by_role("button", name="Remove Image").click()
    page.locator("#gz-paint").click()
    told = page.locator("#gz-layout .gz-wrong-words", has_text="Drop a drawing here, or press one")
    told.wait_for()
    words, field = told.bounding_box(), page.locator("#gz-layout").bounding_box()
    assert words is not None and field is not None
    assert words["y"] + words["height"] <= field["y"] + field["height"] + 1


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
    page.locator("#gz-mask").get_by_role("button", name="Remove Image").click()
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
    page.get_by_role("button", name="Mountain railway").click()
    page.locator(".gz-public", has_text="mask:").wait_for(state="detached")
