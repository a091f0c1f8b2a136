"""What a file of a delivery costs beside the bare library's reading and a SHA-256, with a ledger of 300 pictures open.

In processor time, one file after another in one process, the least of many rounds: so starting processes and what else
the machine does are left out, and the ratio is that of a pool of any size. Small pictures are the hard case: the larger
a file, the more of the time is hashing. Set GENZU_BENCH_FILES to also run an audit of as many copies, for its memory.
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
from provenance.audit.audit import Look
from provenance.credentials.identity.trust import Trust, context
from provenance.ledger.remembered import remembered
from provenance.ledger.sizes import picture_sizes
from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

ROUNDS = 40
RECORDED = int(os.environ.get("GENZU_BENCH_CHAINS", "100"))  # chains of three steps in the ledger
SIZE = (640, 360)


def main() -> None:
    """Prints the cost of each kind of file, and the ratio to the bare reading."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_archive(Settings(home=folder / "home")) as archive:
            chains = [_chain(archive, folder, number) for number in range(RECORDED)]
            sizes = picture_sizes(archive.ledger)
            for digests in (False, True):
                look = Look(archive.trust, remembered(archive.ledger), digests=digests, sizes=sizes)
                print("with digests, as for a report" if digests else "as in a terminal")
                for title, path in _kinds(folder, chains[0]).items():
                    ours = _least(partial(look, path.name, (path, None)))
                    bare = _least(partial(_bare, path, archive.trust))
                    speed = bare / ours
                    print(
                        f"  {title}: ours {ours:.2f} ms, bare with SHA-256 {bare:.2f} ms, {speed:.2f} of its speed"
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


def _kinds(folder: Path, chain: Path) -> dict[str, Path]:
    """The kinds of file that are measured."""
    painted = noisy((1024, 640))
    kinds = {
        "a signed chain of three, 640 px PNG": chain,
        "plain 1024 px PNG": folder / "plain.png",
        "plain 1024 px JPEG": folder / "plain.jpg",
        "plain PNG of a recorded size": folder / "sized.png",
    }
    kinds["plain 1024 px PNG"].write_bytes(encode(painted, "image/png"))
    kinds["plain 1024 px JPEG"].write_bytes(encode(painted, "image/jpeg"))
    kinds["plain PNG of a recorded size"].write_bytes(encode(noisy(SIZE), "image/png"))
    return kinds


def _bare(path: Path, trust: Trust) -> None:
    """What anybody does who reads credentials with the library and notes the file's digest."""
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    reader = c2pa.Reader.try_create(
        "image/png" if path.suffix == ".png" else "image/jpeg", io.BytesIO(data), context=context(trust)
    )
    if reader is not None:
        reader.json()


def _least(call: Callable[[], object]) -> float:
    """Milliseconds of processor time of the quickest of many calls."""
    call()
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        call()
        found.append(1000 * (time.process_time() - begun))
    return min(found)


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
