"""From nothing to the first picture: `genzu paint` with the embedded model, a process of its own each time.

Processor time counts the command, imports and weights with it. The first run also makes keys and an archive.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scenes import drawing

ROUNDS = int(os.environ.get("GENZU_BENCH_ROUNDS", "5"))
SIDE = 512
LOADING = """
import torch
from diffusers import AutoPipelineForImage2Image

AutoPipelineForImage2Image.from_pretrained({where!r}, dtype=torch.float32)
"""


def main() -> None:
    """Prints seconds by the clock and of processor time, beside loading the same model with bare diffusers."""
    from generation.model.model import HOUSE

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawing((SIDE, SIDE * 5 // 8)).save(folder / "layout.png")
        told = [paint(folder, number) for number in range(ROUNDS)]
        bare = [
            run([sys.executable, "-W", "ignore", "-c", LOADING.format(where=str(HOUSE))])
            for _ in range(ROUNDS)
        ]
    show(f"first picture, {SIDE} px, from the command", told)
    show("bare diffusers: imports and the same weights, no picture", bare)


def show(name: str, told: list[tuple[float, float]]) -> None:
    clock, cpu = zip(*told, strict=True)
    print(
        f"{name}: least {min(clock):.1f}, median {statistics.median(clock):.1f} s by the clock; "
        f"{min(cpu):.1f}, {statistics.median(cpu):.1f} s of processor time ({len(told)} runs)",
        flush=True,
    )


def paint(folder: Path, number: int) -> tuple[float, float]:
    return run(
        [
            sys.executable, "-m", "generation", "--home", str(folder / "home"), "paint", str(folder / "layout.png"),
            "--prompt", "sunset, pink sky, house", "--by", "prompt: Bench", "-o", str(folder / f"{number}.png"),
        ]
    )  # fmt: skip


def run(command: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time, of one process."""
    before, start = used(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start, used() - before


def used() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
