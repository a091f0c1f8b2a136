"""The layout on its way in: where its maker says how it was made, it goes on the record first, as a step of its own.

Otherwise the history of a painted picture would begin with "an unsigned picture", and whoever drew it would be a
name on somebody else's step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from generation.colour import Colours
from generation.errors import RequestError
from generation.ready import Ready, colours_in, made_ready
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import USUAL, Publication
from provenance.errors import PictureError, ProvenanceError
from provenance.ledger.store.records import PictureRecord, State
from provenance.media.formats import WRITTEN
from provenance.media.picture import Picture, resource
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.release import open_input, record
from provenance.settings import Settings
from provenance.statement.canonical import new_id
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Step
from provenance.tabs.uploads import delivery_folder, opened

DREW_IT = frozenset({Role.LAYOUT, Role.KEY_DRAWING, Role.CONCEPT})


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to a layout before it is painted, and its size afterwards: a squared page has other proportions."""

    done: tuple[str, ...]
    size: tuple[int, int]


def drawn_by(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Of the people on the form, those who made what goes in."""
    return tuple(each for each in credits if each.role in DREW_IT)


def take_in(
    archive: Archive,
    layout: Path,
    origin: SourceType | None,
    credits: Sequence[Credit],
    project: Project,
    publication: Publication = USUAL,
) -> Path:
    """The file to paint over: the layout, or its signed copy where it is on the record by itself.

    A layout that carries credentials has its history already; one that was taken in before is not taken in twice. Its
    copy becomes part of the painted file, so whoever has another name there has it in the copy, too. The other choices
    of `publication` are for the painting: a wish not to be used by AI would forbid this very pass.
    """
    picture = open_input(archive, layout)
    if origin is None:
        return layout
    chain = read_chain(picture.data, picture.media_type, trust=archive.trust)
    if chain.verdict is not Verdict.NO_CREDENTIALS:
        return layout
    makers = drawn_by(credits)
    names = Publication(pseudonyms=publication.pseudonyms)
    known = _taken_in_before(archive, picture, origin, names.noted(makers))
    if known is not None and known.output is not None:
        copy = delivery_folder() / f"layout{_suffix(picture)}"
        copy.write_bytes(archive.vault.get(known.output.digest))
        return copy
    out = archive.settings.outputs / f"layout-{new_id('x')[2:10]}{_suffix(picture)}"
    job = Job(makers, out, project, terms=Terms(names))
    return record(archive, layout, job, source_type=origin).path


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


def _taken_in_before(
    archive: Archive, picture: Picture, origin: SourceType, makers: Sequence[Credit]
) -> PictureRecord | None:
    pixels = resource(picture).pixels
    assert pixels is not None
    said = {(each.role, each.name, each.shown) for each in makers}
    for each in archive.ledger.pictures_with_pixels(pixels):
        statement = each.statement
        same = {(credit.role, credit.name, credit.shown) for credit in statement.credits} == said
        if (
            each.state is State.RELEASED
            and statement.step is Step.RECORD
            and statement.source_type is origin
            and same
        ):
            return each
    return None


def _suffix(picture: Picture) -> str:
    """The ending that keeps the layout's own format."""
    for ending, kind in WRITTEN.items():
        if kind == picture.media_type:
            return ending
    kind = picture.media_type.removeprefix("image/").upper()
    raise PictureError(
        f"a {kind} cannot carry Content Credentials; save the layout as PNG, JPEG, WebP or TIFF, or choose “Not stated”"
    )
