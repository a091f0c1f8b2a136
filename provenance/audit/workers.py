"""Processes that look at pictures, one a core: the interpreter's lock lets threads use little more than one.

Each opens the ledger for reading by itself. A picture that kills its process, by a hole in some decoder, costs its own
row: the others that were under way are looked at again, one by one.
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
        self._opening = opening
        self.size = size
        self._pool = self._made()

    def submit(self, *args: P.args, **named: P.kwargs) -> "Future[Result]":
        try:
            return self._pool.submit(_look, *args, **named)  # type: ignore[arg-type]
        except BrokenProcessPool:
            self._pool = self._made()
            return self._pool.submit(_look, *args, **named)  # type: ignore[arg-type]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> "Workers[P, Result]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _made(self) -> ProcessPoolExecutor:
        # Fresh interpreters: a fork of a program with threads, or with the library's context open, may hang.
        return ProcessPoolExecutor(self.size, get_context("spawn"), _begin, (self._opening,))


def _begin(opening: Opening[P, Result]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for us
    _HELD[:] = [_OPEN.enter_context(opening())]
    # What is loaded by now stays: looking for garbage in it again and again takes a tenth of the time of looking.
    gc.collect()
    gc.freeze()


def _look(*args: object, **named: object) -> object:
    return _HELD[0](*args, **named)
