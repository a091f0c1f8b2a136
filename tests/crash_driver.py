"""Runs the real flow and kills itself at the point named: `python crash_driver.py HOME LAYOUT OUT POINT WEBHOOK`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from provenance.ledger import Ledger
from provenance.release import journal
from provenance.release import release as flow
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType


def kill_at(point: str, settings: Settings, layout: Path, out: Path, webhook: str = "") -> None:
    """Records the layout in a process of its own, which is killed there."""
    done = subprocess.run(
        [sys.executable, __file__, settings.home, layout, out, point, webhook],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def die(*_args: object, **_named: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_the_second_time(*args: Path) -> None:
    """Between the credentials that go beside a file and the file itself."""
    calls.append(args)
    if len(calls) > 1:
        die()
    linked(*args)


calls: list[tuple[Path, ...]] = []
linked = journal.move_new


# Where the process dies: just before the call named, so just after the step before it.
POINTS = {
    "journal": (Ledger, "request"),
    "requested": (flow, "_make_and_sign"),
    "made": (flow, "embed"),
    "signed": (Ledger, "release"),
    "released": (flow, "hand_over"),
    "part": (journal, "move_new"),
    "between": (journal, "move_new"),
    "told": (flow, "tell_released"),
    "linked": (journal.Journal, "close"),
}

if __name__ == "__main__":
    home, layout, out, point, webhook = sys.argv[1:]
    settings = Settings(home=Path(home), webhook=webhook or None, webhook_secret="a secret, long enough here")
    with open_archive(settings) as archive:
        owner, name = POINTS[point]
        setattr(owner, name, die_the_second_time if point == "between" else die)
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), Path(out))
        flow.record(archive, Path(layout), job, source_type=SourceType.DIGITAL_CREATION)
