"""What the form of the Paint tab asks of a studio: what can be asked of its model, and whose archive it paints for."""

from pathlib import Path
from typing import Protocol

from generation.adapter import Adapter
from generation.alike import Like
from generation.errors import PolicyRefused
from generation.model import Model
from generation.request import Capabilities, PaintSettings
from provenance.release.archive import Archive


class AnyStudio(Protocol):
    """A studio before anything is painted; studio.py's Studio says what each of these is."""

    archive: Archive
    model: Model
    adapters: tuple[Adapter, ...]

    @property
    def capabilities(self) -> Capabilities: ...

    def alike(self, path: Path) -> Like: ...

    def refusal(self, settings: PaintSettings, production: str) -> PolicyRefused | None: ...
