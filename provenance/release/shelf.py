"""What of a released picture goes into the look-up index, and what has not gone in yet.

A picture is put in behind the answer (indexing.py). Whatever stops that loses nothing: the ledger says what was
released, the index up to which entry it is complete, and what is missing is put in before it is next asked.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

from provenance.errors import NotRecorded, ProvenanceError, why
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord
from provenance.ledger.store.releases import released_since, size_now
from provenance.lookup.door import missing, opened_index
from provenance.lookup.mark_key import MarkKey
from provenance.media.picture import open_picture, pixels
from provenance.settings import Settings
from provenance.statement.counted import counted
from provenance.statement.mark_form import IN_PART, form_of
from provenance.statement.statement import InputRole
from provenance.storage.vault import Vault

if TYPE_CHECKING:
    from provenance.lookup.index_file import Indexed, IndexFile

EXTENDED = "extended"  # a parameter of a painting whose canvas was made larger
AT_ONCE = 50  # pictures in one transaction
MOST = 100  # pictures that a question waits for
FAR_BEHIND = 500  # entries after which it is noted that none of them is missing


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the index and the signed files of an archive are, and what its faint marks are drawn from."""

    settings: Settings
    vault: Vault
    marks: MarkKey | None

    @property
    def is_used(self) -> bool:
        """Whether pictures go into an index here at all."""
        return self.settings.index and not missing()


@dataclass(frozen=True, slots=True)
class PutIn:
    """Which pictures went in, how many have no texture or no pixels, and why for each unreadable one."""

    added: frozenset[str]
    plain: int
    unread: Mapping[str, str]


def of_record(shelf: Shelf, record: PictureRecord) -> "Indexed | None":
    """What the index keeps of a released picture; None where its file shows no pixels or they have no texture."""
    from provenance.lookup.indexing import indexed

    image = _picture(shelf, record)
    return None if image is None else indexed(record.picture, image, _unmarked(shelf, record, image))


def plain_picture(shelf: Shelf, ledger: AnyLedger, picture: str) -> Image.Image | None:
    """A released picture without its faint mark, for a copy's mark to be read beside it; None where it has no mark, or
    its file cannot be had: then the mark is read beside the index's small one alone.
    """
    try:
        record = ledger.picture(picture)
        image = _picture(shelf, record) if form_of(record.facts) else None
        return None if image is None else _unmarked(shelf, record, image)
    except ProvenanceError:
        return None


def _picture(shelf: Shelf, record: PictureRecord) -> Image.Image | None:
    """A released picture from the vault; None where its file shows no pixels."""
    assert record.output is not None
    if record.output.pixels is None:
        return None
    return pixels(open_picture(shelf.vault.get(record.output.digest), shelf.settings.limits.for_our_own()))


def _unmarked(shelf: Shelf, record: PictureRecord, image: Image.Image) -> Image.Image:
    """The picture without its faint mark: what a file that may hold the mark is compared with."""
    mark = form_of(record.facts)
    if not mark or shelf.marks is None:
        return image
    from provenance.lookup.faint_mark import unmarked

    where = None
    mask = next((each for each in record.statement.inputs if each.role is InputRole.MASK), None)
    if mark.endswith(IN_PART) and (mask is None or record.statement.parameters.get(EXTENDED)):
        return image  # where it lies on a larger canvas is not known here: then it is not read
    if mask is not None:
        given = open_picture(shelf.vault.get(mask.resource.digest), shelf.settings.limits)
        where = pixels(given, paper="black").convert("L").resize(image.size, Image.Resampling.BILINEAR)
    return unmarked(image, shelf.marks, record.picture, where, form=mark)


