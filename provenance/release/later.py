"""Work of an archive that no answer waits for: one thread does it, in order, and the archive closes after it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock


@dataclass(eq=False)
class Later:
    """The thread, begun with the first work. Work must say itself what went wrong: nobody hears of it here."""

    _hand: ThreadPoolExecutor | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def do(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._hand is None:
                self._hand = ThreadPoolExecutor(1, "genzu-later")
            self._hand.submit(work)

    def close(self) -> None:
        """Waits for what is under way."""
        with self._lock:
            if self._hand is not None:
                self._hand.shutdown()
                self._hand = None
