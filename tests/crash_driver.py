"""Runs the real flow and kills itself at the point named: `python crash_driver.py HOME LAYOUT OUT POINT`."""

import os
import signal
import sys
from pathlib import Path

import provenance.journal as journal
import provenance.release as flow
from provenance.archive import Archive
from provenance.credits import Credit, Role
from provenance.ledger import Ledger
from provenance.settings import Settings
from provenance.vocabulary import SourceType


def die(*_args: object, **_named: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# Where the process dies: just before the call named, so just after the step before it.
POINTS = {
    "journal": (Ledger, "request"),
    "requested": (flow, "_make_and_sign"),
    "made": (flow, "_sign"),
    "signed": (Ledger, "release"),
    "released": (flow, "deliver"),
    "part": (journal, "_link"),
    "linked": (journal.Journal, "close"),
}

if __name__ == "__main__":
    home, layout, out, point = sys.argv[1:]
    with Archive.open(Settings(home=Path(home))) as archive:
        owner, name = POINTS[point]
        setattr(owner, name, die)
        flow.record(
            archive,
            Path(layout),
            credits=(Credit(Role.LAYOUT, "Mori Aoi"),),
            source_type=SourceType.DIGITAL_CREATION,
            out=Path(out),
        )
