"""The files of a model as digests: hashed side by side, remembered, checked again before each picture.

A model's digest is the SHA-256 of what `sha256sum` prints for its files in byte order of their paths, so
that anyone can compute it (for a folder that holds nothing else):

    find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum

>>> digest_of({"unet/w.safetensors": "00" * 32, "model_index.json": "11" * 32})[:16]
'afb9b67ee1664085'
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.errors import ModelChanged, ModelMissing, UnsafeModel
from provenance.errors import why

# Changed this recently, a file could change again within one tick of its clock and look the same.
SETTLED_NS = 2_000_000_000
HEADER_LIMIT = 100_000_000  # bytes; the limit of the safetensors library itself


@dataclass(frozen=True, slots=True)
class Seal:
    """A file's SHA-256 (hex) and by what its being untouched is known: size, mtime, ctime (ns) and inode."""

    sha256: str
    stamp: tuple[int, int, int, int]


def digest_of(files: Mapping[str, str]) -> str:
    """The model's digest (hex) from its files' paths and digests, in whatever order they come."""
    lines = (f"{files[path]}  {path}\n" for path in sorted(files, key=str.encode))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def seal(files: Mapping[str, Path], memory: Path | None = None) -> dict[str, Seal]:
    """Each file's Seal, by the same names. `memory` is a JSON file of seals known from earlier runs.

    A file is read again when its size, times or inode differ from the remembered ones. A memory that is
    damaged or cannot be written costs time, never an error.
    """
    known = _recall(memory)
    found: dict[str, Seal] = {}
    unknown: dict[str, Path] = {}
    for name, path in files.items():
        remembered = known.get(str(path.absolute()))
        if remembered is not None and remembered.stamp == _stamp(path):
            found[name] = remembered
        else:
            unknown[name] = path
    if unknown:
        # hashlib releases the GIL: threads are enough to read with all cores.
        with ThreadPoolExecutor(max_workers=min(len(unknown), os.cpu_count() or 1)) as pool:
            found |= zip(unknown, pool.map(_hash, unknown.values()), strict=True)
        settled = time.time_ns() - SETTLED_NS
        fresh = {
            str(files[name].absolute()): found[name] for name in unknown if found[name].stamp[1] < settled
        }
        _remember(memory, known | fresh)
    return {name: found[name] for name in files}


def check_untouched(files: Mapping[str, Path], seals: Mapping[str, Seal]) -> None:
    """ModelChanged names the first file whose bytes are not those of its seal; a new date is no change."""
    for name, sealed in seals.items():
        if _stamp(files[name]) != sealed.stamp and _hash(files[name]).sha256 != sealed.sha256:
            raise ModelChanged(
                f"{name} was changed since the model was read; start again to paint with the new file, "
                "or put the old one back"
            )


def check_safetensors(path: Path) -> None:
    """Refuses what only calls itself safetensors: a pickle, a file that is cut short, or one with a damaged head."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
            size = os.fstat(file.fileno()).st_size
            length = int.from_bytes(start[:8], "little")
            head = start[8:] + file.read(min(length, HEADER_LIMIT) - 1) if length else b""
    except OSError as error:
        raise ModelMissing(f"{path.name} could not be read: {why(error)}") from error
    if start[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        raise UnsafeModel(
            f"{path.name} is a pickle under another name; opening one can run any code. "
            "Get the model's safetensors files"
        )
    if len(start) < 9 or length > min(size - 8, HEADER_LIMIT) or _end(head) != size - 8 - length:
        raise ModelChanged(f"{path.name} is no whole safetensors file (damaged or cut short); get it again")


def head_of(path: Path) -> dict[str, Any]:
    """The head of a safetensors file: its tensors by name, and `__metadata__`; {} where it cannot be read."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        head = file.read(min(length, HEADER_LIMIT))
    try:
        said = json.loads(head)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _end(head: bytes) -> int | None:
    """Where the last tensor ends behind the head, in bytes; None where the head cannot be read."""
    try:
        said = json.loads(head)
        named = {name: each for name, each in said.items() if name != "__metadata__"}
        return max((int(each["data_offsets"][1]) for each in named.values()), default=0)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _stamp(path: Path) -> tuple[int, int, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise ModelMissing(f"the model's file {path.name} is not there any more: {why(error)}") from error
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _hash(path: Path) -> Seal:
    before = _stamp(path)
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"the model's file {path.name} could not be read: {why(error)}") from error
    if _stamp(path) != before:
        raise ModelChanged(
            f"{path.name} was changed while it was read; wait until it is written, then try again"
        )
    return Seal(sha256, before)


def _recall(memory: Path | None) -> dict[str, Seal]:
    if memory is None:
        return {}
    try:
        rows = json.loads(memory.read_bytes())
        return {str(path): Seal(str(row[0]), tuple(map(int, row[1]))) for path, row in rows.items()}  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _remember(memory: Path | None, seals: Mapping[str, Seal]) -> None:
    if memory is None:
        return
    text = json.dumps({path: [seal.sha256, seal.stamp] for path, seal in sorted(seals.items())}, indent=0)
    with suppress(OSError):  # hashed again next time
        memory.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=memory.parent, prefix=memory.name)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(text)
            Path(name).replace(memory)
        finally:
            Path(name).unlink(missing_ok=True)
