"""What lies in a zip or tar archive, one member after another, read into memory and never unpacked to disk.

No name in an archive is ever a path on this machine, and no size in it is believed: what counts is what comes out.
Members are told apart by where they lie, so that equal names and unreadable names lose nothing.

    zip    stored or deflated; the other methods can ask for gigabytes of memory before their first byte
    tar    plain, or packed by gzip, bzip2 or xz: read forward, once for the list and once for the pictures
"""

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from provenance.audit.archive_names import apart, readable, unicode_path
from provenance.audit.tar_stream import TarStream, Unpacker, unpacker_of
from provenance.errors import PictureError
from provenance.media.formats import HEAD, Format

MAX_MEMBERS = 50_000  # of one archive
MAX_UNPACKED = 4 * 1024**3  # bytes of one archive, over all its members
# What many archives have together where they share a budget: each holds a file open, and a tar is read more than once.
MAX_TOGETHER = 50
PASSES = 4
_PIECE = 1024 * 1024
_BLOCK = 512  # of a tar
_DAMAGED = "it could not be unpacked: the archive is damaged there; have it packed and sent again"


class Read(Protocol):
    """Gives a member's bytes; PictureError where it cannot, or where there are more than `limit`."""

    def __call__(self, limit: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive. `trouble` says why it cannot be read."""

    name: str  # for people; no two of an archive are alike
    plain_name: str  # for people; others may have the same
    key: bytes  # the name as the archive has it
    head: bytes
    read: Read
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of an archive, in its order. `missing` says why there may be more than these."""

    members: tuple[Member, ...]
    missing: str = ""


class Budget:
    """What may still be taken out of one archive; or, `shared`, out of all that a stranger gave together."""

    def __init__(self, *, shared: bool = False) -> None:
        self._what = "the archives given together unpack" if shared else "the archive unpacks"
        self.enough = f"more than {MAX_MEMBERS:,}{' in the archives given together' if shared else ''}"
        self._archives = MAX_TOGETHER if shared else 1
        self._passed = PASSES * MAX_UNPACKED if shared else None
        self.left = MAX_UNPACKED
        self.members = MAX_MEMBERS

    def open(self) -> None:
        """Counts one more archive; PictureError where there were enough."""
        if self._archives <= 0:
            raise PictureError(
                f"it was not opened: more than {MAX_TOGETHER} archives were given together; give fewer at once"
            )
        self._archives -= 1

    def passed(self, size: int) -> None:
        """Counts what a tar unpacks on the way to its members, again and again; only where the budget is shared."""
        if self._passed is not None:
            self._passed -= size
            if self._passed < 0:
                raise PictureError(
                    "it was not read: the archives given together unpack to too many bytes; give fewer at once"
                )

    def take(self, open_member: Callable[[], IO[bytes]], limit: int) -> bytes:
        """A member's bytes; PictureError where it has more than `limit`, or nothing is left."""
        if self.left <= 0:
            raise self._too_much()
        try:
            with open_member() as file:
                data = _first_bytes(file, min(limit, self.left) + 1)
        except PictureError:
            raise
        # Broken archives raise a dozen kinds of errors, struct.error among them.
        except Exception as error:
            raise PictureError(_DAMAGED) from error
        self.left -= len(data)
        if len(data) > limit:
            raise PictureError(f"it unpacks to more than the {limit:,} bytes let in")
        if self.left < 0:  # a part of it would be taken for a broken picture
            raise self._too_much()
        return data

    def _too_much(self) -> PictureError:
        return PictureError(f"it was not read: {self._what} to more than {MAX_UNPACKED:,} bytes")


def list_archive(path: Path, found: Format, budget: Budget) -> Listing | None:
    """The members of a zip or tar archive; None where it is an archive of another kind. PictureError if damaged."""
    if found.name == "zip":
        budget.open()
        return _list_zip(path, budget)
    unpacker = unpacker_of(found.name)
    if unpacker is None:
        return None
    budget.open()
    return _list_tar(path, unpacker, budget)


def _first_bytes(file: IO[bytes], most: int) -> bytes:
    """What comes out, up to `most` bytes: the size in a directory or header may lie."""
    pieces: list[bytes] = []
    while most > 0 and (piece := file.read(min(most, _PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _listing(members: Sequence[Member], names: Sequence[str], missing: str = "") -> Listing:
    named = [
        replace(member, name=name, plain_name=plain)
        for member, name, plain in zip(members, apart(names), names, strict=True)
    ]
    return Listing(tuple(named), missing)


# -- zip


def _list_zip(path: Path, budget: Budget) -> Listing:
    try:
        # Closed when the last member is forgotten: they are read one after another.
        archive = zipfile.ZipFile(path)
    except Exception as error:
        raise PictureError("the archive could not be opened: it is damaged, or no zip") from error
    files = [each for each in archive.infolist() if not _raw_name(each).endswith(b"/")]
    looked_at = files[: budget.members]
    budget.members -= len(looked_at)
    members = [_zip_member(archive, each, budget) for each in looked_at]
    more = len(files) - len(looked_at)
    missing = f"{more:,} of its files were not looked at: {budget.enough}" if more > 0 else ""
    return _listing(members, _zip_names(looked_at), missing)


def _raw_name(member: zipfile.ZipInfo) -> bytes:
    """The name's own bytes: `filename` was already cut, turned and decoded by the library."""
    encoding = "utf-8" if member.flag_bits & 0x800 else "cp437"
    return member.orig_filename.encode(encoding, "surrogateescape")


def _zip_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """By the flag for UTF-8, by the Unicode field, else by what decodes."""
    stated: dict[int, str] = {}
    for number, member in enumerate(members):
        field = unicode_path(member.extra, _raw_name(member))
        if field is not None:
            stated[number] = field
        elif member.flag_bits & 0x800:
            stated[number] = member.orig_filename
    others = [number for number in range(len(members)) if number not in stated]
    guessed = readable([_raw_name(members[number]) for number in others])
    stated |= dict(zip(others, guessed, strict=True))
    return [stated[number] for number in range(len(members))]


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Member:
    open_member = partial(archive.open, member)
    read = partial(budget.take, open_member)
    key, trouble = _raw_name(member), _zip_trouble(member)
    if trouble:
        return Member("", "", key, b"", read, trouble)
    try:
        with open_member() as file:
            return Member("", "", key, file.read(HEAD), read)
    except Exception:  # noqa: BLE001 - as above
        return Member("", "", key, b"", read, _DAMAGED)


def _zip_trouble(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & 1:
        return "it is encrypted"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, and links are not followed"
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return f"its compression (method {member.compress_type}) is not opened here"
    return ""


# -- tar


def _list_tar(path: Path, unpacker: Callable[[], Unpacker], budget: Budget) -> Listing | None:
    """None where what is packed is no tar, but one file by itself."""
    stream = TarStream(path, unpacker, MAX_UNPACKED, budget.passed)
    try:
        tar = tarfile.open(fileobj=stream, mode="r:", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    except tarfile.ReadError:
        return None
    except PictureError:
        raise
    except Exception as error:
        raise PictureError("the archive could not be opened: it is damaged") from error
    members: list[Member] = []
    try:
        for info in _infos(tar):
            if not info.isdir() and budget.members <= 0:
                first = f"only its first {len(members):,} files were looked at"
                words = first if members else f"none of its files was looked at: {budget.enough}"
                return _listing(members, _tar_names(members), words)
            if not info.isdir():
                budget.members -= 1
                members.append(_tar_member(tar, info, budget))
        missing = _behind(tar, stream)
    except PictureError as error:
        missing = str(error)
    except Exception:  # noqa: BLE001 - as above
        missing = "it is damaged or cut off"
    return _listing(members, _tar_names(members), missing and f"there may be more in it: {missing}")


def _infos(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (info := tar.next()) is not None:
        yield info


def _tar_names(members: Sequence[Member]) -> list[str]:
    return readable([member.key for member in members])


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo, budget: Budget) -> Member:
    key = info.name.encode("utf-8", "surrogateescape")
    read = partial(budget.take, partial(_open_tar_member, tar, info))
    if info.issym() or info.islnk():
        return Member("", "", key, b"", read, "it is a link, and links are not followed")
    if not info.isreg() or info.issparse():
        return Member("", "", key, b"", read, "it is no plain file")
    with _open_tar_member(tar, info) as file:
        return Member("", "", key, file.read(HEAD), read)


def _open_tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(info)
    if file is None:
        raise PictureError("it is no plain file")
    return file


def _behind(tar: tarfile.TarFile, stream: TarStream) -> str:
    """What lies behind the last member: nothing but zeros where the archive is whole.

    The library ends in silence at a header that it cannot read.
    """
    stream.seek(tar.offset)
    block = stream.read(_BLOCK)
    if len(block) < _BLOCK:
        return "its end mark is missing, so it may be cut off"
    if block.strip(b"\0"):
        return f"what follows its member {len(tar.getmembers()):,} could not be read"
    while piece := stream.read(_PIECE):
        if piece.strip(b"\0"):
            return "something follows behind its end mark"
    return ""
