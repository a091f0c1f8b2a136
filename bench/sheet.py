"""The whole way of a sheet (paint, mark, encode, sign, ledger) beside painting and saving alone: seconds a picture.

Three things in turn, each so many candidates over one layout, in one process with the embedded model:

    bare       diffusers' own call, one picture at a time in float32, saved by Pillow
    engine     our engine's pictures, saved by Pillow: what the record has to be compared with
    sheet      rows of a sheet through the same engine; each is signed and recorded while the next is painted

    GENZU_BENCH_ROUNDS=5 GENZU_BENCH_SIDE=512 python -m bench sheet
"""

import itertools
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image

from bench.bare import bare
from bench.scenes import drawing
from generation.batch.hands import ThreadHand
from generation.batch.painting import Painting
from generation.batch.row import Row
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.engine.tuning import installed
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role

ROUNDS = int(os.environ.get("GENZU_BENCH_ROUNDS", "5"))
SIDE = int(os.environ.get("GENZU_BENCH_SIDE", "512"))
ROWS, CANDIDATES = 3, 4
PROMPT = "sunset, pink sky, green grass, house"
BY = (Credit(Role.LAYOUT, "Bench"),)
SEEDS = itertools.count(0, CANDIDATES)


def main() -> None:
    """Prints seconds a picture, and the sheet's speed as a part of the two others'."""
    plain = Engine.load(find_model("house"), loading=Loading(backend="plain", dtype="float32"))
    for backend in ("tuned", *(["openvino"] if installed() else [])):
        with tempfile.TemporaryDirectory() as folder:
            measure(backend, plain, Path(folder))


def measure(backend: str, plain: Engine, folder: Path) -> None:
    layout = folder / "layout.png"
    drawing((SIDE, SIDE * 5 // 8)).save(layout)
    with open_archive(Settings(home=folder / "home")) as archive:
        studio = Studio.open(archive, "house", loading=Loading(backend=backend))
        ways: Mapping[str, Callable[[], None]] = {
            "bare": lambda: alone(plain, layout, folder),
            "engine": lambda: engine(studio.engine, layout, folder),
            "sheet": lambda: sheet(studio, layout, folder),
        }
        told: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(ROUNDS + 1):
            for name, way in ways.items():
                before, start = used(), time.perf_counter()
                way()
                taken = time.perf_counter() - start, used() - before
                if number:  # the first round warms up
                    told[name].append((taken[0] / ROWS / CANDIDATES, taken[1] / ROWS / CANDIDATES))
    show(backend, told)


def show(backend: str, told: Mapping[str, list[tuple[float, float]]]) -> None:
    print(
        f"{backend}, {SIDE} px, {CANDIDATES} candidates a row, {ROUNDS} rounds in turn: least, median seconds"
    )
    for name, each in told.items():
        clock, cpu = ([taken[kind] for taken in each] for kind in (0, 1))
        line = f"{name}: {min(clock):.3f}, {statistics.median(clock):.3f} by the clock; "
        line += f"{min(cpu):.3f}, {statistics.median(cpu):.3f} of processor time"
        print(f"{line}{beside(told, name) if name == 'sheet' else ''}", flush=True)


def beside(told: Mapping[str, list[tuple[float, float]]], name: str) -> str:
    """The speed as a part of the others', in pairs of one round."""
    words = ""
    for other in ("bare", "engine"):
        pairs = list(zip(told[other], told[name], strict=True))
        clock = statistics.median(theirs[0] / ours[0] for theirs, ours in pairs)
        cpu = statistics.median(theirs[1] / ours[1] for theirs, ours in pairs)
        words += f"; {clock:.2f} ({cpu:.2f}) of {other}'s speed"
    return words


def settings(seed: int) -> PaintSettings:
    return PaintSettings(PROMPT, seed=seed, long_side=SIDE)


def alone(plain: Engine, layout: Path, folder: Path) -> None:
    for _ in range(ROWS):
        seed = next(SEEDS)
        for each in range(CANDIDATES):
            request = plain.capabilities.request(Image.open(layout).convert("RGB"), settings(seed + each))
            bare(plain.pipe, request.image, request.settings).save(folder / f"bare-{seed + each}.png")


def engine(loaded: Engine, layout: Path, folder: Path) -> None:
    for _ in range(ROWS):
        seed = next(SEEDS)
        image = Image.open(layout).convert("RGB")
        requests = [loaded.capabilities.request(image, settings(seed + each)) for each in range(CANDIDATES)]
        for each, render in enumerate(loaded.render_several(requests)):
            render.image.save(folder / f"engine-{seed + each}.png")


def sheet(studio: Studio, layout: Path, folder: Path) -> None:
    rows = [
        Row(number, f"c{seed}", layout, settings(seed), BY, candidates=CANDIDATES)
        for number, seed in enumerate(next(SEEDS) for _ in range(ROWS))
    ]
    hand = ThreadHand(studio.engine)
    try:
        made = Painting(studio, [hand], studio.engine.capabilities, folder).run(rows)
    finally:
        hand.close()
    assert len(made) == ROWS * CANDIDATES


def used() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
