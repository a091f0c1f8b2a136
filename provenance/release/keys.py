"""The keys of recorded pictures' first rows: kept when a picture is released, and made again from the vault.

With them an audit need not decode a file of a recorded size whose first rows no recorded picture has. Where one picture
of a size has none, it decodes every file of that size.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from PIL import Image

from provenance.errors import IndexTrouble, ProvenanceError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.sizes import Sizes, pixels_released, sizes_in
from provenance.lookup.rows_file import keys_of, note_keys
from provenance.media.first_rows import key_of_rows
from provenance.media.picture import open_picture, pixel_digest, pixels
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.storage.vault import Vault

AT_ONCE = 50  # keys of one transaction


def keep_key(settings: Settings, digest: Digest, shown: Image.Image) -> None:
    """Keeps the key of the pixels of this digest. Where that fails, an audit decodes more files and finds the same."""
    with suppress(IndexTrouble):
        note_keys(settings.first_rows, {digest.value: key_of_rows(shown)})


def without_key(ledger: AnyLedger, settings: Settings) -> list[Digest]:
    """Of each released picture of whose pixels no key is kept, those pixels' digest, the newest first."""
    released = pixels_released(ledger)
    known = keys_of(settings.first_rows, released)
    return [Digest(each) for each in released if each not in known]


def build_keys(
    ledger: AnyLedger,
    settings: Settings,
    on_picture: Callable[[int, int], None] = lambda _done, _of: None,
    *,
    most: int | None = None,
) -> int:
    """Makes the keys that are missing, from the vault; how many were made. None where more than `most` are missing."""
    lacking, waiting, made = list(dict.fromkeys(without_key(ledger, settings))), dict[bytes, int](), 0
    if most is not None and len(lacking) > most:
        return 0
    vault = Vault(settings.vault)
    for number, digest in enumerate(lacking, 1):
        waiting |= _key_of(digest, ledger, vault, settings)
        if waiting and (len(waiting) == AT_ONCE or number == len(lacking)):
            note_keys(settings.first_rows, waiting)
            made += len(waiting)
            waiting = {}
        on_picture(number, len(lacking))
    return made


def _key_of(wanted: Digest, ledger: AnyLedger, vault: Vault, settings: Settings) -> dict[bytes, int]:
    """The key by the digest of the pixels, where a file in the vault still has them: a decoder may have changed."""
    for record in ledger.pictures_with_pixels(wanted):
        with suppress(ProvenanceError):  # a file that is not in the vault any more
            assert record.output is not None
            file = vault.get(record.output.digest)
            shown = pixels(open_picture(file, settings.limits.for_our_own()))
            if pixel_digest(shown) == wanted:
                return {wanted.value: key_of_rows(shown)}
    return {}


def sizes_for(files: int, own: AnyLedger | None, others: Sequence[AnyLedger], settings: Settings) -> Sizes:
    """The sizes of all recorded pictures, with the keys, for an audit of so many files.

    Keys of our own that are missing are made first, where fewer are missing than there are files: a key costs what
    decoding one file does, and a missing one may have each file decoded.
    """
    if own is not None:
        with suppress(IndexTrouble):  # a folder that cannot be written to: more files are decoded
            build_keys(own, settings, most=files)
    ledgers = [each for each in (own, *others) if each is not None]
    return sizes_in(ledgers, partial(keys_of, settings.first_rows))
