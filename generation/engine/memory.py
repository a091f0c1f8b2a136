"""What a loaded model gives up when the memory does not reach, and when it takes it back.

    smaller batch          half as many pictures at once
    autoencoder in tiles   changes the picture a little at their seams
    attention in slices    slower

Each is kept for work as large as what did not fit, so that the next such picture does not fail first. Smaller work is
painted as before; and after ten minutes the whole is tried again: another program may have had the memory.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from generation.engine.loading import step_down, step_up
from generation.errors import OutOfMemory
from generation.request.request import Request

Painted = TypeVar("Painted")
SMALLER = "smaller batch"
AGAIN = 600.0  # seconds after which nothing is given up any more, until the memory does not reach again


@dataclass(slots=True)
class Memory:
    """Of one model. Sizes are pixels of one picture; `steps` are given up for pictures of at least `from_size`."""

    steps: list[str] = field(default_factory=list)
    from_size: int = 0
    fits: dict[int, int] = field(default_factory=dict)  # size -> how many such pictures fit at once
    clock: Callable[[], float] = time.monotonic
    _at: float = 0.0  # when something was given up last

    def within(
        self,
        pipe: Any,
        requests: Sequence[Request],
        paint: Callable[[Sequence[Request], str], list[Painted]],
    ) -> list[Painted]:
        """Paints; where the memory does not reach, again with less. `paint` is told what was given up."""
        size = _pixels(requests[0])
        if self.clock() - self._at > AGAIN:
            self.fits.clear()
            self._take_back(pipe)
        if size < self.from_size:
            self._take_back(pipe)
        done: list[Painted] = []
        while len(done) < len(requests):
            count = min(self._at_once(size), len(requests) - len(done))
            group = requests[len(done) : len(done) + count]
            told = [SMALLER] if count < len(requests) else []
            try:
                done += paint(group, ", ".join([*told, *self.steps]))
            except OutOfMemory:
                if not self._gave_up(pipe, size, count):
                    raise
        return done

    def _at_once(self, size: int) -> int:
        """How many pictures of that size fit at once, as far as it was found out."""
        return min((count for limit, count in self.fits.items() if limit <= size), default=1_000_000)

    def _take_back(self, pipe: Any) -> None:
        step_up(pipe, self.steps)
        self.steps.clear()

    def _gave_up(self, pipe: Any, size: int, count: int) -> bool:
        """Gives up one thing more; False where nothing is left."""
        self._at = self.clock()
        if count > 1:
            self.fits[size] = count // 2
            return True
        step = step_down(pipe, self.steps)
        if step is not None:
            self.from_size = min(size, self.from_size) if self.steps else size
            self.steps.append(step)
        return step is not None


def _pixels(request: Request) -> int:
    width, height = request.size
    return width * height
