"""Locks on open files, between processes (flock).

They are let go of by name. Closing the file would not do where a child process was forked in between, as hosts that
lend GPUs do: the lock would last as long as the child.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

File = int | IO[Any]


@contextmanager
def locked(file: File) -> Iterator[None]:
    """Waits for the lock without an end, and holds it for the block. What the block wrote must be flushed in it."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        unlock(file)


def lock_now(file: File) -> None:
    """Takes the lock; BlockingIOError where somebody else has it."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def unlock(file: File) -> None:
    with suppress(OSError):  # closing the file, which follows, is the other way
        fcntl.flock(file, fcntl.LOCK_UN)
