"""Locks on open files, between processes (flock).

They are let go of by name. Closing the file would not do where a child process was forked in between, as hosts that
lend GPUs do: the lock would last as long as the child.

Only writing needs them, and only Linux, macOS and their like have them: a system without says so when it is to write,
and reads all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import IO, Any

from provenance.errors import LedgerError

File = int | IO[Any]


@contextmanager
def locked(file: File) -> Iterator[None]:
    """Waits for the lock without an end, and holds it for the block. What the block wrote must be flushed in it."""
    system = _system()
    system.flock(file, system.LOCK_EX)
    try:
        yield
    finally:
        unlock(file)


def lock_now(file: File) -> None:
    """Takes the lock; BlockingIOError where somebody else has it."""
    system = _system()
    system.flock(file, system.LOCK_EX | system.LOCK_NB)


def unlock(file: File) -> None:
    system = _system()
    with suppress(OSError):  # closing the file, which follows, is the other way
        system.flock(file, system.LOCK_UN)


def need_locks() -> None:
    """Raises LedgerError where this system has none, before anything is made that needs them."""
    _system()


def _system() -> ModuleType:
    try:
        import fcntl
    except ImportError:
        raise LedgerError(
            "this system has no file locks that a record could be written under: write it on Linux, macOS or, on "
            "Windows, in WSL. Inspect, audit, credits and receipt verify work here"
        ) from None
    return fcntl
