"""An adapter (LoRA) that is laid over a model: one safetensors file, known by its SHA-256, with its own author.

Who made it and under which licence is read from a card beside it (`style.json` for `style.safetensors`), else from the
file's own header (ModelSpec), else it is "unknown":

    {"name": "Ink wash", "author": "Mori Aoi", "license": "CC BY 4.0", "training_statement": "her own drawings"}
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.errors import ModelError, ModelMissing, UnsafeModel
from generation.weights import Seal, check_safetensors, check_untouched, seal

UNKNOWN = "unknown"
TEXT_LIMIT = 300  # characters of a name or a licence
CARD_LIMIT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter at one strength. `scale` 1 is as it was trained."""

    name: str
    path: Path
    seal: Seal
    scale: float = 1.0
    author: str = ""
    license: str = UNKNOWN
    training: str = UNKNOWN

    def check_untouched(self) -> None:
        """ModelChanged where the file is no more what it was when the adapter was found."""
        check_untouched({self.path.name: self.path}, {self.path.name: self.seal})


def find_adapter(text: str, *, cache: Path | None = None) -> Adapter:
    """The adapter that `FILE` or `FILE:SCALE` names; ModelError says what is wrong with it."""
    name, scale = _parted(text)
    path = Path(name).expanduser()
    if path.suffix != ".safetensors":
        raise UnsafeModel(f"{path.name} is no .safetensors file; other forms of a LoRA can run any code")
    if not path.is_file():
        raise ModelMissing(f"there is no file {path}")
    check_safetensors(path)
    said = _header(path) | _card(path.with_suffix(".json"))
    return Adapter(
        name=said.get("name") or path.stem,
        path=path.absolute(),
        seal=seal({path.name: path}, cache)[path.name],
        scale=scale,
        author=said.get("author", ""),
        license=said.get("license") or UNKNOWN,
        training=said.get("training_statement") or UNKNOWN,
    )


def _parted(text: str) -> tuple[str, float]:
    name, separator, number = text.rpartition(":")
    if not separator or name == "" or number.endswith(".safetensors"):
        return text, 1.0
    try:
        scale = float(number)
    except ValueError:
        scale = math.nan
    if not -4 <= scale <= 4 or scale == 0:
        raise ModelError(
            f"a LoRA is named FILE or FILE:SCALE, with a scale from -4 to 4 that is not 0; not {text[-80:]!r}"
        )
    return name, scale


def _header(path: Path) -> dict[str, str]:
    """What the file says of itself, by the names of ModelSpec."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        head = _object(file.read(min(length, CARD_LIMIT * 100)))
    about = head.get("__metadata__")
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
        raise ModelMissing(f"{path.name} could not be read: {error.strerror}") from error


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
