"""A released picture on its way into the look-up index, and the whole index made again from the vault.

Nobody waits for it: a picture goes in behind the answer, by a thread of its own, and a sheet's pictures go in together.
The index never stops a release; what could not be put in is put in before the next question (shelf.py), or by
`genzu index build`.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from provenance.errors import ProvenanceError
from provenance.ledger.store.records import PictureRecord, State
from provenance.ledger.store.releases import size_now
from provenance.lookup.door import opened_index
from provenance.release.archive import Archive
from provenance.release.shelf import Shelf, erased, of_record, put_in


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many were put in, how many have no texture or no readable pixels, and what was kept out."""

    added: int
    plain: int
    unread: Mapping[str, str]  # the pictures, and why
    kept_out: int
    outdated: int = 0  # pictures that an earlier version had put in, which were taken out


def shelf_of(archive: Archive) -> Shelf:
    """What its look-up index is made of."""
    return Shelf(archive.settings, archive.vault, archive.marks)


def after_release(archive: Archive, record: PictureRecord) -> None:
    """Has a released picture put into the index, and does not wait for it."""
    if shelf_of(archive).is_used:
        archive.later.do(lambda: _put_in_one(archive, record))


def _put_in_one(archive: Archive, record: PictureRecord) -> None:
    # Whoever asks the index next puts it in, or is told what hinders that.
    with suppress(ProvenanceError):
        found = of_record(shelf_of(archive), record)
        if found is not None:
            with opened_index(archive.settings.lookup) as index:
                # Now that there is a file, who erases it takes it out; who did so before has written that down.
                if record.picture not in erased(archive.ledger):
                    index.add([found])


def index_together(archive: Archive, pictures: Collection[str]) -> tuple[str, ...]:
    """Puts what is missing of these pictures into the index, in few transactions; a sentence where that failed."""
    if not shelf_of(archive).is_used or not pictures:
        return ()
    try:
        with opened_index(archive.settings.lookup) as index:
            lacking = sorted(index.lacking(pictures))
            put_in(shelf_of(archive), index, [archive.ledger.picture(each) for each in lacking])
    except ProvenanceError as error:
        return (f"not all are in the look-up index ({error}); `genzu index build` puts them in",)
    return ()


def build(
    archive: Archive, *, anew: bool = False, on_picture: Callable[[int, int], None] = lambda _done, _of: None
) -> Built:
    """Puts in what is missing of all released pictures whose files are in the vault; `anew`: all of them again."""
    from provenance.lookup.vocabulary import vocabulary

    size = archive.ledger.ask(size_now)
    with opened_index(archive.settings.lookup) as index:
        held = index.pictures()
        outdated = {picture for picture, of in held.items() if of != vocabulary().name}
        # Each is replaced where it stands: whoever asks meanwhile, or after a kill, finds it.
        again = set(held) if anew else outdated
        out = index.kept_out() | erased(archive.ledger)
        records = archive.ledger.pictures(state=State.RELEASED, limit=-1)
        lacking = {each.picture for each in records} - (set(held) - again) - out
        wanted = [each for each in reversed(records) if each.picture in lacking]
        done = put_in(shelf_of(archive), index, wanted, on_picture)
        index.drop(again - done.added)
        for picture in out:
            index.remove(picture)
        index.is_complete_to(archive.ledger.id, size)  # what could not be read is noted by itself
    kept_out = len(out & {each.picture for each in records})
    return Built(len(done.added), done.plain, done.unread, kept_out, len(outdated))


def forget_looks(archive: Archive, picture: str) -> bool:
    """Takes a picture out of the index, for good; False where it was not in or there is no index."""
    if not archive.settings.lookup.is_file():
        return False
    from provenance.lookup.index_file import IndexFile

    with IndexFile(archive.settings.lookup) as index:
        return index.remove(picture)
