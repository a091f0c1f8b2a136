# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""OpenMoji's pictures as pairs: the black line drawing, and the coloured picture in four colourings.

`fetch` unpacks the npm package, `rasterise` fills a cache folder (``line.npy`` (N, 256, 256) alpha, ``colour.npy``
(N, 4, 256, 256, 4) RGBA, ``pictures.json``), `Pictures` reads it. The package names each picture's author.
"""

import io
import json
import random
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

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
# OpenMoji's palette: (light, middle, dark) of a colour are moved together when a picture is recoloured.
FAMILIES = {
    "blue": ("#92d3f5", "#61b2e4", "#1e50a0"),
    "red": ("#ea5a47", "#d22f27", "#781e32"),
    "green": ("#b1cc33", "#5c9e31", "#186648"),
    "yellow": ("#fcea2b", "#f1b31c", "#f1b31c"),
    "orange": ("#f4aa41", "#e27022", "#e27022"),
    "pink": ("#ffa7c0", "#e67a94", "#e67a94"),
    "purple": ("#b399c8", "#8967aa", "#8967aa"),
    "brown": ("#a57939", "#6a462f", "#6a462f"),
    "grey": ("#d0cfce", "#9b9b9a", "#3f3f3f"),
}
NAMES = {
    "#000000": "black", "#ffffff": "white", "#92d3f5": "light blue", "#61b2e4": "blue", "#1e50a0": "dark blue",
    "#ea5a47": "red", "#d22f27": "dark red", "#781e32": "dark red", "#b1cc33": "light green", "#5c9e31": "green",
    "#186648": "dark green", "#fcea2b": "yellow", "#f1b31c": "golden", "#f4aa41": "light orange", "#e27022": "orange",
    "#ffa7c0": "pink", "#e67a94": "dark pink", "#b399c8": "light purple", "#8967aa": "purple", "#a57939": "brown",
    "#6a462f": "dark brown", "#d0cfce": "light grey", "#9b9b9a": "grey", "#3f3f3f": "dark grey",
}  # fmt: skip
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
    """One OpenMoji picture: its name, author, and up to four colour words for each colouring."""

    code: str
    name: str
    author: str
    group: str
    colours: list[list[str]]


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

    def box(self, index: int) -> tuple[int, int, int, int]:
        """The drawn part of a picture: x0, y0, x1, y1."""
        if index not in self._boxes:
            drawn = np.maximum(self.colour[index, 0, ..., 3], self.line[index]) > 40
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
    lot = random.Random(7).sample(sorted(index), 55)
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


def rasterise(package: Path, cache: Path) -> int:
    """Render the chosen pictures into a cache folder; returns how many."""
    chosen = [(package, p) for p in select(package)]
    with Pool() as pool:
        done = pool.starmap(render, chosen, chunksize=16)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(cache / "line.npy", np.stack([line for line, _, _ in done]))
    np.save(cache / "colour.npy", np.stack([colour for _, colour, _ in done]))
    rows = [describe(p, words) for (_, p), (_, _, words) in zip(chosen, done, strict=True)]
    (cache / "pictures.json").write_text(json.dumps(rows, ensure_ascii=False))
    return len(done)


def describe(entry: dict[str, str], words: list[list[str]]) -> dict[str, object]:
    """The facts that `Picture` holds, from the package's own entry."""
    name, author = entry["annotation"].lower(), entry["openmoji_author"]
    return {
        "code": entry["hexcode"],
        "name": name,
        "author": author,
        "group": entry["group"],
        "colours": words,
    }


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


def render(
    package: Path, entry: dict[str, str]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], list[list[str]]]:
    """A picture's line alpha, its four colourings and their colour words."""
    rng, code = random.Random(entry["hexcode"]), entry["hexcode"]
    colour = (package / f"color/svg/{code}.svg").read_text()
    line = raster((package / f"black/svg/{code}.svg").read_text())[..., 3]
    coloured = [raster(svg) for svg in (colour, *(recolour(colour, rng) for _ in range(3)))]
    return line, np.stack(coloured), [colour_words(c) for c in coloured]


def raster(svg: str) -> NDArray[np.uint8]:
    """An SVG as RGBA."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def recolour(svg: str, rng: random.Random) -> str:
    """The SVG with its colour families exchanged."""
    others = list(FAMILIES)
    rng.shuffle(others)
    moved: dict[str, str] = {}
    for family, other in zip(FAMILIES, others, strict=True):
        if rng.random() < 0.75:
            for old, new in zip(FAMILIES[family], FAMILIES[other], strict=True):
                moved.setdefault(old, new)

    def exchange(match: re.Match[str]) -> str:
        code = match.group(0).lower()
        return moved.get(code if len(code) == 7 else "#" + "".join(2 * c for c in code[1:]), match.group(0))

    return re.sub(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}\b", exchange, svg)


def colour_words(picture: NDArray[np.uint8]) -> list[str]:
    """The names of the colours that fill a picture, most first, black lines left out."""
    solid = picture[::4, ::4].reshape(-1, 4).astype(np.float32)
    solid = solid[solid[:, 3] > 128, :3]
    if len(solid) == 0:
        return []
    palette = np.array([[int(code[k : k + 2], 16) for k in (1, 3, 5)] for code in NAMES], np.float32)
    nearest = ((solid[:, None] - palette[None]) ** 2).sum(-1).argmin(1)
    counts: dict[str, int] = {}
    for name, count in zip(NAMES.values(), np.bincount(nearest, minlength=len(NAMES)), strict=True):
        counts[name] = counts.get(name, 0) + int(count)
    counts.pop("black")
    total = max(1, sum(counts.values()))
    return [n for n, c in sorted(counts.items(), key=lambda item: -item[1]) if c / total > 0.08][:4]


def thinner(line: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    """A line drawing with every stroke eroded by some pixels."""
    round_pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (pixels, pixels))
    return np.asarray(cv2.erode(line, round_pen), np.uint8)
