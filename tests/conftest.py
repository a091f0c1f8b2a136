"""What most tests need: an archive in a temporary folder, and small pictures drawn here."""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import settings as hypothesis_settings
from PIL import Image, ImageDraw
from stamp_authority import Clock, StampAuthority, make_authority, serve

import generation  # noqa: F401 - before torch: it bounds how long threads spin
from provenance.release.archive import Archive
from provenance.release.opening import open_archive
from provenance.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How fast a machine is, and what else it does, is nothing that a test here judges.
hypothesis_settings.register_profile("genzu", deadline=None)
hypothesis_settings.load_profile("genzu")


Answer = TypeVar("Answer")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for every test of the process: Playwright refuses to be started twice in one thread."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = os.environ.get("GENZU_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.skip("no Chromium here; name one with GENZU_CHROMIUM")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def run_apart(ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """What `ask` answers, in a thread of its own: while `browser` is open, its loop runs in the test's."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, ask()).result()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with open_archive(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def stamp_authority(tmp_path_factory: pytest.TempPathFactory) -> StampAuthority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def clock(stamp_authority: StampAuthority) -> Iterator[Clock]:
    """A time-stamp authority that answers."""
    with serve(stamp_authority) as clock:
        yield clock


def draw_house(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A house under a sun, in black lines on white paper."""
    picture = Image.new("RGB", size, "white")
    pen, (width, height) = ImageDraw.Draw(picture), size
    ground = int(height * 0.75)
    pen.line((0, ground, width, ground), fill="black", width=2)
    pen.polygon(
        [(width * 0.3, ground), (width * 0.3, height * 0.45), (width * 0.45, height * 0.3),
         (width * 0.6, height * 0.45), (width * 0.6, ground)],
        outline="black",
    )  # fmt: skip
    pen.ellipse((width * 0.75, height * 0.1, width * 0.88, height * 0.3), outline="black")
    return picture


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """A hand-drawn layout as a PNG file."""
    path = tmp_path / "layout.png"
    draw_house().save(path)
    return path


@pytest.fixture
def revised(tmp_path: Path) -> Path:
    """The layout with one stroke more."""
    picture = draw_house()
    ImageDraw.Draw(picture).line((4, 4, 30, 20), fill="red", width=3)
    path = tmp_path / "revised.png"
    picture.save(path)
    return path


# -- people: the film's chain, four people and one who asked not to be named ----------------------------------


@pytest.fixture
def film(archive: Archive, tmp_path: Path) -> object:
    from film_chain import Film

    return Film(archive, tmp_path)
