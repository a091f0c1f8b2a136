"""Ctrl-C, and a request to terminate: both end a command in the same way, and neither is forgotten.

Python swallows an interrupt that falls into a destructor or a callback. Whoever works for long asks `was_asked` between
two steps.
"""

import signal
from types import FrameType

_CAME: list[int] = []


def heed() -> None:
    """From now on both signals raise KeyboardInterrupt and are remembered."""
    _CAME.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _raise)


def was_asked() -> bool:
    """Whether one of them came since, even if nothing was seen of its KeyboardInterrupt."""
    return bool(_CAME)


def _raise(number: int, _frame: FrameType | None) -> None:
    _CAME.append(number)
    raise KeyboardInterrupt
