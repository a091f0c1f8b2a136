"""How far the look-up and the faint mark hold, on sources that nothing was tuned on.

    python -m bench.lookup.gates PACKAGES SCENES WORK [--sources N] [--negatives N] [--fill N] [--minutes M]

PACKAGES holds the unpacked packages of `sources.HELD_OUT`, SCENES painted scenes of layouts that were not trained on.
Each source is marked, indexed and looked up after every edit; of each scene a second look is indexed beside it. The
index is filled up to `--fill` pictures: their codes are mixtures of two real ones of other pictures, so that they lie
as real codes lie; they have no key points, and serve to be in the way. Answers go to WORK/answers.jsonl as they come,
and a second run goes on from there; at the end stands a table.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import cv2
import faiss
import numpy as np
from PIL import Image

from bench.lookup.hard_edits import EDITS
from bench.lookup.sources import Pixels, files, read, scenes
from provenance.lookup.descriptor import BITS, descriptor
from provenance.lookup.faint_mark import marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.search import Search, indexed

KEY = MarkKey.of_ledger(b"measured with this ledger's key!")
PHOTOGRAPHS = ("endless-sky-data", "gnome-backgrounds", "renpy-demo", "renpy-thequestion", "ukui-wallpapers",
               "lomiri-wallpapers", "lomiri-wallpapers-20.04")  # fmt: skip
STRANGERS = ("openclipart-png", "unknown-horizons")
LONGEST = 720  # pixels of a source


def sources(packages: Path, scene_folder: Path, count: int) -> list[tuple[str, list[Pixels]]]:
    """So many sources: a third are scenes in two looks, the rest pictures of the packages, drawn by lot."""
    lot = random.Random(14)
    found = [path for name in PHOTOGRAPHS for path in files(packages / name, 240) if "/land/" in str(path)
             or "endless" not in name]  # fmt: skip
    lot.shuffle(found)
    layouts = list(scenes(scene_folder))
    lot.shuffle(layouts)
    looks = [
        (f"scene-{place}", [_large(each) for each in layout[:2]]) for place, layout in enumerate(layouts)
    ]
    pictures = [
        (f"{path.parent.name}/{path.name}", [read(path, LONGEST)]) for path in found[: count * 2 // 3]
    ]
    return [*pictures, *looks[: count - len(pictures)]]


def _large(scene: Pixels) -> Pixels:
    return cv2.resize(
        scene, (512, round(512 * scene.shape[0] / scene.shape[1])), interpolation=cv2.INTER_CUBIC
    )


def negatives(packages: Path, count: int) -> Iterator[tuple[str, Pixels]]:
    """Pictures of which none is in the index: clip art, sprites, and parts of games, drawn by lot."""
    lot = random.Random(15)
    found = [path for name in STRANGERS for path in files(packages / name, 96)]
    found += [path for path in files(packages / "endless-sky-data", 96) if "/land/" not in str(path)]
    lot.shuffle(found)
    for path in found[:count]:
        yield str(path), read(path, LONGEST)


def filled(search: Search, wanted: int) -> Search:
    """The same index with codes of pictures that do not exist, up to `wanted` pictures of ten codes."""
    real = faiss.vector_to_array(search.codes.xb).reshape(-1, BITS // 8)
    missing = max(0, wanted * 10 - len(real))
    lot = np.random.default_rng(16)
    index = faiss.IndexBinaryFlat(BITS)
    index.add(real)
    for start in range(0, missing, 100_000):
        size = min(100_000, missing - start)
        one, two = real[lot.integers(0, len(real), size)], real[lot.integers(0, len(real), size)]
        chosen = lot.integers(0, 256, (size, BITS // 8), np.uint8)
        index.add((one & chosen) | (two & ~chosen))
    names = (*search.pictures, *(f"fill-{number}" for number in range(missing // 10 + 1)))
    more = len(search.pictures) + np.arange(missing) // 10
    return Search(search.file, names, np.concatenate([search.owners, more]), index)


def build(work: Path, chosen: list[tuple[str, list[Pixels]]]) -> tuple[Search, list[tuple[str, Pixels, str]]]:
    """The index of the marked sources, and each as (id, marked picture, layout)."""
    kept, file = [], IndexFile(work / "lookup.sqlite3")
    have = file.pictures()
    for layout, looks in chosen:
        for number, look in enumerate(looks):
            name = f"{layout}#{number}"
            image = marked(Image.fromarray(look), KEY, name)
            if image is None:
                continue
            if name not in have:
                found = indexed(name, image, unmarked(image, KEY, name))
                if found is not None:
                    file.add([found])
            kept.append((name, np.asarray(image), layout))
    in_it = file.pictures()
    return Search.of(file), [each for each in kept if each[0] in in_it]


def main() -> None:
    """Run what is missing, then print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    for name in ("packages", "scenes", "work"):
        asked.add_argument(name, type=Path)
    for name, usual in (("sources", 210), ("negatives", 2000), ("fill", 100_000), ("minutes", 30)):
        asked.add_argument(f"--{name}", type=int, default=usual)
    given = asked.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    search, kept = build(given.work, sources(given.packages, given.scenes, given.sources))
    search = filled(search, given.fill)
    print(f"{len(kept)} records, {search.codes.ntotal:,} codes of {descriptor().name}", flush=True)
    answers = given.work / "answers.jsonl"
    done = (
        {tuple(json.loads(line)[:2]) for line in answers.read_text().splitlines()}
        if answers.exists()
        else set()
    )
    ends = time.process_time() + given.minutes * 60
    with answers.open("a") as out:
        for line in chain(_asked(search, kept, done, ends), _strangers(search, given, done, ends)):
            out.write(json.dumps(line) + "\n")
            out.flush()
    table(answers, len(kept))


