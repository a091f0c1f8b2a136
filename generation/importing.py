"""Importing the libraries below us, without the garbage collector in between.

Torch, transformers and diffusers make a million objects that stay. Python's collector looks through all of them again
and again, while they are made and afterwards, and finds nothing. From the command to the first picture that took 2 of
6 seconds (`python -m bench start`).
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside; if modules were imported, the collector leaves alone from then on what is there by then."""
    collecting, modules = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > modules:
            gc.freeze()
        if collecting:
            gc.enable()
