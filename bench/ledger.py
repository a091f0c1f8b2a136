"""The ledger at a million entries: appending beside a bare SQLite insert, receipts, look-ups, checking, size.

`python -m bench ledger` builds 20,000 entries; `GENZU_BENCH_ENTRIES=1000000 python -m bench ledger` the million.
GENZU_BENCH_HOME keeps the ledger, and a second run goes on with what is there.
"""

import os
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from provenance.ledger import Ledger
from provenance.ledger.check.verify import read_ahead, verify
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.sealed import places
from provenance.ledger.store.records import State
from provenance.ledger.store.tree import load_frontier
from provenance.ledger.store.words import index_words
from provenance.ledger.store.writer import store_entry, store_private
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.receipt import verify as verify_receipt
from provenance.statement.canonical import Digest, canonical, new_id
from provenance.statement.commitment import Opening, Private
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import (
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import Relation, SourceType, Stage, Step

BATCH = 5000  # pictures in one commit while building; appending is measured one entry a commit
PEOPLE, SHOTS = 500, 400
MANIFEST = "urn:c2pa:3f0f6f7e-1d6c-4a7e-9d43-8d6a5a0b7c11"
FACTS = {"seconds": 2.5, "device": "cpu", "effective_steps": 11, "scheduler": "DDIMScheduler"}
ROUNDS = 300
CHECKS = 3
INSERT = "INSERT INTO entries (at, kind, body, leaf_hash) VALUES (?, ?, ?, ?)"


def main() -> None:
    """Prints each figure with its unit."""
    entries = int(os.environ.get("GENZU_BENCH_ENTRIES", "20000"))
    home = os.environ.get("GENZU_BENCH_HOME")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(home or temporary)
        build(folder, entries)
        say("database", (folder / "ledger.sqlite3").stat().st_size / pictures(folder), "bytes a picture")
        opening(folder)
        with open_ledger(folder) as ledger:
            appending(ledger, folder)
            asking(ledger)
        checking(folder)


def open_ledger(folder: Path) -> Ledger:
    return Ledger.open(
        folder / "ledger.sqlite3", key=folder / "ledger.key", checkpoints=folder / "checkpoints.txt"
    )


def say(what: str, value: float, unit: str) -> None:
    print(f"{what:<42} {value:>12,.3f} {unit}", flush=True)


def build(folder: Path, entries: int) -> None:
    """A ledger of as many entries: two a picture, with a checkpoint a picture as the flow writes them."""
    with open_ledger(folder) as ledger:
        writer = ledger._db._writer
        assert writer is not None
        for pragma in (
            "synchronous = OFF",
            "foreign_keys = OFF",
            "secure_delete = OFF",
            "cache_size = -400000",
        ):
            writer.execute(f"PRAGMA {pragma}")  # for building only; everything is measured on a fresh opening
        start, before = time.perf_counter(), len(ledger)
        while len(ledger) < entries:
            _batch(ledger, len(ledger))
        made, seconds = len(ledger) - before, time.perf_counter() - start
        if made:
            say(f"building, {BATCH} pictures a commit", made / seconds, "entries/s")
        say("entries", len(ledger), "")


def pictures(folder: Path) -> int:
    with sqlite3.connect(folder / "ledger.sqlite3") as connection:
        count: int = connection.execute("SELECT count(*) FROM pictures").fetchone()[0]
    return count


def _batch(ledger: Ledger, start: int) -> None:
    """Many pictures in one commit. The first goes the usual way; the others copy its rows with their own names,
    digests, salts and hashes, ten times as fast. `checking` and the tests of this file tell whether they fit."""
    key = ledger._key
    assert key is not None
    for number in range(start, start + (PEOPLE if start < PEOPLE else 1)):
        first = painted(number)
        asked = ledger.request(first)
        ledger.release(
            first.picture, output=picture(f"output {number}"), signer=Digest.of(b"certificate"), manifest=MANIFEST,
            time_stamped=False, facts=FACTS,
        )  # fmt: skip
    template, done = canonical(asked.body).decode(), canonical(ledger.entry(asked.seq + 1).body).decode()
    assert first.prompt is not None
    texts = (first.prompt.text, first.prompt.negative)
    sealed = [each for each, _ in places(asked.body)]

    def work(connection: sqlite3.Connection) -> None:
        edge, size = load_frontier(connection), len(ledger)
        row = connection.execute("SELECT * FROM pictures WHERE requested = ?", (asked.seq,)).fetchone()
        credits = connection.execute("SELECT * FROM credits WHERE picture = ?", (asked.seq,)).fetchall()
        given = connection.execute("SELECT * FROM inputs WHERE picture = ?", (asked.seq,)).fetchone()
        for offset in range(BATCH):
            seq, name, unique = size + 2 * offset, new_id("pic"), f"{size} {offset}"
            layout, output = picture(f"layout {unique}"), picture(f"output {unique}")
            openings = [Opening(Private(f"{words} {offset}", kind, name), os.urandom(32)) for words, kind in
                        zip(texts, ("prompt", "negative prompt"), strict=True)]  # fmt: skip
            body = template.replace(first.picture, name)
            by_place = dict(zip(("text", "negative"), openings, strict=True))
            for place, opening in by_place.items():
                old = asked.body["prompt"][place]["private"]  # type: ignore[index,call-overload]
                body = body.replace(old, opening.commitment)
            body = body.replace(str(first.inputs[0].resource.digest), str(layout.digest))
            body = body.replace(str(first.inputs[0].resource.pixels), str(layout.pixels))
            end = done.replace(first.picture, name).replace(
                f'"requested":{asked.seq},', f'"requested":{seq},'
            )
            end = end.replace(str(row_digest(row)), str(output.digest)).replace(
                str(row_pixels(row)), str(output.pixels)
            )
            for number, kind, text in (
                (seq, EntryKind.PICTURE_REQUESTED, body),
                (seq + 1, EntryKind.PICTURE_RELEASED, end),
            ):
                store_entry(connection, edge, Entry(number, "2026-11-23T13:05:07.123456Z", kind, None), text)
            store_private(connection, seq, openings)
            index_words(connection, seq, [each.private.value for each in openings])
            new = list(row)
            new[0], new[1], new[10] = seq, name, seq + 1
            new[11], new[12] = output.digest.value, output.pixels.value if output.pixels else None
            connection.execute(f"INSERT INTO pictures VALUES ({', '.join('?' * len(new))})", new)  # noqa: S608
            connection.executemany(
                "INSERT INTO credits VALUES (?, ?, ?, ?)", [(seq, *each[1:]) for each in credits]
            )
            pixels = layout.pixels.value if layout.pixels else None
            connection.execute(
                "INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?)",
                (seq, *given[1:4], layout.digest.value, pixels, given[6]),
            )
            signed = SignedCheckpoint.sign(Checkpoint(key.name, edge.size, edge.root()), key)
            connection.execute(
                "INSERT INTO checkpoints VALUES (?, ?, ?)", (edge.size, signed.checkpoint.root, str(signed))
            )

    assert len(sealed) == len(texts)
    ledger._writer.write(work)
    ledger.checkpoint()


def row_digest(row: tuple[bytes, ...]) -> Digest:
    return Digest(row[11])


def row_pixels(row: tuple[bytes, ...]) -> Digest:
    return Digest(row[12])


def painted(number: int) -> Statement:
    layout = picture(f"layout {number}")
    return Statement(
        picture=new_id("pic"),
        step=Step.PAINT,
        source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        software=Software("Genzu", "0.1.0"),
        credits=(
            Credit(Role.LAYOUT, f"Painter {number % PEOPLE}"),
            Credit(Role.PROMPT, f"Writer {number % 97}"),
        ),
        inputs=(Input(InputRole.LAYOUT, Relation.PARENT, layout),),
        prompt=Prompt(
            f"a railway station in deep snow, take {number}, gouache, morning light, far hills", "people"
        ),
        model=ModelUse(
            "house", "embedded", "unpinned", "Apache-2.0", "procedural pictures", Digest.of(b"model")
        ),
        parameters={"strength": 0.55, "guidance_scale": 7.5, "num_inference_steps": 20, "seed": str(number)},
        project=Project("The Long Way", str(number % 12), f"c{number % SHOTS:03d}", Stage.TEMP),
    )


def picture(name: str) -> Resource:
    return Resource(
        Digest.of(name.encode()), "image/png", 70_000, 768, 512, Digest.of(b"pixels " + name.encode())
    )


def opening(folder: Path) -> None:
    def once() -> None:
        open_ledger(folder).close()

    say("opening and closing", 1000 * timed(once, 15), "ms")


def appending(ledger: Ledger, folder: Path) -> None:
    """One entry a commit, in turns with a bare insert of a row of the same size: same disk, same moment."""
    bare = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, at, kind, body, leaf_hash)")
    mine, theirs = [], []
    for number in range(ROUNDS):
        statement = painted(10_000_000 + number)
        mine.append(timed(lambda statement=statement: ledger.request(statement), 1))
        body = ledger.entry(len(ledger) - 1).leaf.decode()
        row = ("2026-11-23T13:05:07.123456Z", "picture.requested", body, b"\0" * 32)
        theirs.append(timed(lambda row=row: bare.execute(INSERT, row), 1))
    bare.close()
    say("append a request, median", 1000 * statistics.median(mine), "ms")
    say("bare insert of the same row, median", 1000 * statistics.median(theirs), "ms")
    say("append / bare insert", statistics.median(mine) / statistics.median(theirs), "x")


