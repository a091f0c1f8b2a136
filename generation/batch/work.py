"""What a run over a sheet paints with, and where its pictures go."""

from dataclasses import dataclass
from pathlib import Path

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Work:
    """What paints and where to: a model by name, LoRAs, devices (none: whatever is there), the folder, a title.

    `on` is "local", or the address of a Ray cluster. `painted` is the folder of a job that a farm has painted.
    """

    model: str
    loras: tuple[str, ...]
    devices: tuple[str, ...]
    folder: Path
    title: str
    on: str = LOCAL
    painted: Path | None = None