def _asked(
    search: Search, kept: list[tuple[str, Pixels, str]], done: set[tuple[str, ...]], ends: float
) -> Iterator[list[object]]:
    """Every edit of every source, in rounds, so that what is cut short is a sample of all."""
    firsts = [each for each in kept if each[0].endswith("#0")]
    pool = [picture for _, picture, _ in firsts]
    for place, (name, picture, layout) in enumerate(firsts):
        for edit, change in EDITS.items():
            if (edit, name) in done or time.process_time() > ends:
                continue
            lot = random.Random(f"{name} {edit}")
            others = [pool[(place + step) % len(pool)] for step in (3, 5, 7, 11)]
            query = change(picture, lot, others)
            began = time.process_time()
            near = [each.picture for each in search.candidates(_query(query))] if _query(query) else []
            found = search.look_up(Image.fromarray(query), KEY)
            took = time.process_time() - began
            family = [each for each in found if each.picture.rpartition("#")[0] == layout]
            wrong = [
                each.picture
                for each in found
                if each not in family and not _in_collage(each.picture, firsts, place, edit)
            ]
            mark = next((each.mark for each in found if each.picture == name), None)
            yield [edit, name, name in near, bool(family), bool(found) and found[0].picture == name, mark, wrong, took,
                   max((abs(each.mark or 0) for each in found if each.picture != name), default=0)]  # fmt: skip


def _in_collage(name: str, firsts: list[tuple[str, Pixels, str]], place: int, edit: str) -> bool:
    """Whether it is one of the other pictures of the collage, which is no false hit."""
    beside = {firsts[(place + step) % len(firsts)][2] for step in (3, 5, 7, 11)}
    return edit == "quarter of a collage" and name.rpartition("#")[0] in beside


def _query(picture: Pixels):
    from provenance.lookup.search import Query

    return Query.of(Image.fromarray(picture))


def _strangers(
    search: Search, given: argparse.Namespace, done: set[tuple[str, ...]], ends: float
) -> Iterator[list[object]]:
    for name, picture in negatives(given.packages, given.negatives):
        if ("stranger", name) in done or time.process_time() > ends:
            continue
        began = time.process_time()
        found = search.look_up(Image.fromarray(picture), KEY)
        yield ["stranger", name, [each.picture for each in found], [each.words for each in found],
               max((abs(each.mark or 0) for each in found), default=0), time.process_time() - began]  # fmt: skip


def table(answers: Path, records: int) -> None:
    """What was reached, as rows of Markdown."""
    lines = [json.loads(line) for line in answers.read_text().splitlines()]
    by_edit = defaultdict(list)
    for line in lines:
        by_edit[line[0]].append(line)
    print(
        "| edit | asked | among the candidates | found | the right variant | mark read |\n|---|---|---|---|---|---|"
    )
    for edit in EDITS:
        rows = by_edit[edit]
        if rows:
            shares = [np.mean([each[at] for each in rows]) for at in (2, 3)]
            right = np.mean([each[4] for each in rows if each[3]]) if any(each[3] for each in rows) else 0
            marks = np.mean([(each[5] or 0) >= MARK_FOUND for each in rows])
            print(f"| {edit} | {len(rows)} | {shares[0]:.3f} | {shares[1]:.3f} | {right:.3f} | {marks:.3f} |")
    wrong = [each for edit in EDITS for each in by_edit[edit] if each[6]]
    strangers = by_edit["stranger"]
    false = [each for each in strangers if each[2]]
    print(
        f"{len(wrong)} of the edited found a wrong record; {len(false)} of {len(strangers)} strangers found one"
    )
    for each in (*wrong[:10], *false[:20]):
        print("  ", each)
    others = [each[8] for edit in EDITS for each in by_edit[edit]] + [each[4] for each in strangers]
    print(f"largest z of a mark that is not there: {max(others, default=0):.1f} of {len(others)}")
    took = [each[7] for edit in EDITS for each in by_edit[edit]]
    print(f"{np.median(took or [0]) * 1000:.0f} ms a look-up (median), {records} records")


if __name__ == "__main__":
    main()
