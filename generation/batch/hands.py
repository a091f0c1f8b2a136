"""Who paints the rows of a sheet: a thread of this process, or a process for each device.

A hand paints one task after the other while whoever gave it signs what came before. What a hand returns is pixels and
facts; records are written in the process that asked.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from generation.batch.model_place import ModelPlace
from generation.batch.task import Answer, Task, paint_task
from generation.errors import GenerationError, ModelChanged, WorkerLost
from generation.works.works import find_kit

if TYPE_CHECKING:
    from generation.engine.engine import Engine

T = TypeVar("T")


class Hand(Protocol):
    """Paints tasks in the order given. The future of a task raises WorkerLost where the painter itself ended."""

    @property
    def alive(self) -> bool:
        """Whether it takes a task now."""

    def submit(self, task: Task) -> "Future[Answer]": ...

    def close(self) -> None:
        """Stops what is under way within a step, and lets go of the painter."""


class ThreadHand:
    """A hand in this process, with an engine that is loaded."""

    alive = True

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="painter")

    def submit(self, task: Task) -> "Future[Answer]":
        return self._pool.submit(paint_task, self._engine, task, self._stop.is_set)

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


class ProcessHand:
    """A hand in a process of its own, for one device. A process that dies is started again for the next task."""

    alive = True

    def __init__(self, loading: ModelPlace) -> None:
        self._loading = loading
        self._pool = self._started()

    def submit(self, task: Task) -> "Future[Answer]":
        try:
            inner = heard(self._pool, _painted, task)
        except BrokenProcessPool:
            self._pool = self._started()
            inner = heard(self._pool, _painted, task)
        return translated(inner, (BrokenProcessPool,), f"the process that painted on {self._loading.device}")

    def close(self) -> None:
        for each in list((self._pool._processes or {}).values()):
            each.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        # A fork would inherit this process's threads and locks.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, context, initializer=_start, initargs=(self._loading,))


def heard(pool: ProcessPoolExecutor, work: Callable[..., T], *values: object) -> "Future[T]":
    """Gives work to a pool of one process, whose end is noticed even in the middle of an answer.

    Python itself keeps both ends of the pipe open through which answers come. Of a process that is killed while it
    sends one it waits for the rest for ever, unless this process lets go of the writing end, which it does not need.
    """
    future = pool.submit(work, *values)  # the first one starts the process
    writer = getattr(pool._result_queue, "_writer", None)
    if writer is not None:
        writer.close()  # a second time does nothing
    return future


def translated(inner: "Future[Answer]", lost: tuple[type[BaseException], ...], who: str) -> "Future[Answer]":
    """A future of the same answer that raises WorkerLost where the painter itself was lost."""
    outer: Future[Answer] = Future()

    def done(finished: "Future[Answer]") -> None:
        if finished.cancelled():
            outer.cancel()
            return
        error = finished.exception()
        if error is None:
            outer.set_result(finished.result())
        elif isinstance(error, lost):
            outer.set_exception(WorkerLost(f"{who} ended in the middle of a row"))
        else:
            outer.set_exception(error)

    inner.add_done_callback(done)
    return outer


def loaded(loading: ModelPlace) -> "Engine":
    """The engine that `loading` describes; ModelChanged where the model of that name is another one here."""
    from generation.engine.engine import Engine
    from generation.engine.engine_devices import use_threads
    from generation.model.model import find_model

    model = find_model(loading.model)
    if model.digest != loading.digest:
        raise ModelChanged(
            f"{model.name} is not the same on this machine ({model.digest[:12]}, and {loading.digest[:12]} where the "
            "record is kept); put the same files in both places"
        )
    if loading.threads is not None:
        use_threads(loading.threads)
    kept = Path(loading.kept) if loading.kept and Path(loading.kept).parent.is_dir() else None
    own = loading.device != "auto"  # this hand's
    how = replace(loading.loading, device=loading.device) if own else loading.loading
    return Engine.load(model, adapters=find_kit(loading.works), loading=how, kept=kept)


def hands_of(loading: ModelPlace, devices: Sequence[str], engine: "Callable[[], Engine]") -> list[Hand]:
    """A thread for one device; a process for each where there are several."""
    if len(devices) <= 1:
        return [ThreadHand(engine())]
    cores = max(1, (os.cpu_count() or 1) // len(devices))
    threads = cores if set(devices) == {"cpu"} else None
    return [ProcessHand(replace(loading, device=each, threads=threads)) for each in devices]


# -- in the process of a hand ----------------------------------------------------------------------------------------

_LOADING: list[ModelPlace] = []
_ENGINE: "list[Engine]" = []


def _start(loading: ModelPlace) -> None:
    """Runs once in a new process: remembers what to load, and ends with the process that started it."""
    import generation  # noqa: F401 - before torch: it bounds how long threads spin

    _LOADING[:] = [loading]
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)  # a killed driver must leave no painter behind

    threading.Thread(target=follow, daemon=True).start()


def _painted(task: Task) -> Answer:
    try:
        if not _ENGINE:
            _ENGINE.append(loaded(_LOADING[0]))
    except GenerationError as error:
        return Answer((error,) * len(task.settings), _LOADING[0].device)
    return paint_task(_ENGINE[0], task)
