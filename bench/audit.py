"""What a file of a delivery costs beside the bare library's reading and a SHA-256, with a ledger of chains open.

In processor time, in one process, ours and the bare reading by turns, a batch of files at a time, as a process of an
audit gets them: so starting processes and what else the machine does are left out, and the ratio is that of a pool of
any size. Every signed file is looked at
once, as in a delivery: a second look at the same one finds most of its answers remembered. Small pictures are the hard
case: the larger a file, the more of the time is hashing. Set GENZU_BENCH_FILES to also run an audit of as many
copies, for its memory.
"""

import hashlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import c2pa

from bench.scenes import drawing, noisy
from provenance.audit.audit import BATCH, Loaded, Look
from provenance.credentials.identity.trust import Trust, context
from provenance.ledger.remembered import remembered
from provenance.ledger.sizes import sizes_in
from provenance.lookup.rows_file import keys_of
from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

ROUNDS = 80  # of files without credentials
RECORDED = int(os.environ.get("GENZU_BENCH_CHAINS", "60"))  # chains of three steps in the ledger
SIZE = (640, 360)
LARGE, OTHER = (1024, 640), (1024, 648)  # of a recorded picture, and of none


def main() -> None:
    """Prints the cost of each kind of file, and the ratio to the bare reading."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(home=folder / "home")
        with open_archive(settings) as archive:
            chains = [_chain(archive, folder, number) for number in range(RECORDED)]
            _recorded(archive, folder)
        # Closed and opened again: what was recorded goes into the look-up index by a thread of this very process.
        with open_archive(settings) as archive:
            sizes = sizes_in([archive.ledger], partial(keys_of, settings.first_rows))
            look = Look(archive.trust, remembered(archive.ledger), sizes=sizes)
            for title, paths in _kinds(folder, chains).items():
                ours, bare = _by_turns(paths, look, partial(_bare, trust=archive.trust))
                print(
                    f"  {title}: ours {ours:.2f} ms, bare with SHA-256 {bare:.2f} ms, {bare / ours:.2f} of its speed"
                )
        if count := int(os.environ.get("GENZU_BENCH_FILES", "0")):
            _many(folder, count)


def _chain(archive: Archive, folder: Path, number: int) -> Path:
    """Three recorded steps; the last one's file."""
    picture = drawing(SIZE)
    by = (Credit(Role.LAYOUT, "Mori Aoi"),)
    for step in range(3):
        picture.putpixel((step, number), (number, step, 7))
        path, out = folder / "drawn.png", folder / f"chain-{number}-{step}.png"
        path.write_bytes(encode(picture, "image/png"))
        job = Job(by, out)
        made = (
            retouch(archive, folder / f"chain-{number}-{step - 1}.png", path, job)
            if step
            else record(archive, path, job, source_type=SourceType.DIGITAL_CREATION)
        )
    return made.path


def _recorded(archive: Archive, folder: Path) -> None:
    """A picture of the larger size on the record."""
    path = folder / "large.png"
    path.write_bytes(encode(drawing(LARGE), "image/png"))
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), folder / "large-signed.png")
    record(archive, path, job, source_type=SourceType.DIGITAL_CREATION)


def _kinds(folder: Path, chains: list[Path]) -> dict[str, list[Path]]:
    """The kinds of file that are measured, each with the files that are looked at."""
    plain: dict[str, list[Path]] = {}
    kinds = {
        "plain 1024 px PNG": (noisy(OTHER), "image/png"),
        "plain 1024 px JPEG": (noisy(OTHER), "image/jpeg"),
        "plain 1024 px PNG of a recorded size": (noisy(LARGE), "image/png"),
        "plain 1024 px JPEG of a recorded size": (noisy(LARGE), "image/jpeg"),
        "plain 640 px PNG of a recorded size": (noisy(SIZE), "image/png"),
    }
    for number, (title, (picture, media_type)) in enumerate(kinds.items()):
        path = folder / f"plain-{number}.{media_type.removeprefix('image/')}"
        path.write_bytes(encode(picture, media_type))
        plain[title] = [path] * ROUNDS
    return {"signed chains of three, 640 px PNG": chains} | plain


def _bare(path: Path, trust: Trust) -> None:
    """What anybody does who reads credentials with the library and notes the file's digest."""
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    reader = c2pa.Reader.try_create(
        "image/png" if path.suffix == ".png" else "image/jpeg", io.BytesIO(data), context=context(trust)
    )
    if reader is not None:
        reader.json()


def _by_turns(paths: list[Path], look: Look, bare: Callable[[Path], None]) -> tuple[float, float]:
    """Milliseconds of processor time a file, the median: ours and the bare reading."""
    ways: tuple[Callable[[list[Path]], object], ...] = (
        lambda some: look([(path.name, Loaded(path)) for path in some]),
        lambda some: [bare(path) for path in some],
    )
    spent: tuple[list[float], ...] = ([], [])
    for at in range(0, len(paths) - BATCH, BATCH + 1):
        first, *batch = paths[at : at + BATCH + 1]
        for way, times in zip(ways, spent, strict=True):
            way([first])  # finds the processor's caches full of the other one's
            begun = time.process_time()
            way(batch)
            times.append(1000 * (time.process_time() - begun) / len(batch))
    ours, theirs = (sorted(times)[len(times) // 2] for times in spent)
    return ours, theirs


def _many(folder: Path, count: int) -> None:
    """An audit of many files by the command line: its time, and its largest process."""
    place = folder / "many"
    place.mkdir()
    data = encode(noisy((320, 180)), "image/jpeg")
    for number in range(count):
        (place / f"c{number % 997:03}_v{number}.jpg").write_bytes(data + number.to_bytes(4))
    command = [sys.executable, "-m", "generation", "--home", str(folder / "home"), "audit", str(place)]
    begun = time.monotonic()
    subprocess.run([*command, "--report", str(folder / "many.csv")], check=False, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, spent = time.monotonic() - begun, used.ru_utime + used.ru_stime
    print(f"{count:,} files: {seconds:.0f} s, {1000 * spent / count:.2f} ms of processor time a file, "
          f"largest process {used.ru_maxrss / 1024:.0f} MiB")  # fmt: skip
