"""What a program wrote of a picture into a file beside it: XMP in a file of its own.

    c001.png.xmp    darktable, digiKam and others: the whole name, and .xmp
    c001.xmp        Adobe's programs: .xmp in the place of the ending; it counts where one file alone has that name

It is unsigned, as the text in a picture is, and it is left behind as easily.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from provenance.errors import why
from provenance.media.sidecar import ENDING as CREDENTIALS
from provenance.media.sidecar import is_there, other_ending

ENDINGS = (".xmp", ".XMP")
LIMIT = 16 * 1024 * 1024  # bytes


class Noted(NamedTuple):
    """The packet in the file beside a picture; else why it is not read, as a clause, "" where there is no such file."""

    packet: bytes | None
    unread: str = ""


def xmp_beside(path: Path) -> bytes | None:
    """The packet in the file beside this one; None where there is none, or none that can be read."""
    return noted_beside(path).packet


def noted_beside(path: Path) -> Noted:
    """The same, with the reason."""
    found = place_of_xmp(path)
    if found is None:
        return Noted(None)
    try:
        if found.stat().st_size > LIMIT:
            return Noted(None, f"the XMP file beside it is larger than {LIMIT:,} bytes")
        return Noted(found.read_bytes() or None)
    except OSError as error:
        return Noted(None, f"the XMP file beside it could not be opened ({why(error)})")


def place_of_xmp(path: Path) -> Path | None:
    """Where the file lies that speaks of this one; None where there is none."""
    for ending in ENDINGS:
        if is_there(f"{path}{ending}"):
            return path.with_name(path.name + ending)
    for ending in ENDINGS:
        short = other_ending(path, ending)
        if short != str(path) and is_there(short):
            return Path(short) if _alone(path) == path.name else None
    return None


def picture_of(xmp: Path) -> Path | None:
    """The file that an .xmp speaks of, as `place_of_xmp` finds it; None where it is not there."""
    whole = xmp.with_suffix("")
    if is_there(whole):
        return whole
    name = _alone(xmp)
    owner = xmp.with_name(name) if name else None
    return owner if owner is not None and place_of_xmp(owner) == xmp else None


def _alone(path: Path) -> str:
    """The one file of this name, whatever its ending; "" where there are several, or none."""
    try:
        changed = path.parent.stat().st_mtime_ns
        return _names(str(path.parent), changed).get(path.stem, "")
    except OSError:
        return ""


@lru_cache(maxsize=4)
def _names(folder: str, _changed: int) -> dict[str, str]:
    """By name without its ending, the one file that has it; "" where several do."""
    found: dict[str, str] = {}
    for name in os.listdir(folder):  # noqa: PTH208  (no paths are made of 100,000 names)
        stem, ending = os.path.splitext(name)  # noqa: PTH122
        if ending != CREDENTIALS and ending not in ENDINGS:
            found[stem] = "" if stem in found else name
    return found
