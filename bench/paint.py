"""What the engine costs beside bare diffusers, and what precision and threads change: the embedded model at 256 px.

Bare is the pipeline's own call on the same picture; the engine adds the checks of the request and of the model's
files, the callback of each step and the facts.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PIL import Image

from bench.bare import bare
from bench.scenes import drawing
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.model.model import find_model
from generation.request.request import PaintSettings, Request

ROUNDS = 7
PROMPT = "sunset, pink sky, green grass, house"


def main() -> None:
    """Prints seconds a picture and ratios, then how far the pictures are from the first one."""
    model = find_model("house")
    # As diffusers paints; what a processor is given by itself is in bench/faster.py.
    plain = Loading(backend="plain", dtype="float32")
    engine, brain = Engine.load(model, loading=plain), Engine.load(model, dtype="bfloat16")
    settings = PaintSettings(PROMPT, strength=0.8, num_inference_steps=25, seed=1, long_side=256)
    request = engine.capabilities.request(drawing((256, 256)), settings)
    shown = replace(request, preview_every=4)
    calls = {
        "bare diffusers": partial(bare, engine.pipe, request.image, request.settings),
        "engine": partial(paint, engine, request),
        "engine, a preview every 4 steps": partial(paint, engine, shown),
        "engine, bfloat16": partial(paint, brain, request),
    }
    seconds = in_turn(list(calls.values()))
    print(f"{request.effective_steps} steps, {engine.device}, {engine.dtype}, medians of {ROUNDS} rounds")
    for name, each in zip(calls, seconds, strict=True):
        print(f"{name}: {each:.3f} s a picture, ratio {each / seconds[0]:.3f}")
    differences(engine, brain, request)


def differences(engine: Engine, brain: Engine, request: Request) -> None:
    """A replay's distance: what another run, another number of threads and another precision change."""
    import torch

    first = paint(engine, request)
    print(f"bare against engine: {distance(bare(engine.pipe, request.image, request.settings), first)}")
    print(f"again, the same seed: {distance(paint(engine, request), first)}")
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if threads > 1 else 2)
    print(f"{torch.get_num_threads()} threads against {threads}: {distance(paint(engine, request), first)}")
    torch.set_num_threads(threads)
    print(f"bfloat16 against {engine.dtype}: {distance(paint(brain, request), first)}")


def paint(engine: Engine, request: Request) -> Image.Image:
    """The engine with someone watching."""
    return engine.render(request, on_step=lambda *_: None).image


def distance(one: Image.Image, other: Image.Image) -> str:
    """Largest and mean difference of 8-bit channel values."""
    apart = [abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)]
    return f"largest {max(apart)}, mean {statistics.mean(apart):.4f} of 255"


def in_turn(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Median seconds of each call, run in turn so that a drift of the machine hits all."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(ROUNDS + 1):
        for call, times in zip(calls, taken, strict=True):
            start = time.perf_counter()
            call()
            if number:  # the first round warms up
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    main()
