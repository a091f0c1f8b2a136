"""On a GPU: our loading beside what diffusers' documentation shows, the same picture in turn.

    GENZU_BENCH_MODEL=stable-diffusion-v1-5/stable-diffusion-v1-5 GENZU_BENCH_SIDE=512 python -m bench gpu

Bare is the class's own call in float16, one picture a call. Ours: the same, compiled, and four candidates at once.
Where there is no GPU it says so.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from bench.bare import bare
from bench.faster import PROMPT, TOGETHER
from bench.scenes import drawing
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio.replay import distance

MODEL = os.environ.get("GENZU_BENCH_MODEL", "house")
SIDE = int(os.environ.get("GENZU_BENCH_SIDE", "512"))
ROUNDS = int(os.environ.get("GENZU_BENCH_ROUNDS", "7"))


def main() -> None:
    """Prints seconds a picture, how many times as fast as bare that is, and how far the pictures are apart."""
    import torch

    if not torch.cuda.is_available():
        print("not measured: there is no GPU here")
        return
    model = find_model(MODEL)
    plain, compiled = Engine.load(model), Engine.load(model, loading=Loading(compile=True))
    requests = [
        plain.capabilities.request(drawing((SIDE, SIDE)), PaintSettings(PROMPT, seed=seed, long_side=SIDE))
        for seed in range(TOGETHER)
    ]
    ways: Mapping[str, tuple[Callable[[], Any], int]] = {
        "bare diffusers, float16": (lambda: bare(plain.pipe, requests[0].image, requests[0].settings), 1),
        "ours": (lambda: plain.render(requests[0]).image, 1),
        "ours, compiled": (lambda: compiled.render(requests[0]).image, 1),
        f"ours, compiled, {TOGETHER} candidates": (
            lambda: compiled.render_several(requests)[0].image,
            TOGETHER,
        ),
    }
    first = bare(plain.pipe, requests[0].image, requests[0].settings)
    told: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 2):
        for name, (way, count) in ways.items():
            start = time.perf_counter()
            way()
            torch.cuda.synchronize()
            if number > 1:  # the first rounds compile and warm up
                told[name].append((time.perf_counter() - start) / count)
    print(f"{model.name}, {SIDE} px, {torch.cuda.get_device_name()}, {ROUNDS} rounds in turn")
    for name, (way, _) in ways.items():
        fast = statistics.median(
            a / b for a, b in zip(told["bare diffusers, float16"], told[name], strict=True)
        )
        far = distance(first, way())
        print(
            f"{name}: {statistics.median(told[name]):.3f} s ({fast:.2f}x); {far.largest} of 255 at most",
            flush=True,
        )
