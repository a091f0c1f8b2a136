"""The pictures that were signed on the page: which browser made each, and the address under which it is found.

Nothing of it is kept but the files' own names in the archive's outputs: KIND-BROWSER-KEY.png. BROWSER is a digest of
a random word that the browser keeps (a cookie), so that it finds its pictures again, and nobody else does. KEY is
random, too: whoever has the picture's address can look at it.
"""

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import gradio as gr

from provenance.errors import NotRecorded, OutputError, ProvenanceError
from provenance.ledger.store.records import PictureRecord, State
from provenance.media.formats import is_opened, media_type_of, of_media_type
from provenance.media.picture import Picture, encode, open_picture, pixels
from provenance.release.archive import Archive
from provenance.release.made import Released
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.tabs.look.fragments import UNSEEN

COOKIE = "genzu-browser"
SHOWN = 60  # pictures of a browser, newest first
LOOK = 360  # pixels of a small copy
LARGE = 1600  # of the copy beside the signed picture
_KEY = re.compile(r"[0-9a-f]{16}")
_KINDS = ("picture", "revision", "recorded")


@dataclass(frozen=True, slots=True)
class Kept:
    """A signed file of the page, and its address."""

    path: Path
    key: str

    @property
    def src(self) -> str:
        """Where the signed bytes are, as the page asks for them."""
        return f"genzu/p/{self.key}{self.path.suffix}"

    @property
    def shown(self) -> str:
        """What a browser can show of it: the signed bytes, or a small copy of those that it cannot read."""
        return self.small if media_type_of(self.path.name) in UNSEEN else self.src

    @property
    def before(self) -> str:
        return f"genzu/p/{self.key}/before.jpg"

    @property
    def small(self) -> str:
        return f"genzu/p/{self.key}/small.jpg"


def browser_of(request: gr.Request | None) -> str:
    """Whose pictures are meant: a digest of the browser's word; of its session where it keeps none."""
    word = ""
    if request is not None:
        cookies = getattr(request, "cookies", None) or {}
        word = str(cookies.get(COOKIE) or request.session_hash or "")
    return hashlib.sha256(f"browser:{word}".encode()).hexdigest()[:16]


def new_word() -> str:
    """What a browser that has none is given to keep."""
    return secrets.token_urlsafe(18)


def new_path(settings: Settings, kind: str, browser: str, media_type: str = "image/png") -> Path:
    """A new place in the archive's outputs. No word of the visitor's becomes part of a path."""
    suffix = ending_of(media_type)
    return settings.outputs / f"{kind}-{browser or 'nobody'}-{secrets.token_hex(8)}{suffix}"


def ending_of(media_type: str) -> str:
    """The ending of a kind's files. A kind that holds no credentials has them in a file of their own beside it, on
    each way that a picture comes in."""
    known = of_media_type(media_type)
    if known is None:
        name = media_type.removeprefix("image/").upper()
        raise OutputError(f"a {name} cannot be signed here; save it as PNG, JPEG, WebP or TIFF")
    return known.endings[0]


def kept_at(path: Path) -> Kept:
    """The address of a file that `new_path` placed."""
    return Kept(path, path.stem.rpartition("-")[2])


def kept_by(settings: Settings, browser: str) -> list[Kept]:
    """The pictures of a browser, newest first."""
    paths = [path for kind in _KINDS for path in settings.outputs.glob(f"{kind}-{browser}-*")]
    found: list[tuple[int, Path]] = []
    for path in filter(_written, paths):
        with suppress(FileNotFoundError):  # it was removed just now
            found.append((path.stat().st_mtime_ns, path))
    return [kept_at(path) for _, path in sorted(found, reverse=True)[:SHOWN]]


def find(settings: Settings, key: object) -> Kept | None:
    """The picture under this address; None where there is none."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    found = [path for path in settings.outputs.glob(f"*-{key}.*") if _written(path)]
    return Kept(found[0], key) if found else None


def released_as(archive: Archive, kept: Kept) -> Released:
    """The picture with its record; NotRecorded where the record does not have it."""
    digest = _digest(kept.path, kept.path.stat().st_mtime_ns)
    for record in archive.ledger.pictures_with_file(digest):
        if record.state is State.RELEASED:
            return Released(record, kept.path, digest)
    raise NotRecorded("this picture is not on the record here")


def ids_of(archive: Archive, browser: str) -> list[str]:
    """The ids of the pictures of a browser, oldest first."""
    found = []
    for kept in reversed(kept_by(archive.settings, browser)):
        try:
            found.append(released_as(archive, kept).record.picture)
        except (ProvenanceError, OSError):
            continue
    return found


def parent_of(archive: Archive, record: PictureRecord) -> Picture | None:
    """The picture that it was made over, from the vault; None where there is none, or it is erased."""
    given = record.statement.parent or next(iter(record.statement.inputs), None)
    if given is None or given.resource.digest not in archive.vault:
        return None
    data = archive.vault.get(given.resource.digest)
    return open_picture(data, archive.settings.limits.for_our_own())


def small(kept: Kept, settings: Settings) -> bytes:
    """A small unsigned copy, JPEG."""
    return _small(kept.path, kept.path.stat().st_mtime_ns, settings)


@lru_cache(maxsize=256)
def _small(path: Path, _written_at: int, settings: Settings) -> bytes:
    return reduced(open_picture(path, settings.limits.for_our_own()), LOOK)


def reduced(picture: Picture, side: int) -> bytes:
    """The picture's pixels in at most `side` pixels, JPEG, unsigned."""
    image = pixels(picture)
    image.thumbnail((side, side))
    return encode(image.convert("RGB"), "image/jpeg")


@lru_cache(maxsize=512)
def _digest(path: Path, _written_at: int) -> Digest:
    return Digest.of_file(path)


def _written(path: Path) -> bool:
    return is_opened(path.name) and path.is_file()
