"""A file written whole or not at all, for what is not a signed picture: graphs and reports."""

import os
import tempfile
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
