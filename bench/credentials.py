"""What signing costs beside encoding, and what our verdict costs beside the library's own reading.

Each pair is timed in turn on the same 1024 px PNG, in processor time: the least of many runs counts, since what
else the machine does only adds.
"""

import io
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import c2pa

from bench.scenes import drawing, noisy
from provenance.audit.audit import BATCH, Look, audit
from provenance.audit.delivery import survey
from provenance.credentials.identity.authorities import trust_in_files
from provenance.credentials.identity.identity import open_identity
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.ingredients import EntryRef, Source
from provenance.credentials.sign.manifest import Order, embed
from provenance.media.picture import encode, open_picture, resource
from provenance.settings import Limits, Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Input, InputRole, ModelUse, Prompt, Resource, Software, Statement
from provenance.statement.vocabulary import Relation, SourceType, Step

ROUNDS = 25
STEPS = 50
SMALL, LARGE = 100, 900  # files of a folder


def main() -> None:
    """Prints signing beside encoding, reading beside the library, and how a chain grows."""
    with tempfile.TemporaryDirectory() as folder:
        identity = open_identity(Settings(home=Path(folder)))
    trust = trust_in_files([], identity)
    image, layout = noisy((1024, 1024)), encode(drawing((1024, 1024)), "image/png")
    data = encode(image, "image/png")

    def paint(parent: bytes, picture: bytes) -> bytes:
        before = Input(InputRole.LAYOUT, Relation.PARENT, described(parent))
        model = ModelUse("house", "house", "unpinned", "CC BY-SA 4.0", "OpenMoji", Digest.of(b"weights"))
        people = (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Abe Rin"))
        kind = SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
        statement = Statement(
            "pic-1", Step.PAINT, kind, Software("Genzu", "0"), people, (before,), Prompt("night"), model
        )  # fmt: skip
        entry = EntryRef("genzu/0123456789abcdef", 7, "ab" * 32)
        order = Order(statement, entry, datetime.now(UTC), (Source(parent, before),))
        return embed(picture, "image/png", order, identity).data

    signed = paint(layout, data)
    chain = signed
    for _ in range(STEPS - 1):
        chain = paint(chain, data)

    def bare(picture: bytes) -> None:
        with c2pa.Reader("image/png", io.BytesIO(picture), context=context(trust)) as reader:
            reader.json()

    def verdict(picture: bytes) -> None:
        read_chain(picture, trust=trust)

    encoding, signing = least(lambda: encode(image, "image/png"), lambda: paint(layout, data))
    print(
        f"1024 px PNG, {len(data) / 1e6:.1f} MB: encode {encoding:.1f} ms, sign and read back {signing:.1f} ms"
    )
    for name, picture in (("one step", signed), (f"{STEPS} steps", chain)):
        library, ours = least(partial(bare, picture), partial(verdict, picture))
        ratio = f"{ours / library:.2f}x"
        print(f"reading {name}: library {library:.2f} ms, verdict on the whole chain {ours:.2f} ms, {ratio}")
    (last,) = least(lambda: paint(chain, data), rounds=5)
    grown = (len(chain) - len(signed)) / (STEPS - 1) / 1000
    print(f"a chain grows by {grown:.1f} kB a step; one step more over {STEPS} takes {last:.0f} ms")
    folder_on_all_cores(signed, trust)


def folder_on_all_cores(picture: bytes, trust: Trust) -> None:
    """A folder looked at by a process a core: the library's reading, and our audit of the same files.

    In processor time over all processes. Starting them is left out: the cost of a small folder is taken off.
    """
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "0.png"
        first.write_bytes(picture)
        for number in range(1, LARGE):
            os.link(first, first.with_name(f"{number}.png"))
        named, unnamed = Look(trust, None), Look(trust, None, digests=False)

        def library(count: int) -> None:
            with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
                list(
                    pool.map(
                        partial(bare_file, trust), sorted(Path(folder).iterdir())[:count], chunksize=BATCH
                    )
                )

        def ours(look: Look, count: int) -> None:
            list(audit(survey([Path(folder)]).items[:count], look, opening=partial(nullcontext, look)))

        costs = [float("inf")] * 3
        for _ in range(5):
            for number, work in enumerate((library, partial(ours, unnamed), partial(ours, named))):
                spent = [processor_seconds(partial(work, count)) for count in (SMALL, LARGE)]
                costs[number] = min(costs[number], (spent[1] - spent[0]) / (LARGE - SMALL) * 1000)
    print(f"a folder of them, {os.cpu_count()} cores: the library's reading {costs[0]:.2f} ms a file")
    for what, cost in (("audit", costs[1]), ("audit with each file's SHA-256", costs[2])):
        print(f"  {what}: {cost:.2f} ms, {cost / costs[0]:.2f}x")


def bare_file(trust: Trust, path: Path) -> str:
    with c2pa.Reader("image/png", io.BytesIO(path.read_bytes()), context=context(trust)) as reader:
        return reader.json()[:9]


def processor_seconds(work: Callable[[], object]) -> float:
    """User and system time of this process and of those that it started and waited for."""
    before = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - before


@cache
def described(data: bytes) -> Resource:
    """The resource, taken once a picture: its pixel digest is no part of signing."""
    return resource(open_picture(data, Limits()))


def least(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Processor milliseconds of the fastest run of each, taken in turn."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - began)
    return [1000 * each for each in best]
