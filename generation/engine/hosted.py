"""Rendering where a GPU is lent by the call, as on hosted GPU spaces; elsewhere there is nothing to do.

There a decorated function runs in a forked process with the GPU, its arguments and its result pickled: so a request
goes in and a Render comes out, and no step can be told on the way. Ledger and signing stay in the process that serves.

We ask for time, and visitors have minutes a day: a host refuses a visitor who has less left than we ask for. So
it is reckoned from the model's size and the request, and corrected by what earlier runs took. The embedded model asks
for none: it paints on the CPU.
"""

import html
import math
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generation.errors import Cancelled, HostRefused
from generation.model.model import HOUSE, Model
from generation.request.request import OnStep, Render, Request

if TYPE_CHECKING:
    from generation.engine.engine import Engine

Renderer = Callable[[Request, OnStep | None, Callable[[], bool] | None], Render]

MOST_SECONDS = 120
FEWEST_SECONDS = 3
START_SECONDS = 2.0  # the fork, and the first touch of the device
LOADED_A_SECOND = 4e9  # bytes of weights, from the memory that the forks share to the device
COUNTED_A_SECOND = 1e14  # operations in half precision: a quarter of what the lent part of an H200 can do
PATCH = 256  # pixels that a network of either kind takes as one token, about
OVER_TIME = "ZeroGPU worker error"  # the title under which the host tells that it ended a run
MARGIN = 1.5  # over what earlier runs took
REMEMBERED = 8  # runs


def lends() -> bool:
    """Whether this is a host that lends its GPU by the call."""
    try:
        import spaces
    except ImportError:
        return False
    return bool(getattr(spaces.config.Config, "zero_gpu", False))


def needs_none(model: Model) -> bool:
    """Whether the model is small enough to paint on the host's own processor."""
    return model.path == HOUSE


@dataclass
class Clock:
    """How long a run takes on the lent GPU, in seconds. `size` is the weights' bytes, `network` those of its steps.

    Before the first run it is reckoned: two operations a weight and token, at half precision. Then each run says how
    far off that was, and the slowest of the last few decides.
    """

    size: int
    network: int
    _ratios: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    @classmethod
    def of(cls, model: Model) -> "Clock":
        """For a model on this disk."""
        weights = {
            name: path.stat().st_size for name, path in model.paths.items() if name.endswith(".safetensors")
        }
        steps = [size for name, size in weights.items() if name.startswith(("unet/", "transformer"))]
        return cls(sum(weights.values()), sum(steps) or sum(weights.values()))

    def seconds(self, request: Request) -> int:
        """How many to ask for."""
        ratio = max(self._ratios) * MARGIN if self._ratios else MARGIN
        wanted = START_SECONDS + self.size / LOADED_A_SECOND + self._painting(request) * ratio
        return max(FEWEST_SECONDS, min(math.ceil(wanted), MOST_SECONDS))

    def learn(self, request: Request, seconds: float) -> None:
        """What a run took of the device, without its start."""
        self._ratios.append(seconds / self._painting(request))

    def _painting(self, request: Request) -> float:
        wide, high = request.size
        both = 2 if (request.settings.guidance_scale or 0) > 1 else 1  # with the words, and without
        operations = self.network * (wide * high / PATCH) * both  # two for each weight of two bytes
        return max(
            0.1, (request.effective_steps + 2) * operations / COUNTED_A_SECOND
        )  # 2: into latents and back


@dataclass(frozen=True, slots=True)
class Timed:
    """What came back from the lent GPU: a render, or an error, which would lose its words on the way."""

    answer: Render | Exception
    seconds: float


def lent(engine: Callable[[], "Engine"], model: Model) -> Renderer:
    """A renderer on the lent GPU. The weights are loaded at once: the forks share them."""
    import spaces

    loaded, clock = engine(), Clock.of(model)

    @spaces.GPU(duration=clock.seconds)  # type: ignore[untyped-decorator]
    def on_gpu(request: Request) -> Timed:
        started = time.monotonic()
        try:
            answer: Render | Exception = loaded.render(request)
        except Exception as error:  # noqa: BLE001 - raised again in the process that serves
            answer = error
        return Timed(answer, time.monotonic() - started)

    def render(request: Request, _: OnStep | None, cancelled: Callable[[], bool] | None) -> Render:
        def stop_if_asked() -> None:
            if cancelled is not None and cancelled():
                raise Cancelled("stopped before it was signed")

        stop_if_asked()
        made = _asked_of_the_host(on_gpu, request, clock)
        stop_if_asked()
        if isinstance(made.answer, Exception):
            raise made.answer
        clock.learn(request, made.seconds)
        return made.answer

    return render


def _asked_of_the_host(on_gpu: Callable[[Request], Timed], request: Request, clock: Clock) -> Timed:
    """The run; HostRefused with the host's own sentence where it lends no GPU, or takes it back."""
    try:
        return on_gpu(request)
    except Exception as error:
        # Ours come back as values: what is raised here is the host's, gradio's errors and plain ones alike.
        if getattr(error, "title", "") == OVER_TIME:
            clock.learn(request, clock.seconds(request))  # the next asks for more
        raise HostRefused(f"no picture came from the GPU's host, which says: “{_plain(error)}”") from error


def _plain(error: Exception) -> str:
    """The words of an error that may be HTML or Markdown, on one line."""
    said: Any = getattr(error, "message", None)
    words = html.unescape(re.sub(r"<[^>]*>", " ", str(said or error)))
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return " ".join(words.split())[:400] or type(error).__name__
