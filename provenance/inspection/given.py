"""A file as it was given: its bytes, what lies beside it, and why what lies there could not be read."""

from dataclasses import dataclass
from pathlib import Path

from provenance.errors import PictureError, Remedy, Way
from provenance.media.picture import read_file
from provenance.media.sidecar import read_beside
from provenance.media.xmp_beside import noted_beside
from provenance.settings import Limits
from provenance.statement.canonical import Contents

USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Given:
    """`beside`: its credentials in a file of their own; `xmp`: what a program wrote of it, the same way."""

    name: str
    contents: Contents
    beside: bytes | None = None
    xmp: bytes | None = None
    closed: str = ""  # why its credentials, which are there, could not be read
    unread: str = ""  # the same of the XMP


def read(
    source: Path | bytes,
    *,
    name: str | None = None,
    beside: bytes | None = None,
    xmp: bytes | None = None,
    limits: Limits = USUAL,
) -> Given:
    """The file, read. PictureError where its bytes cannot be had: missing, a folder, too large.

    Of a path, the `.c2pa` and the `.xmp` next to it are read, unless they are handed over.
    """
    closed = unread = ""
    if isinstance(source, Path):
        if beside is None:
            beside, closed = read_beside(source)
        if xmp is None:
            xmp, unread = noted_beside(source)
    data = source if isinstance(source, bytes) else read_file(source, limits.size)
    if len(data) > limits.size:
        raise PictureError(
            f"the picture has more than the {limits.size:,} bytes let in", remedies=(Remedy(Way.ALLOW_BYTES),)
        )
    shown = name or ("the picture" if isinstance(source, bytes) else source.name)
    return Given(shown, Contents(data), beside, xmp, closed, unread)
