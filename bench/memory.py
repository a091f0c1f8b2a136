"""Memory: our engine beside bare diffusers, each in a process of its own, and whether it grows over many pictures.

The largest resident size (peak) after the first pictures, and how the size goes on from there: pictures are tiny, so
that whatever is left behind by each one shows.

    GENZU_BENCH_PICTURES=1000 python -m bench memory
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = int(os.environ.get("GENZU_BENCH_PICTURES", "100"))
WARM = 20  # pictures, before growth is looked at
SIDE, TINY = 512, 96

# One picture of SIDE by each way; then the growth of the whole way: painted, marked, signed, recorded.
BARE = """
import torch  # before anything of ours sets up its threads
from bench.bare import bare, loaded
from bench.scenes import drawing
from generation.model.model import HOUSE
from generation.request.request import PaintSettings

pipe = loaded(str(HOUSE))
for seed in range(3):
    bare(pipe, drawing(({side}, {side})), PaintSettings("sunset, house", "", 0.8, 1.5, 6, seed))
from bench.memory import peak

print(peak())
"""
OURS = """
from pathlib import Path
from bench.memory import peak
from bench.scenes import drawing
from generation.engine.engine import Engine
from generation.engine.loading import Loading
from generation.model.model import find_model
from generation.request.request import PaintSettings

engine = Engine.load(find_model("house"), loading=Loading(backend={backend!r}), kept=Path({folder!r}))
asked = PaintSettings("sunset, house", long_side={side})
for seed in range(3):
    engine.render(engine.capabilities.request(drawing(({side}, {side})), asked))
print(peak())
"""
MANY = """
from pathlib import Path
from bench.memory import resident
from bench.scenes import drawing
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role

folder = Path({folder!r})
drawing(({tiny}, {tiny})).save(folder / "layout.png")
with open_archive(Settings(home=folder / "home")) as archive:
    studio = Studio.open(archive, "house")
    studio.engine  # loads torch
    import torch

    torch.set_num_threads(1)  # for pictures this small a second one would only wait
    for seed in range({pictures}):
        words = PaintSettings("sunset, house", seed=seed, long_side={tiny}, num_inference_steps=2, strength=1.0)
        studio.paint(folder / "layout.png", words, Job((Credit(Role.LAYOUT, "Bench"),), folder / f"{{seed}}.png"))
        if seed % 10 == 9:
            print(seed + 1, resident(), flush=True)
"""


def main() -> None:
    """Prints MiB and ratios, then MiB after so many pictures and the slope."""
    from generation.engine.tuning import installed

    with tempfile.TemporaryDirectory() as folder:
        bare = float(run(BARE.format(side=SIDE)))
        print(f"peak at {SIDE} px, bare diffusers: {bare:.0f} MiB")
        for backend in ("plain", "tuned", *(["openvino"] if installed() else [])):
            kept = str(Path(folder) / "openvino")
            for again in range(2 if backend == "openvino" else 1):
                ours = float(run(OURS.format(side=SIDE, backend=backend, folder=kept)))
                first = ", converting it first" if backend == "openvino" and not again else ""
                print(
                    f"peak at {SIDE} px, {backend}{first}: {ours:.0f} MiB, {ours / bare:.2f} of bare",
                    flush=True,
                )
        grow(run(MANY.format(folder=folder, tiny=TINY, pictures=PICTURES)))


def grow(told: str) -> None:
    sizes = [(int(number), float(size)) for number, size in (line.split() for line in told.splitlines())]
    later = [each for each in sizes if each[0] > WARM]
    marks = [later[at * (len(later) - 1) // 4] for at in range(5)]
    print("; ".join(f"{size:.0f} MiB after {number}" for number, size in marks))
    middle = sum(number for number, _ in later) / len(later)
    level = sum(size for _, size in later) / len(later)
    spread = sum((number - middle) ** 2 for number, _ in later)
    slope = sum((number - middle) * (size - level) for number, size in later) / spread
    print(f"grows by {1024 * slope:.1f} KiB a picture, over {later[-1][0]} pictures")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def peak() -> float:
    """MiB, of this process."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """MiB that are in memory now, of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
