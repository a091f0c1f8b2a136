"""What was delivered: files, folders and archives in; out comes an item for each file that is, or may hide, a picture.

    c001.png        an item: it is looked at
    c002.xcf        an item, which is told that it cannot be opened here
    more.rar        the same; so are links, hidden pictures, encrypted members, archives in archives
    c001.png.c2pa   read with c001.png; so are c001.png.xmp and c001.xmp
    notes.txt       left out, by name and with the reason

Nothing vanishes: what is given is an item or is left out by name. Links are not followed, and no name in an archive is
ever a path on this machine.
"""

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Protocol

from provenance.audit.archive_names import apart, is_hidden, readable
from provenance.audit.archives import Budget, Member, list_archive
from provenance.audit.row import NO_PICTURE
from provenance.audit.tar_stream import unpacker_of
from provenance.errors import PictureError, why
from provenance.media.formats import HEAD, Credentials, FileKind, Format, of, of_media_type, of_name
from provenance.media.sidecar import ENDING as SIDECAR
from provenance.media.sidecar import is_there, owner_of, place_beside
from provenance.media.xmp_beside import ENDINGS as XMP
from provenance.media.xmp_beside import picture_of, place_of_xmp

_SYSTEM_S_OWN = "Windows or macOS keeps it beside files; it is no picture"
LINK = "it is a link, and links are not followed"
# A sound or a text is looked at where somebody put credentials into it.
_CREDENTIALS_MARK = b"c2pa"
_SEARCHED = 64 * 1024 * 1024  # bytes of it
_PROGRAM = b"MZ"  # of Windows; some are archives that unpack themselves
_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # what macOS keeps beside a file, as ._name
_KEPT_BY_SYSTEMS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "ds_store", "icon\r"})


class Load(Protocol):
    """Gives the bytes, or a path to them; PictureError where it cannot."""

    def __call__(self, limit: int) -> Path | bytes: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One file to look at. `name` is for people, untrusted. `beside`: its credentials, and `xmp` what a program wrote
    of it, where an archive holds them in a file of their own; those of a path are found next to it. `stamp` changes
    when the file does; "" if unknown.
    """

    name: str
    load: Load
    beside: Load | None = None
    stamp: str = ""
    xmp: Load | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not a picture and holds none, with the reason why we think so."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Survey:
    """All items in a settled order, no two of one name, and what was left out."""

    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...] = ()


def survey(
    paths: Sequence[Path],
    *,
    chosen: bool = True,
    on_found: Callable[[], None] = lambda: None,
    budget: Budget | None = None,
) -> Survey:
    """Everything under the paths. A file that somebody `chose` by itself is always an item, whatever it is.

    `on_found` hears of each file: 100,000 on a busy disk take a minute. `budget` is what all archives have together.
    """
    found, given = list[Item | LeftOut](), set(paths)
    for path in (each for each in paths if _owner(each) not in given):  # it is read with its file
        is_folder = os.path.isdir(path)  # noqa: PTH112  (Path.is_dir raises in a closed folder)
        inside: list[Item | LeftOut] = []
        for each in _folder(path, budget) if is_folder else _file(path, path.name, budget, chosen=chosen):
            inside.append(each)
            on_found()
        nobody_s = inside == [LeftOut(path.name, _SYSTEM_S_OWN)]
        if chosen and not nobody_s and not any(isinstance(each, Item) for each in inside):
            name = path.name or str(path)  # an empty archive is told once
            inside = [*(each for each in inside if each.name != name), _refused(name, NO_PICTURE)]
        found += inside
    found = _in_letters(found)
    items = [each for each in found if isinstance(each, Item)]
    names = apart([each.name for each in items])
    return Survey(
        tuple(replace(each, name=name) for each, name in zip(items, names, strict=True)),
        tuple(each for each in found if isinstance(each, LeftOut)),
    )


def _in_letters(found: Sequence[Item | LeftOut]) -> list[Item | LeftOut]:
    """Names on disk that are no UTF-8 (an archive of Shift JIS, unpacked) decoded as those in an archive are."""
    odd = [number for number, each in enumerate(found) if not _is_text(each.name)]
    names = dict(zip(odd, readable([os.fsencode(found[number].name) for number in odd]), strict=True))
    return [replace(each, name=names.get(number, each.name)) for number, each in enumerate(found)]


def _is_text(name: str) -> bool:
    """Whether a name has no half of a letter in it, by which Python keeps bytes that it cannot decode."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


# -- what becomes of a file


@dataclass(frozen=True, slots=True)
class _Given:
    """One file, wherever it lies."""

    name: str
    found: Format | None
    head: bytes
    load: Load
    trouble: str = ""  # why it cannot be read
    unseen: bool = False  # nothing tells what is in it
    hidden: bool = False
    beside: Load | None = None
    has_sidecar: bool = False
    stamp: str = ""
    xmp: Load | None = None


