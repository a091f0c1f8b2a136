"""How long a waiting thread spins: bounded, before torch is loaded.

OpenMP's threads wait for each other by spinning. GNU's library spins without end where it believes that it has the
machine to itself. Beside other busy programs (a hosted space's two cores, a test run) each thread then burns the time
that the other needs: one call of the embedded model's network took 440 ms beside three busy programs, and bounded
146. On a quiet machine it takes 42 ms either way (`python -m bench threads`). Torch on a Mac and Intel's builds bring
another library, with a setting of its own.

numpy's matrix products have a third one, OpenBLAS, whose threads spin for a tenth of a second after each product. The
products of the look-up are small: with one thread they took 41 ms of processor time in place of 291 and more. Torch
for ARM processors computes with OpenBLAS itself, so there it keeps its threads.

If one of a library's variables is set already, nothing is changed for it.
"""

import platform
from collections.abc import MutableMapping

# A fifth of a millisecond or so: longer than two threads are apart in one layer, shorter than the system's time slice.
BOUNDED = {"GOMP_SPINCOUNT": "20000", "KMP_BLOCKTIME": "1"}
DECIDED_BY = frozenset({*BOUNDED, "OMP_WAIT_POLICY"})
ONE_PRODUCT = {"OPENBLAS_NUM_THREADS": "1"}
INTEL = ("x86_64", "AMD64")  # as systems call the processors whose torch brings MKL


def bound_spinning(environment: MutableMapping[str, str]) -> None:
    """Sets what is to be set; the libraries read it once, when they are loaded."""
    if not DECIDED_BY & environment.keys():
        environment.update(BOUNDED)
    if platform.machine() in INTEL:
        for name, value in ONE_PRODUCT.items():
            environment.setdefault(name, value)
