"""Threads that wait do not spin without end, whichever way in; and who has decided otherwise is left alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generation.threads import BOUNDED, DECIDED_BY, bound_spinning

ROOT = Path(__file__).parents[2]
WAYS_IN = {
    "command": "import generation.__main__, generation.cli",
    "page": "import generation.app",
    "studio": "import generation.studio.studio",
    "training": "import generation.house.training",
    "benchmarks": "import bench",
    "tests": "import conftest",
}


def environment(**own: str) -> dict[str, str]:
    free = {name: value for name, value in os.environ.items() if name not in DECIDED_BY}
    return free | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])} | own


def spin_count(code: str, **own: str) -> str:
    """What the OpenMP library itself says it has read."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport torch"],
        env=environment(OMP_DISPLAY_ENV="verbose", **own), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = re.search(r"GOMP_SPINCOUNT = '(\d+)'", done.stderr)
    if told is None:
        pytest.skip("torch was built with another OpenMP library than GNU's here")
    return told[1]


@pytest.mark.parametrize("way", WAYS_IN)
def test_the_library_spins_for_a_bounded_time_by_every_way_in(way: str) -> None:
    if way == "page":
        pytest.importorskip("gradio", reason="the page needs genzu[app]")
    assert spin_count(WAYS_IN[way]) == BOUNDED["GOMP_SPINCOUNT"]


@pytest.mark.parametrize(
    ("own", "count"), [({"GOMP_SPINCOUNT": "77"}, "77"), ({"OMP_WAIT_POLICY": "PASSIVE"}, "0")]
)
def test_what_the_user_has_set_stays(own: dict[str, str], count: str) -> None:
    assert spin_count("import generation", **own) == count


@pytest.mark.parametrize("name", sorted(DECIDED_BY))
def test_one_variable_that_is_set_decides_for_all_of_openmp(name: str) -> None:
    mine = {name: "1", "HOME": "/"}
    bound_spinning(mine)
    assert {key: mine[key] for key in mine.keys() & {*DECIDED_BY, "HOME"}} == {name: "1", "HOME": "/"}
    none = {"HOME": "/"}
    bound_spinning(none)
    assert none.items() >= ({"HOME": "/"} | BOUNDED).items()


@pytest.mark.parametrize(("machine", "threads"), [("x86_64", "1"), ("AMD64", "1"), ("aarch64", None)])
def test_products_of_numpy_take_one_thread_unless_torch_computes_with_the_same_library(
    monkeypatch: pytest.MonkeyPatch, machine: str, threads: str | None
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    none: dict[str, str] = {}
    bound_spinning(none)
    assert none.get("OPENBLAS_NUM_THREADS") == threads
    own = {"OPENBLAS_NUM_THREADS": "4"}
    bound_spinning(own)
    assert own["OPENBLAS_NUM_THREADS"] == "4"


def test_processes_that_a_way_in_starts_inherit_it() -> None:
    code = "import subprocess, sys, generation; subprocess.run([sys.executable, '-c', 'import torch'], check=True)"
    assert spin_count(code) == BOUNDED["GOMP_SPINCOUNT"]
