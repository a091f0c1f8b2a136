"""One row's candidates on their way to a model and back: pixels in, pixels and facts out, nothing of records.

A task is pickled to other processes and machines, so an error comes back as a value, in its own words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from generation.errors import Cancelled, GenerationError
from generation.layout.beside import NOTHING, Beside
from generation.request.request import PaintSettings, Render, Request

if TYPE_CHECKING:
    from generation.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Task:
    """The candidates of one row: settings that differ in their seeds alone. `name` is the row's."""

    name: str
    image: Image.Image
    settings: tuple[PaintSettings, ...]
    mask: Image.Image | None = None
    profile: bytes | None = None
    beside: Beside = NOTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """A render, or why there is none, for each of a task's settings; `where` it was painted."""

    made: tuple[Render | GenerationError, ...]
    where: str = ""


def paint_task(engine: "Engine", task: Task, cancelled: Callable[[], bool] | None = None) -> Answer:
    """Paints all of a task. Cancelled goes up; any other error is an answer."""
    try:
        requests = [
            engine.capabilities.request(
                task.image, each, mask=task.mask, profile=task.profile, beside=task.beside
            )
            for each in task.settings
        ]
    except GenerationError as error:
        return Answer((error,) * len(task.settings), engine.device)
    return Answer(tuple(_halved(engine, requests, cancelled)), engine.device)


def _halved(
    engine: "Engine", requests: Sequence[Request], cancelled: Callable[[], bool] | None
) -> list[Render | GenerationError]:
    """All at once; in halves where that fails: too much for the memory, a class that paints one at a time, or one
    picture of them held back. What fails by itself has failed.
    """
    try:
        return list(engine.render_several(requests, cancelled=cancelled))
    except Cancelled:
        raise
    except GenerationError as error:
        if len(requests) == 1:
            return [error]
    half = len(requests) // 2
    return [*_halved(engine, requests[:half], cancelled), *_halved(engine, requests[half:], cancelled)]
