"""Who and what made a picture, and proof that the record was not changed.

The verbs of provenance/verbs.py can be called here: `provenance.inspect("final.png")`. They are loaded when asked for.
"""

from importlib import import_module
from typing import Any

VERBS = ("record", "retouch", "inspect", "who", "detect", "credits", "verify")


def __getattr__(name: str) -> Any:
    if name in VERBS:
        return getattr(import_module("provenance.verbs"), name)
    raise AttributeError(f"module 'provenance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *VERBS])
