"""What the server answers beside gradio: files of the page, and the signed pictures under their addresses."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import gradio as gr
from gradio.context import LocalContext
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from provenance.errors import ProvenanceError
from provenance.media.sidecar import place_beside
from provenance.release.archive import Archive
from provenance.tabs.fields.uploads import TURNS, deliver
from provenance.tabs.told.credit_answers import looked_up
from provenance.tabs.told.record_pictures import may_see, small_record
from provenance.tabs.visits.pictures import Kept, find, released_as, small

A_DAY = {"Cache-Control": "public, max-age=86400"}
OWN = {"Cache-Control": "private, max-age=86400"}
Before = Callable[[Archive, Kept], bytes | None]


def files(named: Mapping[str, Path]) -> list[BaseRoute]:
    """Files of our own, by the names under which the page asks for them, below genzu/."""
    return [Route(f"/genzu/{name}", _file(path)) for name, path in named.items()]


def _file(path: Path) -> Callable[[Request], Response]:
    def answer(_: Request) -> Response:
        return FileResponse(path, headers=A_DAY)

    return answer


def pictures(archive: Archive, before: Before) -> list[BaseRoute]:
    """The signed pictures under their addresses, each with a small copy and a copy of what it was made over."""

    def kept_of(request: Request) -> Kept | None:
        return find(archive.settings, request.path_params["key"])

    def signed(request: Request) -> Response:
        kept = kept_of(request)
        if kept is None or kept.path.suffix != f".{request.path_params['suffix']}":
            return _nothing()
        as_file = "download" in request.query_params
        name = f"{_name(archive, kept)}{kept.path.suffix}"
        if as_file and place_beside(kept.path).is_file():
            try:
                both = Path(deliver(kept.path, kept.key, name))  # with its credentials, a file of their own
            except gr.Error as error:
                return PlainTextResponse(error.message, 507, headers=OWN)
            return FileResponse(both, headers=OWN, filename=both.name)
        return FileResponse(
            kept.path,
            headers=OWN,
            filename=name,
            content_disposition_type="attachment" if as_file else "inline",
        )

    def small_copy(request: Request) -> Response:
        kept = kept_of(request)
        return _nothing() if kept is None else _jpeg(lambda: small(kept, archive.settings))

    @lru_cache(maxsize=32)
    def made_over(kept: Kept) -> bytes | None:
        return before(archive, kept)

    def before_it(request: Request) -> Response:
        kept = kept_of(request)
        return _nothing() if kept is None else _jpeg(lambda: made_over(kept))

    return [
        Route("/genzu/p/{key}/before.jpg", before_it),
        Route("/genzu/p/{key}/small.jpg", small_copy),
        Route("/genzu/p/{key}.{suffix}", signed),
    ]


def look_ups(archive: Archive) -> list[BaseRoute]:
    """Who is credited by a name, for the tab Credits and for a link: beside gradio's queue, it waits for nothing.

    With the small pictures of its rows, for those who may see them.
    """

    def credited(request: Request) -> Response:
        LocalContext.request.set(cast("Any", request))  # the answer's language is that of who asks
        seen = may_see(archive.settings, request)
        told, one = looked_up(archive, request.query_params.get("name"), seen=seen)
        return JSONResponse({"html": told, "one": one}, headers={"Cache-Control": "no-store"})

    def small_one(request: Request) -> Response:
        if not may_see(archive.settings, request):
            return _nothing()
        return _jpeg(lambda: small_record(archive, request.path_params["picture"]))

    return [Route("/genzu/credits", credited), Route("/genzu/record/{picture}.jpg", small_one)]


def state(archive: Archive, figures: Callable[[], Mapping[str, float]]) -> list[BaseRoute]:
    """Whether the page is well, and figures for Prometheus; no name, no word and no address of a visitor is in them."""

    def health(_: Request) -> Response:
        try:
            entries = len(archive.ledger)
        except ProvenanceError:
            return JSONResponse({"status": "the ledger cannot be read"}, 503)
        return JSONResponse({"status": "ok", "entries": entries}, headers={"Cache-Control": "no-store"})

    def metrics(_: Request) -> Response:
        lines = []
        for name, value in {**figures(), "genzu_ledger_entries": len(archive.ledger)}.items():
            plain = name.partition("{")[0]
            kind = "counter" if plain.endswith("_total") else "gauge"
            declared = f"# TYPE {plain} {kind}"
            lines += [*([] if declared in lines else [declared]), f"{name} {value:g}"]
        return PlainTextResponse("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4")

    return [Route("/health", health), Route("/metrics", metrics)]


def _name(archive: Archive, kept: Kept) -> str:
    """What the file is called at home: by its record, so that it is found again."""
    try:
        return f"genzu-{released_as(archive, kept).record.picture}"
    except (ProvenanceError, OSError):
        return "genzu"


def _jpeg(make: Callable[[], bytes | None]) -> Response:
    try:
        with TURNS:
            data = make()
    except (ProvenanceError, OSError):
        data = None
    return _nothing() if data is None else Response(data, media_type="image/jpeg", headers=OWN)


def _nothing() -> Response:
    return PlainTextResponse("There is no such picture here.", status_code=404)