def put_in(
    shelf: Shelf,
    index: "IndexFile",
    wanted: Collection[PictureRecord],
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> PutIn:
    """Puts those pictures in, AT_ONCE of them in one transaction."""
    added, plain = set[str](), 0
    unread: dict[str, str] = {}
    files: dict[str, str] = {}
    waiting: list[Indexed] = []
    for number, record in enumerate(wanted, 1):
        file = _file_of(shelf, record)  # before it is read: what is put there meanwhile is another one
        try:
            found = of_record(shelf, record)
        except ProvenanceError as error:
            unread[record.picture], files[record.picture] = str(error), file
        else:
            plain += found is None
            waiting += [] if found is None else [found]
        if len(waiting) == AT_ONCE or (waiting and number == len(wanted)):
            index.add(waiting)
            added |= {each.picture for each in waiting}
            waiting = []
        told(number, len(wanted))
    if unread:
        index.could_not_read((picture, files[picture], why) for picture, why in unread.items())
    return PutIn(frozenset(added), plain, unread)


def _file_of(shelf: Shelf, record: PictureRecord) -> str:
    """What tells a picture's file in the vault from one that is put in its place, or was read under other limits."""
    assert record.output is not None
    try:
        found = shelf.vault.path(record.output.digest).stat()
    except OSError as error:
        return f"none: {why(error)}"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {shelf.settings.limits}"


@dataclass(eq=False)
class CatchingUp:
    """Called before the index is asked: puts in what was released since and is missing; "", or what hinders that."""

    shelf: Shelf
    ledger: AnyLedger
    _seen: int = field(default=-1, repr=False)  # the ledger's size when it was last called
    _words: str = field(default="", repr=False)

    def __call__(self) -> str:
        size = self.ledger.ask(size_now) if self.shelf.is_used else self._seen
        if size != self._seen:
            try:
                self._words = self._caught_up(size)
            except ProvenanceError as error:
                self._words = f"what was released last may be missing in the look-up index ({error})"
            self._seen = size
        return self._words

    def _caught_up(self, size: int) -> str:
        upto, lacking, gone, unread = self._lacking()
        if not lacking and not gone and size - upto < FAR_BEHIND:
            return _unread_in_words(unread)  # nothing is written where nothing is missing
        with opened_index(self.shelf.settings.lookup) as index:
            for each in gone:
                index.remove(each)
            if len(lacking) > MOST:
                few = counted(len(lacking), "picture")
                return f"{few} may be missing in the look-up index; `genzu index build` puts them in"
            out = erased(self.ledger)  # asked again now that there is a file to be taken out of
            done = put_in(
                self.shelf, index, [self.ledger.picture(each) for each in lacking if each not in out]
            )
            index.is_complete_to(self.ledger.id, size)
        return _unread_in_words({**unread, **done.unread})

    def _lacking(self) -> tuple[int, list[str], frozenset[str], dict[str, str]]:
        """Up to which entry the index is complete, and what it lacks of the releases since; what is in it though it was
        erased, as a kill came between the two; and what could not be read, whose file is still the same, with why.
        """
        path, out = self.shelf.settings.lookup, erased(self.ledger)
        if not path.is_file():
            released = self.ledger.ask(lambda db: released_since(db, 0))
            return 0, [each for each in released if each not in out], frozenset(), {}
        with opened_index(path, read_only=True) as index:
            upto = index.complete_to(self.ledger.id)
            released = self.ledger.ask(lambda db: released_since(db, upto))
            before = index.unread()
            lacking = index.lacking([*released, *before])
            gone = out - index.lacking(out) - index.kept_out() if out else out
        wanted = [each for each in dict.fromkeys((*released, *before)) if each in lacking and each not in out]
        same = {
            each: before[each][1]
            for each in wanted
            if each in before and self._is_same(each, before[each][0])
        }
        return upto, [each for each in wanted if each not in same], gone, same

    def _is_same(self, picture: str, file: str) -> bool:
        """Whether the file of a picture is still the one that could not be read; False for one of another ledger."""
        try:
            return _file_of(self.shelf, self.ledger.picture(picture)) == file
        except NotRecorded:
            return False


def _unread_in_words(unread: Mapping[str, str]) -> str:
    """That pictures are missing in the index because they cannot be read, as a clause; "" where none is."""
    if not unread:
        return ""
    lacks = "lacks a picture" if len(unread) == 1 else f"lacks {len(unread):,} pictures"
    picture, why = next(iter(unread.items()))
    return (
        f"the look-up index {lacks} that could not be read ({picture}: {why}); put the file back into the vault, "
        "or `genzu index remove` keeps it out"
    )


def erased(ledger: AnyLedger) -> frozenset[str]:
    """The pictures whose private words were erased: they are not to be found by their looks either."""
    return frozenset(_erased(ledger))


def _erased(ledger: AnyLedger) -> Iterator[str]:
    for said in ledger.disclosed({EntryKind.PRIVATE_ERASED}):
        about = said.body.get("about")
        if isinstance(about, str) and about.startswith("pic-"):
            yield about
