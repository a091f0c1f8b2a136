"""Credentials in a file of their own, beside a file that can hold none: `scene.psd` and `scene.psd.c2pa`.

The file itself stays byte for byte as it is. To pass it on, pass on both; the ledger knows it by its digest
either way.
"""

import os
from pathlib import Path
from typing import NamedTuple

from provenance.errors import why
from provenance.media.formats import OPAQUE, WRITTEN, of_name

ENDING = ".c2pa"
LIMIT = 64 * 1024 * 1024  # bytes; a step of ours takes 9 kB
FACT = "sidecar"  # in the facts of a released entry: the digest of the credentials that lie beside the file


def holds_credentials(path: Path) -> bool:
    """Whether a file of this name takes credentials inside; else they go beside it."""
    return path.suffix.lower() in WRITTEN


def goes_beside(media_type: str) -> bool:
    """Whether credentials of this kind of file go beside it."""
    return media_type not in WRITTEN.values()


def kind_of(path: Path) -> str:
    """The media type by which credentials beside a file are bound to it."""
    found = of_name(path.name)
    return OPAQUE if found is None else found.signed_as


def place_beside(path: Path) -> Path:
    """Where the credentials of a file lie that holds none."""
    return path.with_name(path.name + ENDING)


def other_ending(path: Path, ending: str) -> str:
    """The path with another ending. As text: a delivery asks for six such names beside each of its files."""
    whole = str(path)
    at = whole.rfind(".")
    # As Path.suffix has it: no ending begins or ends a name.
    has_one = whole.rfind(os.sep) + 1 < at < len(whole) - 1
    return (whole[:at] if has_one else whole) + ending


def is_there(path: Path | str) -> bool:
    """Whether there is a file of this name. A name that is too long with our ending behind it is none."""
    return os.path.isfile(path)  # noqa: PTH113  (Path.is_file raises for it)


def owner_of(sidecar: Path) -> Path | None:
    """The file that is read with a `.c2pa`: `a.png` with `a.png.c2pa`, or with `a.c2pa` where only it can be meant."""
    whole = sidecar.with_suffix("")
    if is_there(whole):
        return whole
    same = [each for each in _named(sidecar) if each != sidecar]
    return same[0] if len(same) == 1 and not is_there(place_beside(same[0])) else None


def _named(path: Path) -> list[Path]:
    """What has the same name but for its ending; what a program wrote into an .xmp speaks of one of these."""
    return [
        each for each in path.parent.iterdir() if each.stem == path.stem and each.suffix.lower() != ".xmp"
    ]


class Sidecar(NamedTuple):
    """The credentials next to a file; else why they are not read, as a clause, "" where there are none."""

    data: bytes | None
    unread: str = ""


def sidecar_of(path: Path) -> bytes | None:
    """The manifest store in a `.c2pa` file next to a file; None where there is none that can be read."""
    return read_beside(path).data


def read_beside(path: Path) -> Sidecar:
    """The same, with the reason."""
    found = _place_of(path)
    if found is None:
        return Sidecar(None)
    try:
        if found.stat().st_size > LIMIT:
            return Sidecar(None, f"the credentials beside it are larger than {LIMIT:,} bytes")
        return Sidecar(found.read_bytes() or None)
    except OSError as error:
        return Sidecar(None, f"the credentials beside it could not be opened ({why(error)})")


def _place_of(path: Path) -> Path | None:
    if is_there(f"{path}{ENDING}"):
        return place_beside(path)
    try:
        # `a.c2pa` may belong to a.png or to a.psd: it counts where there is only one.
        short = other_ending(path, ENDING)
        alone = short != str(path) and is_there(short) and len(_named(path)) == 2
        return Path(short) if alone else None
    except OSError:
        return None
