"""A ControlNet beside a base model: `KIND=MODEL`, such as `lineart=nets/lineart:0.8@0-0.6`.

MODEL is a folder in diffusers' layout (config.json and safetensors), one .safetensors file, or a hub id with its
revision. KIND says what it is shown; generation/layout/guides.py draws that from the layout.
"""

from dataclasses import replace
from pathlib import Path

from generation.errors import ModelError
from generation.files.folder import CONFIG, read_index
from generation.files.part_files import place_of_part, weights_of_part
from generation.layout.guides import GuideKind
from generation.works.adapter import Adapter, WorkKind, of_files, safe_file
from generation.works.control_file import check_control_file
from generation.works.weight import CONTROL_MOST, parted

HOW = "a ControlNet is named KIND=MODEL or KIND=MODEL:SCALE@START-END, with KIND one of " + ", ".join(
    GuideKind
)


def find_control(text: str, *, cache: Path | None = None) -> Adapter:
    """The ControlNet of that text; ModelError or RequestError says what is wrong with it."""
    word, separator, rest = text.partition("=")
    if not separator or word.strip().lower() not in set(GuideKind) or not rest:
        raise ModelError(f"{HOW}; not {text[:80]!r}")
    kind = GuideKind(word.strip().lower())
    name, weight = parted(rest, kind.value, CONTROL_MOST)
    file = Path(name).expanduser()
    if file.suffix == ".safetensors" and not file.is_dir():
        safe_file(file, "a ControlNet")
        check_control_file(file)
        named = {file.name: file}
        return of_files(file, named, WorkKind.CONTROL, kind.value, weight=weight, cache=cache)
    folder, source, revision = place_of_part(name, "a ControlNet")
    found = of_files(folder, _files(folder), WorkKind.CONTROL, kind.value, weight=weight, cache=cache)
    if not source:
        return found
    return replace(found, name=name.partition("@")[0], source=source, revision=revision)


def _files(folder: Path) -> dict[str, Path]:
    """Its configuration and its weights."""
    if not (folder / CONFIG).is_file():
        raise ModelError(
            f"{folder.resolve().name} is no ControlNet: it has no {CONFIG}; a base model is given as the model, "
            "not as a guide"
        )
    kind = read_index(folder / CONFIG).get("_class_name")
    if not isinstance(kind, str) or "ControlNet" not in kind:
        raise ModelError(
            f"{folder.name} is no ControlNet: its {CONFIG} names {str(kind or 'no class')[:60]}; "
            "a base model is given as the model, not as a guide"
        )
    return {each: folder / each for each in (CONFIG, *weights_of_part(folder))}
