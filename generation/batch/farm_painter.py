"""The painter of a render farm: it paints the tasks of a job (generation/batch/farm.py), and knows nothing of records.

    start SESSION                        leaves a painter running for the tasks that a machine runs one after the other
    paint FOLDER NAME PART SESSION       one task: candidates PART ("1-8") of the cut NAME
    stop SESSION                         ends it

A process that only hands a task over starts in a tenth of a second. One that loads torch and the model takes seconds,
and a painter that stays does so once. SESSION is a folder of that machine. Where no painter answers, the task paints.
"""

import hashlib
import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from os import _exit
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generation.batch.farm import TASKS, facts_of, places
from generation.batch.farm_task import asked_digest, read_task
from generation.batch.hands import loaded
from generation.batch.model_place import ModelPlace
from generation.batch.task import Task, paint_task
from generation.errors import GenerationError, SheetError
from generation.request.request import PaintSettings, Render

if TYPE_CHECKING:
    from generation.engine.engine import Engine

ADDRESS, LOG = "painter.json", "painter.log"
PATIENCE, LOOK = 60.0, 0.05  # seconds: how long a painter may take to answer, how often it is looked for
HOW = "usage: python -m generation.batch.farm_painter start SESSION | paint FOLDER NAME PART [SESSION] | stop SESSION"
_GONE = (OSError, EOFError, ValueError, KeyError, AuthenticationError)


def paint_part(
    folder: Path, name: str, part: str, engine_of: "Callable[[ModelPlace], Engine]" = loaded
) -> list[str]:
    """Paints some candidates of a cut as one batch, and says what became of each. One that is there is left alone.

    `part` is such as "1-8" or "3". SheetError where the task cannot be read, GenerationError where the model cannot.
    """
    task, place = read_task(folder / TASKS / name)
    told, todo = [], []
    for settings in _candidates(task, part):
        picture, facts = places(folder, name, settings)
        if facts_of(facts).get("asked") == asked_digest(task, settings):
            told.append(f"{picture.name} is there already")
        else:
            todo.append(settings)
    if todo:
        answer = paint_task(engine_of(place), replace(task, settings=tuple(todo)))
        told += [
            _left(folder, task, place, settings, made)
            for settings, made in zip(todo, answer.made, strict=True)
        ]
    return told or [f"{name} has {len(task.settings)} to paint; nothing to do for {part}"]


def _candidates(task: Task, part: str) -> tuple[PaintSettings, ...]:
    first, _, last = part.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise SheetError(f"a task paints candidates such as 1-8, not {part[:40]!r}")
    return task.settings[max(int(first), 1) - 1 : int(last or first)]


def _left(
    folder: Path, task: Task, place: ModelPlace, settings: PaintSettings, made: Render | GenerationError
) -> str:
    """Writes one candidate's pixels and then its facts, each whole or not at all."""
    picture, facts = places(folder, task.name, settings)
    said: dict[str, Any] = {"asked": asked_digest(task, settings), "digest": place.digest}
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


# -- a painter that stays ---------------------------------------------------------------------------------------------


def start(session: Path) -> None:
    """Leaves a painter running; back as soon as it answers. Without one, each task loads the model for itself."""
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, "serve", str(session)]
    with (session / LOG).open("ab") as log:
        # In a session of its own: the farm ends what an action leaves behind in its own group.
        painter = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    until = time.monotonic() + PATIENCE
    while not (session / ADDRESS).exists() and painter.poll() is None and time.monotonic() < until:
        time.sleep(LOOK)
    stays = (session / ADDRESS).exists()
    print("a painter stays for this session" if stays else "no painter stays; each task loads the model")


def stop(session: Path) -> None:
    """Ends the painter, if there is one."""
    with suppress(*_GONE):
        _asked(session, {"stop": True})


def serve(session: Path) -> None:
    """Paints what it is told until it is told to stop, or its session's folder is gone."""
    key = secrets.token_bytes(32)
    engine_of = cache(loaded)
    threading.Thread(target=_follow, args=(session,), daemon=True).start()
    with Listener(authkey=key) as listener:
        said = {"address": listener.address, "key": key.hex()}
        part = session / f"{ADDRESS}.part"
        part.touch(mode=0o600)
        part.write_text(json.dumps(said), encoding="utf-8")
        part.replace(session / ADDRESS)
        # A task that was called off hangs up; the next one is answered.
        going = True
        while going:
            with suppress(*_GONE), listener.accept() as caller:
                going = _answered(caller, engine_of)


def _answered(caller: Connection, engine_of: "Callable[[ModelPlace], Engine]") -> bool:
    """Does what one caller wants; whether to go on."""
    asked = json.loads(caller.recv_bytes())
    if "stop" in asked:
        caller.send_bytes(b"{}")
        return False
    answer: dict[str, Any]
    try:
        answer = {"told": paint_part(Path(asked["folder"]), asked["name"], asked["part"], engine_of)}
    except (GenerationError, OSError) as error:
        answer = {"error": str(error)}
    caller.send_bytes(json.dumps(answer).encode())
    return True


def _follow(session: Path) -> None:
    """Ends with the session: a farm that is cut off runs no last action."""
    while session.is_dir():
        time.sleep(5)
    _exit(1)


def _asked(session: Path, said: dict[str, Any]) -> dict[str, Any]:
    """What the painter of this session answers."""
    where = json.loads((session / ADDRESS).read_text(encoding="utf-8"))
    with Client(where["address"], authkey=bytes.fromhex(where["key"])) as painter:
        painter.send_bytes(json.dumps(said).encode())
        answer: dict[str, Any] = json.loads(painter.recv_bytes())
        return answer


def paint(folder: Path, name: str, part: str, session: Path | None) -> list[str]:
    """One task, by the painter that stays or else here."""
    if session is not None:
        try:
            answer = _asked(session, {"folder": str(folder.absolute()), "name": name, "part": part})
        except _GONE:
            print("no painter answers in this session; the task paints by itself")
        else:
            if "error" in answer:
                raise SheetError(answer["error"])
            return list(answer["told"])
    return paint_part(folder, name, part)


def main(arguments: Sequence[str]) -> int:
    """One action of a job; 0 where it is settled, with pictures or with reasons."""
    match list(arguments):
        case ["start", session]:
            start(Path(session))
        case ["stop", session]:
            stop(Path(session))
        case ["serve", session]:
            serve(Path(session))
        case ["paint", folder, name, part, *session] if len(session) <= 1:
            try:
                print(*paint(Path(folder), name, part, Path(session[0]) if session else None), sep="\n")
            except (GenerationError, OSError) as error:
                print(f"genzu: {error}", file=sys.stderr)
                return 2
        case _:
            print(HOW, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
