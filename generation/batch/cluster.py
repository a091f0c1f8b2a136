"""Hands on a Ray cluster: an actor for each GPU, or for each machine where there are none. The only file here with ray.

An actor takes a task and gives pixels and facts, errors as values. It writes no record and signs nothing: the process
that asked does. An actor or a machine that is lost is replaced where the cluster has room for another one; until then
the others paint, and the row that it had goes to one of them.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from generation.batch.hands import Hand, loaded, translated
from generation.batch.model_place import ModelPlace
from generation.batch.task import Answer, Task, paint_task
from generation.errors import ClusterError, GenerationError

HERE = "ray"  # the cluster that RAY_ADDRESS names, or that was started on this machine


class Painter:
    """The actor: an engine on another machine, loaded at its first task."""

    def __init__(self, place: ModelPlace) -> None:
        import generation  # noqa: F401 - before torch: it bounds how long threads spin

        self._place = place
        self._engine: Any = None

    def ready(self) -> bool:
        """Answers as soon as the actor is there."""
        return True

    def paint(self, task: Task) -> Answer:
        """An answer in any case: what an actor raises would lose its words on the way."""
        try:
            if self._engine is None:
                self._engine = loaded(self._place)
        except GenerationError as error:
            return Answer((error,) * len(task.settings), self._place.device)
        return paint_task(self._engine, task)


class RayHand:
    """One actor, and the next one where it is lost."""

    def __init__(self, place: ModelPlace, needs: dict[str, float]) -> None:
        self._place, self._needs = place, needs
        self._start()

    @property
    def alive(self) -> bool:
        """Whether its actor answers; one that is being started does not yet."""
        return self._up.done() and self._up.exception() is None

    def submit(self, task: Task) -> "Future[Answer]":
        import ray

        ref = self._actor.paint.remote(task)
        future = translated(ref.future(), (ray.exceptions.RayError,), "a painter of the cluster")
        future.add_done_callback(self._look)
        return future

    def close(self) -> None:
        import ray

        ray.kill(self._actor)

    def _start(self) -> None:
        import ray

        kind = ray.remote(Painter).options(scheduling_strategy="SPREAD", max_restarts=0, **self._needs)
        self._actor = kind.remote(self._place)
        self._up: Future[bool] = self._actor.ready.remote().future()

    def _look(self, finished: "Future[Answer]") -> None:
        if not finished.cancelled() and finished.exception() is not None and self.alive:
            self._start()


@contextmanager
def hands_on(address: str, place: ModelPlace) -> Iterator[list[Hand]]:
    """A hand for each GPU of the cluster at `address`, or for each machine; ClusterError where none answers."""
    import ray

    try:
        ray.init(
            address="auto" if address == HERE else address,
            log_to_driver=False,
            logging_level="ERROR",
            namespace="genzu",
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        words = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
        raise ClusterError(f"no Ray cluster answers at {address}: {words}") from error
    try:
        nodes = [each for each in ray.nodes() if each["Alive"]]
        gpus = int(sum(each["Resources"].get("GPU", 0) for each in nodes))
        if gpus:
            hands: list[Hand] = [RayHand(place, {"num_gpus": 1, "num_cpus": 1}) for _ in range(gpus)]
        else:
            # A whole machine for each: Ray gives a process as many threads as it asks for processors.
            cores = [each["Resources"].get("CPU", 0) for each in nodes]
            fewest = max(1, min([each for each in cores if each >= 1] or [1]))
            count = sum(1 for each in cores if each >= 1)
            if not count:
                raise ClusterError(f"the Ray cluster at {address} has neither a GPU nor a processor to lend")
            hands = [RayHand(place, {"num_gpus": 0, "num_cpus": fewest}) for _ in range(count)]
        yield hands
    finally:
        ray.shutdown()
