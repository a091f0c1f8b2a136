"""A layout whose maker says how it was made is recorded first: signed, a step of its own in the painting's history.

Otherwise that history would begin with "an unsigned picture", and whoever drew it would be a name on somebody else's
step.
"""

from collections.abc import Sequence
from pathlib import Path

from provenance.credentials.read.chain import Verdict
from provenance.credentials.sign.disclosure import USUAL, Publication
from provenance.ledger.store.records import PictureRecord, State
from provenance.media.picture import Picture, resource
from provenance.media.sidecar import FACT, place_beside
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.release import open_input, record
from provenance.statement.canonical import Digest, new_id
from provenance.statement.credit import Credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Step
from provenance.tabs.fields.uploads import making_room, named_after, served
from provenance.tabs.visits.pictures import ending_of

from .layout import drawn_by


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
        return _with_credentials(archive, layout, picture)
    chain = archive.read_chain(picture.data, picture.media_type)
    if chain.verdict is not Verdict.NO_CREDENTIALS:
        return layout
    makers = drawn_by(credits)
    names = Publication(pseudonyms=publication.pseudonyms)
    known = _taken_in_before(archive, picture, origin, names.noted(makers))
    ending = ending_of(picture.media_type)
    if known is not None and known.output is not None:
        return _copy(archive, known, known.output.digest, ending)
    out = archive.settings.outputs / f"layout-{new_id('x')[2:10]}{ending}"
    job = Job(makers, out, project, terms=Terms(names))
    return record(archive, named_after(layout, picture), job, source_type=origin).path


def _with_credentials(archive: Archive, layout: Path, picture: Picture) -> Path:
    """The layout; a copy with its credentials where our record has them, and they lie beside such a file."""
    for each in archive.ledger.pictures_with_file(Digest.of(picture.data)):
        beside = each.facts.get(FACT)
        if each.state is not State.RELEASED or each.output is None or not isinstance(beside, str):
            continue
        if each.output.digest in archive.vault and Digest.parse(beside) in archive.vault:
            return _copy(archive, each, each.output.digest, ending_of(picture.media_type))
    return layout


def _copy(archive: Archive, known: PictureRecord, digest: Digest, ending: str) -> Path:
    """The signed copy once more, from the vault; with its credentials where they lie in a file of their own."""
    copy = Path(served(f"layout{ending}", archive.vault.get(digest)))
    beside = known.facts.get(FACT)
    if isinstance(beside, str):
        with making_room():
            place_beside(copy).write_bytes(archive.vault.get(Digest.parse(beside)))
    return copy


def _taken_in_before(
    archive: Archive, picture: Picture, origin: SourceType, makers: Sequence[Credit]
) -> PictureRecord | None:
    pixels = resource(picture).pixels
    assert pixels is not None
    said = {(each.role, each.name, each.shown) for each in makers}
    of_its_bytes = archive.ledger.pictures_with_file(
        Digest.of(picture.data)
    )  # of a kind that keeps them as they are
    for each in (*archive.ledger.pictures_with_pixels(pixels), *of_its_bytes):
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
