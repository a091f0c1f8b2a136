"""The img2img core: a picture and words in, a picture and the facts of the run out.

`generation.paint` and `generation.painter` (generation/studio/brush.py) are loaded when they are asked for.
"""

import os
from importlib import import_module
from typing import Any

from generation.threads import bound_spinning

# Here, because every way in passes here before it loads torch: the command, the page, workers, training, tests.
bound_spinning(os.environ)

VERBS = ("paint", "painter")


def __getattr__(name: str) -> Any:
    if name in VERBS:
        return getattr(import_module("generation.studio.brush"), name)
    raise AttributeError(f"module 'generation' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *VERBS])
