"""The crash table of docs/architecture.md, a row a test: killed for real, opened again, looked at."""

import subprocess
import sys
from pathlib import Path

import pytest
from crash_driver import kill_at

from provenance.inspection.inspection import inspect
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.statement.canonical import Digest


@pytest.mark.parametrize(
    ("point", "state", "outcome"),
    [
        ("journal", None, []),
        ("requested", State.FAILED, ["closed"]),
        ("made", State.FAILED, ["closed"]),
        ("signed", State.FAILED, ["closed"]),
        ("released", State.RELEASED, ["delivered"]),
        ("part", State.RELEASED, ["delivered"]),
        ("told", State.RELEASED, []),
        ("linked", State.RELEASED, []),
    ],
)
def test_killed_after_a_step_the_next_start_leaves_what_the_crash_table_says(
    settings, layout, tmp_path, point, state, outcome
):
    out = tmp_path / "films" / "out.png"
    out.parent.mkdir()
    with open_archive(settings):
        pass
    kill_at(point, settings, layout, out)
    with open_archive(settings) as archive:
        assert [each.outcome for each in archive.recovered] == outcome
        found = archive.ledger.pictures()
        assert [each.state for each in found] == ([state] if state else [])
        assert list(settings.staging.iterdir()) == []
        if state is State.RELEASED:
            assert Digest.of_file(out) == found[0].output.digest
            assert [each.name for each in out.parent.iterdir()] == ["out.png"]
        else:
            assert list(out.parent.iterdir()) == []
            kept = set(archive.vault.digests())
            assert kept <= {Digest.of_file(layout)}  # a signed file that no entry names is gone
    with open_archive(settings) as archive:
        assert archive.recovered == ()


@pytest.mark.parametrize(
    ("point", "state"), [("signed", State.FAILED), ("part", State.RELEASED), ("between", State.RELEASED)]
)
def test_a_file_never_stands_without_the_credentials_beside_it(settings, tmp_path, point, state):
    scene, out = tmp_path / "scene.psd", tmp_path / "films" / "scene.psd"
    scene.write_bytes(b"8BPS" + bytes(500))
    out.parent.mkdir()
    kill_at(point, settings, scene, out)
    assert not out.exists()
    with open_archive(settings) as archive:
        assert [each.state for each in archive.ledger.pictures()] == [state]
        left = sorted(each.name for each in out.parent.iterdir())
        assert left == (["scene.psd", "scene.psd.c2pa"] if state is State.RELEASED else [])
        if state is State.FAILED:
            assert set(archive.vault.digests()) <= {Digest.of_file(scene)}
        else:
            told = inspect(out, trust=archive.trust, ledger=archive.ledger)
            assert told.exit_code == 0


@pytest.mark.slow
def test_killed_at_any_step_of_the_first_start_the_next_start_works(tmp_path):
    driver = Path(__file__).parents[1] / "first_start_driver.py"
    done = subprocess.run(
        [sys.executable, driver, tmp_path], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 25
