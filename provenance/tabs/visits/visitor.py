"""Who is at the page: the keeper, at this machine or with their secret; and how often an address may ask.

An address is held in memory only, and forgotten when its hour is over or when too many came after it. What a proxy
says of an address (`X-Forwarded-For`) counts only where GENZU_PROXIES tells how many proxies stand before the page:
anybody can send that header.
"""

import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

import gradio as gr
from starlette.requests import Request

from provenance.errors import StatementError, TooOften
from provenance.settings import Settings

HOUR = 3600.0  # seconds
ADDRESSES = 10_000  # held at a time; a kilobyte each at most
UNKNOWN = "behind a proxy"
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via", "cf-connecting-ip")
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass
class Pace:
    """So many times an hour for each address. Beyond ADDRESSES the one that was quiet longest is forgotten."""

    times: int
    what: str
    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, address: str) -> None:
        """Counts one; TooOften where the address has had its share."""
        now = self.clock()
        with self._lock:
            self._refuse(address, now)
            self._seen.setdefault(address, deque(maxlen=self.times)).append(now)
            self._seen.move_to_end(address)
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)

    def give_back(self, address: str) -> None:
        """Takes back the last one that was counted: nothing came of it."""
        with self._lock:
            if seen := self._seen.get(address):
                seen.pop()

    def spent(self, address: str) -> bool:
        """Whether the address has had its share; counts nothing."""
        with self._lock:
            try:
                self._refuse(address, self.clock())
            except TooOften:
                return True
            return False

    def _refuse(self, address: str, now: float) -> None:
        seen = self._seen.get(address)
        while seen and now - seen[0] > HOUR:
            seen.popleft()
        if seen and len(seen) >= self.times:
            minutes = max(1, round((HOUR - (now - seen[0])) / 60))
            raise TooOften(
                f"{self.times} {self.what} came from your address within an hour; try again in {minutes} min"
            )

    def __len__(self) -> int:
        return len(self._seen)


@dataclass(frozen=True)
class Keeper:
    """The keeper's way in. Every handler asks again; the browser is trusted with nothing.

    The right secret opens always: a stranger's wrong ones never lock the keeper out. They make the answers to that
    address slow instead, right or wrong, one a second.
    """

    settings: Settings
    tries: Pace = field(default_factory=lambda: Pace(10, "wrong secrets"))
    pause: Callable[[float], None] = time.sleep
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False, compare=False)

    def knows(self, request: gr.Request | None, secret: str | None = "") -> bool:
        """Whether the request comes from the keeper: with the secret where one is set, else from this machine."""
        wanted = self.settings.keeper_secret
        if not wanted:
            return request is not None and at_this_machine(request) and not self.settings.hosted
        if not secret:
            return False
        address = address_of(request, self.settings)
        if self.tries.spent(address):
            with self._one_at_a_time:
                self.pause(1.0)
        if hmac.compare_digest(secret.encode(), wanted.encode()):
            return True
        if not self.tries.spent(address):
            self.tries.take(address)
        return False

    def acts(self, request: gr.Request | None, secret: str | None, token: str | None) -> bool:
        """Whether the keeper does something by their own page: it was given the token, and no other site asks."""
        if request is None or from_elsewhere(dict(request.headers)):
            return False
        given = hmac.compare_digest(str(token or "").encode(), self.token.encode())
        return given and self.knows(request, secret)


def need_artist(request: "gr.Request | Request | None", settings: Settings) -> None:
    """StatementError where only people who signed in may paint and record, and this is somebody else.

    The proxy sets the header for who signed in and takes it off everybody else's requests.
    """
    if not settings.artists:
        return
    wanted = settings.artists.lower()
    named = [value for name, value in request.headers.items() if name.lower() == wanted] if request else []
    if not any(value.strip() for value in named):
        raise StatementError(
            "sign in first: here everybody may read, and who is signed in may paint and record"
        )


def at_this_machine(request: "gr.Request | Request") -> bool:
    """Whether the browser runs on this machine and was sent here by no other site and no proxy."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if any(name in headers for name in _FORWARDED):
        return False
    # A foreign page may let a browser call this address, or its own name may resolve to it: both are told here.
    if not _is_here(f"//{headers.get('host', '')}") or from_elsewhere(headers):
        return False
    client = request.client
    return client is not None and str(client.host) in _HERE


def from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that another site asks: another port of the same machine is another site, too."""
    known = {name.lower(): value for name, value in headers.items()}
    site = known.get("sec-fetch-site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = known.get("origin")
    if origin is None:
        return False
    hosts = {known.get("host", ""), *(each.strip() for each in known.get("x-forwarded-host", "").split(","))}
    try:
        asks = urlsplit(origin).netloc
    except ValueError:
        return True
    return not asks or asks not in hosts


def address_of(request: "gr.Request | Request | None", settings: Settings) -> str:
    """The visitor's network address; for IPv6 the network of a household. UNKNOWN where a proxy hides it."""
    if request is None or request.client is None:
        return UNKNOWN
    forwarded = [
        each.strip()
        for name, value in request.headers.items()
        if name.lower() == "x-forwarded-for"
        for each in value.split(",")
    ]
    if settings.proxies:
        if len(forwarded) < settings.proxies:
            return UNKNOWN
        return _network(forwarded[-settings.proxies])
    # The server itself may have taken the address from this header: where no proxy is known, it is nobody's.
    return UNKNOWN if forwarded else _network(str(request.client.host))


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _is_here(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _HERE
    except ValueError:
        return False
