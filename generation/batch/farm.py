"""A sheet as a job for a render farm, in Open Job Description (jobtemplate-2023-09): tasks of a cut and a few seeds.

    FOLDER/job.yaml              the template: Paint over cut x candidates, then Sign
    FOLDER/tasks/NAME/           what a task paints (generation/batch/farm_task.py)
    FOLDER/made/NAME-SEED.png    what a task painted, and NAME-SEED.json: its facts, or why there is no picture

A task (generation/batch/farm_painter.py) paints and writes pixels and facts, no record. The step Sign is `genzu batch`
once more, on the keeper's machine: it writes down, signs and releases what lies in `made`. A file counts only where it
was painted for what is asked now.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from generation.batch.farm_task import asked_digest, opened, write_task
from generation.batch.model_place import ModelPlace
from generation.batch.task import Answer, Task
from generation.errors import GenerationError, SheetError
from generation.request.request import PaintSettings, Render
from provenance.errors import why

TEMPLATE, TASKS, MADE = "job.yaml", "tasks", "made"
MOST = 1024  # values of one parameter, as the specification allows
TOGETHER = 8  # candidates of a task: they go through the model as one batch
_PAINTER = "generation.batch.farm_painter"


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
            write_task(folder / TASKS / each.name, each, place)
        (folder / TEMPLATE).write_text(_template(tasks, sign, title), encoding="utf-8")
    except FileExistsError:
        raise SheetError(f"{folder} holds a job already; give another folder") from None
    except OSError as error:
        raise SheetError(f"the job could not be written into {folder}: {why(error)}") from error


def _template(tasks: Sequence[Task], sign: Sequence[str], title: str) -> str:
    """The template. JSON is YAML: no library is needed, and every text stays a text."""
    most = max(len(each.settings) for each in tasks)
    here = "{{Session.WorkingDirectory}}"
    paint = ["paint", "{{Param.Folder}}", "{{Task.Param.Cut}}", "{{Task.Param.Candidates}}", here]
    space = {
        "taskParameterDefinitions": [
            {"name": "Cut", "type": "STRING", "range": [each.name for each in tasks]},
            {"name": "Candidates", "type": "STRING", "range": list(parts_of(most))},
        ],
        "combination": "Cut * Candidates",
    }
    # It is loaded once for all tasks that a machine runs one after the other.
    painter = {
        "name": "Painter",
        "script": {
            "actions": {
                "onEnter": _action(["-m", _PAINTER, "start", here]),
                "onExit": _action(["-m", _PAINTER, "stop", here]),
            }
        },
    }
    job = {
        "specificationVersion": "jobtemplate-2023-09",
        "name": f"Genzu {title}"[:120],
        "parameterDefinitions": _parameters(),
        "steps": [
            {
                "name": "Paint",
                "stepEnvironments": [painter],
                "parameterSpace": space,
                "script": {"actions": {"onRun": _action(["-m", _PAINTER, *paint])}},
            },
            {
                "name": "Sign",
                "dependencies": [{"dependsOn": "Paint"}],
                "script": {
                    "actions": {
                        "onRun": _action(["-m", "generation", *sign, "--painted", "{{Param.Folder}}"])
                    }
                },
            },
        ],
    }
    return json.dumps(job, ensure_ascii=False, indent=2) + "\n"


def parts_of(count: int) -> Iterator[str]:
    """So many candidates in parts that one task paints.

    >>> list(parts_of(19))
    ['1-8', '9-16', '17-19']
    """
    for first in range(1, count + 1, TOGETHER):
        yield f"{first}-{min(first + TOGETHER - 1, count)}"


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


def _action(arguments: Sequence[str]) -> dict[str, Any]:
    return {"command": "{{Param.Python}}", "args": list(arguments)}


def places(folder: Path, name: str, settings: PaintSettings) -> tuple[Path, Path]:
    """Where a candidate's pixels go, and its facts."""
    made = folder / MADE
    return made / f"{name}-{settings.seed}.png", made / f"{name}-{settings.seed}.json"


def facts_of(path: Path) -> Mapping[str, Any]:
    """What a task wrote beside its pixels; nothing where there is none, or half a file."""
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
        picture, facts = places(self._folder, task.name, settings)
        said = facts_of(facts)
        if not said:
            return SheetError(f"the farm has painted no {picture.name}")
        if said.get("asked") != asked_digest(task, settings) or said.get("digest") != self._place.digest:
            return SheetError(
                f"{picture.name} was painted for something else than is asked now; write the job again"
            )
        if not isinstance(said.get("facts"), dict):
            return SheetError(str(said.get("error") or "the farm says nothing of why there is no picture"))
        try:
            image = opened(picture, "RGB")
        except (OSError, ValueError) as error:
            return SheetError(f"{picture.name} of the farm cannot be read ({why(error)})")
        if hashlib.sha256(image.tobytes()).hexdigest() != said.get("pixels"):
            return SheetError(
                f"{picture.name} is not what the farm's task wrote; take it away and paint it again"
            )
        return Render(image, said["facts"])