def _judged(given: _Given, *, chosen: bool = False) -> Item | LeftOut:
    """Whether a file is looked at, is told that it cannot be, or is left out."""
    if _is_a_system_s_own(given):
        return LeftOut(given.name, _SYSTEM_S_OWN)
    wanted = chosen or given.has_sidecar or given.unseen or _is_wanted(given.found)
    if given.trouble:
        return _refused(given.name, given.trouble) if wanted else LeftOut(given.name, given.trouble)
    if given.hidden and wanted:
        return _refused(given.name, "it is hidden, and hidden files are not looked at")
    if given.hidden:
        return LeftOut(given.name, "a hidden file, and no picture")
    if wanted or _holds_credentials(given):
        return Item(given.name, given.load, given.beside, given.stamp, given.xmp)
    return LeftOut(given.name, _why_not(given))


def _is_a_system_s_own(given: _Given) -> bool:
    """Whether it is nobody's delivery, whoever chose it."""
    named = PurePosixPath(given.name).name.lower() in _KEPT_BY_SYSTEMS
    return given.head.startswith(_APPLE_DOUBLE) or (named and not _is_wanted(given.found))


def _is_wanted(found: Format | None) -> bool:
    """Whether a file of this kind is a picture or may hold one: a page of a PDF does."""
    return found is not None and (
        found.kind in (FileKind.PICTURE, FileKind.FILM, FileKind.ARCHIVE)
        or found.media_type == "application/pdf"
    )


def _holds_credentials(given: _Given) -> bool:
    """Whether a sound or a document seems to have Content Credentials in it."""
    if given.found is None or given.found.credentials is Credentials.BESIDE:
        return False
    try:
        data = given.load(_SEARCHED)
        if isinstance(data, Path):
            with data.open("rb") as file:
                data = file.read(_SEARCHED + 1)
            if len(data) > _SEARCHED:
                return True
    except (PictureError, OSError):
        return True  # too large to search, or broken: told as an item
    return _CREDENTIALS_MARK in data


def _why_not(given: _Given) -> str:
    if given.name.endswith(SIDECAR):
        return "credentials, and the one file that they belong to is not here"
    if given.name.endswith(XMP):
        return "unsigned text of a picture (XMP), and the one picture that it belongs to is not here"
    if given.found is None:
        return "not a picture"
    what = f"a {given.found.kind.value} ({given.found.name})"
    searched = given.found.credentials is not Credentials.BESIDE
    return f"{what}, and no credentials in it" if searched else f"{what}, and no picture"


def _refused(name: str, trouble: str) -> Item:
    """An item that says why it cannot be looked at."""
    return Item(name, partial(_refuse, trouble))


def _refuse(trouble: str, _limit: int) -> Path:
    raise PictureError(trouble)


# -- on disk


def _folder(folder: Path, budget: Budget | None) -> Iterator[Item | LeftOut]:
    closed: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=closed.append):
        for name in sorted(folders):
            yield from _closed_folder(Path(here) / name, _below(folder, Path(here) / name))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(here) / name
            yield from _file(path, _below(folder, path), budget, chosen=False)
    for error in closed:
        name = os.path.relpath(error.filename, folder.parent)
        yield _refused(name, f"the folder could not be read: {why(error)}")


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder.parent).as_posix()


def _closed_folder(path: Path, name: str) -> Iterator[Item | LeftOut]:
    """What is said of a folder that is not looked into."""
    if path.is_symlink():
        yield _refused(name, "it is a link to a folder, and links are not followed")
    elif path.name.startswith("."):
        files = [each for _, _, names in os.walk(path) for each in names]
        wanted = sum(_is_wanted(of_name(each)) for each in files)
        if wanted:
            what = "a picture" if wanted == 1 else f"{wanted:,} pictures"
            yield _refused(name, f"it is a hidden folder with {what} in it, and was not looked into")
        else:
            yield LeftOut(name, "a hidden folder, and no picture in it by their names")


def _file(path: Path, name: str, budget: Budget | None, *, chosen: bool) -> Iterator[Item | LeftOut]:
    if not chosen and _owner(path) is not None:
        return
    head, trouble = _head(path, chosen=chosen)
    found = of(path.name, head)
    unpacks_itself = chosen or head.startswith(_PROGRAM)
    if unpacks_itself and found is None and not trouble and zipfile.is_zipfile(path):
        found = of_media_type("application/zip")
    hidden = not chosen and path.name.startswith(".")
    if found is not None and found.kind is FileKind.ARCHIVE and not trouble and not hidden:
        if is_there(place_beside(path)):
            # The archive as a file, with its own credentials.
            yield Item(name, partial(_path, path), stamp=_stamp(path))
        yield from _archive(path, name, found, budget or Budget())
        return
    yield _judged(
        _Given(
            name,
            found,
            head,
            partial(_path, path),
            trouble,
            unseen=bool(trouble) and not path.suffix,
            hidden=hidden,
            has_sidecar=is_there(place_beside(path)),
            stamp=_stamp(path),
        ),
        chosen=chosen,
    )


