"""A file written whole or not at all, for what is not a signed picture: graphs, reports, proofs."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from provenance.errors import OutputError


def save(path: Path, data: bytes) -> None:
    """The bytes at `path`, by way of a temporary file beside it."""
    try:
        handle, name = tempfile.mkstemp(prefix=".genzu-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror}") from error


def save_new(path: Path, text: str) -> None:
    """A new file; one that is there is never replaced: an old checkpoint or receipt may be the only proof."""
    write_new(path, [text.encode()])


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """A new file, or none: what could not be written to its end is taken away again."""
    try:
        with path.open("xb") as file:
            try:
                file.writelines(pieces)
                file.flush()
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise OutputError(
            f"{path} exists already; it may be the only proof of something. Give another name"
        ) from None
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Makes what was linked, moved or removed in the folder durable. OSError where it cannot."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
