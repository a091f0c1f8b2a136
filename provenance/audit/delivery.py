"""What there is to look at: files, folders and zip archives in, one item a picture out. Nothing is unpacked.

Links are not followed and members are read into memory one at a time, so that no name in an archive is ever a
path on this machine. Sizes are bounded by what is really read: a zip bomb is a row that says so.
"""

import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from provenance.errors import PictureError
from provenance.media.picture import MEDIA_TYPES
from provenance.media.sidecar import ENDING as SIDECAR
from provenance.media.sidecar import place_beside

MAX_MEMBERS = 50_000  # of one archive
MAX_UNPACKED = 4 * 1024**3  # bytes of one archive, over all its members
# Pictures that a delivery holds, whether we can read them or not: those that cannot be checked are told.
ENDINGS = frozenset(MEDIA_TYPES) | {
    ".gif", ".bmp", ".ico", ".svg", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".dng",
    ".psd", ".psb", ".exr", ".tga", ".clip", ".kra",
}  # fmt: skip
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"8BPS", b"v/1\x01")
_BRANDS = frozenset({b"ftypavif", b"ftypheic", b"ftypmif1"})


class Load(Protocol):
    """Gives the bytes, or a path to them; PictureError where it cannot."""

    def __call__(self, limit: int) -> Path | bytes: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One picture to look at. `name` is for people, untrusted. `beside`: its credentials, where an archive holds them
    in a file of their own; those of a path are found next to it.
    """

    name: str
    load: Load
    beside: Load | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """All items in a settled order, and how many files were no pictures."""

    items: tuple[Item, ...]
    left_out: int = 0


def survey(paths: Sequence[Path]) -> Survey:
    """Every picture under the paths. A path that was named is always an item, whatever it is."""
    items: list[Item] = []
    left_out = 0
    for path in paths:
        found = _folder(path) if os.path.isdir(path) else _file(path, path.name, named=True)  # noqa: PTH112  (Path.is_dir raises in a closed folder)
        for item in found:
            if item is None:
                left_out += 1
            else:
                items.append(item)
    return Survey(tuple(items), left_out)


def _folder(folder: Path) -> Iterator[Item | None]:
    closed: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(here) / name
            if not name.startswith("."):
                yield from _file(path, path.relative_to(folder.parent).as_posix(), named=False)
    for error in closed:
        words = f"the folder could not be read: {error.strerror}"
        yield Item(os.path.relpath(error.filename, folder.parent), partial(_refuse, words))


def _file(path: Path, name: str, *, named: bool) -> Iterator[Item | None]:
    if not named and path.suffix == SIDECAR and path.with_suffix("").is_file():
        return  # it is read with its file
    trouble = _not_a_plain_file(path, named=named)
    if trouble is not None:
        wanted = named or path.suffix.lower() in ENDINGS
        yield Item(name, partial(_refuse, trouble)) if wanted else None
    elif path.suffix.lower() == ".zip" or (named and zipfile.is_zipfile(path)):
        yield from _archive(path, name)
    else:
        wanted = named or _is_picture(path.suffix, path) or place_beside(path).is_file()
        yield Item(name, partial(_path, path)) if wanted else None


def _not_a_plain_file(path: Path, *, named: bool) -> str | None:
    try:
        mode = path.stat().st_mode if named else path.lstat().st_mode
    except OSError as error:
        return f"it could not be read: {error.strerror}"
    if stat.S_ISLNK(mode):
        return "it is a link, and links are not followed"
    return None if stat.S_ISREG(mode) else "it is no plain file"


def _is_picture(ending: str, path: Path) -> bool:
    if ending.lower() in ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            return _has_magic(file)
    except OSError:
        return False


def _has_magic(file: BinaryIO) -> bool:
    head = file.read(16)
    return head.startswith(_MAGIC) or head[8:12] == b"WEBP" or head[4:12] in _BRANDS


class _Budget:
    """What may still be unpacked from one archive."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED


def _archive(path: Path, name: str) -> Iterator[Item | None]:
    try:
        # Closed when the last item is forgotten: members are read one after another.
        archive = zipfile.ZipFile(path)
    # zipfile lets out a dozen kinds of error for broken archives, struct.error among them.
    except Exception:  # noqa: BLE001
        yield Item(name, partial(_refuse, "the archive could not be opened: it is damaged, or no zip"))
        return
    budget = _Budget()
    members = [each for each in archive.infolist() if not each.is_dir()]
    names = {each.filename for each in members}
    apart = {
        each.filename.removesuffix(SIDECAR): each
        for each in members
        if each.filename.endswith(SIDECAR) and _unreadable(each) is None
    }
    for member in members[:MAX_MEMBERS]:
        inside = f"{name}/{member.filename}"
        base = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
        if base.startswith(".") or "__MACOSX/" in member.filename:
            continue
        if member.filename.endswith(SIDECAR) and member.filename.removesuffix(SIDECAR) in names:
            continue  # it is read with its file
        trouble = _unreadable(member)
        if trouble is not None:
            yield Item(inside, partial(_refuse, trouble))
        elif (
            Path(base).suffix.lower() in ENDINGS
            or member.filename in apart
            or _member_has_magic(archive, member)
        ):
            store = apart.get(member.filename)
            beside = None if store is None else partial(_member, archive, store, budget)
            yield Item(inside, partial(_member, archive, member, budget), beside)
        else:
            yield None
    if len(members) > MAX_MEMBERS:
        words = f"{len(members) - MAX_MEMBERS:,} of its files were not looked at: more than {MAX_MEMBERS:,}"
        yield Item(name, partial(_refuse, words))


def _unreadable(member: zipfile.ZipInfo) -> str | None:
    if member.flag_bits & 1:
        return "it is encrypted"
    # LZMA and BZIP2 members can ask for gigabytes of memory before their first byte.
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return f"its compression (method {member.compress_type}) is not opened here"
    if member.filename.lower().endswith(".zip"):
        return "an archive within an archive is not opened; unpack it first"
    return None


def _member_has_magic(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(member) as file:
            return _has_magic(file)  # type: ignore[arg-type]  # zipfile's reader is a binary file in all but name
    except Exception:  # noqa: BLE001  (see _archive)
        return True  # told as a row when it is read


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget, limit: int) -> bytes:
    if budget.left <= 0:
        raise PictureError(f"it was not read: the archive unpacks to more than {MAX_UNPACKED:,} bytes")
    try:
        with archive.open(member) as file:
            # The size in the directory may lie; what is counted is what comes out.
            data = file.read(min(limit, budget.left) + 1)
    except Exception as error:
        raise PictureError(f"it could not be unpacked: {type(error).__name__}") from error
    budget.left -= len(data)
    if len(data) > limit:
        raise PictureError(f"it unpacks to more than the {limit:,} bytes let in")
    return data


def _path(path: Path, _limit: int) -> Path:
    return path


def _refuse(trouble: str, _limit: int) -> Path:
    raise PictureError(trouble)