def _owner(path: Path) -> Path | None:
    """The file that is read with this one, which lies beside it: credentials, or XMP of a picture."""
    if path.suffix == SIDECAR:
        return owner_of(path)
    picture = picture_of(path) if path.suffix in XMP else None
    return picture if picture is not None and _is_wanted(of_name(picture.name)) else None


def _head(path: Path, *, chosen: bool) -> tuple[bytes, str]:
    """The first bytes of a file, and why they cannot be had. A link is followed where somebody chose it."""
    try:
        mode = path.stat().st_mode if chosen else path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return b"", LINK
        if not stat.S_ISREG(mode):
            return b"", "it is no plain file"  # a pipe or a device could keep us waiting for ever
        with path.open("rb") as file:
            return file.read(HEAD), ""
    except OSError as error:
        return b"", f"it could not be read: {why(error)}"


def _path(path: Path, _limit: int) -> Path:
    return path


def _stamp(path: Path) -> str:
    """The file by path, size and times, with its credentials where they lie beside it."""
    beside = {place_beside(path), path.with_suffix(SIDECAR), place_of_xmp(path) or path}
    try:
        if path.is_symlink():
            return ""  # it is not looked at; and a link to itself cannot be followed
        files = [path.resolve(), *sorted(each for each in beside - {path} if is_there(each))]
        told = [(str(each), each.stat()) for each in files]
    except OSError:
        return ""
    # The date of a file can be set to any; when it was last touched at all, cannot.
    return json.dumps([(name, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for name, at in told])


# -- in an archive


def _archive(path: Path, name: str, found: Format, budget: Budget) -> Iterator[Item | LeftOut]:
    stamp = _stamp(path)  # before it is opened: what takes its place later has another
    try:
        listing = list_archive(path, found, budget)
    except PictureError as error:
        yield _refused(name, str(error))
        return
    if listing is None:
        yield _refused(name, _not_opened(found))
        return
    sidecars = _beside(listing.members, _SIDECAR_KEYS)
    named = {each.key: of_name(each.plain_name) for each in listing.members}
    notes = {key: each for key, each in _beside(listing.members, _XMP_KEYS).items() if _is_wanted(named[key])}
    read_with_a_file = {each.key for each in (*sidecars.values(), *notes.values())}
    for number, member in enumerate(listing.members):
        if member.key not in read_with_a_file:
            given = _member(name, member, sidecars.get(member.key))
            xmp = notes[member.key].read if member.key in notes else None
            yield _judged(replace(given, stamp=f"{stamp} {number}" if stamp else "", xmp=xmp))
    if listing.missing:
        yield _refused(name, listing.missing)
    elif not listing.members:
        yield LeftOut(name, "an empty archive")


def _not_opened(found: Format) -> str:
    if unpacker_of(found.name) is not None:
        return f"what it packs ({found.name}) is no tar archive; unpack it first"
    return f"{found.name} archives are not opened here; unpack it first"


_SIDECAR_KEYS = (SIDECAR.encode(),)
_XMP_KEYS = tuple(each.encode() for each in XMP)


def _beside(members: Sequence[Member], endings: tuple[bytes, ...]) -> dict[bytes, Member]:
    """By file, what lies beside it: `a.png.c2pa`, or `a.c2pa` where only one file can be meant."""
    files = {each.key for each in members if not each.key.endswith(_SIDECAR_KEYS + _XMP_KEYS)}
    by_stem: dict[bytes, set[bytes]] = {}
    for key in files:
        by_stem.setdefault(_stem(key), set()).add(key)
    stores = {
        each.key[: -len(endings[0])]: each
        for each in members
        if each.key.endswith(endings) and not each.trouble
    }
    found = {whole: store for whole, store in stores.items() if whole in files}
    for stem, store in stores.items():
        meant = by_stem.get(stem, set()) - found.keys()
        if stem not in files and len(by_stem.get(stem, ())) == len(meant) == 1:
            found[next(iter(meant))] = store
    return found


def _stem(key: bytes) -> bytes:
    """A member's name without its ending; one ending at most, as on disk."""
    folder, slash, base = key.rpartition(b"/")
    stem, dot, _ = base.rpartition(b".")
    return folder + slash + (stem if dot and stem else base)


def _member(archive: str, member: Member, sidecar: Member | None) -> _Given:
    found = of(member.plain_name, member.head)
    trouble = member.trouble
    if not trouble and found is not None and found.kind is FileKind.ARCHIVE:
        trouble = "an archive within an archive is not opened; unpack it first"
    return _Given(
        f"{archive}/{member.name}",
        found,
        member.head,
        member.read,
        trouble,
        unseen=bool(member.trouble),
        hidden=is_hidden(member.plain_name),
        beside=None if sidecar is None else sidecar.read,
        has_sidecar=sidecar is not None,
    )
