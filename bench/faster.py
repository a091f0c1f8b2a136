"""Our way of painting beside diffusers' own: the same model, words, size, steps and seed; how far they are apart.

Each way is a process of its own, because threads and libraries are set up once in one. They paint in turn, a picture
each, so that a drift of the machine hits all. Time is told by the clock and as processor time; each with its least and
its median. Bare is what diffusers' documentation shows: float32, its own threads, one picture a call.

    GENZU_BENCH_ROUNDS=5 GENZU_BENCH_SIDE=512 python -m bench faster
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.bare import bare, loaded
from bench.scenes import drawing
from generation.engine.tuning import installed
from generation.threads import BOUNDED, DECIDED_BY, ONE_PRODUCT

ROUNDS = int(os.environ.get("GENZU_BENCH_ROUNDS", "5"))
SIDE = int(os.environ.get("GENZU_BENCH_SIDE", "512"))
TOGETHER = 4
THEIR_STEPS = 50  # where nobody says how many
PROMPT = "sunset, pink sky, green grass, house"


OURS = "from bench.faster import paint_when_told; paint_when_told()"
BARE = f"import torch; {OURS}"  # its threads are set up before anything of ours is imported


@dataclass(frozen=True, slots=True)
class Way:
    """One way to paint: `backend` and `dtype` of our engine (None: bare diffusers), so many pictures at once.

    `steps` of 0 are those of the model's card.
    """

    backend: str | None = None
    dtype: str = "auto"
    count: int = 1
    steps: int = 0


WAYS: Mapping[str, Way] = {
    "bare diffusers": Way(),
    f"bare diffusers, its own {THEIR_STEPS} steps": Way(steps=THEIR_STEPS),
    "ours, plain float32": Way("plain", "float32"),
    "ours, tuned": Way("tuned"),
    f"ours, tuned, {TOGETHER} candidates": Way("tuned", count=TOGETHER),
    "ours, OpenVINO float32": Way("openvino", "float32"),
    "ours, OpenVINO": Way("openvino"),
    f"ours, OpenVINO, {TOGETHER} candidates": Way("openvino", count=TOGETHER),
}


def main() -> None:
    """Prints seconds a picture, how many times as fast as bare diffusers that is, memory, and the distance."""
    ways = {name: way for name, way in WAYS.items() if way.backend != "openvino" or installed()}
    with tempfile.TemporaryDirectory() as folder:
        painters = {
            name: Painter(way, Path(folder), number) for number, (name, way) in enumerate(ways.items())
        }
        told: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
        for number in range(ROUNDS + 1):
            for name, painter in painters.items():
                answer = painter.paint(number)
                if number:  # the first round warms up
                    told[name].append(answer)
        show(ways, told, Path(folder))
        for painter in painters.values():
            painter.close()


def show(ways: Mapping[str, Way], told: Mapping[str, list[dict[str, float]]], folder: Path) -> None:
    first, *_ = ways
    print(f"{SIDE} px, {ROUNDS} rounds in turn; seconds a picture: least, median (times as fast as bare)")
    for number, name in enumerate(ways):
        clock, cpu = ([each[kind] for each in told[name]] for kind in ("clock", "cpu"))
        bare = {kind: [each[kind] for each in told[first]] for kind in ("clock", "cpu")}
        fast = statistics.median(a / b for a, b in zip(bare["clock"], clock, strict=True))
        work = statistics.median(a / b for a, b in zip(bare["cpu"], cpu, strict=True))
        print(
            f"{name}: {min(clock):.2f}, {statistics.median(clock):.2f} s by the clock ({fast:.2f}x); "
            f"{min(cpu):.2f}, {statistics.median(cpu):.2f} s of processor time ({work:.2f}x); "
            f"memory {told[name][-1]['memory']:.0f} MiB; {distance(folder / '0.png', folder / f'{number}.png')}"
        )


def distance(one: Path, other: Path) -> str:
    """How far two pictures are apart: largest and mean difference of 255, and the peak signal to noise ratio."""
    a, b = (np.asarray(Image.open(each).convert("RGB"), np.float64) for each in (one, other))
    apart = np.abs(a - b)
    if not apart.any():
        return "the same pixels"
    noise = 10 * np.log10(255**2 / (apart**2).mean())
    return f"largest {apart.max():.0f}, mean {apart.mean():.2f} of 255, {noise:.1f} dB"


class Painter:
    """A process that paints when it is told to. Its first picture of seed 0 is kept."""

    def __init__(self, way: Way, folder: Path, number: int) -> None:
        free = {name: value for name, value in os.environ.items() if name not in {*DECIDED_BY, *ONE_PRODUCT}}
        own = free if way.backend is None else free | BOUNDED | ONE_PRODUCT
        numbers = [str(each) for each in (way.count, way.steps)]
        asked = [str(way.backend or "bare"), way.dtype, *numbers, str(folder), str(number)]
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", BARE if way.backend is None else OURS, *asked],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=own,
        )  # fmt: skip

    def paint(self, seed: int) -> dict[str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


# -- in the process of a painter --------------------------------------------------------------------------------------


def paint_when_told() -> None:
    """A picture for each seed that is read; on the command line: backend, dtype, count, steps, folder and number."""
    backend, dtype, at_once, steps, place, number = sys.argv[1:]
    count, folder = int(at_once), Path(place)
    paint = bare_call(int(steps)) if backend == "bare" else our_call(backend, dtype, count, folder)
    for line in sys.stdin:
        seed = int(line)
        before, start = used(), time.perf_counter()
        image = paint(seed)
        clock, cpu = time.perf_counter() - start, used() - before
        if seed == 0:
            image.save(folder / f"{number}.png")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"clock": clock / count, "cpu": cpu / count, "memory": memory}), flush=True)


def used() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def bare_call(steps: int) -> Any:
    """As diffusers' documentation shows it, with the numbers of the embedded model's card, but for so many steps."""
    pipe = loaded("generation/house/weights")
    from generation.model.model import find_model
    from generation.request.request import PaintSettings

    best = find_model("house").defaults
    steps = steps or int(best["num_inference_steps"])
    asked = PaintSettings(PROMPT, "", best["strength"], best["guidance_scale"], steps)
    layout = drawing((SIDE, SIDE))
    return lambda seed: bare(pipe, layout, replace(asked, seed=seed))


def our_call(backend: str, dtype: str, count: int, folder: Path) -> Any:
    from generation.engine.engine import Engine
    from generation.engine.loading import Loading
    from generation.model.model import find_model
    from generation.request.request import PaintSettings

    loading = Loading(backend=backend, dtype=dtype)
    engine = Engine.load(find_model("house"), loading=loading, kept=folder / "openvino")
    layout = drawing((SIDE, SIDE))

    def paint(seed: int) -> Image.Image:
        # A layout of its own each time: what is remembered of the last one must not help.
        own = layout.copy()
        own.putpixel((0, 0), (seed, 0, 0))
        given = own if seed else layout
        requests = [
            engine.capabilities.request(given, PaintSettings(PROMPT, seed=seed + 1000 * each, long_side=SIDE))
            for each in range(count)
        ]
        return engine.render_several(requests, on_step=lambda *_: None)[0].image

    return paint
