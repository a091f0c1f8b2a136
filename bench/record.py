"""What the record costs: a picture painted bare against one painted, signed and recorded; and the record alone.

Bare is the engine's render and the encoder; the other is Studio.paint, which adds inputs and output in the vault, two
ledger entries with a checkpoint, the manifest and the hand-over, each durable (fsync) before the next.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from bench.scenes import drawing, noisy
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.job import Job, software
from provenance.release.made import Made
from provenance.release.opening import open_archive
from provenance.release.release import release
from provenance.settings import Settings
from provenance.statement.canonical import new_id
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import SourceType, Step

BY = (Credit(Role.LAYOUT, "Bench"),)
ROUNDS = 7


def main() -> None:
    """Prints seconds a picture bare and recorded (20 steps, 256 px), their ratio; and the record alone."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Settings(home=Path(folder) / "home")) as archive,
    ):
        painting(archive, Path(folder))
        record_alone(archive, Path(folder))


def painting(archive: Archive, folder: Path) -> None:
    studio = Studio.open(archive, "house")
    layout = folder / "layout.png"
    drawing((256, 256)).save(layout)
    words = PaintSettings(
        "sunset, pink sky, house", strength=0.8, num_inference_steps=25, long_side=256
    )  # 20 run
    numbers = iter(range(1000))

    def bare() -> None:
        request = studio.engine.capabilities.request(
            Image.open(layout).convert("RGB"), replace(words, seed=next(numbers))
        )
        (folder / "bare.png").write_bytes(encode(studio.engine.render(request).image, "image/png"))

    def recorded() -> None:
        number = next(numbers)
        out = folder / f"{number}.png"
        studio.paint(layout, replace(words, seed=number), Job(BY, out))

    without, with_record = in_turn(bare, recorded)
    ratio = with_record / without
    print(f"256 px, 20 steps: bare {without:.3f} s, recorded {with_record:.3f} s, ratio {ratio:.3f}")


def record_alone(archive: Archive, folder: Path) -> None:
    data = encode(noisy((1024, 1024)), "image/png")

    def bare() -> None:
        (folder / "copy.png").write_bytes(data)

    def recorded() -> None:
        said = Statement(new_id("pic"), Step.RECORD, SourceType.DIGITAL_CREATION, software(), BY)
        release(
            archive,
            said,
            (),
            lambda: Made(data, "image/png"),
            Job(said.credits, folder / f"{said.picture}.png"),
        )

    copy, full = in_turn(bare, recorded)
    print(f"record of a 1024 px PNG ({len(data) / 1e6:.1f} MB, encode apart): {1000 * (full - copy):.1f} ms")


def in_turn(first: Callable[[], None], second: Callable[[], None]) -> tuple[float, float]:
    """Median seconds of each, run in turn A B A B so that a drift of the machine hits both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for call, times in zip((first, second), taken, strict=True):
            start = time.perf_counter()
            call()
            if number:  # the first round warms up
                times.append(time.perf_counter() - start)
    return statistics.median(taken[0]), statistics.median(taken[1])


if __name__ == "__main__":
    main()
