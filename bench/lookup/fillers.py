"""Pictures that are in the way: an index filled with codes, so that it is as large as wanted.

The codes are those of real pictures, put together anew: each filler has a quarter of the points of four pictures, each
quarter turned and made larger or smaller as a whole, and of each signature about four bits are changed. So words
are as often as they really are, and quarters hang together as in real pictures. A filler has no file: it can
be voted for, and takes a candidate's place; it is not proved.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from bench.lookup.sources import TRAINED_ON, files, read, scenes
from provenance.lookup.postings import CODE, TURNS, Codes, Postings
from provenance.lookup.search import Search, indexed
from provenance.lookup.vocabulary import vocabulary

PARTS, CHANGED = 4, 4
AT_ONCE = 5000


def real_codes(packages: Path, scene_folder: Path, kept: Path) -> list[Codes]:
    """The codes of the pictures that were learnt from and of scenes in one look; kept in a file once made."""
    if not kept.exists():
        codes = [
            np.frombuffer(found.codes, CODE)
            for picture in _pictures(packages, scene_folder)
            if (found := indexed("", Image.fromarray(picture)))
        ]
        np.savez(kept, codes=np.concatenate(codes), counts=np.array([len(each) for each in codes]))
    with np.load(kept) as packed:
        return np.split(packed["codes"], np.cumsum(packed["counts"])[:-1])


def _pictures(packages: Path, scene_folder: Path):
    for looks in scenes(scene_folder):
        yield np.asarray(
            Image.fromarray(looks[0]).resize((512, 512 * looks[0].shape[0] // looks[0].shape[1]))
        )
    for name in TRAINED_ON:
        for path in files(packages / name, 200):
            yield read(path, 512)


def filled(search: Search, real: list[Codes], wanted: int) -> Search:
    """The same index with fillers, up to `wanted` pictures."""
    lot = np.random.default_rng(16)
    rows = search.file.codes(vocabulary().name)
    codes = [np.frombuffer(each, CODE) for _, each in rows]
    parts, owners = list(codes), [np.full(len(each), number) for number, each in enumerate(codes)]
    every, begins = np.concatenate(real), np.cumsum([0, *(len(each) for each in real[:-1])])
    lengths = np.array([len(each) for each in real])
    points = int(np.median(lengths)) // PARTS
    for start in range(len(codes), wanted, AT_ONCE):
        count = min(AT_ONCE, wanted - start)
        chosen = lot.integers(0, len(real), (count, PARTS))
        within = (lot.random((count, PARTS, points)) * lengths[chosen][..., None]).astype(np.int64)
        drawn = every[(begins[chosen][..., None] + within).ravel()].copy()
        _moved(drawn, count * PARTS, points, lot)
        parts.append(drawn)
        owners.append(np.repeat(np.arange(start, start + count), PARTS * points))
    names = (*search.pictures, *(f"fill-{number}" for number in range(wanted - len(codes))))
    postings = Postings.sorted(np.concatenate(parts), np.concatenate(owners).astype(np.uint32))
    return Search(search.file, names, postings)


def _moved(codes: Codes, groups: int, points: int, lot: np.random.Generator) -> None:
    turned, grown = lot.integers(0, TURNS, groups), lot.integers(-1, 2, groups)
    codes["turn"] = (codes["turn"] + np.repeat(turned, points)) % TURNS
    codes["size"] = np.clip(codes["size"].astype(np.int64) + np.repeat(grown, points), 0, 15)
    for _ in range(CHANGED):
        codes["signature"] ^= np.left_shift(1, lot.integers(0, 32, len(codes))).astype(np.uint32)