def asking(ledger: Ledger) -> None:
    size = len(ledger)
    known = ledger.pictures(state=State.RELEASED, limit=200)
    chosen = [known[number % len(known)] for number in range(ROUNDS)]
    output = next(each.output for each in known if each.output is not None)
    person = ledger.people_named("Painter 7")[0]
    ledger.checkpoint()
    seqs = [size * number // ROUNDS for number in range(ROUNDS)]
    say("a receipt", 1000 * timed(lambda: ledger.receipt(seqs.pop()), ROUNDS), "ms")
    receipt = ledger.receipt(size // 2)
    say("checking a receipt", 1000 * timed(lambda: verify_receipt(receipt), 50), "ms")
    say("a picture by id", 1000 * timed(lambda: ledger.picture(chosen.pop().picture), ROUNDS), "ms")
    say("pictures by file", 1000 * timed(lambda: ledger.pictures_with_file(output.digest), 100), "ms")
    say("pictures by pixels", 1000 * timed(lambda: ledger.pictures_with_pixels(output.pixels), 100), "ms")  # type: ignore[arg-type]
    say("a person by name", 1000 * timed(lambda: ledger.people_named("Painter 7"), 100), "ms")
    say("the last 10 of a shot", 1000 * timed(lambda: ledger.pictures(shot="c007", limit=10), 50), "ms")
    say("the last 10 by words", 1000 * timed(lambda: ledger.pictures(text="snow", limit=10), 3), "ms")
    say("all credits of a person", 1000 * timed(lambda: ledger.credits_of(person.person), 3), "ms")


def checking(folder: Path) -> None:
    """The whole check, in a process of its own that has done nothing else, so that its memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        for number in range(CHECKS):
            size, wall, processor, memory = pool.submit(checked, folder).result()
            say(f"checking everything, {number + 1} of {CHECKS}", size / wall, "entries/s")
            say("  the same by the core", size / processor, "entries/s of processor time")
        say("peak memory of the process", memory, "MiB")


def checked(folder: Path) -> tuple[int, float, float, float]:
    """Entries, seconds by the clock and of the processor, and the peak of memory in MiB."""
    start, before = time.perf_counter(), time.process_time()
    thorough = bool(os.environ.get("GENZU_BENCH_THOROUGH"))
    read_ahead(folder / "ledger.sqlite3")
    report = verify(folder / "ledger.sqlite3", checkpoints=folder / "checkpoints.txt", thorough=thorough)
    wall, processor = time.perf_counter() - start, time.process_time() - before
    assert report.ok, report.faults
    return report.size, wall, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], object], times: int) -> float:
    """Seconds of one call, the median."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


if __name__ == "__main__":
    main()
