"""What happens after each step of a running pipeline: it is counted, shown, and stopped if someone asks.

Setting a pipeline's own interrupt flag would return a half-denoised picture that looks finished; an exception
out of the callback leaves nothing.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PIL import Image

from generation.errors import Cancelled
from generation.request import OnStep


def stop_if(cancelled: Callable[[], bool] | None) -> None:
    """Cancelled where someone asked for it."""
    if cancelled is not None and cancelled():
        raise Cancelled("the painting was stopped; nothing was made")


class Steps:
    """The callback of one run. `every` that many steps a preview is decoded; 0 means never.

    `finish` makes of a painting on the grid what will leave.
    """

    def __init__(
        self,
        pipe: Any,
        every: int,
        finish: Callable[[Image.Image], Image.Image],
        on_step: OnStep | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.done = 0
        self.raised: Exception | None = None  # by the caller's functions, not by the pipeline
        self._pipe = pipe
        self._every = every if on_step is not None else 0
        self._finish = finish
        self._on_step = on_step
        self._cancelled = cancelled
        self._estimate: Any = None

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """Called by diffusers (callback_on_step_end), under no_grad."""
        self.done = step + 1
        total = pipe.num_timesteps
        due = self._every and self.done < total and self.done % self._every == 0
        preview = self._preview(tensors["latents"]) if due else None
        try:
            if self._on_step is not None:
                self._on_step(self.done, total, preview)
            stop_if(self._cancelled)
        except Exception as error:
            self.raised = error
            raise
        return tensors

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While a preview may be asked for, keeps the scheduler's guess at the finished picture.

        The latents themselves are still noise half-way; DDIM and Euler hand out their guess beside them.
        """
        if not self._every:
            yield
            return
        scheduler = self._pipe.scheduler
        plain = scheduler.step

        @functools.wraps(plain)  # the pipeline looks at its parameters
        def step(*args: Any, **options: Any) -> Any:
            result = plain(*args, **options)
            guess = result[1] if isinstance(result, tuple) and len(result) > 1 else None
            self._estimate = guess if getattr(guess, "shape", None) == result[0].shape else None
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
