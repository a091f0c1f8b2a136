"""How far a long work is: a bar in a terminal, a line now and then in a pipe, both on the standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import Progress, TaskID

from provenance.show.terminal import progress

EVERY = 15.0  # seconds between two lines in a pipe
FIRST = 5.0
GUESSED = 10  # done before the rest is guessed: starting takes its own time


@dataclass(slots=True)
class Counting:
    """Counts to `total`, or as far as it goes. `step` says that one more is done."""

    what: str
    total: int | None
    bar: Progress
    task: TaskID
    done: int = 0
    began: float = 0.0
    told: float = 0.0

    def step(self) -> None:
        self.done += 1
        self.bar.advance(self.task)
        if self.bar.disable:
            self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self.began < FIRST or now - self.told < EVERY:
            return
        self.told = now
        line = f"{self.what}: {self.done:,}"
        if self.total is not None:
            line += f" of {self.total:,}"
        if self.total is not None and self.done >= GUESSED:
            left = (now - self.began) / self.done * (self.total - self.done)
            line += f", about {_span(left)} left"
        print(line, file=sys.stderr, flush=True)


@contextmanager
def counting(what: str, total: int | None, done: int = 0) -> Iterator[Counting]:
    """Counting of `total` things, of which some may be done already; None where nobody knows yet how many."""
    with progress() as bar:
        task = bar.add_task(what, total=total, completed=done)
        left = None if total is None else total - done
        yield Counting(what, left, bar, task, began=time.monotonic())


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
