"""The page's front door: every request passes here before gradio sees it.

Bodies are bounded before they are read, strangers' sites send nothing, an address asks only so often, each answer says
what a browser may do with it, and the page itself is made once and sent small.
"""

import gzip
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

import brotli
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provenance.settings import PROXY_NOT_COUNTED, Settings
from provenance.statement.untrusted import plain
from provenance.tabs.text.language import COOKIE as LANGUAGE_COOKIE
from provenance.tabs.text.language import LANGUAGES, say
from provenance.tabs.visits.pictures import COOKIE, new_word
from provenance.tabs.visits.streams import Streams, is_stream, is_waited_for, told_on_it
from provenance.tabs.visits.visitor import ADDRESSES, UNKNOWN, address_of, at_this_machine, from_elsewhere

BODY = 2 * 1024 * 1024  # bytes of a form
UPLOADS = 4  # files of the largest size in one upload
AN_HOUR = 40  # files of the largest size an hour, from one address
PAGES = 16  # copies of the page that are kept: hosts times languages
HUB = "https://huggingface.co https://*.hf.space"
YEAR = 365 * 24 * 3600
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)
TOO_LARGE = "This is more than this server takes at once."
TOO_OFTEN = "Too many requests came from your network just now; wait a moment and try again."
TOO_MANY_OPEN = (
    "Too many pages are open here from your network; close one that you do not need, and try again."
)
NOT_FROM_THERE = "Another site cannot ask this page to do anything."
NOT_UNDERSTOOD = "This server does not understand the request."
LOG = logging.getLogger(__name__)


@dataclass
class Bucket:
    """A measure that fills again by itself: at most `most` at once, `a_second` in the long run, for each address."""

    most: float
    a_second: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, address: str, amount: float = 1.0) -> bool:
        """Takes so much; False where the address has had its share."""
        now = self.clock()
        with self._lock:
            left, at = self._left.pop(address, (self.most, now))
            left = min(self.most, left + (now - at) * self.a_second)
            enough = left >= amount
            self._left[address] = (left - amount if enough else left, now)
            while len(self._left) > ADDRESSES:
                self._left.popitem(last=False)
            return enough


class _TooLarge(Exception):
    """A body went over its bound while it came."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The page as it is sent: plain, and packed both ways."""

    html: bytes
    packed: Mapping[str, bytes]
    tag: str

    @classmethod
    def of(cls, html: bytes) -> "Kept":
        packed = {"br": brotli.compress(html, quality=6), "gzip": gzip.compress(html, 7)}
        return cls(html, packed, f'"{hashlib.sha256(html).hexdigest()[:20]}"')


# The page as gradio made it, and the language it is wanted in: the page as it is sent.
Told = Callable[[str, str], str]


