"""The web page: composes the tabs and launches. `genzu serve` starts here, and a hosted space by the root's app.py."""

import errno
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from generation.engine.hosted import lends, lent, needs_none
from generation.engine.loading import Loading
from generation.errors import GenerationError
from generation.studio.studio import Studio
from generation.tabs.after import before
from generation.tabs.first import FILES, first_worded
from generation.tabs.line import Line
from generation.tabs.line import State as RunState
from generation.tabs.paint import paint_tab
from generation.tabs.paint_endpoint import paint_endpoint
from generation.tabs.work import work_of
from generation.works.works import NO_WORKS, Works
from provenance.errors import OutputError, why
from provenance.release.archive import Archive
from provenance.release.opening import open_archive
from provenance.release.webhook import deliver_left
from provenance.settings import Settings, settings_from_environment, uploads_go_to
from provenance.statement.untrusted import plain
from provenance.tabs.addresses.endpoints import endpoints
from provenance.tabs.addresses.routes import files, look_ups, pictures, state
from provenance.tabs.audit import audit_tab
from provenance.tabs.credits import credits_tab
from provenance.tabs.fields.uploads import own_uploads
from provenance.tabs.inspect import inspect_tab
from provenance.tabs.keeper import keeper_tab
from provenance.tabs.look.masthead import PaintedWith, masthead
from provenance.tabs.look.theme import FAVICON, HEAD, STYLESHEET, theme
from provenance.tabs.record import record_tab
from provenance.tabs.text.language import LANGUAGES, say, told, wanted
from provenance.tabs.visits.careful import CarefulBlocks
from provenance.tabs.visits.door import Door
from provenance.tabs.visits.sessions import PAGES, keep_little
from provenance.tabs.visits.visitor import Keeper

QUEUE = (
    500  # events that wait, of all visitors; each has a measure of their own (provenance/tabs/visits/door.py)
)
THREADS = 120  # answers under way at once, those of pages that follow a painting among them
KEEP_UPLOADS = 3600  # seconds
NO_PORT = "the page cannot be served: {}; give another --port or --host"


def build(studio: Studio, line: Line | None = None) -> gr.Blocks:
    """The whole page. No weights are loaded before somebody paints."""
    model = studio.model
    named = PaintedWith(
        model.name, model.revision, model.license, model.training, model.attribution, model.digest
    )
    line = line or Line()

    with CarefulBlocks(
        title="Genzu", analytics_enabled=False, delete_cache=(KEEP_UPLOADS, KEEP_UPLOADS), fill_width=True
    ) as page:
        keeper = Keeper(studio.archive.settings)
        masthead(studio.archive, named, page)
        with gr.Tabs():
            with gr.Tab("Paint", id="paint", elem_id="gz-tab-paint"):
                paint_tab(studio, line, partial(work_of, studio), page, keeper)
            with gr.Tab("Record", id="record", elem_id="gz-tab-record"):
                record_tab(studio.archive, page)
            with gr.Tab("Inspect", id="inspect", elem_id="gz-tab-inspect"):
                inspect_tab(studio.archive, page)
            with gr.Tab("Credits", id="credits", elem_id="gz-tab-credits"):
                credits_tab(studio.archive, keeper, page)
            with gr.Tab("Audit", id="audit", elem_id="gz-tab-audit"):
                audit_tab(studio.archive)
            keeper_tab(studio.archive, keeper, page)
        endpoints(studio.archive)
        paint_endpoint(studio, line, partial(work_of, studio))
    # api_open=True would let requests pass the queue, its limits and the buttons that hold them.
    page.queue(api_open=False, max_size=QUEUE, default_concurrency_limit=2)
    return page


