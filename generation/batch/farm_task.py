"""A task of a farm's job as files: what is painted, with which model and what beside it.

tasks/NAME/task.json      name, model, digest, works, loading, and the settings of each candidate
tasks/NAME/layout.png     and, where there are any, mask.png, profile.icc, reference-001.png, guide-lineart.png …
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from PIL import Image

from generation.batch.model_place import ModelPlace
from generation.batch.task import Task
from generation.engine.loading import Loading
from generation.errors import GenerationError, SheetError
from generation.layout.beside import Beside
from generation.layout.canvas import parse_sides
from generation.request.request import PaintSettings
from generation.works.weight import Weight
from generation.works.works import Works
from provenance.errors import why


def write_task(folder: Path, task: Task, place: ModelPlace) -> None:
    """The task in a new folder."""
    folder.mkdir(parents=True)
    for name, picture in _pictures(task):
        picture.save(folder / f"{name}.png")
    if task.profile is not None:
        (folder / "profile.icc").write_bytes(task.profile)
    said = {
        "name": task.name,
        "model": place.model,
        "digest": place.digest,
        "works": place.works.to_json(),
        "loading": asdict(place.loading),
        "settings": [_said(each) for each in task.settings],
    }
    (folder / "task.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


def read_task(folder: Path) -> tuple[Task, ModelPlace]:
    """A task of a job and the model that it wants; SheetError where it cannot be read."""
    try:
        said = json.loads((folder / "task.json").read_text(encoding="utf-8"))
        mask, profile = folder / "mask.png", folder / "profile.icc"
        task = Task(
            said["name"],
            opened(folder / "layout.png", "RGB"),
            tuple(_settings(each) for each in said["settings"]),
            opened(mask, "L") if mask.exists() else None,
            profile.read_bytes() if profile.exists() else None,
            _beside(folder),
        )
        works = Works.of_json(said["works"]) if "works" in said else Works(tuple(said["loras"]))
        loading = Loading(**said.get("loading", {}))
        return task, ModelPlace(said["model"], said["digest"], works, loading=loading)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, GenerationError) as error:
        raise SheetError(
            f"{folder} holds no task that can be read ({why(error)}); write the job again"
        ) from error


def asked_digest(task: Task, settings: PaintSettings) -> str:
    """SHA-256 (hex) of all that decides one picture but for the model: the pixels that go in, and the settings."""
    about = hashlib.sha256(json.dumps(_said(settings), sort_keys=True).encode())
    for name, each in _pictures(task):
        if name not in ("layout", "mask"):
            about.update(name.encode())
        about.update(f"{each.mode} {each.size}".encode())
        about.update(each.tobytes())
    about.update(task.profile or b"")
    return about.hexdigest()


def opened(path: Path, mode: str) -> Image.Image:
    """The picture of a file, in that mode."""
    with Image.open(path) as picture:
        return picture.convert(mode)


def _pictures(task: Task) -> Iterator[tuple[str, Image.Image]]:
    """Every picture that goes in, by the name of its file."""
    yield "layout", task.image
    if task.mask is not None:
        yield "mask", task.mask
    for kind, pictures in (("reference", task.beside.references), ("style", task.beside.styles)):
        for number, each in enumerate(pictures, 1):
            yield f"{kind}-{number:03d}", each
    for key, each in task.beside.guides:
        yield f"guide-{key}", each


def _beside(folder: Path) -> Beside:
    def found(kind: str) -> list[tuple[str, Image.Image]]:
        paths = sorted(folder.glob(f"{kind}-*.png"))
        return [(each.stem.partition("-")[2], opened(each, "RGB")) for each in paths]

    references, styles = (tuple(picture for _, picture in found(kind)) for kind in ("reference", "style"))
    return Beside(references, styles, tuple(found("guide")))


def _said(settings: PaintSettings) -> dict[str, Any]:
    """The settings that are not left open; the seed as text, because readers of JSON lose large numbers."""
    said: dict[str, Any] = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        if value == each.default:
            continue
        said[each.name] = value
    if settings.extend:
        said["extend"] = str(settings.extend)
    if settings.weights:
        said["weights"] = [asdict(each) for each in settings.weights]
    return {**said, "seed": str(settings.seed)}


def _settings(said: dict[str, Any]) -> PaintSettings:
    read: dict[str, Any] = {**said, "seed": int(said["seed"])}
    if "extend" in said:
        read["extend"] = parse_sides(said["extend"])
    if "weights" in said:
        read["weights"] = tuple(Weight(**each) for each in said["weights"])
    return PaintSettings(**read)
