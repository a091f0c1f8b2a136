"""An audit on a Ray cluster: an actor for each processor that the cluster lends, asked in turn.

Every machine of the cluster sees the files and the archive under the same paths (a shared disk), and has this program.
Each actor opens the ledger for reading by itself; rows come back and are written here, so a run that is stopped goes on
as any other. An actor that is lost is started again, and the pictures that it had are looked at once more.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar

from provenance.audit.workers import Opening
from provenance.errors import NoCluster

P = ParamSpec("P")
Result = TypeVar("Result")
HERE = "ray"  # the cluster that RAY_ADDRESS names, or that was started on this machine


class Looker:
    """The actor: it holds what one look needs."""

    def __init__(self, opening: Opening[..., Any]) -> None:
        self._open = ExitStack()
        self._look: Callable[..., Any] = self._open.enter_context(opening())

    def look(self, *args: object, **named: object) -> Any:
        return self._look(*args, **named)


class Nodes(Generic[P, Result]):
    """The actors, in the place of the processes of workers.py. NoCluster where none answers at the address."""

    def __init__(self, opening: Opening[P, Result], address: str) -> None:
        import ray

        try:
            where = "auto" if address == HERE else address
            ray.init(address=where, log_to_driver=False, logging_level="ERROR", namespace="genzu")
        except (ConnectionError, RuntimeError, ValueError) as error:
            words = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
            raise NoCluster(f"no Ray cluster answers at {address}: {words}") from error
        self.size = max(1, int(ray.cluster_resources().get("CPU", 1)))
        kind = ray.remote(Looker).options(num_cpus=1, scheduling_strategy="SPREAD", max_restarts=-1)
        self._actors = [kind.remote(opening) for _ in range(self.size)]
        self._turn = 0

    def submit(self, *args: P.args, **named: P.kwargs) -> "Future[Result]":
        actor = self._actors[self._turn % self.size]
        self._turn += 1
        future: Future[Result] = actor.look.remote(*args, **named).future()
        return future

    def __enter__(self) -> "Nodes[P, Result]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import ray

        ray.shutdown()
