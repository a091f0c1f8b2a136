"""A sheet is painted, signed and recorded whole: after a kill nothing is painted twice, and nothing is lost."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from PIL import Image

from generation.batch.outcome import Outcome
from generation.batch.task import Answer, Task, paint_task
from generation.cli import genzu
from generation.commands.many_rows import Watching
from generation.engine.engine import Engine
from generation.errors import OutOfMemory
from generation.model.model import find_model
from generation.request.request import PaintSettings
from provenance.errors import Stopped
from provenance.ledger.store.records import PictureRecord, State
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.vocabulary import Step

ROOT = Path(__file__).parents[2]
GENZU = (sys.executable, "-m", "generation")
QUICK = ("--steps", "2", "--strength", "1", "--long-side", "64", "--by", "prompt: Abe Rin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "layouts").mkdir()
    for at in range(1, 4):
        draw_house((96, 60 + 2 * at)).save(tmp_path / "layouts" / f"c{at}.png")
    return tmp_path


def write_sheet(folder: Path, text: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def batch(folder: Path, *options: str) -> Result:
    arguments = [
        "--home",
        str(folder / "home"),
        "batch",
        str(folder / "sheet.csv"),
        "-o",
        str(folder / "out"),
    ]
    return CliRunner().invoke(genzu, [*arguments, *QUICK, *options])


def painted(folder: Path) -> list[PictureRecord]:
    with open_archive(Settings(home=folder / "home")) as archive:
        found = archive.ledger.pictures(limit=-1)
    return [each for each in found if each.statement.step is Step.PAINT]


def results(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "result.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sheet_is_painted_with_candidates_and_a_bad_row_stops_nothing(folder):
    write_sheet(
        folder,
        "layout,prompt,production,weather,strength\n"
        'layouts/c1.png,"{weather}, house",Film,snow,\n'
        "layouts/gone.png,x,Film,,\n"
        "layouts/c2.png,night,Film,,7\n"
        "layouts/c3.png,night,Film,,\n",
    )
    done = batch(folder, "--candidates", "3")
    assert done.exit_code == 1, done.output
    assert [(each["row"], each["candidate"], each["state"]) for each in results(folder)] == [
        ("2", "1", "painted"), ("2", "2", "painted"), ("2", "3", "painted"),
        ("3", "", "failed"), ("4", "", "failed"),
        ("5", "1", "painted"), ("5", "2", "painted"), ("5", "3", "painted"),
    ]  # fmt: skip
    assert "there is no file" in done.output
    assert "strength is above 0" in done.output
    records = painted(folder)
    assert [each.state for each in records] == [State.RELEASED] * 6
    assert {each.statement.prompt.text for each in records} == {"snow, house", "night"}
    assert {each.facts["batch_size"] for each in records} == {3}
    assert sorted(each.statement.parameters["candidate"] for each in records) == [1, 1, 2, 2, 3, 3]
    assert len({each.output.pixels for each in records}) == 6
    for each in results(folder):
        if each["picture"]:
            record = next(one for one in records if one.picture == each["picture"])
            assert Digest.of_file(folder / "out" / each["file"]) == record.output.digest
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<img") == 6
    with Image.open(folder / "out" / "sheets" / "c1.jpg") as sheet:
        assert sheet.width > 3 * 64
    assert not (folder / "out" / ".genzu-batch.lock").exists()


def test_what_is_on_the_record_is_not_painted_again_and_its_lost_file_comes_back(folder):
    write_sheet(folder, "layout,prompt\nlayouts/c1.png,night\nlayouts/c2.png,night\n")
    assert batch(folder).exit_code == 0
    first = {each.picture for each in painted(folder)}
    kept = (folder / "out" / "c1.png").read_bytes()
    (folder / "out" / "c1.png").unlink()
    write_sheet(folder, "layout,prompt\nlayouts/c1.png,night\nlayouts/c2.png,noon\n")
    told = batch(folder, "--json")
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert said["kind"] == "genzu batch 1"
    assert [each["state"] for each in said["candidates"]] == ["there already", "failed"]
    assert "exists already" in said["candidates"][1]["words"]
    assert (folder / "out" / "c1.png").read_bytes() == kept
    assert batch(folder, "--force").exit_code == 0
    assert len(painted(folder)) == 3
    assert first < {each.picture for each in painted(folder)}
    assert batch(folder).exit_code == 0
    assert len(painted(folder)) == 3


def test_a_sheets_pictures_are_found_by_their_looks_also_those_of_a_run_that_ended_before(folder):
    pytest.importorskip("cv2", reason="the extra `lookup` is not installed")
    from provenance.lookup.index_file import IndexFile

    write_sheet(folder, "layout,prompt\nlayouts/c1.png,night\nlayouts/c2.png,sunset\n")
    larger = ("--long-side", "320")

    def found() -> set[str]:
        with IndexFile(folder / "home" / "lookup.sqlite3", read_only=True) as index:
            return set(index.pictures())

    assert batch(folder, *larger).exit_code == 0
    pictures, before = {each.picture for each in painted(folder)}, found()
    assert before  # one without texture is not put in
    assert before <= pictures
    with IndexFile(folder / "home" / "lookup.sqlite3") as index:
        index.drop(before)  # as after a kill: pictures are released one by one, and indexed together
    assert batch(folder, *larger).exit_code == 0
    assert found() == before
    assert {each.picture for each in painted(folder)} == pictures


def test_a_rehearsal_says_what_would_be_painted_and_makes_nothing(folder):
    write_sheet(folder, "layout,prompt\nlayouts/c1.png,night\nlayouts/c2.png,\n")
    done = batch(folder, "--candidates", "4", "--dry-run")
    assert done.exit_code == 1
    assert "c1: 4 to paint at 64 x 41" in done.stdout
    assert "row 3, prompt" in done.stderr
    assert "candidate 1" in done.stdout
    assert not (folder / "home").exists()
    assert not (folder / "out").exists()


def test_a_sheet_that_cannot_be_used_is_one_sentence(folder):
    write_sheet(folder, "layouts,promt\nlayouts/c1.png,night\n")
    done = subprocess.run(
        [*GENZU, "--home", folder / "home", "batch", folder / "sheet.csv", "-o", folder / "out"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "lacks the columns layout, prompt, by" in done.stderr
    assert not (folder / "out").exists()


def test_the_layouts_own_folder_takes_no_pictures(folder):
    layouts = str(folder / "layouts")
    for words in (("batch", layouts), ("run", str(folder / "no.toml"), layouts)):
        done = CliRunner().invoke(
            genzu, ["--home", str(folder / "home"), *words, "-o", f"{layouts}/", *QUICK]
        )
        assert "is the folder of the layouts" in str(done.exception)
    assert not (folder / "home").exists()


def test_a_run_that_is_stopped_closes_everything_that_was_asked_as_called_off(folder, monkeypatch):
    rows = "".join(f'layouts/c{1 + at % 3}.png,"night {at}",s{at}\n' for at in range(4))
    write_sheet(folder, "layout,prompt,shot\n" + rows)
    heard = []

    def press(_: Watching, outcome: Outcome) -> None:
        heard.append(outcome)
        if len(heard) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Watching, "__call__", press)
    stopped = batch(folder, "--candidates", "3")
    assert isinstance(stopped.exception, KeyboardInterrupt | SystemExit)
    states = Counter(each.state for each in painted(folder))
    assert set(states) == {State.RELEASED, State.CANCELLED}
    assert states[State.RELEASED] == 2
    assert Counter(each["state"] for each in results(folder)) == {
        "painted": 2, "stopped": states[State.CANCELLED],
    }  # fmt: skip
    monkeypatch.undo()
    assert batch(folder, "--candidates", "3").exit_code == 0
    assert len([each for each in painted(folder) if each.state is State.RELEASED]) == 12


def test_an_interrupt_that_python_swallowed_ends_a_run(folder, monkeypatch):
    write_sheet(
        folder, "layout,prompt,shot\n" + "".join(f"layouts/c1.png,night {at},s{at}\n" for at in range(4))
    )
    heard = []
    monkeypatch.setattr(Watching, "__call__", lambda _, outcome: heard.append(outcome))
    monkeypatch.setattr("generation.batch.painting.was_asked", lambda: bool(heard))
    assert isinstance(batch(folder).exception, Stopped)
    states = Counter(each.state for each in painted(folder))
    assert states[State.RELEASED] == 1 and set(states) == {State.RELEASED, State.CANCELLED}


@pytest.fixture(scope="module")
def house() -> Engine:
    return Engine.load(find_model("house"))


def test_a_batch_that_is_too_much_for_the_memory_is_painted_in_halves(house, monkeypatch):
    whole = Engine.render_several
    sizes = []

    def narrow(engine, requests, *rest, **named):
        sizes.append(len(requests))
        if len(requests) > 2:
            raise OutOfMemory("too large")
        return whole(engine, requests, *rest, **named)

    monkeypatch.setattr(Engine, "render_several", narrow)
    settings = [
        PaintSettings("night", strength=1.0, num_inference_steps=1, long_side=64, seed=each)
        for each in range(5)
    ]
    answer: Answer = paint_task(house, Task("c1", draw_house(), tuple(settings)))
    assert [each.facts["seed"] for each in answer.made] == ["0", "1", "2", "3", "4"]
    assert sizes == [5, 2, 3, 1, 2]


# --- killed for real -------------------------------------------------------------------------------------------------


def killed_after(folder: Path, pictures: int, wait: float) -> None:
    """Runs the sheet and kills the program at some moment after so many pictures."""
    command = [*GENZU, "--home", folder / "home", "batch", folder / "sheet.csv"]
    run = subprocess.Popen(
        [*command, "-o", folder / "out", *QUICK, "--candidates", "3"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    seen = 0
    for line in run.stderr:
        seen += " painted " in line
        if seen >= pictures:
            break
    time.sleep(wait)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stderr.close()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_twice_and_run_again_each_row_has_its_candidates_once_and_the_ledger_verifies(folder):
    rows = [f'layouts/c{1 + at % 3}.png,"night {at}",s{at}\n' for at in range(4)]
    write_sheet(folder, "layout,prompt,shot\n" + "".join(rows))
    lot = random.Random()  # another moment each time
    for _ in range(2):
        killed_after(folder, lot.randint(1, 3), lot.uniform(0, 0.15))
    done = batch(folder, "--candidates", "3")
    assert done.exit_code == 0, done.output
    records = painted(folder)
    released = [each for each in records if each.state is State.RELEASED]
    assert len(released) == 12
    assert (
        len({(each.statement.project.shot, each.statement.parameters["candidate"]) for each in released})
        == 12
    )
    assert all(each.state in (State.RELEASED, State.FAILED) for each in records)
    with open_archive(Settings(home=folder / "home")) as archive:
        assert archive.recovered == ()
        outputs = {each.output.digest for each in released}
        inputs = {one.resource.digest for each in records for one in each.statement.inputs}
        assert set(archive.vault.digests()) == outputs | inputs
    assert not list((folder / "home" / "staging").iterdir())
    assert len(list((folder / "out").glob("*.png"))) == 12
    assert not list((folder / "out").glob(".*.part"))
    checked = CliRunner().invoke(genzu, ["--home", str(folder / "home"), "ledger", "verify"])
    assert checked.exit_code == 0, checked.output


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_devices_paint_in_two_processes_and_one_that_is_killed_loses_nothing(folder):
    rows = [f'layouts/c{1 + at % 3}.png,"night {at}",s{at}\n' for at in range(6)]
    write_sheet(folder, "layout,prompt,shot\n" + "".join(rows))
    command = [*GENZU, "--home", folder / "home", "batch", folder / "sheet.csv"]
    run = subprocess.Popen(
        [*command, "-o", folder / "out", *QUICK, "--candidates", "2", "--devices", "cpu,cpu"],
        stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    for line in run.stderr:
        if " painted " in line:
            break
    painters = painters_of(run.pid)
    assert len(painters) == 2
    os.kill(painters[0], signal.SIGKILL)
    rest = run.stderr.read()
    assert run.wait() == 0, rest
    assert sorted(each["state"] for each in results(folder)) == ["painted"] * 12
    released = [each for each in painted(folder) if each.state is State.RELEASED]
    assert len(released) == 12


def painters_of(parent: int) -> list[int]:
    """The processes that paint for a run, by what they were started with."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            mother = (each / "stat").read_text().rpartition(")")[2].split()[1]
            started = (each / "cmdline").read_bytes()
        except OSError:
            continue
        if mother == str(parent) and b"spawn_main" in started:
            found.append(int(each.name))
    return found
