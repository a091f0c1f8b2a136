"""What the Paint tab asks of a studio: what its model can be asked, how that runs, whose archive it paints for."""

from pathlib import Path
from typing import Any, Protocol

from generation.engine.loading import Loading
from generation.errors import PolicyRefused
from generation.model.model import Model
from generation.request.request import Capabilities, PaintSettings
from generation.studio.alike import Like
from generation.works.adapter import Adapter
from provenance.release.archive import Archive


class AnyStudio(Protocol):
    """A studio before anything is painted; studio.py's Studio says what each of these is."""

    archive: Archive
    model: Model
    adapters: tuple[Adapter, ...]
    loading: Loading | None
    renderer: Any

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def engine(self) -> Any: ...

    @property
    def how_it_runs(self) -> str: ...

    def load_as(self, loading: Loading) -> None: ...

    def alike(self, path: Path) -> Like: ...

    def is_bare(self, layout: Path) -> bool: ...

    def refusal(self, settings: PaintSettings, production: str) -> PolicyRefused | None: ...
