"""A sheet as a job for a render farm, in Open Job Description (jobtemplate-2023-09): a task for each cut and candidate.

    FOLDER/job.yaml              the template: Paint over cut x candidate, then Sign
    FOLDER/tasks/NAME/           task.json, layout.png, and mask.png and profile.icc where there are any
    FOLDER/made/NAME-SEED.png    what a task painted, and NAME-SEED.json: its facts, or why there is no picture

A task paints and writes pixels and facts, no record. The step Sign is `genzu batch` once more, on the keeper's machine:
it writes down, signs and releases what lies in `made`. A file counts only where it was painted for what is asked now.
One task on any machine: python -m generation.batch.farm FOLDER NAME CANDIDATE
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from generation.batch.hands import ModelPlace, loaded
from generation.batch.task import Answer, Task, paint_task
from generation.errors import GenerationError, SheetError
from generation.request import PaintSettings, Render

TEMPLATE, TASKS, MADE = "job.yaml", "tasks", "made"
MOST = 1024  # values of one parameter, as the specification allows


def write_job(
    folder: Path, tasks: Sequence[Task], place: ModelPlace, sign: Sequence[str], title: str
) -> None:
    """The job in a new folder. `sign` is the command line that signs what the farm painted, without the interpreter."""
    if len(tasks) > MOST:
        raise SheetError(f"a farm's job takes {MOST:,} rows at most, this sheet has {len(tasks):,}; split it")
    if any("{{" in each for each in (*sign, title, *(task.name for task in tasks))):
        raise SheetError("a farm's job cannot hold two braces {{ in a row; take them out of the command")
    try:
        (folder / MADE).mkdir(parents=True)
        for each in tasks:
            _write_task(folder / TASKS / each.name, each, place)
        (folder / TEMPLATE).write_text(_template(tasks, sign, title), encoding="utf-8")
    except FileExistsError:
        raise SheetError(f"{folder} holds a job already; give another folder") from None
    except OSError as error:
        raise SheetError(f"the job could not be written into {folder}: {error.strerror}") from error


def _template(tasks: Sequence[Task], sign: Sequence[str], title: str) -> str:
    """The template. JSON is YAML: no library is needed, and every text stays a text."""
    most = max(len(each.settings) for each in tasks)
    paint = [
        "-m",
        "generation.batch.farm",
        "{{Param.Folder}}",
        "{{Task.Param.Cut}}",
        "{{Task.Param.Candidate}}",
    ]
    space = {
        "taskParameterDefinitions": [
            {"name": "Cut", "type": "STRING", "range": [each.name for each in tasks]},
            {"name": "Candidate", "type": "INT", "range": f"1-{most}" if most > 1 else [1]},
        ],
        "combination": "Cut * Candidate",
    }
    job = {
        "specificationVersion": "jobtemplate-2023-09",
        "name": f"Genzu {title}"[:120],
        "parameterDefinitions": _parameters(),
        "steps": [
            {"name": "Paint", "parameterSpace": space, "script": _script(paint)},
            {
                "name": "Sign",
                "dependencies": [{"dependsOn": "Paint"}],
                "script": _script(["-m", "generation", *sign, "--painted", "{{Param.Folder}}"]),
            },
        ],
    }
    return json.dumps(job, ensure_ascii=False, indent=2) + "\n"


def _parameters() -> list[dict[str, str]]:
    """What a farm may say otherwise: which Python, and where the job's folder is found."""
    return [
        {
            "name": "Python",
            "type": "STRING",
            "default": sys.executable,
            "description": "The Python that Genzu is installed in.",
        },
        {
            "name": "Folder",
            "type": "PATH",
            "objectType": "DIRECTORY",
            "dataFlow": "INOUT",
            "default": ".",  # joined to the folder of the template
            "description": "This job's folder, where every machine finds it.",
        },
    ]


def _script(arguments: Sequence[str]) -> dict[str, Any]:
    return {"actions": {"onRun": {"command": "{{Param.Python}}", "args": list(arguments)}}}


