"""Pictures that are in the way: an index filled with codes, so that it is as large as wanted.

The codes are those of real pictures, put together anew: each filler has a quarter of the points of four pictures, each
quarter turned and made larger or smaller as a whole, and of each signature about four bits are changed. So words
are as often as they really are, and quarters hang together as in real pictures. Its whole is that of two of them laid
over each other. A filler has no file: it can be voted for, and takes a candidate's place; it is not proved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bench.lookup.sources import TRAINED_ON, files, read, scenes
from provenance.lookup.cuts import Codes as CutCodes
from provenance.lookup.cuts import coded, cut_waves
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import grey
from provenance.lookup.postings import CODE, TURNS, Codes, Postings
from provenance.lookup.search import Search
from provenance.lookup.vocabulary import vocabulary
from provenance.lookup.whole import WAVES, Waves, waves_of, whole_code, wholes_of

PARTS, CHANGED = 4, 4
AT_ONCE = 5000


@dataclass(frozen=True)
class Real:
    """The codes of real pictures, their waves (N, 16, 16), and their cuts' (N, 25, 64)."""

    codes: list[Codes]
    waves: Waves
    cuts: Waves


def real_codes(packages: Path, scene_folder: Path, kept: Path) -> Real:
    """Those of the pictures that were learnt from and of scenes in one look; kept in a file once made."""
    if not kept.exists():
        codes, waves, cuts = [], [], []
        for picture in _pictures(packages, scene_folder):
            if found := indexed("", Image.fromarray(picture)):
                codes.append(np.frombuffer(found.codes, CODE))
                waves.append(waves_of(grey(picture)))
                cuts.append(cut_waves(grey(picture)))
        counts = np.array([len(each) for each in codes])
        np.savez(kept, codes=np.concatenate(codes), counts=counts, waves=np.stack(waves), cuts=np.stack(cuts))
    with np.load(kept) as packed:
        return Real(
            np.split(packed["codes"], np.cumsum(packed["counts"])[:-1]), packed["waves"], packed["cuts"]
        )


def _pictures(packages: Path, scene_folder: Path):
    for _, looks in scenes(scene_folder):
        yield np.asarray(
            Image.fromarray(looks[0]).resize((512, 512 * looks[0].shape[0] // looks[0].shape[1]))
        )
    for name in TRAINED_ON:
        for path in files(packages / name, 200):
            yield read(path, 512)


def filled(search: Search, found: Real, wanted: int) -> Search:
    """The same index with fillers, up to `wanted` pictures."""
    lot, real = np.random.default_rng(16), found.codes
    rows = list(search.file.codes(vocabulary().name))
    codes = [np.frombuffer(each, CODE) for _, each, _ in rows]
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
    wholes = [whole for _, _, whole in rows] + _wholes(found.waves, wanted - len(rows), lot)
    cuts = np.concatenate([search.cuts, *_cuts(found.cuts, wanted - len(rows), lot)])
    return Search(search.file, names, postings, wholes_of(wholes), cuts, search.plain)


def _wholes(waves: Waves, count: int, lot: np.random.Generator) -> list[bytes]:
    """Each of two pictures laid over each other, both perhaps mirrored."""
    odd = np.where(np.arange(1, WAVES + 1) % 2, -1, 1)
    pairs = lot.integers(0, len(waves), (count, 2))
    signs = lot.integers(0, 2, (count, 2))
    return [
        whole_code(sum(waves[each] * (odd if sign else 1) for each, sign in zip(pair, way, strict=True)))
        for pair, way in zip(pairs, signs, strict=True)
    ]


def _cuts(waves: Waves, count: int, lot: np.random.Generator) -> Iterator[CutCodes]:
    """The same of the cuts: (up to AT_ONCE, 25) each time."""
    odd = np.tile(np.where(np.arange(8) % 2, -1, 1), 8)
    for start in range(0, count, AT_ONCE):
        one, two = lot.integers(0, len(waves), (2, min(AT_ONCE, count - start)))
        signs = lot.integers(0, 2, (len(one), 1, 1))
        yield coded(waves[one] + waves[two] * np.where(signs, odd, 1))


def _moved(codes: Codes, groups: int, points: int, lot: np.random.Generator) -> None:
    turned, grown = lot.integers(0, TURNS, groups), lot.integers(-1, 2, groups)
    codes["turn"] = (codes["turn"] + np.repeat(turned, points)) % TURNS
    codes["size"] = np.clip(codes["size"].astype(np.int64) + np.repeat(grown, points), 0, 15)
    for _ in range(CHANGED):
        codes["signature"] ^= np.left_shift(1, lot.integers(0, 32, len(codes))).astype(np.uint32)
