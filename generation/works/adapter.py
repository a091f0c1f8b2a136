"""A work beside a model: a LoRA, a ControlNet, an IP-Adapter and the like, known by its files' SHA-256.

Each has its own author. Who made it and under which licence is read from a card beside it (`style.json` for
`style.safetensors`, `model.json` in a folder), else from the file's own header (ModelSpec), else it is "unknown":

    {"name": "Ink wash", "author": "Mori Aoi", "license": "CC BY 4.0", "training_statement": "her own drawings"}

Here those of one file are found, a LoRA and a textual inversion; controls.py, styles.py and depth_model.py find the
others.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from generation.errors import ModelError, ModelMissing, UnsafeModel
from generation.files.misfit import misfit
from generation.files.weights import Seal, check_safetensors, check_untouched, digest_of, head_of, seal
from generation.works.weight import Weight
from provenance.errors import why

UNKNOWN = "unknown"
TEXT_LIMIT = 300  # characters of a name or a licence
CARD_LIMIT = 1_000_000  # bytes
SCALES = (-4.0, 4.0)  # of a LoRA; below 0 it is taken away
A_LOCAL_FILE, UNPINNED = "a local file", "unpinned"
# What the libraries raise on a file that was made for another model.
_ODD = (AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
# A word that a tokenizer takes as one, and a command line too.
_WORD = re.compile(r"[\w<>.-]{1,60}")


class WorkKind(StrEnum):
    """What a work beside a model is."""

    LORA = "LoRA"
    CONTROL = "ControlNet"
    STYLE = "IP-Adapter"
    WORD = "textual inversion"
    DEPTH = "depth estimator"


@dataclass(frozen=True, slots=True)
class Adapter:
    """One work at one strength, acting from `start` to `end` of the steps. `scale` 1 is as it was trained.

    `key` is what settings call it by: a ControlNet's kind ("lineart"), a textual inversion's word, "style", or the
    name of a LoRA's file. `path` is what is loaded, `paths` every file of it.
    """

    name: str
    path: Path
    paths: Mapping[str, Path]
    seals: Mapping[str, Seal]
    scale: float = 1.0
    author: str = ""
    license: str = UNKNOWN
    training: str = UNKNOWN
    kind: WorkKind = WorkKind.LORA
    key: str = ""
    start: float = 0.0
    end: float = 1.0
    source: str = A_LOCAL_FILE
    revision: str = UNPINNED

    @property
    def files(self) -> dict[str, str]:
        """Each file's SHA-256 (hex)."""
        return {name: sealed.sha256 for name, sealed in self.seals.items()}

    @property
    def digest(self) -> str:
        """SHA-256 (hex): of the file where there is one (`sha256sum` prints it), else as of a model's files."""
        files = self.files
        return next(iter(files.values())) if len(files) == 1 else digest_of(files)

    def check_untouched(self) -> None:
        """ModelChanged where a file is no more what it was when the adapter was found."""
        check_untouched(self.paths, self.seals)


def find_adapter(text: str, *, cache: Path | None = None) -> Adapter:
    """The LoRA that `FILE` or `FILE:SCALE` names; ModelError says what is wrong with it."""
    name, scale = lora_parted(text)
    path = safe_file(name, "a LoRA")
    return of_files(
        path, {path.name: path}, WorkKind.LORA, path.stem, weight=Weight(path.stem, scale), cache=cache
    )


def find_embedding(text: str, *, cache: Path | None = None) -> Adapter:
    """The textual inversion in FILE; the file's name without its ending is the word that calls it in a prompt."""
    path = safe_file(text, "a textual inversion")
    if not _WORD.fullmatch(path.stem):
        raise ModelError(
            f"the name of {path.name[:80]} becomes a word of the prompt; give the file one of letters, digits, "
            "'-', '_', '.', '<' and '>', without spaces"
        )
    return of_files(path, {path.name: path}, WorkKind.WORD, path.stem, cache=cache)


@contextmanager
def fitting(work: Adapter) -> Iterator[None]:
    """What a library raises while a work is laid over a model that it was not made for, as one sentence."""
    try:
        yield
    except _ODD as error:
        apart = misfit(str(error))
        raise ModelError(
            f"the {work.kind} {work.name} does not fit this model: it was made for another architecture, "
            f"or is damaged{f' ({apart})' if apart else ''}; look for one that was made for this model"
        ) from error


def of_files(
    path: Path,
    paths: Mapping[str, Path],
    kind: WorkKind,
    key: str,
    *,
    weight: Weight | None = None,
    cache: Path | None = None,
) -> Adapter:
    """A work by its files, which are hashed here; `path` is the one with its header, or their folder."""
    weight = weight or Weight(key, 1.0)
    header = _header(path) if path.is_file() else {}
    said = header | _card(path.with_suffix(".json") if path.is_file() else path / "model.json")
    return Adapter(
        name=said.get("name") or (path.stem if path.is_file() else path.resolve().name),
        path=path.absolute(),
        paths=paths,
        seals=seal(paths, cache),
        scale=weight.scale,
        author=said.get("author") or said.get("attribution") or "",
        license=said.get("license") or UNKNOWN,
        training=said.get("training_statement") or UNKNOWN,
        kind=kind,
        key=key,
        start=weight.start,
        end=weight.end,
        source=A_LOCAL_FILE if path.is_file() else "a local folder",
    )


def safe_file(name: str | Path, what: str) -> Path:
    """A .safetensors file on this disk that is safe to open; `what` is what it should hold, with "a"."""
    path = Path(name).expanduser()
    if path.suffix != ".safetensors":
        raise UnsafeModel(f"{path.name} is no .safetensors file; other forms of {what} can run any code")
    if not path.is_file():
        raise ModelMissing(f"there is no file {path}")
    check_safetensors(path)
    return path


def lora_parted(text: str) -> tuple[str, float]:
    """`FILE` or `FILE:SCALE` as the two; 1 where no scale is written."""
    name, separator, number = text.rpartition(":")
    if not separator or name == "" or number.endswith(".safetensors"):
        return text, 1.0
    try:
        scale = float(number)
    except ValueError:
        scale = math.nan
    if not SCALES[0] <= scale <= SCALES[1] or scale == 0:
        raise ModelError(
            f"a LoRA is named FILE or FILE:SCALE, with a scale from -4 to 4 that is not 0; not {text[-80:]!r}"
        )
    return name, scale


def _header(path: Path) -> dict[str, str]:
    """What the file says of itself, by the names of ModelSpec."""
    about = head_of(path).get("__metadata__")
    told = about if isinstance(about, dict) else {}
    names = {"name": "modelspec.title", "author": "modelspec.author", "license": "modelspec.license"}
    return _texts({ours: told.get(theirs) for ours, theirs in names.items()})


def _card(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            return _texts(_object(file.read(CARD_LIMIT)))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ModelMissing(f"{path.name} could not be read: {why(error)}") from error


def _texts(said: Mapping[str, object]) -> dict[str, str]:
    """Only texts that say something, on one line, and bounded."""
    return {
        name: " ".join(value.split())[:TEXT_LIMIT]
        for name, value in said.items()
        if isinstance(value, str) and value.strip()
    }


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
