"""An audit on a Ray cluster of two machines gives the rows that this machine gives; slow, since Ray starts them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from delivery_samples import encoded, scene

from provenance.commands.audit import audit_command
from provenance.settings import Settings

ROOT = Path(__file__).parents[2]
MEMORY = 100 * 1024 * 1024  # the least that Ray takes


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two machines of one processor each, played by processes of this one; the address of the first."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'genzu[cluster]'")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_worker_niceness", "0")
    machines = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": MEMORY, "include_dashboard": False},
    )
    machines.add_node(num_cpus=1, object_store_memory=MEMORY)
    yield machines.address
    machines.shutdown()


def audited(settings: Settings, *args: object) -> Result:
    return CliRunner().invoke(audit_command, [str(each) for each in args], obj=settings)


@pytest.mark.slow
def test_a_cluster_gives_the_rows_that_this_machine_gives(
    cluster: str, settings: Settings, tmp_path: Path
) -> None:
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    for number in range(20):
        (delivery / f"c{number:03}.png").write_bytes(encoded(scene(number)))
    (delivery / "c020.png").write_bytes(b"\x89PNG broken")
    told = {}
    for where, on in (("here", ()), ("there", ("--on", cluster))):
        out = tmp_path / f"{where}.json"
        found = audited(settings, delivery, "--report", out, *on)
        assert found.exit_code == 2, found.output
        told[where] = json.loads(out.read_text())["rows"]
    assert told["here"] == told["there"] and len(told["there"]) == 21


def test_a_cluster_that_does_not_answer_is_told_in_one_sentence(settings: Settings, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'genzu[cluster]'")
    (tmp_path / "c001.png").write_bytes(encoded(scene(1)))
    found = audited(settings, tmp_path, "--on", "ray://127.0.0.1:1")
    assert "no Ray cluster answers at ray://127.0.0.1:1" in str(found.exception)
