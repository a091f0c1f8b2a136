"""One painting under way: its steps as they come, its cancel, its end.

The page asks for steps by a generator; painting runs in a thread of its own, so that "cancel" is heard at each step and
a closed page ends the run. Both end it through the studio: the record says cancelled.
"""

import contextvars
import queue
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from PIL import Image

from generation.request import OnStep

T = TypeVar("T")
HEARTBEAT = (
    0.4  # seconds between two looks at a run that has nothing to tell: that is when a closed page is noticed
)


@dataclass(frozen=True, slots=True)
class Tick:
    """How far a run came. `total` is 0 while the model is being loaded."""

    done: int
    total: int
    seconds: float
    preview: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """What a run gave, or what stopped it."""

    result: T | None
    error: BaseException | None


@dataclass
class Run:
    """One click on Paint: waiting for its turn, then under way."""

    token: str
    called_off: Event = field(default_factory=Event)
    started: bool = False


@dataclass
class Runs:
    """The runs of all visitors, one a visitor, so that Cancel finds its own.

    A run that was called off while it waited still gets its turn from the queue: its token tells it from the next.
    """

    _runs: dict[str, Run] = field(default_factory=dict)
    _threads: set[Thread] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, visitor: str) -> str:
        """The token of a fresh run; one of the same visitor that is still going is called off."""
        run = Run(secrets.token_hex(8))
        with self._lock:
            old = self._runs.get(visitor)
            self._runs[visitor] = run
        if old:
            old.called_off.set()
        return run.token

    def waits(self, visitor: str, token: str) -> bool:
        """Whether this is the visitor's run, and its turn has not come before."""
        with self._lock:
            run = self._runs.get(visitor)
            return run is not None and run.token == token and not run.started

    def cancel(self, visitor: str) -> bool:
        """Calls the visitor's run off. True where it was under way; one that only waited is forgotten at once."""
        with self._lock:
            run = self._runs.get(visitor)
            if run and not run.started:
                del self._runs[visitor]
        if run:
            run.called_off.set()
        return run is not None and run.started

    def follow(
        self, visitor: str, work: Callable[[OnStep, Callable[[], bool]], T]
    ) -> Iterator[Tick | Ended[T]]:
        """The steps of `work`, then how it ended. Leaving the iterator calls the work off."""
        with self._lock:
            run = self._runs.setdefault(visitor, Run(""))
            run.started = True
        news: queue.Queue[Tick | Ended[T]] = queue.Queue()
        begun = time.monotonic()

        def on_step(done: int, total: int, preview: Image.Image | None) -> None:
            news.put(Tick(done, total, time.monotonic() - begun, preview))

        def target() -> None:
            try:
                news.put(Ended(work(on_step, run.called_off.is_set), None))
            except BaseException as error:  # noqa: BLE001 - handed to the page, which tells it
                news.put(Ended(None, error))
            finally:
                with self._lock:
                    self._threads.discard(thread)

        # The visitor's context goes along: hosted GPUs bill the visitor whose request is being served.
        thread = Thread(target=contextvars.copy_context().run, args=(target,), name="paint")
        with self._lock:
            self._threads.add(thread)
        thread.start()
        try:
            yield from _news(news, begun)
        finally:
            run.called_off.set()
            with self._lock:
                if self._runs.get(visitor) is run:
                    del self._runs[visitor]

    def stop(self) -> None:
        """Calls off what is under way and waits for it to be written down."""
        with self._lock:
            runs, threads = list(self._runs.values()), list(self._threads)
        for run in runs:
            run.called_off.set()
        for thread in threads:
            thread.join()


def _news(news: "queue.Queue[Tick | Ended[T]]", started: float) -> Iterator[Tick | Ended[T]]:
    last = Tick(0, 0, 0.0)
    while True:
        try:
            item = news.get(timeout=HEARTBEAT)
        except queue.Empty:
            yield Tick(last.done, last.total, time.monotonic() - started)
            continue
        # Steps may come faster than a page can draw: tell the newest, and the end always.
        while isinstance(item, Tick) and not news.empty():
            newer = news.get()
            if isinstance(newer, Tick) and newer.preview is None:
                newer = Tick(newer.done, newer.total, newer.seconds, item.preview)
            item = newer
        yield item
        if isinstance(item, Ended):
            return
        last = item
