"""What a run over a sheet paints with, and where its pictures go."""

from dataclasses import dataclass
from pathlib import Path

from generation.engine.loading import Loading
from generation.works.works import Works

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Work:
    """What paints and where to: a model by name, works beside it, devices (none: whatever is there), folder, title.

    `on` is "local", or the address of a Ray cluster. `painted` is the folder of a job that a farm has painted.
    `loading` says how the model is brought into memory.
    """

    model: str
    works: Works
    devices: tuple[str, ...]
    folder: Path
    title: str
    on: str = LOCAL
    painted: Path | None = None
    loading: Loading | None = None
