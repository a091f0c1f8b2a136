"""What happens after each step of a running pipeline: it is counted, shown, and stopped if someone asks.

Setting a pipeline's own interrupt flag would return a half-denoised picture that looks finished; an exception
out of the callback leaves nothing.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PIL import Image

from generation.errors import Cancelled
from generation.request.request import OnStep


def stop_if(cancelled: Callable[[], bool] | None) -> None:
    """Cancelled where someone asked for it."""
    if cancelled is not None and cancelled():
        raise Cancelled("the painting was stopped; nothing was made")


class Steps:
    """The callback of one run. `every` that many steps a preview is decoded; 0 means never.

    `finish` makes of a painting on the grid what will leave. `foreseen` steps are told as the whole where the class
    does not say how many it runs. The pipeline is called `rounds` times, as for tiles.
    """

    def __init__(
        self,
        pipe: Any,
        every: int,
        finish: Callable[[Image.Image], Image.Image],
        on_step: OnStep | None,
        cancelled: Callable[[], bool] | None,
        *,
        foreseen: int = 0,
        rounds: int = 1,
    ) -> None:
        self.done = 0
        self._rounds = rounds
        self._round = 0
        self.raised: Exception | None = None  # by the caller's functions, not by the pipeline
        self._pipe = pipe
        # Classes that call nobody back are counted by what they ask of their scheduler.
        self._foreseen = foreseen
        self._counted = "callback_on_step_end" not in inspect.signature(type(pipe).__call__).parameters
        self._every = every if on_step is not None else 0
        self._finish = finish
        self._on_step = on_step
        self._cancelled = cancelled
        self._estimate: Any = None

    @property
    def hook(self) -> dict[str, "Steps"]:
        """What of it goes into the pipeline's call."""
        return {} if self._counted else {"callback_on_step_end": self}

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """Called by diffusers (callback_on_step_end), under no_grad."""
        self.done = step + 1
        self._tell(pipe.num_timesteps, tensors)
        return tensors

    def _tell(self, total: int, tensors: Mapping[str, Any]) -> None:
        due = self._every and self.done < total and self.done % self._every == 0
        preview = self._preview(tensors["latents"]) if due else None
        try:
            if self._on_step is not None:
                self._on_step(self._round * total + self.done, self._rounds * total, preview)
            stop_if(self._cancelled)
        except Exception as error:
            self.raised = error
            raise

    def stop_if_asked(self) -> None:
        """Cancelled where someone asked for it: what a library raises when it is interrupted is no fault of its own."""
        stop_if(self._cancelled)

    def next_round(self) -> None:
        """The pipeline will be called again for the same picture."""
        self._round += 1
        self.done = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watches the scheduler: its guess at the finished picture, for a preview, and its steps where none are told.

        The latents themselves are still noise half-way; DDIM and Euler hand out their guess beside them.
        """
        if not self._every and not self._counted:
            yield
            return
        scheduler = self._pipe.scheduler
        plain = scheduler.step

        @functools.wraps(plain)  # the pipeline looks at its parameters
        def step(*args: Any, **options: Any) -> Any:
            result = plain(*args, **options)
            guess = result[1] if isinstance(result, tuple) and len(result) > 1 else None
            self._estimate = guess if getattr(guess, "shape", None) == result[0].shape else None
            if self._counted:
                self.done += 1
                self._tell(max(self.done, self._foreseen), {})
            return result

        scheduler.step = step
        try:
            yield
        finally:
            del scheduler.step

    def _preview(self, latents: Any) -> Image.Image:
        vae = self._pipe.vae
        latents = latents if self._estimate is None else self._estimate
        latents = latents.to(vae.dtype) / vae.config.scaling_factor
        decoded = vae.decode(latents, return_dict=False)[0]
        image: Image.Image = self._pipe.image_processor.postprocess(decoded, output_type="pil")[0]
        return self._finish(image)
