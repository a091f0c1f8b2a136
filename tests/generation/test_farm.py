"""A sheet as a job of a render farm, run here with `openjd`: the same record as without a farm."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from PIL import Image

from generation.batch import farm_painter
from generation.batch.farm_painter import paint_part
from generation.cli import genzu
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings

ROOT = Path(__file__).parents[2]
OPENJD = Path(sys.executable).with_name("openjd")
QUICK = (
    "--steps",
    "2",
    "--strength",
    "1",
    "--long-side",
    "64",
    "--by",
    "prompt: Abe Rin",
    "--candidates",
    "2",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw_house().save(tmp_path / "c.png")
    (tmp_path / "sheet.csv").write_text(
        'layout,prompt,shot,seed\nc.png,"night",s1,\nc.png,"noon",s2,9007199254740993\n'
    )
    return tmp_path


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


def test_a_job_is_written_painted_task_by_task_and_signed(folder):
    done = batch(folder, "--job", str(folder / "job"))
    assert done.exit_code == 0, done.output
    assert "4 pictures to paint" in done.output
    assert not (folder / "home").exists()
    said = json.loads((folder / "job" / "job.yaml").read_text())
    paint, sign = said["steps"]
    assert [each["range"] for each in paint["parameterSpace"]["taskParameterDefinitions"]] == [
        ["s1", "s2"],
        ["1-2"],
    ]
    assert "--painted" in sign["script"]["actions"]["onRun"]["args"]
    assert paint_part(folder / "job", "s1", "2") == ["s1-1.png painted"]
    assert paint_part(folder / "job", "s1", "1-2") == ["s1-1.png is there already", "s1-0.png painted"]
    assert paint_part(folder / "job", "s1", "3-4") == ["s1 has 2 to paint; nothing to do for 3-4"]
    assert len(paint_part(folder / "job", "s2", "1-2")) == 2
    # One task was lost, one file was changed on its way.
    (folder / "job" / "made" / "s1-1.json").unlink()
    Image.new("RGB", (64, 43), "red").save(folder / "job" / "made" / "s2-9007199254740994.png")
    signed = batch(folder, "--painted", str(folder / "job"))
    assert signed.exit_code == 1
    assert "the farm has painted no s1-1.png" in signed.output
    assert "s2-9007199254740994.png is not what the farm's task wrote" in signed.output
    paint_part(folder / "job", "s1", "2")
    (folder / "job" / "made" / "s2-9007199254740994.json").unlink()
    paint_part(folder / "job", "s2", "2")
    assert batch(folder, "--painted", str(folder / "job")).exit_code == 0
    with open_archive(Settings(home=folder / "home")) as archive:
        records = archive.ledger.pictures(state=State.RELEASED, limit=-1)
    assert len(records) == 4
    for each in records:
        assert each.facts["painted_at"] < each.released_at
    assert {each.facts["seed"] for each in records} == {"0", "1", "9007199254740993", "9007199254740994"}


def test_what_was_painted_for_an_older_sheet_is_not_signed(folder):
    assert batch(folder, "--job", str(folder / "job")).exit_code == 0
    paint_part(folder / "job", "s1", "1-2")
    (folder / "sheet.csv").write_text("layout,prompt,shot\nc.png,dusk,s1\n")
    signed = batch(folder, "--painted", str(folder / "job"))
    assert signed.exit_code == 1
    assert "was painted for something else than is asked now" in signed.output
    again = batch(folder, "--job", str(folder / "job"))
    assert "holds a job already" in str(again.exception)


def test_what_the_model_refuses_is_an_answer_and_a_task_that_is_not_there_an_error(
    folder, monkeypatch, capsys
):
    assert batch(folder, "--job", str(folder / "job")).exit_code == 0
    task = folder / "job" / "tasks" / "s1" / "task.json"
    said = json.loads(task.read_text())
    said["digest"] = "0" * 64
    task.write_text(json.dumps(said))
    assert farm_painter.main(["paint", str(folder / "job"), "s1", "1"]) == 2
    assert "is not the same on this machine" in capsys.readouterr().err
    assert farm_painter.main(["paint", str(folder / "job"), "s9", "1"]) == 2
    assert farm_painter.main(["x"]) == 2
    assert farm_painter.main(["paint", str(folder / "job"), "s1", "all"]) == 2
    assert "candidates such as 1-8" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not OPENJD.exists(), reason="openjd is not installed: pip install openjd-cli")
def test_openjd_checks_and_runs_the_job_to_its_end(folder):
    assert batch(folder, "--job", str(folder / "job")).exit_code == 0
    template = folder / "job" / "job.yaml"
    checked = subprocess.run([OPENJD, "check", template], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [OPENJD, "run", template], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    assert sorted(each.name for each in (folder / "out").glob("*.png")) == [
        "s1-01.png", "s1-02.png", "s2-01.png", "s2-02.png",
    ]  # fmt: skip
    shutil.rmtree(folder / "out")
    near = batch(folder)
    assert "4 there already" in near.output
