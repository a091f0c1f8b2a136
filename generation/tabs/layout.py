"""The layout on the form: who drew it, what is done to it before it is painted, and its size afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from generation.errors import RequestError
from generation.layout.colour import Colours
from generation.studio.ready import Ready, colours_in, made_ready
from provenance.errors import ProvenanceError
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.uploads import opened

DREW_IT = frozenset({Role.LAYOUT, Role.KEY_DRAWING, Role.CONCEPT})


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to a layout before it is painted, and its size afterwards: a squared page has other proportions."""

    done: tuple[str, ...]
    size: tuple[int, int]


def drawn_by(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Of the people on the form, those who made what goes in."""
    return tuple(each for each in credits if each.role in DREW_IT)


def ready_for(seen: Colours, clean: str, *, masked: bool) -> Ready:
    """What the model would see of a layout by the form's choice; one that cannot be cleaned is shown as it is."""
    try:
        return made_ready(seen, {"on": True, "off": False}.get(clean), masked=masked)
    except RequestError:
        return Ready(seen)


def cleaning_of(settings: Settings, path: str | None, clean: str, *, masked: bool) -> Cleaning | None:
    """What would be done to a layout before it is painted; None where nothing, or where it cannot be read."""
    if not path or masked or clean == "off":
        return None
    try:
        found = _cleaning(path, Path(path).stat().st_mtime_ns, clean, settings)
    except (OSError, ProvenanceError):
        return None
    return found if found.done else None


@lru_cache(maxsize=16)
def _cleaning(path: str, _written: int, clean: str, settings: Settings) -> Cleaning:
    """Looked at once, though the form asks at every key that is pressed."""
    ready = ready_for(colours_in(opened(path, settings)), clean, masked=False)
    return Cleaning(ready.done, ready.seen.image.size)


def check_origin(origin: SourceType | None, credits: Sequence[Credit]) -> None:
    """Refuses to put a layout on the record that nobody made."""
    if origin is not None and not drawn_by(credits):
        raise RequestError(
            "you say how the layout was made, but not by whom: write who drew it under “Drawn by” "
            "(or tick under “More people” that they asked not to be named), or choose “Not stated”"
        )
