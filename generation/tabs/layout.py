"""The layout on the form: who drew it, what is done to it before it is painted, and its size afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from generation.errors import RequestError
from generation.layout.colour import Colours, to_srgb
from generation.studio.ready import Ready, colours_in, made_ready
from provenance.errors import ProvenanceError
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.fields.uploads import TURNS, opened
from provenance.tabs.look.fragments import UNSEEN, inline_picture

LOOK = 480  # pixels of a layout's small copy, where the browser cannot show the layout itself
DREW_IT = frozenset({Role.LAYOUT, Role.KEY_DRAWING, Role.CONCEPT})


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to a layout before it is painted, and its size afterwards: a squared page has other proportions."""

    done: tuple[str, ...]
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What there is to tell of an upload: its size in pixels and bytes, its kind, and what the model sees of it."""

    shown: tuple[int, int]
    media_type: str
    size: int
    colours: str
    notes: tuple[str, ...]
    look: str  # a small copy as an address, where the browser cannot show what the model sees
    cleaning: Cleaning
    cleaned: str  # what was done, in words


def drawn_by(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Of the people on the form, those who made what goes in."""
    return tuple(each for each in credits if each.role in DREW_IT)


def ready_for(seen: Colours, clean: str, *, masked: bool) -> Ready:
    """What the model would see of a layout by the form's choice; one that cannot be cleaned is shown as it is."""
    try:
        return made_ready(seen, {"on": True, "off": False}.get(clean), masked=masked)
    except RequestError:
        return Ready(seen)


def arrived(settings: Settings, path: str, clean: str, *, masked: bool) -> Arrived:
    """What there is to tell of an upload; PictureError where it is none. Looked at once: the form asks at every key."""
    written = Path(path).stat().st_mtime_ns
    with _turn(path, clean, masked):
        return _arrived(settings, path, written, clean, masked)


def cleaning_of(settings: Settings, path: str | None, clean: str, *, masked: bool) -> Cleaning | None:
    """What would be done to a layout before it is painted; None where nothing, or where it cannot be read."""
    if not path or masked or clean == "off":
        return None
    try:
        found = arrived(settings, path, clean, masked=masked).cleaning
    except (OSError, ProvenanceError):
        return None
    return found if found.done else None


@lru_cache(maxsize=64)
def _turn(_path: str, _clean: str, _masked: bool) -> Lock:
    """Who asks for the same while it is looked at waits for that."""
    return Lock()


@lru_cache(maxsize=16)
def _arrived(settings: Settings, path: str, _written: int, clean: str, masked: bool) -> Arrived:
    with TURNS:
        picture = opened(path, settings)
        ready = ready_for(colours_in(picture), clean, masked=masked)
        seen = ready.seen
        # Most browsers show no TIFF and no HEIC: a small copy stands in, as for a layout that the model sees cleaned.
        hidden = picture.media_type in UNSEEN or bool(ready.done)
        look = inline_picture(to_srgb(seen.image, seen.profile), LOOK) if hidden else ""
    return Arrived(
        (picture.width, picture.height),
        picture.media_type,
        len(picture.data),
        seen.name,
        tuple(note for note in (picture.note, seen.note) if note),
        look,
        Cleaning(ready.done, seen.image.size),
        ready.note.partition(": ")[2],
    )


def check_origin(origin: SourceType | None, credits: Sequence[Credit]) -> None:
    """Refuses to put a layout on the record that nobody made."""
    if origin is not None and not drawn_by(credits):
        raise RequestError(
            "you say how the layout was made, but not by whom: write who drew it under “Drawn by” "
            "(or tick under “More people” that they asked not to be named), or choose “Not stated”"
        )
