"""The picture on the table of the Paint tab."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Painted:
    """Its signed file in the archive, and its id."""

    path: Path
    picture: str
