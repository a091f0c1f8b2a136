"""The pictures that the vocabulary learns from, and those that it is measured on: never the same source.

All come from Debian packages, whose contents anyone may use, change and share, or from the program that paints
scenes (`generation/house/training`). `pack` makes one file of many pictures, at most 320 px long.

    python -m bench.lookup.sources FOLDER OUT.npz [SCENES ...]

FOLDER holds one unpacked package a folder (``dpkg-deb -x``), SCENES are folders of painted scenes.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

TRAINED_ON = (
    "plasma-workspace-wallpapers",
    "mate-backgrounds",
    "tuxpaint-stamps-default",
    "hedgewars-data",
    "freeciv-data",
)
HELD_OUT = (
    "endless-sky-data",
    "gnome-backgrounds",
    "renpy-demo",
    "renpy-thequestion",
    "ukui-wallpapers",
    "lomiri-wallpapers",
    "lomiri-wallpapers-20.04",
    "openclipart-png",
    "unknown-horizons",
)
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


def files(folder: Path, shortest: int) -> Iterator[Path]:
    """The pictures under a folder whose shorter side has at least so many pixels; not those that fill a wall."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
            with suppress(Image.DecompressionBombError, UnidentifiedImageError), Image.open(path) as picture:
                if min(picture.size) >= shortest:
                    yield path


def read(path: Path, longest: int) -> Pixels:
    """A picture on white, at most so many pixels long."""
    with Image.open(path) as picture:
        picture.draft("RGB", (longest, longest))
        shown = picture.convert("RGBA")
        shown.thumbnail((longest, longest))
        paper = Image.new("RGBA", shown.size, "white")
        paper.alpha_composite(shown)
        return np.asarray(paper.convert("RGB"))


def scenes(folder: Path) -> Iterator[tuple[str, Sequence[Pixels]]]:
    """Each painted layout of a folder: its name, and its four looks."""
    for path in sorted(folder.glob("*.npz")):
        yield path.stem, list(np.load(path)["painted"])


def pack(layouts: Sequence[Sequence[Pixels]], target: Path) -> None:
    """Write pictures one behind another, with their sizes, and which of them are looks of one layout."""
    pictures = [picture for looks in layouts for picture in looks]
    sizes = np.array([picture.shape[:2] for picture in pictures], np.int32)
    groups = np.array([number for number, looks in enumerate(layouts) for _ in looks], np.int32)
    pixels = np.concatenate([picture.ravel() for picture in pictures])
    np.savez(target, sizes=sizes, groups=groups, pixels=pixels)


def unpack(source: Path) -> list[tuple[int, Pixels]]:
    """What `pack` wrote: each picture with the number of its layout."""
    with np.load(source) as packed:
        sizes, groups, pixels = packed["sizes"], packed["groups"], packed["pixels"]
    ends = np.cumsum(sizes.prod(axis=1) * 3)
    parts = np.split(pixels, ends[:-1])
    shaped = [part.reshape(height, width, 3) for part, (height, width) in zip(parts, sizes, strict=True)]
    return list(zip(map(int, groups), shaped, strict=True))


def main() -> None:
    """Pack the training pictures."""
    folder, target, *painted = map(Path, sys.argv[1:])
    layouts: list[Sequence[Pixels]] = [
        [read(path, 320)] for name in TRAINED_ON for path in files(folder / name, 200)
    ]
    print(len(layouts), "from packages")
    for scene_folder in painted:
        layouts += [looks for _, looks in scenes(scene_folder)]
    print(len(layouts), "in all")
    pack(layouts, target)


if __name__ == "__main__":
    main()
