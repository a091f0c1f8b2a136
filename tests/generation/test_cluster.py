"""A sheet on a Ray cluster of two machines, one painter killed midway: the same record as from this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import draw_house

from provenance.ledger.store.records import PictureRecord, State
from provenance.release.opening import open_archive
from provenance.settings import Settings

pytest.importorskip("ray", reason="Ray is not installed: pip install 'genzu[cluster]'")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
ROOT = Path(__file__).parents[2]
MEMORY = 100 * 2**20  # bytes of each machine's store
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
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two machines of one processor each, played by processes of this one; the address of the first."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # Ray's workers give way to everything else by default: on a busy machine they would never end.
    monkeypatch.setenv("RAY_worker_niceness", "0")
    machines = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": MEMORY, "include_dashboard": False},
    )
    machines.add_node(num_cpus=1, object_store_memory=MEMORY)
    yield machines.address
    machines.shutdown()


def painters() -> list[int]:
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if (each / "cmdline").read_bytes().startswith(b"ray::Painter"):
                found.append(int(each.name))
        except OSError:
            continue
    return found


def start(folder: Path, home: str, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "generation", "--home", folder / home, "batch", folder / "sheet.csv"]
    return subprocess.Popen(
        [*command, "-o", folder / f"{home}-out", *QUICK, *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def records(folder: Path, home: str) -> dict[tuple[str, object], PictureRecord]:
    with open_archive(Settings(home=folder / home)) as archive:
        assert archive.recovered == ()
        found = archive.ledger.pictures(limit=-1, state=State.RELEASED)
    told = {(each.statement.project.shot, each.statement.parameters["candidate"]): each for each in found}
    assert len(told) == len(found)
    return told


def test_two_machines_paint_a_sheet_and_a_painter_that_is_killed_loses_nothing(cluster, tmp_path):
    draw_house().save(tmp_path / "c.png")
    rows = "".join(f'c.png,"night {at}",s{at}\n' for at in range(6))
    (tmp_path / "sheet.csv").write_text("layout,prompt,shot\n" + rows)
    run = start(tmp_path, "far", "--on", cluster)
    for line in run.stderr:
        if " painted " in line:
            break
    working = painters()
    assert len(working) == 2
    os.kill(working[0], signal.SIGKILL)
    rest = run.stderr.read()
    assert run.wait() == 0, rest
    far = records(tmp_path, "far")
    assert len(far) == 12
    near_run = start(tmp_path, "near")
    rest = near_run.stderr.read()
    assert near_run.wait() == 0, rest
    near = records(tmp_path, "near")
    assert near.keys() == far.keys()
    for key, record in near.items():
        other = far[key]
        assert record.statement.parameters == other.statement.parameters
        assert record.statement.model == other.statement.model
        assert record.facts.keys() == other.facts.keys()
        assert record.facts["batch_size"] == other.facts["batch_size"] == 2


def test_a_cluster_that_does_not_answer_is_one_sentence(tmp_path):
    draw_house().save(tmp_path / "c.png")
    (tmp_path / "sheet.csv").write_text("layout,prompt\nc.png,night\n")
    run = start(tmp_path, "far", "--on", "ray://127.0.0.1:1")
    told = run.stderr.read()
    assert run.wait() == 2
    assert "no Ray cluster answers at ray://127.0.0.1:1" in told
    assert "Traceback" not in told
