"""What waiting threads cost: one call of the embedded model's network, quiet and beside three busy processes.

Each setting is a process of its own, because the libraries read it once, when they are loaded. "Quiet" is only true
where nothing else runs on the machine.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from generation.threads import BOUNDED, DECIDED_BY

CALLS = 9
BUSY = 3  # processes
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "as the library decides": {},
    "without end": {"GOMP_SPINCOUNT": "infinity"},
    "OMP_WAIT_POLICY=PASSIVE": {"OMP_WAIT_POLICY": "PASSIVE"},
    "one thread": {"OMP_NUM_THREADS": "1"} | BOUNDED,
    "ours": BOUNDED,
}

CALL = """
import time
import torch
from diffusers import UNet2DConditionModel
from generation.model.model import HOUSE

unet = UNet2DConditionModel.from_pretrained(HOUSE / "unet", use_safetensors=True)
latents, words = torch.randn(2, unet.config.in_channels, 32, 32), torch.randn(2, 40, unet.config.cross_attention_dim)
with torch.no_grad():
    unet(latents, 500, words)
    for _ in range({calls}):
        start = time.perf_counter()
        unet(latents, 500, words)
        print(1000 * (time.perf_counter() - start))
"""


def main() -> None:
    """Prints the median milliseconds of a call for each setting, quiet | busy."""
    for name, setting in SETTINGS.items():
        quiet = milliseconds(setting)
        with busy():
            beside = milliseconds(setting)
        print(f"{name}: {quiet:.0f} ms | {beside:.0f} ms beside {BUSY} busy processes", flush=True)


def milliseconds(setting: Mapping[str, str]) -> float:
    """The median of one process's calls."""
    free = {name: value for name, value in os.environ.items() if name not in DECIDED_BY}
    done = subprocess.run(
        [sys.executable, "-c", CALL.format(calls=CALLS)],
        env=free | dict(setting), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return statistics.median(map(float, done.stdout.split()))


@contextmanager
def busy() -> Iterator[None]:
    """Some processes that compute all the time."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()
