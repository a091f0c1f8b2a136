"""Starts archives for the first time, each killed at one step that touches its folder.

`python first_start_driver.py FOLDER` prints how many steps there were; a start that fails after a kill is an error.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from provenance.release.opening import open_archive
from provenance.settings import Settings


def started(home: Path, last_step: int = 0) -> int:
    """The exit status of a start in a process of its own, which is killed before that step of it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = last_step

    def step(_event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        if any(isinstance(each, str | Path) and str(each).startswith(str(home)) for each in given):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    with open_archive(Settings(home=home)) as archive:
        assert len(archive.ledger) >= 1
    os._exit(0)


if __name__ == "__main__":
    for number in count(1):
        home = Path(sys.argv[1]) / str(number)
        killed = started(home, number)
        if started(home) != 0:
            sys.exit(f"after a kill at step {number} it does not start")
        if killed == 0:
            print(number - 1)
            break
