"""One painting under way: its steps as they come, its cancel, its end.

The page asks for steps by a generator; painting runs in a thread of its own, so that "cancel" is heard at each step and
a closed page ends the run. Both end it through the studio: the record says cancelled.
"""

import contextvars
import queue
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
class Runs:
    """The runs of all visitors, one a visitor, so that Cancel finds its own."""

    _flags: dict[str, Event] = field(default_factory=dict)
    _threads: set[Thread] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, visitor: str) -> None:
        """A fresh flag; a run of the same visitor that is still going is called off."""
        with self._lock:
            old = self._flags.pop(visitor, None)
            self._flags[visitor] = Event()
        if old:
            old.set()

    def cancel(self, visitor: str) -> None:
        with self._lock:
            flag = self._flags.get(visitor)
        if flag:
            flag.set()

    def leave(self, visitor: str) -> None:
        """The visitor has closed the page."""
        with self._lock:
            flag = self._flags.pop(visitor, None)
        if flag:
            flag.set()

    def follow(
        self, visitor: str, work: Callable[[OnStep, Callable[[], bool]], T]
    ) -> Iterator[Tick | Ended[T]]:
        """The steps of `work`, then how it ended. Leaving the iterator calls the work off."""
        with self._lock:
            flag = self._flags.setdefault(visitor, Event())
        news: queue.Queue[Tick | Ended[T]] = queue.Queue()
        started = time.monotonic()

        def on_step(done: int, total: int, preview: Image.Image | None) -> None:
            news.put(Tick(done, total, time.monotonic() - started, preview))

        def target() -> None:
            try:
                news.put(Ended(work(on_step, flag.is_set), None))
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
            yield from _news(news, started)
        finally:
            flag.set()
            with self._lock:
                if self._flags.get(visitor) is flag:
                    del self._flags[visitor]

    def stop(self) -> None:
        """Calls off what is under way and waits for it to be written down."""
        with self._lock:
            flags, threads = list(self._flags.values()), list(self._threads)
        for flag in flags:
            flag.set()
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
