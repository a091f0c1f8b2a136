"""A released picture on its way into the look-up index, and the whole index made again from the vault.

The index never stops a release: what could not be put in is told, and `genzu index build` makes it good.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from provenance.errors import ProvenanceError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord, State
from provenance.lookup.door import missing, opened_index
from provenance.media.picture import open_picture, pixels
from provenance.release.archive import Archive
from provenance.statement.statement import InputRole

if TYPE_CHECKING:
    from provenance.lookup.index_file import Indexed, IndexFile

MARK = "mark"  # a fact of a released painting: which faint mark it has ...
WHOLE, IN_PART = "faint 1", "faint 1, in part"  # ... one of these, or "off", or "too small"
MARKED = frozenset({WHOLE, IN_PART})
EXTENDED = "extended"  # a parameter of a painting whose canvas was made larger
AT_ONCE = 50  # pictures in one transaction


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many were put in, how many have no texture or no readable pixels, and what was kept out."""

    added: int
    plain: int
    unread: tuple[str, ...]  # sentences
    kept_out: int
    outdated: int = 0  # pictures that an earlier version had put in, which were taken out first


def after_release(archive: Archive, record: PictureRecord) -> tuple[str, ...]:
    """Puts a released picture into the index; a sentence where that failed."""
    if not archive.settings.index or missing():
        return ()
    try:
        found = of_record(archive, record)
        if found is not None:
            with opened_index(archive.settings.lookup) as index:
                index.add([found])
    except ProvenanceError as error:
        return (f"it is not in the look-up index ({error}); `genzu index build` puts it in",)
    return ()


def index_together(archive: Archive, pictures: Collection[str]) -> tuple[str, ...]:
    """Puts what is missing of these pictures into the index, in few transactions; a sentence where that failed."""
    if not archive.settings.index or missing() or not pictures:
        return ()
    try:
        with opened_index(archive.settings.lookup) as index:
            lacking = sorted(set(pictures) - set(index.pictures()) - index.kept_out())
            _put_in(
                archive, index, [archive.ledger.picture(each) for each in lacking], lambda _done, _of: None
            )
    except ProvenanceError as error:
        return (f"not all are in the look-up index ({error}); `genzu index build` puts them in",)
    return ()


def of_record(archive: Archive, record: PictureRecord) -> "Indexed | None":
    """What the index keeps of a released picture; None where its file shows no pixels or they have no texture."""
    from provenance.lookup.search import indexed

    assert record.output is not None
    if record.output.pixels is None:
        return None
    limits = archive.settings.limits.for_our_own()
    image = pixels(open_picture(archive.vault.get(record.output.digest), limits))
    return indexed(record.picture, image, _plain(archive, record, image))


def _plain(archive: Archive, record: PictureRecord, image: Image.Image) -> Image.Image:
    """The picture without its faint mark: what a file that may hold the mark is compared with."""
    mark = record.facts.get(MARK)
    if mark not in MARKED or archive.marks is None:
        return image
    from provenance.lookup.faint_mark import unmarked

    where = None
    mask = next((each for each in record.statement.inputs if each.role is InputRole.MASK), None)
    if mark == IN_PART and (mask is None or record.statement.parameters.get(EXTENDED)):
        return image  # where it lies on a larger canvas is not known here: then it is not read
    if mask is not None:
        given = open_picture(archive.vault.get(mask.resource.digest), archive.settings.limits)
        where = pixels(given, paper="black").convert("L").resize(image.size, Image.Resampling.BILINEAR)
    return unmarked(image, archive.marks, record.picture, where)


def build(
    archive: Archive, *, anew: bool = False, on_picture: Callable[[int, int], None] = lambda _done, _of: None
) -> Built:
    """Puts in what is missing of all released pictures whose files are in the vault; `anew`: all of them again."""
    from provenance.lookup.vocabulary import vocabulary

    with opened_index(archive.settings.lookup) as index:
        outdated = index.clear_outdated(vocabulary().name)
        if anew:
            index.clear()
        current = index.pictures().keys()
        out = index.kept_out() | erased(archive.ledger)
        records = archive.ledger.pictures(state=State.RELEASED, limit=-1)
        wanted = [each for each in reversed(records) if each.picture not in current | out]
        added, plain, unread = _put_in(archive, index, wanted, on_picture)
        for picture in out:
            index.remove(picture)
    return Built(added, plain, tuple(unread), len(out & {each.picture for each in records}), outdated)


def _put_in(
    archive: Archive, index: "IndexFile", wanted: list[PictureRecord], told: Callable[[int, int], None]
) -> tuple[int, int, list[str]]:
    added, plain = 0, 0
    unread: list[str] = []
    waiting: list[Indexed] = []
    for number, record in enumerate(wanted, 1):
        try:
            found = of_record(archive, record)
        except ProvenanceError as error:
            unread.append(f"{record.picture}: {error}")
        else:
            plain += found is None
            waiting += [] if found is None else [found]
        if len(waiting) == AT_ONCE or (waiting and number == len(wanted)):
            index.add(waiting)
            added += len(waiting)
            waiting = []
        told(number, len(wanted))
    return added, plain, unread


def erased(ledger: AnyLedger) -> frozenset[str]:
    """The pictures whose private words were erased: they are not to be found by their looks either."""
    return frozenset(_erased(ledger))


def _erased(ledger: AnyLedger) -> Iterator[str]:
    for said in ledger.disclosed({EntryKind.PRIVATE_ERASED}):
        about = said.body.get("about")
        if isinstance(about, str) and about.startswith("pic-"):
            yield about


def forget_looks(archive: Archive, picture: str) -> bool:
    """Takes a picture out of the index, for good; False where it was not in or there is no index."""
    if not archive.settings.lookup.is_file():
        return False
    from provenance.lookup.index_file import IndexFile

    with IndexFile(archive.settings.lookup) as index:
        return index.remove(picture)
