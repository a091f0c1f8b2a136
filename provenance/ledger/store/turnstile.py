"""The place where processes that want to write wait, so that each gets its turn.

SQLite's own lock goes to the process that asks at the right moment: one that writes a lot can keep another out, and two
that make a new database at once are told "busy" without having waited. So a writer first stands in the turnstile,
leaves it once SQLite's lock is its own, and has to come back behind those who wait for its next turn. Making and
opening a ledger happen inside. Only patience hangs on it: that there is one log is SQLite's work.
"""

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from provenance.errors import LedgerBusy, OutputError
from provenance.storage.lock import lock_now, unlock

_PAUSE = 0.001  # seconds between two looks; flock can wait without an end or not at all


class Turnstile:
    """A lock between processes, and between openings in one process; entered again by its holder it stays shut.

    LedgerBusy when `patience` seconds did not suffice, OutputError where the file cannot be made or locked. Threads
    that share one Turnstile must take turns themselves.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self.patience = patience
        self._depth = 0
        self._file = -1

    def __enter__(self) -> Self:
        if self._depth == 0:
            self._file = self._lock()
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            unlock(self._file)
            os.close(self._file)

    def _lock(self) -> int:
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                self._wait_for(file)
            except BaseException:
                os.close(file)
                raise
        except OSError as error:
            raise OutputError.of(error, f"{self.path} cannot be locked") from error
        return file

    def _wait_for(self, file: int) -> None:
        end = time.monotonic() + self.patience
        while True:
            try:
                lock_now(file)
                return
            except BlockingIOError:
                if time.monotonic() > end:
                    raise LedgerBusy(
                        f"{self.path}: other processes have been writing for {self.patience:.0f} s"
                    ) from None
            time.sleep(_PAUSE)