def _write_task(folder: Path, task: Task, place: ModelPlace) -> None:
    folder.mkdir(parents=True)
    task.image.save(folder / "layout.png")
    if task.mask is not None:
        task.mask.save(folder / "mask.png")
    if task.profile is not None:
        (folder / "profile.icc").write_bytes(task.profile)
    said = {
        "name": task.name,
        "model": place.model,
        "digest": place.digest,
        "loras": list(place.loras),
        "settings": [_said(each) for each in task.settings],
    }
    (folder / "task.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


def _said(settings: PaintSettings) -> dict[str, Any]:
    """The settings that are not left open; the seed as text, because readers of JSON lose large numbers."""
    said: dict[str, Any] = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        if value == each.default:
            continue
        if not isinstance(value, str | int | float):
            raise SheetError(
                f"a farm's job cannot hold the setting {each.name}; paint this sheet on this machine"
            )
        said[each.name] = value
    return {**said, "seed": str(settings.seed)}


def _read_task(folder: Path) -> tuple[Task, ModelPlace]:
    try:
        said = json.loads((folder / "task.json").read_text(encoding="utf-8"))
        settings = tuple(PaintSettings(**{**each, "seed": int(each["seed"])}) for each in said["settings"])
        mask, profile = folder / "mask.png", folder / "profile.icc"
        task = Task(
            said["name"],
            _image(folder / "layout.png", "RGB"),
            settings,
            _image(mask, "L") if mask.exists() else None,
            profile.read_bytes() if profile.exists() else None,
        )
        return task, ModelPlace(said["model"], said["digest"], tuple(said["loras"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SheetError(f"{folder} holds no task that can be read ({error}); write the job again") from error


def _image(path: Path, mode: str) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert(mode)


def asked_digest(task: Task, settings: PaintSettings) -> str:
    """SHA-256 (hex) of all that decides one picture but for the model: the pixels that go in, and the settings."""
    about = hashlib.sha256(json.dumps(_said(settings), sort_keys=True).encode())
    for each in (task.image, task.mask):
        if each is not None:
            about.update(f"{each.mode} {each.size}".encode())
            about.update(each.tobytes())
    about.update(task.profile or b"")
    return about.hexdigest()


def paint_one(folder: Path, name: str, candidate: int) -> str:
    """Paints one candidate of a job; what became of it as a line. One that is there is not painted again."""
    task, place = _read_task(folder / TASKS / name)
    if candidate > len(task.settings):
        return f"{name} has {len(task.settings)} to paint; nothing to do for {candidate}"
    settings = task.settings[candidate - 1]
    picture, facts = _places(folder, name, settings)
    asked = asked_digest(task, settings)
    if _facts_of(facts).get("asked") == asked:
        return f"{picture.name} is there already"
    answer = paint_task(loaded(place), replace(task, settings=(settings,)))
    (made,) = answer.made
    said: dict[str, Any] = {"asked": asked, "digest": place.digest}
    if isinstance(made, Render):
        part = picture.with_suffix(".part")
        made.image.save(part, format="PNG")
        part.replace(picture)
        # Written down before it was asked for in the ledger: the record says when.
        at = datetime.now(UTC).isoformat(timespec="seconds")
        said["facts"] = {**made.facts, "painted_at": at}
        said["pixels"] = hashlib.sha256(made.image.tobytes()).hexdigest()
    else:
        said["error"] = str(made)
    part = facts.with_suffix(".tmp")
    part.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    part.replace(facts)
    return f"{picture.name} painted" if "facts" in said else f"{picture.name} not painted: {said['error']}"


def _places(folder: Path, name: str, settings: PaintSettings) -> tuple[Path, Path]:
    made = folder / MADE
    return made / f"{name}-{settings.seed}.png", made / f"{name}-{settings.seed}.json"


def _facts_of(path: Path) -> Mapping[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


class FarmHand:
    """A hand that gives what the farm painted: the pixels of `made`, checked against what is asked now."""

    alive = True

    def __init__(self, folder: Path, place: ModelPlace) -> None:
        self._folder, self._place = folder, place

    def submit(self, task: Task) -> "Future[Answer]":
        future: Future[Answer] = Future()
        future.set_result(Answer(tuple(self._one(task, each) for each in task.settings), "farm"))
        return future

    def close(self) -> None:
        """Nothing is under way."""

    def _one(self, task: Task, settings: PaintSettings) -> Render | GenerationError:
        picture, facts = _places(self._folder, task.name, settings)
        said = _facts_of(facts)
        if not said:
            return SheetError(f"the farm has painted no {picture.name}")
        if said.get("asked") != asked_digest(task, settings) or said.get("digest") != self._place.digest:
            return SheetError(
                f"{picture.name} was painted for something else than is asked now; write the job again"
            )
        if not isinstance(said.get("facts"), dict):
            return SheetError(str(said.get("error") or "the farm says nothing of why there is no picture"))
        try:
            image = _image(picture, "RGB")
        except (OSError, ValueError) as error:
            return SheetError(f"{picture.name} of the farm cannot be read ({error})")
        if hashlib.sha256(image.tobytes()).hexdigest() != said.get("pixels"):
            return SheetError(
                f"{picture.name} is not what the farm's task wrote; take it away and paint it again"
            )
        return Render(image, said["facts"])


def main(arguments: Sequence[str]) -> int:
    """One task of a job; 0 where it is settled, with a picture or with a reason."""
    if len(arguments) != 3 or not arguments[2].isdigit():
        print("usage: python -m generation.batch.farm FOLDER NAME CANDIDATE", file=sys.stderr)
        return 2
    try:
        print(paint_one(Path(arguments[0]), arguments[1], int(arguments[2])))
    except (GenerationError, OSError) as error:
        print(f"genzu: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
