"""Processes that look at pictures, one a core: the interpreter's lock lets threads use little more than one.

Each opens the ledger for reading by itself. A picture that kills its process, by a hole in some decoder, costs its own
row: the others that were under way there are looked at again, one by one.
"""

import gc
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from types import TracebackType
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")
# What one look needs, opened once a process: a context that gives the function to call.
Opening = Callable[[], AbstractContextManager[Callable[P, Result]]]

_HELD: list[Callable[..., object]] = []
_OPEN = ExitStack()


class Workers(Generic[P, Result]):
    """The processes. `opening` is pickled, so it names functions of a module and plain data."""

    def __init__(self, opening: Opening[P, Result], size: int) -> None:
        self.size = size
        self._each = [_Worker(opening) for _ in range(size)]

    def submit(self, *args: P.args, **named: P.kwargs) -> "Future[Result]":
        """Gives it to the process that has the least to do."""
        return min(self._each, key=_Worker.waiting).submit(*args, **named)

    def close(self) -> None:
        # First nobody begins anything more, so that they end beside one another.
        for each in self._each:
            each.cancel()
        for each in self._each:
            each.close()

    def __enter__(self) -> "Workers[P, Result]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker(Generic[P, Result]):
    """One process with a pipe of its own. One that died is started again for the next picture.

    Of several processes on one pipe, one that is killed in the middle of an answer holds the lock that the others
    wait for. And Python keeps both ends of a pipe open: of the rest of such an answer it would wait for ever, unless
    the end that only the process needs is let go of here.
    """

    def __init__(self, opening: Opening[P, Result]) -> None:
        self._opening = opening
        self._pool = self._made()
        self._given: list[Future[Result]] = []

    def waiting(self) -> int:
        """How many answers it still owes."""
        self._given = [each for each in self._given if not each.done()]
        return len(self._given)

    def submit(self, *args: P.args, **named: P.kwargs) -> "Future[Result]":
        try:
            future = self._heard(*args, **named)
        except BrokenProcessPool:
            self._pool = self._made()
            future = self._heard(*args, **named)
        self._given.append(future)
        return future

    def cancel(self) -> None:
        """What was given and not begun is not looked at."""
        for each in self._given:
            each.cancel()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _heard(self, *args: P.args, **named: P.kwargs) -> "Future[Result]":
        future: Future[Result] = self._pool.submit(_look, *args, **named)  # type: ignore[arg-type]
        # The first one starts the process, which has its end by now; a second time does nothing.
        writer = getattr(self._pool._result_queue, "_writer", None)
        if writer is not None:
            writer.close()
        return future

    def _made(self) -> ProcessPoolExecutor:
        # A fresh interpreter: a fork of a program with threads, or with the library's context open, may hang.
        return ProcessPoolExecutor(1, get_context("spawn"), _begin, (self._opening,))


def _begin(opening: Opening[P, Result]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for us
    _HELD[:] = [_OPEN.enter_context(opening())]
    # What is loaded by now stays: looking for garbage in it again and again takes a tenth of the time of looking.
    gc.collect()
    gc.freeze()


def _look(*args: object, **named: object) -> object:
    return _HELD[0](*args, **named)
