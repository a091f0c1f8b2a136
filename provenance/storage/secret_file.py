"""A file that only its owner reads, put in place whole and durably or not at all: keys lie in such files."""

import os
import tempfile
from pathlib import Path

from provenance.storage.saving import sync_folder


def put_secret(path: Path, data: bytes) -> None:
    """Makes the file; one that is there stays, also where another process was faster. OSError where it cannot."""
    staged = _staged(path, data)
    try:
        os.link(staged, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_secret(path: Path, data: bytes) -> None:
    """Makes the file, or puts it in place of the one that is there. OSError where it cannot."""
    _staged(path, data).replace(path)
    sync_folder(path.parent)


def _staged(path: Path, data: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
