"""Word of a release to an address that the host named (GENZU_WEBHOOK): that a picture left, and its ids. Nothing else.

    POST, application/json, with the headers of Standard Webhooks (https://www.standardwebhooks.com):
    webhook-id         the picture's id: the same message has the same, however often it is sent
    webhook-timestamp  seconds since 1970, of this try
    webhook-signature  v1,<base64 of HMAC-SHA256 over "id.timestamp.body" under GENZU_WEBHOOK_SECRET>

The word is written into `outbox/` first and sent by a thread of its own, so no painting waits for it. A receiver that
is away is told later: again and again with longer pauses, also by the next start of the page. After three days the file
stays there as `.undelivered`. Where the program was killed just after a picture had left, the next start writes the
word; it may then come twice. No name, prompt, production or note is in it, and no redirect is followed.
"""

import atexit
import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from provenance.errors import why
from provenance.ledger.store.records import PictureRecord
from provenance.settings import Settings
from provenance.storage.atomic import replace
from provenance.storage.lock import locked

PAUSES = (2.0, 10.0, 60.0, 600.0, 3600.0)  # seconds; the last one from then on
TIMEOUT = 10.0  # seconds
GIVEN_UP = 3 * 24 * 3600.0  # seconds
AT_THE_END = 5.0  # seconds that a command waits for its word to be heard before it ends
UNDELIVERED = ".undelivered"


def tell_released(settings: Settings, ledger: str, record: PictureRecord) -> tuple[str, ...]:
    """Puts the word into the outbox and wakes its courier; a sentence where it could not be written down."""
    if settings.webhook is None or record.released is None:
        return ()
    try:
        settings.outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps(_said(ledger, record), separators=(",", ":"))
        replace(settings.outbox / f"{record.released:012}-{record.picture}.json", [text.encode()])
    except OSError as error:
        return (f"the webhook was not told: {why(error)}",)
    deliver_left(settings)
    return ()


def deliver_left(settings: Settings) -> None:
    """Sends what waits in the outbox, from a thread of its own; does nothing where no webhook is named."""
    if settings.webhook is None:
        return
    with _LOCK:
        courier = _COURIERS.get(settings.outbox)
        if courier is None:
            courier = _COURIERS[settings.outbox] = Courier(
                settings.outbox, settings.webhook, settings.webhook_secret
            )
            atexit.register(courier.leave)
        courier.wake()


def signed_headers(name: str, body: bytes, secret: str, now: float) -> dict[str, str]:
    """The headers by which a receiver knows that the word is ours, and how old it is."""
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@dataclass(eq=False)
class Courier:
    """Carries the files of one outbox to one address, oldest first."""

    outbox: Path
    address: str
    secret: str = field(repr=False)
    clock: Callable[[], float] = time.time
    _news: Event = field(default_factory=Event, repr=False)
    _idle: Event = field(default_factory=Event, repr=False)
    _thread: Thread | None = field(default=None, repr=False)
    _turn: Lock = field(default_factory=Lock, repr=False)

    def wake(self) -> None:
        """Tells it that something is there."""
        with self._turn:
            self._idle.clear()
            self._news.set()
        if self._thread is None or not self._thread.is_alive():  # a forked child has the object and no thread
            self._thread = Thread(target=self._go, name="webhook", daemon=True)
            self._thread.start()

    def leave(self) -> None:
        """Waits a moment for what was just written; the rest stays for the next start."""
        self._idle.wait(AT_THE_END)

    def _go(self) -> None:
        failed = 0
        while True:
            pause = PAUSES[min(failed, len(PAUSES)) - 1] if failed else None
            self._news.wait(pause)
            self._news.clear()
            try:
                failed = 0 if self.carry() else failed + 1
            except OSError:  # the outbox was taken away, or cannot be read just now
                failed += 1
            with self._turn:
                if not self._news.is_set():  # else something came at the end of the round
                    self._idle.set()

    def carry(self) -> bool:
        """One round, after that of another process that carries the same: True where nothing is left to be sent."""
        with (self.outbox / ".lock").open("a") as lock, locked(lock):
            for path in self._left():
                self._send(path)
            return not self._left()

    def _left(self) -> list[Path]:
        return sorted(self.outbox.glob("*.json"))

    def _send(self, path: Path) -> None:
        name, body = path.stem.partition("-")[2], path.read_bytes()
        try:
            post(self.address, body, signed_headers(name, body, self.secret, self.clock()))
        except (OSError, http.client.HTTPException, ValueError):
            if self.clock() - path.stat().st_mtime > GIVEN_UP:
                path.rename(path.with_suffix(UNDELIVERED))
        else:
            path.unlink()


def post(address: str, body: bytes, headers: dict[str, str]) -> None:
    """OSError, HTTPException or ValueError unless the receiver answered with a success."""
    # S310 fears file: addresses; the settings take only http and https.
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
        answer.read(1024)


def _said(ledger: str, record: PictureRecord) -> dict[str, str | int | None]:
    assert record.output is not None
    return {
        "format": "genzu webhook 1",
        "type": "picture.released",
        "ledger": ledger,
        "picture": record.picture,
        "requested": record.requested,
        "released": record.released,
        "digest": str(record.output.digest),
        "media_type": record.output.media_type,
        "step": record.statement.step.value,
        "source_type": record.statement.source_type.uri,
    }


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_LOCK = Lock()
_COURIERS: dict[Path, Courier] = {}
