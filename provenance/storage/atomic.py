"""A file written whole or not at all: to a temporary file beside it, then put in its place.

put_secret, replace_secret   0600, durable: keys
replace                      durable: what is written anew from its start, such as a backup's texts
save, saving                 0644: graphs, reports, pages
save_new, write_new          never in place of a file that is there: it may be the only proof of something
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from provenance.errors import OutputError


def staged(folder: Path, pieces: Iterable[bytes], prefix: str = ".genzu-") -> Path:
    """A temporary file in the folder, 0600, that holds these bytes and would survive a power cut. OSError if not."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Puts a file of these bytes in place of whatever is there, durably. OSError where it cannot."""
    part = staged(path.parent, pieces)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def put_secret(path: Path, data: bytes) -> None:
    """Makes a file that only its owner reads; one that is there stays, also where another process was faster.

    OSError where it cannot.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = staged(path.parent, [data])
    try:
        move_new(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def move_new(part: Path, path: Path) -> None:
    """Gives the file a name that nobody has, also if somebody takes it just now; FileExistsError where somebody has it.

    It may keep its old name besides.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name is taken first, and what takes it then replaced.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            part.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def replace_secret(path: Path, data: bytes) -> None:
    """Makes a file that only its owner reads, or puts it in place of the one that is there. OSError where it cannot."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(path, [data])


def save(path: Path, data: bytes) -> None:
    """The bytes at `path`, for everybody to read."""
    with saving(path) as part:
        part.write_bytes(data)


@contextmanager
def saving(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to be filled in the block: then it is at `path`, for everybody to read.

    OutputError where that fails; after it, and after any other error, `path` is as it was.
    """
    try:
        part = staged(path.parent, [])
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be written") from error


def save_new(path: Path, text: str) -> None:
    """A new file; one that is there is never replaced: an old checkpoint or receipt may be the only proof."""
    write_new(path, [text.encode()])


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """A new file, there whole or not at all."""
    try:
        if path.exists():
            raise FileExistsError
        part = staged(path.parent, pieces)
        try:
            part.chmod(0o644)
            move_new(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise OutputError(
            f"{path} exists already; it may be the only proof of something. Give another name"
        ) from None
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be written") from error


def sync_folder(folder: Path) -> None:
    """Makes what was linked, moved or removed in the folder durable. OSError where it cannot."""
    if os.name == "nt":
        return  # Windows opens no folder; its file system keeps a log of moves itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
