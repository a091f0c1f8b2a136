# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""The drawings that stand in scenes, as pairs: the black line drawing, and the coloured picture.

They come from OpenMoji and from the Open Clip Art Library (`clipart`); both packages name each picture's author.
`fetch` unpacks the npm package, `rasterise` fills a cache folder (``line.npy`` (N, 256, 256) alpha, ``colour.npy``
(N, 256, 256, 4) RGBA, ``pictures.json``), `Pictures` reads it.
"""

import io
import json
import random
import shutil
import subprocess
import tarfile
from dataclasses import asdict, dataclass
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

from . import clipart

PACKAGE, VERSION = "openmoji", "17.0.0"
SIZE = 256
GROUPS = {"travel-places", "animals-nature", "food-drink", "objects", "activities", "smileys-emotion"}
EXTRAS = {
    "travel-places",
    "climate-environment",
    "animals-nature",
    "food-drink",
    "gardening",
    "objects",
    "people",
    "emergency",
    "healthcare",
}
PEOPLE = {
    "person",
    "person-activity",
    "person-sport",
    "person-role",
    "person-fantasy",
    "body-parts",
    "hand-fingers-open",
}
# Never shown in training: scenes are measured with these.
HELD = (
    "1F3D4",
    "1F3E1",
    "1F3D5",
    "1F306",
    "1F3EF",
    "1F3DC",
    "1F3DE",
    "1F682",
    "1F427",
    "1F333",
    "1F382",
    "1F681",
)
SHOWN = ("1F304", "1F3E0", "26F0", "1F3D6", "1F303", "1F3DD", "1F3DF", "1F3F0", "1F3D9")


@dataclass(frozen=True)
class Picture:
    """One drawing: its code in its package, name, author, group, and the package."""

    code: str
    name: str
    author: str
    group: str
    package: str


class Pictures:
    """The rasterised pictures of a cache folder."""

    def __init__(self, folder: Path) -> None:
        self.line = np.load(folder / "line.npy", mmap_mode="r")
        self.colour = np.load(folder / "colour.npy", mmap_mode="r")
        self.all = [Picture(**p) for p in json.loads((folder / "pictures.json").read_text())]
        self.index = {p.code: k for k, p in enumerate(self.all)}
        self.held = held_out(self.index)
        self._boxes: dict[int, tuple[int, int, int, int]] = {}

    def known(self, *codes: str) -> list[int]:
        """Indices of those pictures among the codes that training may show."""
        return [self.index[c] for c in codes if c in self.index and c not in self.held]

    def of_group(self, group: str) -> list[str]:
        """The codes of a group."""
        return [p.code for p in self.all if p.group == group]

    def box(self, index: int) -> tuple[int, int, int, int]:
        """The drawn part of a picture: x0, y0, x1, y1."""
        if index not in self._boxes:
            drawn = np.maximum(self.colour[index, ..., 3], self.line[index]) > 40
            rows, columns = np.where(drawn.any(1))[0], np.where(drawn.any(0))[0]
            whole = (0, 0, SIZE, SIZE)
            self._boxes[index] = (
                (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
                if len(rows)
                else whole
            )
        return self._boxes[index]


def held_out(index: dict[str, int]) -> set[str]:
    """The codes that training never shows: a dozen chosen ones and 55 by lot."""
    lot = random.Random(7).sample(sorted(code for code in index if "/" not in code), 55)
    return ({c for c in HELD if c in index} | set(lot)) - set(SHOWN)


def fetch(folder: Path) -> Path:
    """Unpack the npm package into a folder and return where its files lie."""
    root = folder / PACKAGE
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(folder, filter="data")
        shutil.move(folder / "package", root)
    return root


def rasterise(emoji: Path, clips: Path, cache: Path) -> int:
    """Render the chosen pictures of both packages into a cache folder; returns how many."""
    entries, kept = select(emoji), clipart.chosen()
    with Pool() as pool:
        drawn = pool.starmap(render, [(emoji, entry["hexcode"]) for entry in entries], chunksize=16)
        drawn += pool.starmap(render_clip, [(clips, clip) for clip in kept], chunksize=4)
    lines, colours = zip(*drawn, strict=True)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(cache / "line.npy", np.stack(lines))
    np.save(cache / "colour.npy", np.stack(colours))
    rows = [*map(described, entries), *(described_clip(clips, clip) for clip in kept)]
    (cache / "pictures.json").write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    return len(rows)


def described(entry: dict[str, str]) -> Picture:
    """What OpenMoji says of one of its pictures."""
    name, author = entry["annotation"].lower(), entry["openmoji_author"]
    return Picture(entry["hexcode"], name, author, entry["group"], PACKAGE)


def described_clip(clips: Path, clip: clipart.Clip) -> Picture:
    """What a clip's own file says of its maker, and what we call it."""
    return Picture(clip.path, clip.word, clipart.maker(clip.read(clips)), clip.place, clipart.PACKAGE)


def select(package: Path) -> list[dict[str, str]]:
    """The package's entries worth painting: no flags, letters, skin tones or clock faces."""
    chosen = []
    for entry in json.loads((package / "data/openmoji.json").read_text()):
        group, kind = entry["group"], entry["subgroups"]
        wanted = (
            group in GROUPS
            or (group == "extras-openmoji" and kind in EXTRAS)
            or (group == "people-body" and kind in PEOPLE)
        )
        clock = "thirty" in entry["annotation"] or (kind == "time" and "o’clock" in entry["annotation"])
        if wanted and not clock and not entry["skintone"] and not entry["skintone_combination"]:
            chosen.append(entry)
    return chosen


def render(package: Path, code: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The line alpha (256, 256) and the RGBA picture (256, 256, 4) of an OpenMoji code point."""
    line = raster((package / f"black/svg/{code}.svg").read_text())[..., 3]
    return line, raster((package / f"color/svg/{code}.svg").read_text())


def render_clip(clips: Path, clip: clipart.Clip) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The same of a clip."""
    return clipart.render(clip.read(clips), SIZE)


def raster(svg: str) -> NDArray[np.uint8]:
    """An SVG as RGBA."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def thinner(line: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    """A line drawing with every stroke eroded by some pixels."""
    round_pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (pixels, pixels))
    return np.asarray(cv2.erode(line, round_pen), np.uint8)