class Door:
    """ASGI middleware, around all of gradio's routes; gradio puts its own for other origins around this one."""

    def __init__(
        self, app: ASGIApp, settings: Settings, told: Told, language: Callable[[Request], str]
    ) -> None:
        self.app = app
        self.settings = settings
        self.told = told
        self.language = language
        self.events = Bucket(120, 4)
        self.typing = Bucket(400, 20)
        self.asks = Bucket(40, 2)
        self.made = Bucket(
            60, 3
        )  # what is worked out anew for whoever asks: a page for a host, a description
        self.bytes = Bucket(AN_HOUR * settings.limits.size, AN_HOUR * settings.limits.size / 3600)
        self.streams = Streams(settings.streams)
        self.noticed = bool(settings.proxies)  # that a proxy stands before the page
        self.pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self.frames = CONTENT + ("'self' " + HUB if settings.hosted else "'self'")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = _below_its_root(scope)
        request = Request(scope)
        guarded = self._guarded(send)
        self._notice(request)
        refusal = self._refused(request)
        if refusal is not None:
            await refusal(scope, receive, guarded)
        elif request.method in {"GET", "HEAD"} and scope["path"] == "/":
            await self._page(request, receive, guarded)
        elif is_stream(request) and not self._free(request):
            await self._held(request, receive, guarded)
        else:
            await self._passed(request, receive, guarded)

    def _notice(self, request: Request) -> None:
        """Tells the host once, in the log, of a proxy that nobody told us of."""
        named = request.headers.get("x-forwarded-for", "")
        if named and not self.noticed:
            self.noticed = True
            LOG.warning(PROXY_NOT_COUNTED, len(named.split(",")))

    async def _held(self, request: Request, receive: Receive, send: Send) -> None:
        """On to gradio for as long as the stream is open, where the address has not its share of them already."""
        address = address_of(request, self.settings)
        if not self.streams.take(address):
            refused = self._said(request, TOO_MANY_OPEN, 429)
            if is_waited_for(request):
                language = self.language(request)
                refused = told_on_it(say("Not answered", language), say(TOO_MANY_OPEN, language))
            await refused(request.scope, receive, send)
            return
        try:
            await self._passed(request, receive, send)
        finally:
            self.streams.give_back(address)

    def _free(self, request: Request) -> bool:
        """Behind a proxy that nobody told us of all have one address: none of them pays for another."""
        own = at_this_machine(request) and not self.settings.proxies
        return own or address_of(request, self.settings) == UNKNOWN

    def _refused(self, request: Request) -> Response | None:
        """The answer to what is not let in; None for everything else."""
        address, free = address_of(request, self.settings), self._free(request)
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            measure = self._measure(request)
            enough = measure is None or free or measure.take(address)
            return None if enough else self._said(request, TOO_OFTEN, 429)
        if from_elsewhere(request.headers):
            return self._said(request, NOT_FROM_THERE, 403)
        size = int(request.headers.get("content-length") or 0)
        if size > self._bound(request):
            return self._said(request, TOO_LARGE, 413)
        enough = free or self._measured(request, address, size)
        return None if enough else self._said(request, TOO_OFTEN, 429)

    def _said(self, request: Request, words: str, status: int) -> Response:
        """A refusal in the language of whoever asked."""
        headers = {"Retry-After": "15"} if status == 429 else None
        return JSONResponse({"error": say(words, self.language(request))}, status, headers=headers)

    def _measure(self, request: Request) -> Bucket | None:
        """Of what is only asked for, most costs nothing; a kept page and a file are simply sent."""
        path = request.url.path
        if path.endswith("/genzu/credits"):
            return self.asks
        anew = self._key(request) not in self.pages if request.scope["path"] == "/" else _MADE.search(path)
        return self.made if anew else None

    def _key(self, request: Request) -> tuple[str, ...]:
        """What makes one copy of the page differ from another."""
        headers = (request.headers.get(name, "") for name in _SHAPES)
        return self.language(request), *headers, str(request.scope.get("root_path"))

    def _bound(self, request: Request) -> int:
        return UPLOADS * self.settings.limits.size if _uploads(request) else BODY

    def _measured(self, request: Request, address: str, size: int) -> bool:
        if _uploads(request):
            return self.bytes.take(address, max(size, 1))
        if _ASKS.search(request.url.path):
            return self.events.take(address)
        return self.typing.take(address)

    async def _passed(self, request: Request, receive: Receive, send: Send) -> None:
        """On to gradio; a body that goes over its bound on the way is cut off there, whatever is made of that."""
        scope, left = request.scope, self._bound(request)
        over = answered = ended = False

        async def counted() -> Message:
            nonlocal left, over
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                over = True
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered, ended
            if not over:
                answered = True
                ended = message["type"] == "http.response.body" and not message.get("more_body", False)
                await send(message)

        words = ""
        try:
            await self.app(scope, counted, noted)
        except Exception as error:
            if not over and not _GRADIOS.search(request.url.path):
                raise
            words = NOT_UNDERSTOOD
            _note(request, error)
        if (over or words) and not answered:
            refusal = self._said(request, TOO_LARGE, 413) if over else self._said(request, words, 400)
            await refusal(scope, receive, send)
        elif words and not over and not ended:  # in the middle of a stream: it ends where it is
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _page(self, request: Request, receive: Receive, send: Send) -> None:
        """The page: made once for each host and language, packed, and not sent again to who has it."""
        language, key = self.language(request), self._key(request)
        kept = self.pages.get(key)
        if kept is None:
            status, body = await _asked(self.app, request.scope)
            if status != 200:
                await Response(body, status, media_type="text/html")(request.scope, receive, send)
                return
            kept = Kept.of(self.told(body.decode(), language).encode())
            self.pages[key] = kept
            while len(self.pages) > PAGES:
                self.pages.popitem(last=False)
        await self._answer(request, kept, language)(request.scope, receive, send)

    def _answer(self, request: Request, kept: Kept, language: str) -> Response:
        coded = request.headers.get("accept-encoding", "")
        way = next((each for each in ("br", "gzip") if re.search(rf"\b{each}\b", coded)), "")
        headers = {
            "Vary": "Accept-Encoding, Accept-Language, Cookie",
            "Cache-Control": "no-cache",
            "ETag": kept.tag,
            "Content-Language": language,
        }
        if request.headers.get("if-none-match") == kept.tag:
            return Response(None, 304, headers=headers)
        if way:
            headers["Content-Encoding"] = way
        answer = Response(kept.packed.get(way, kept.html), media_type="text/html", headers=headers)
        if not request.cookies.get(COOKIE):
            self._give(answer, COOKIE, new_word())
        if request.query_params.get("lang") in LANGUAGES:
            self._give(answer, LANGUAGE_COOKIE, language)
        return answer

    def _give(self, answer: Response, name: str, value: str) -> None:
        """A cookie of our own; where the page is shown inside the hub's, it has to say so."""
        framed = self.settings.hosted
        answer.set_cookie(
            name, value, max_age=YEAR, httponly=True, secure=framed, samesite="none" if framed else "lax",
        )  # fmt: skip

    def _guarded(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", self.frames)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
            await send(message)

        return guarded


# What makes the server work: an event of the page, a call of a program, a tool of an agent.
_ASKS = re.compile(r"/(queue/join|call/.+|run/.+|api/.+|mcp(/.*)?)$")
_MADE = re.compile(r"/(config|info|openapi\.json|theme\.css)$")
# Its own ways in, which raise on what no page and no client of its sends.
_GRADIOS = re.compile(r"/(gradio_api/.*|login/?|config)$")
_OURS = re.compile(r"/genzu/(p|first|record|credits)(/|$)")  # provenance/tabs/addresses/routes.py
_SHAPES = ("host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix", "x-direct-url")


def _note(request: Request, error: Exception) -> None:
    """One line of what gradio could not do with a request; the trace where somebody looks for it."""
    if not isinstance(error.__cause__ or error, HTTPException | ClientDisconnect | _TooLarge):
        LOG.warning(
            "not understood: %s %s: %s", request.method, plain(request.url.path), type(error).__name__
        )
    LOG.debug("not understood", exc_info=error)


def _below_its_root(scope: Scope) -> Scope:
    """A proxy took the path off below which it shows the page; where our own begin like that, it was not meant."""
    root, path = str(scope.get("root_path") or "").rstrip("/"), str(scope["path"])
    ours = root and path.startswith(f"{root}/") and _OURS.match(path)
    return {**scope, "path": root + path} if ours else scope


def _uploads(request: Request) -> bool:
    return request.url.path.rstrip("/").endswith("/upload")


async def _asked(app: ASGIApp, scope: Scope) -> tuple[int, bytes]:
    """What gradio answers to the page's request, whole; asked plainly, so that it packs nothing."""
    plain = [(name, value) for name, value in scope["headers"] if name not in {b"accept-encoding", b"origin"}]
    status, pieces = 500, []

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def collect(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    await app({**scope, "method": "GET", "headers": plain, "query_string": b""}, nothing, collect)
    return status, b"".join(pieces)