def launch_options(archive: Archive, line: Line) -> dict[str, Any]:
    """What keeps the page quiet and the archive closed; the same on every host."""
    settings = archive.settings
    return {
        "theme": theme(),
        "css_paths": [STYLESHEET],
        "head": HEAD,
        # Keys, ledger, layouts: a handler may copy out of there, none may serve from there.
        "blocked_paths": [str(settings.home)],
        "allowed_paths": [],
        "app_kwargs": {
            "routes": [
                *files(FILES),
                *pictures(archive, before),
                *look_ups(archive),
                *state(archive, lambda: figures(line)),
            ],
            "middleware": [
                Middleware(
                    Door,
                    settings=settings,
                    told=partial(told, worded=first_worded(archive.trust)),
                    language=wanted,
                )
            ],
        },
        "max_file_size": settings.limits.size,
        "run_history": False,  # it keeps prompts and pictures in the browser
        "enable_monitoring": False,
        "ssr_mode": False,  # it would take the next port where Node is installed
        "share": False,
        "footer_links": [],
        "favicon_path": FAVICON,
        # gradio looks this word of its own up, says it to those who listen, and lacks it in every language.
        "i18n": gr.I18n(**{each: {"common.complete": say("Done", each)} for each in LANGUAGES}),
        "quiet": True,
        "max_threads": THREADS,
    }


def warm(studio: Studio) -> None:
    """Loads the weights while the first visitor looks around; trouble is reported to the person who paints."""
    print(f"It loads the weights of {plain(studio.model.name)}, while the page can be used …", flush=True)
    with suppress(GenerationError):
        engine = studio.engine
        how = ", ".join((engine.device, *engine.tuning.facts().values()))
        print(f"{plain(studio.model.name)} is ready to paint ({how}).", flush=True)


def arrange(studio: Studio) -> None:
    """Where GPUs are lent by the call: the embedded model paints on the processor, any other asks for one."""
    if not lends():
        return
    if needs_none(studio.model):
        studio.device = "cpu"
    else:
        studio.renderer = lent(lambda: studio.engine, studio.model)


def figures(line: Line) -> dict[str, float]:
    """The line before the brush, as Prometheus reads it."""
    ended = {f'genzu_runs_total{{ended="{state}"}}': line.ended[state] for state in RunState if state.over}
    return {
        **ended,
        "genzu_runs_refused_total": line.refused,
        "genzu_runs_waiting": line.waiting,
        "genzu_painting": int(line.busy),
        "genzu_picture_seconds": line.usual,
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is served, and whether a browser opens it."""

    host: str | None = None
    port: int | None = None
    open_page: bool = False
    root: str | None = None  # the path below which a proxy shows it, such as "/genzu"
    mcp: bool = False


def need_port(place: Place) -> None:
    """OutputError where somebody has the port: told before anything is loaded."""
    if place.port is None:
        return  # the host's own choice
    kind = socket.AF_INET6 if ":" in (place.host or "") else socket.AF_INET
    with socket.socket(kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((place.host or "127.0.0.1", place.port))
        except OSError as error:
            words = "the port is taken" if error.errno == errno.EADDRINUSE else why(error)
            raise OutputError(NO_PORT.format(words)) from error


def serve(page: gr.Blocks, archive: Archive, line: Line, place: Place) -> None:
    """Serves the page until it is stopped; OutputError where it cannot be served."""
    try:
        _, url, _ = page.launch(
            server_name=place.host,
            server_port=place.port,
            inbrowser=place.open_page,
            prevent_thread_lock=True,
            root_path=place.root,
            mcp_server=place.mcp,
            state_session_capacity=PAGES,
            **launch_options(archive, line),
        )
    except OSError as error:
        words = "the port is taken" if "empty port" in str(error) else str(error)
        raise OutputError(NO_PORT.format(words)) from error
    keep_little(page)
    print(f"Genzu is at {url} (Ctrl-C ends it)", flush=True)
    page.block_thread()


def main(
    settings: Settings | None = None,
    place: Place | None = None,
    *,
    works: Works = NO_WORKS,
    loading: Loading | None = None,
) -> None:
    """Opens the archive and serves the page; a picture under way at its end is called off and written down.

    `works` are used beside the model, `loading` says how that is brought into memory: a visitor changes neither.
    """
    settings, place, line = settings or settings_from_environment(), place or Place(), Line()
    need_port(place)
    print("Genzu is starting: it opens the record …", flush=True)
    uploads_go_to(own_uploads())
    with open_archive(settings) as archive:
        deliver_left(settings)
        studio = Studio.open(archive, works=works, loading=loading)
        studio.many = True
        print(f"It builds the page, with the model {plain(studio.model.name)} …", flush=True)
        arrange(studio)
        page = build(studio, line)
        Thread(target=warm, args=(studio,), name="warm", daemon=True).start()
        try:
            serve(page, archive, line, place)
        finally:
            line.stop()
