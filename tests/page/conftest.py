"""One server for all tests of the page; each test has a browser context of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import draw_house
from page_driving import (
    PATIENCE,
    Site,
    choose_layout,
    fill,
    paint,
    served,
    steps,
    take,
    unfold,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    folder = tmp_path_factory.mktemp("page")
    policy = folder / "policy.toml"
    policy.write_text('[[rule]]\nwords = ["gore"]\nwhy = "This page is for all ages."\n')
    with served(folder, GENZU_POLICY=str(policy)) as running:
        yield running


@pytest.fixture
def page(browser: "Browser", site: Site) -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(site.url)
    opened.wait_for_selector("#gz-paint")
    unfold(opened)
    yield opened
    context.close()


@pytest.fixture(scope="session")
def clear_layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layout with transparent paper: what gr.Image would re-encode."""
    path = tmp_path_factory.mktemp("layouts") / "layout.png"
    picture = draw_house((192, 128)).convert("RGBA")
    picture.putalpha(picture.convert("L").point(lambda value: 255 - value))
    picture.save(path)
    return path


@pytest.fixture(scope="session")
def painted(browser: "Browser", site: Site, clear_layout: Path, tmp_path_factory) -> Path:
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
