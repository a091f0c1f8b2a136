"""The page in a real browser: the server that runs it, and what a visitor does on it. Shared by tests/page."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from provenance.ledger import Ledger
from provenance.ledger.store.records import PictureRecord, State
from provenance.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
HOSTILE = '<img src=x onerror="window.hacked=1"> {{value}} ${7*7}'
SECONDS = 1000  # milliseconds
PATIENCE = 120 * SECONDS  # a loaded machine paints slowly


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


@contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[Site]:
    """`genzu serve` with these options in a process of its own, with its archive below `folder`."""
    home, log = folder / "home", folder / "log.txt"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = "import sys; sys.argv[0] = 'genzu'; from generation.cli import main; main()"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--no-open", "--port", str(port), *options],
            cwd=ROOT, env=os.environ | {"GENZU_HOME": str(home)} | environment,
            stdout=output, stderr=subprocess.STDOUT,
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


def unfold(page: "Page", *more: str, name: str = "Abe Rin") -> None:
    """Opens "More" on the Paint form, and in it the model's settings and what becomes public."""
    for fold in ("gz-more", "gz-settings", "gz-publicity", *more):
        page.locator(f"#{fold} > button").click()
    page.wait_for_selector(".gz-public")
    fill(page, "Your name", name)


def upload(page: "Page", where: str, path: Path) -> None:
    page.locator(f"{where} input[type=file]").first.set_input_files(path)


def upload_seen(page: "Page", where: str, path: Path) -> None:
    """Gives a file to a gr.File, and waits until it is listed there: before, its name passes by with "Uploading"."""
    upload(page, where, path)
    page.locator(f"{where} td[aria-label='{path.name}']").wait_for()


def choose_layout(page: "Page", path: Path, told: str) -> None:
    upload(page, "#gz-layout", path)
    page.locator(".gz-arrived", has_text=told).wait_for()


def steps(page: "Page", number: int) -> None:
    field = page.get_by_label("number input for Steps")
    field.fill(str(number))
    field.press("Tab")
    page.locator(".gz-public", has_text=f"{number} steps").wait_for()


def fill(page: "Page", label: str, text: str) -> None:
    page.get_by_label(label, exact=True).first.fill(text)
    page.locator(".gz-public", has_text=text).wait_for()


def paint(page: "Page") -> None:
    # A tiny model is done before anybody saw it run: what stood there before is marked, and what comes is awaited.
    page.evaluate("document.querySelectorAll('[data-state]').forEach((each) => { each.dataset.old = 1; })")
    page.locator("#gz-paint").click()
    page.wait_for_selector("[data-state=done]:not([data-old])")


def take(page: "Page", button: str, target: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_text(button).click()
    waiting.value.save_as(target)
    return target


def tab(page: "Page", name: str) -> None:
    page.get_by_role("tab", name=name).click()
