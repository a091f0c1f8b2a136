"""A lock between processes, and a child that was forked while it was held."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance.storage.lock import lock_now, locked, unlock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.fixture
def forking() -> Iterator[list[int]]:
    """Numbers of children that are to be ended."""
    children: list[int] = []
    yield children
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def fork() -> int:
    """A child that keeps open whatever was open."""
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    return child


def test_a_lock_is_held_by_one(path: Path):
    with path.open("wb") as one, path.open("wb") as other:
        with locked(one), pytest.raises(BlockingIOError):
            lock_now(other)
        lock_now(other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_forked_in_between_does_not_keep_it(path: Path, forking: list[int]):
    with path.open("wb") as one, locked(one):
        forking.append(fork())
    with path.open("wb") as other:
        lock_now(other)
        forking.append(fork())
        unlock(other)
    with path.open("wb") as third:
        lock_now(third)
