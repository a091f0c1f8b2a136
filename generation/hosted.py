"""Rendering where a GPU is lent by the call, as on hosted GPU spaces; elsewhere there is nothing to do.

There a decorated function runs in a forked process with the GPU, its arguments and its result pickled: so a request
goes in and a Render comes out, and no step can be told on the way. Ledger and signing stay in the process that serves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from generation.errors import Cancelled
from generation.request import OnStep, Render, Request

if TYPE_CHECKING:
    from generation.engine import Engine

Renderer = Callable[[Request, OnStep | None, Callable[[], bool] | None], Render]

SECONDS_A_STEP, SECONDS_AT_LEAST, SECONDS_AT_MOST = 2, 20, 120  # visitors have minutes a day: ask for few


def lent(engine: Callable[[], "Engine"]) -> Renderer | None:
    """A renderer on the lent GPU, or None where none is lent. The weights are loaded at once: the forks share them."""
    try:
        import spaces
    except ImportError:
        return None
    if not getattr(spaces.config.Config, "zero_gpu", False):
        return None
    loaded = engine()

    def seconds(request: Request) -> int:
        return max(SECONDS_AT_LEAST, min(SECONDS_A_STEP * request.effective_steps, SECONDS_AT_MOST))

    @spaces.GPU(duration=seconds)  # type: ignore[untyped-decorator]
    def on_gpu(request: Request) -> Render:
        return loaded.render(request)

    def render(request: Request, _: OnStep | None, cancelled: Callable[[], bool] | None) -> Render:
        def stop_if_asked() -> None:
            if cancelled is not None and cancelled():
                raise Cancelled("stopped before it was signed")

        stop_if_asked()
        made: Render = on_gpu(request)
        stop_if_asked()
        return made

    return render
