"""The web page: composes the tabs and launches. `genzu serve` starts here, and a hosted space by the root's app.py."""

from contextlib import suppress
from threading import Thread
from typing import Any

import gradio as gr

from generation.errors import GenerationError
from generation.hosted import lends, lent, needs_none
from generation.studio import Studio
from generation.tabs.paint import paint_tab
from generation.tabs.run import Runs
from provenance.errors import OutputError
from provenance.release.opening import open_archive
from provenance.settings import Settings, settings_from_environment
from provenance.statement.untrusted import plain
from provenance.tabs.audit import audit_tab
from provenance.tabs.credits import credits_tab
from provenance.tabs.inspect import inspect_tab
from provenance.tabs.keeper import keeper_tab
from provenance.tabs.masthead import PaintedWith, masthead
from provenance.tabs.record import record_tab
from provenance.tabs.theme import FAVICON, HEAD, STYLESHEET, theme
from provenance.tabs.visitor import Keeper

QUEUE = 32  # events that wait; hosted GPU spaces would let one wait, and count all handlers
KEEP_UPLOADS = 3600  # seconds


def build(studio: Studio, runs: Runs | None = None) -> gr.Blocks:
    """The whole page. No weights are loaded before somebody paints."""
    model = studio.model
    named = PaintedWith(
        model.name, model.revision, model.license, model.training, model.attribution, model.digest
    )
    with gr.Blocks(
        title="Genzu", analytics_enabled=False, delete_cache=(KEEP_UPLOADS, KEEP_UPLOADS), fill_width=True
    ) as page:
        keeper = Keeper(studio.archive.settings)
        masthead(studio.archive, named, page)
        with gr.Tabs():
            with gr.Tab("Paint", id="paint"):
                paint_tab(studio, runs or Runs(), page, keeper)
            with gr.Tab("Record", id="record"):
                record_tab(studio.archive, page)
            with gr.Tab("Inspect", id="inspect"):
                inspect_tab(studio.archive)
            with gr.Tab("Credits", id="credits"):
                credits_tab(studio.archive, keeper)
            with gr.Tab("Audit", id="audit"):
                audit_tab(studio.archive)
            keeper_tab(studio.archive, keeper, page)
    # api_open=True would let requests pass the queue, its limits and the buttons that hold them.
    page.queue(api_open=False, max_size=QUEUE, default_concurrency_limit=2)
    return page


def launch_options(settings: Settings) -> dict[str, Any]:
    """What keeps the page quiet and the archive closed; the same on every host."""
    return {
        "theme": theme(),
        "css_paths": [STYLESHEET],
        "head": HEAD,
        # Keys, ledger, layouts: a handler may copy out of there, none may serve from there.
        "blocked_paths": [str(settings.home)],
        "allowed_paths": [],
        "max_file_size": settings.limits.size,
        "run_history": False,  # it keeps prompts and pictures in the browser
        "enable_monitoring": False,
        "ssr_mode": False,  # it would take the next port where Node is installed
        "share": False,
        "footer_links": [],
        "favicon_path": FAVICON,
        "quiet": True,
    }


def warm(studio: Studio) -> None:
    """Loads the weights while the first visitor looks around; trouble is reported to the person who paints."""
    with suppress(GenerationError):
        studio.engine  # noqa: B018 - a property that loads


def arrange(studio: Studio) -> None:
    """Where GPUs are lent by the call: the embedded model paints on the processor, any other asks for one."""
    if not lends():
        return
    if needs_none(studio.model):
        studio.device = "cpu"
    else:
        studio.renderer = lent(lambda: studio.engine, studio.model)


def serve(page: gr.Blocks, settings: Settings, host: str | None, port: int | None, open_page: bool) -> None:
    """Serves the page until it is stopped; OutputError where it cannot be served."""
    try:
        _, url, _ = page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_page,
            prevent_thread_lock=True,
            **launch_options(settings),
        )
    except OSError as error:
        words = "the port is taken" if "empty port" in str(error) else str(error)
        raise OutputError(f"the page cannot be served: {words}; give another --port or --host") from error
    print(f"Genzu is at {url} (Ctrl-C ends it)", flush=True)
    page.block_thread()


def main(
    settings: Settings | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    open_page: bool = False,
) -> None:
    """Opens the archive and serves the page; a picture under way at its end is called off and written down."""
    settings = settings or settings_from_environment()
    runs = Runs()
    with open_archive(settings) as archive:
        studio = Studio.open(archive)
        print(f"Genzu is starting, with the model {plain(studio.model.name)}", flush=True)
        arrange(studio)
        page = build(studio, runs)
        Thread(target=warm, args=(studio,), name="warm", daemon=True).start()
        try:
            serve(page, settings, host, port, open_page)
        finally:
            runs.stop()
