"""The fold "Lines, style, canvas" in a browser, with tiny models of real classes: what it shows, and what it does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny_families
import tiny_pipelines
from conftest import draw_house
from page_driving import PATIENCE, Site, choose_layout, fill, paint, served, steps, take, unfold, upload
from PIL import Image

from provenance.statement.canonical import Digest
from provenance.statement.statement import InputRole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def layout(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("layout") / "layout.png"
    draw_house((192, 128)).save(path)
    return path


@pytest.fixture(scope="module")
def steered(tmp_path_factory) -> Iterator[Site]:
    """A page whose model has two ControlNets and an IP-Adapter beside it."""
    folder = tmp_path_factory.mktemp("steered")
    base = tiny_pipelines.stable_diffusion(folder / "tiny")
    net = tiny_pipelines.control_net(folder / "net", base)
    style = tiny_pipelines.ip_adapter(folder / "ip", base)
    works = ("--control", f"lineart={net}", "--control", f"canny={net}:0.4", "--ip-adapter", str(style))
    with served(folder, *works, GENZU_MODEL=str(base)) as site:
        yield site


@pytest.fixture(scope="module")
def editor(tmp_path_factory) -> Iterator[Site]:
    """A page whose model is told by words what to change, and looks at pictures beside the layout."""
    folder = tmp_path_factory.mktemp("editor")
    model = tiny_families.save("Flux2KleinPipeline", folder / "klein")
    with served(folder, GENZU_MODEL=str(model)) as site:
        yield site


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def sized(request, browser):
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def arrive(page, site: Site, layout: Path) -> None:
    page.goto(site.url)
    page.wait_for_selector("#gz-paint")
    unfold(page, "gz-steering")
    choose_layout(page, layout, "192 × 128")
    fill(page, "Words", "night, house")
    fill(page, "Drawn by", "Mori Aoi")
    steps(page, 2)


def test_what_each_controlnet_is_shown_is_seen_and_style_and_new_canvas_are_painted(
    sized, steered, layout, tmp_path
):
    page, style = sized, tmp_path / "style.png"
    Image.new("RGB", (80, 120), "teal").save(style)
    arrive(page, steered, layout)
    shown = page.locator(".gz-guides figure")
    assert shown.all_inner_texts() == [
        "lineart the layout's own lines",
        "canny the edges of the layout (Canny)",
    ]
    assert len({each.get_attribute("src") for each in shown.locator("img").all()}) == 2
    upload(page, "#gz-style", style)
    page.locator(".gz-public", has_text="reference:").wait_for()
    page.locator("#gz-extend-left input").fill("64")
    page.locator("#gz-extend-left input").press("Tab")
    page.locator(".gz-public", has_text="extended").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    paint(page)
    signed = Image.open(take(page, "Download the signed picture", tmp_path / "signed.png"))
    record = steered.newest()
    assert [each.role for each in record.statement.inputs] == [InputRole.LAYOUT, InputRole.REFERENCE]
    assert {each.about or each.label for each in record.statement.adapters} >= {"lineart", "canny"}
    assert record.statement.parameters["extended"]
    assert signed.width * 128 == signed.height * 256  # 64 pixels more of 192


def test_reference_pictures_go_into_an_editing_model_and_one_too_many_is_told_where_they_are_given(
    sized, editor, layout, tmp_path
):
    page, files = sized, [tmp_path / f"{colour}.png" for colour in ("teal", "plum", "tan", "navy")]
    for each in files:
        Image.new("RGB", (96, 64 + len(each.stem)), each.stem).save(each)
    arrive(page, editor, layout)
    assert not page.locator("#gz-strength").is_visible()
    # A file's name and its ending are two texts there once it is uploaded.
    field = page.locator("#gz-references input[type=file]")
    field.set_input_files(files)
    page.locator("#gz-references", has_text="navy").wait_for()
    page.locator("#gz-paint").click()
    page.locator(
        "#gz-references .gz-wrong-words", has_text="3 reference pictures at most, and 4 are"
    ).wait_for()
    clear = page.locator("#gz-references").get_by_role("button", name="Clear")
    clear.click()
    clear.wait_for(state="detached")
    field.set_input_files(files[:2])
    page.locator("#gz-references", has_text="plum").wait_for()
    page.locator(".gz-public", has_text="reference:").wait_for()
    paint(page)
    said = editor.newest().statement
    assert [each.role for each in said.inputs] == [InputRole.LAYOUT, *[InputRole.REFERENCE] * 2]
    assert [each.resource.digest for each in said.inputs[1:]] == [Digest.of_file(each) for each in files[:2]]
