"""The keys of recorded pictures' first rows: kept when a picture is released, and made again from the vault.

With them an audit need not decode a file of a recorded size whose first rows no recorded picture has.
"""

from collections.abc import Callable
from contextlib import suppress

from PIL import Image

from provenance.errors import IndexTrouble, ProvenanceError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.lookup.rows_file import keys_of, note_keys
from provenance.media.first_rows import key_of_rows
from provenance.media.picture import open_picture, pixel_digest, pixels
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.statement.canonical import Digest

AT_ONCE = 50  # keys of one transaction


def keep_key(settings: Settings, digest: Digest, shown: Image.Image) -> None:
    """Keeps the key of the pixels of this digest. Where that fails, an audit decodes more files and finds the same."""
    with suppress(IndexTrouble):
        note_keys(settings.first_rows, {digest.value: key_of_rows(shown)})


def without_key(ledger: AnyLedger, settings: Settings) -> list[PictureRecord]:
    """The released pictures of whose pixels no key is kept, the newest first."""
    released = ledger.pictures(state=State.RELEASED, limit=-1)
    digests = {each.picture: _pixels(each) for each in released}
    known = keys_of(settings.first_rows, list(filter(None, digests.values())))
    return [each for each in released if digests[each.picture] and digests[each.picture] not in known]


def build_keys(archive: Archive, on_picture: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Makes the keys that are missing, from the vault; how many were made."""
    lacking, waiting, made = without_key(archive.ledger, archive.settings), dict[bytes, int](), 0
    for number, record in enumerate(lacking, 1):
        with suppress(ProvenanceError):  # a file that is not in the vault any more has none
            waiting |= _key_of(archive, record)
        if waiting and (len(waiting) == AT_ONCE or number == len(lacking)):
            note_keys(archive.settings.first_rows, waiting)
            made += len(waiting)
            waiting = {}
        on_picture(number, len(lacking))
    return made


def _key_of(archive: Archive, record: PictureRecord) -> dict[bytes, int]:
    """The key by the digest of the pixels, if those are the pixels that were recorded: a decoder may have changed."""
    assert record.output is not None
    file = archive.vault.get(record.output.digest)
    shown = pixels(open_picture(file, archive.settings.limits.for_our_own()))
    digest = pixel_digest(shown)
    return {digest.value: key_of_rows(shown)} if digest == record.output.pixels else {}


def _pixels(record: PictureRecord) -> bytes:
    found = record.output.pixels if record.output is not None else None
    return b"" if found is None else found.value
