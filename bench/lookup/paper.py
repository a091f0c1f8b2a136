"""How much of the faint mark a picture on white paper can still carry once it is made smaller and brighter.

    python -m bench.lookup.paper PICTURE_OR_FOLDER ...

Each picture is marked, made half as large, 1.12 times as bright and packed as JPEG 50 (the combined edits without their
cut, which only takes away). Printed are the share of it that is not white afterwards; the share of the mark's cells
that hold any of that; how far the mark stands out (z) for our reader, who has the small reference; and for one who
knew everything, and takes away the unmarked picture after the very same edits. What he cannot read is not there; what
he reads and ours does not is lost along edges that the small reference shows otherwise.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.lookup.gates import KEY, LONGEST
from bench.lookup.hard_edits import made_smaller_brighter_and_packed
from bench.lookup.sources import Pixels, files, read
from provenance.lookup.faint_mark import cells_for, marked, strength_in, unmarked
from provenance.lookup.indexing import indexed
from provenance.lookup.mark_reading import rest_of
from provenance.lookup.reference import unpacked

SHORTEST = 240  # pixels of a picture's shorter side
WHITE = 254  # of 255, from which a pixel says nothing


def main() -> None:
    """A row a picture."""
    print("| picture | not white | cells with any | z, our reader | z, with everything known |")
    print("|---|---|---|---|---|")
    for path in _pictures([Path(each) for each in sys.argv[1:]]):
        plain = Image.fromarray(read(path, LONGEST))
        picture = marked(plain, KEY, path.name)
        kept = picture and indexed(path.name, picture, unmarked(picture, KEY, path.name))
        if not picture or not kept:
            continue
        cells = cells_for(picture.size)
        seen, known = (made_smaller_brighter_and_packed(np.asarray(each)) for each in (picture, plain))
        rest = rest_of(seen, np.eye(2, 3), unpacked(kept.reference), cells)
        ours, best = (strength_in(each, KEY, path.name) for each in (rest, _apart(seen, known, cells)))
        share = f"{_said(known):.1%} | {_with_any(known, cells):.0%}"
        print(f"| {path.parent.name}/{path.name} | {share} | {ours:.1f} | {best:.1f} |", flush=True)


def _pictures(paths: list[Path]) -> Iterator[Path]:
    for each in paths:
        yield from files(each, SHORTEST) if each.is_dir() else [each]


def _ink(picture: Pixels) -> NDArray[np.float32]:
    return np.asarray(picture.min(axis=2) < WHITE, np.float32)


def _said(picture: Pixels) -> float:
    return float(_ink(picture).mean())


def _with_any(picture: Pixels, cells: int) -> float:
    return float((cv2.resize(_ink(picture), (cells, cells), interpolation=cv2.INTER_AREA) > 0).mean())


def _apart(seen: Pixels, known: Pixels, cells: int) -> NDArray[np.float32]:
    """(cells, cells): what only the mark can have made."""
    light = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32) - cv2.cvtColor(
        known, cv2.COLOR_RGB2GRAY
    )
    return np.asarray(cv2.resize(light, (cells, cells), interpolation=cv2.INTER_AREA), np.float32)


if __name__ == "__main__":
    main()
