"""Runs the real flow and kills itself at the point named: `python crash_driver.py HOME LAYOUT OUT POINT`."""

import os
import signal
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
    "linked": (journal.Journal, "close"),
}

if __name__ == "__main__":
    home, layout, out, point = sys.argv[1:]
    with open_archive(Settings(home=Path(home))) as archive:
        owner, name = POINTS[point]
        setattr(owner, name, die_the_second_time if point == "between" else die)
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), Path(out))
        flow.record(archive, Path(layout), job, source_type=SourceType.DIGITAL_CREATION)
