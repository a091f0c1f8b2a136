"""512 bits that stay much the same when a picture is cropped, re-saved, turned a little, written over or framed.

A small network of our own (weights/README.md: what it learnt from, how well it does) sees a square of 128 x 128
pixels. The signs of its 512 numbers are the code; two codes are as far apart as bits differ, of 512. The arithmetic is
matrix products and shifted additions in numpy, so nothing but numpy is needed: no torch, no runtime.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

SIDE = 128  # pixels of the square that the network sees
BITS = 512
STAGES = (2, 3, 4, 2)  # blocks at each of the four sizes
AT_ONCE = 16  # squares in one pass: more would only cost memory
_FAINTEST = 1e-4

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The network's weights, every normalisation folded into the layer after it, in single precision."""

    weights: dict[str, Numbers]
    name: str  # of these very weights: codes of others are not comparable

    def codes(self, squares: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(N, 128, 128, 3) RGB in, (N, 64) out: 512 bits each, packed."""
        return np.packbits(self.numbers(squares) > 0, axis=1)

    def numbers(self, squares: NDArray[np.uint8]) -> Numbers:
        """(N, 128, 128, 3) RGB in, (N, 512) out: the numbers behind the code."""
        parts = [self._pass(squares[at : at + AT_ONCE]) for at in range(0, len(squares), AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty((0, BITS), np.float32)

    def _pass(self, squares: NDArray[np.uint8]) -> Numbers:
        x = self._layer("stem", _patches(squares.astype(np.float32) / np.float32(255), 4))
        for stage, blocks in enumerate(STAGES):
            for block in range(blocks):
                x += self._block(f"{stage}.{block}", x)
            last = stage == len(STAGES) - 1
            x = self._layer(f"{stage}.next", x if last else _patches(x, 2))
        seen = np.maximum(x, np.float32(_FAINTEST))
        pooled = np.cbrt((seen * seen * seen).mean(axis=(1, 2)))
        return self._layer("out", pooled)

    def _layer(self, name: str, x: Numbers) -> Numbers:
        answer: Numbers = x @ self.weights[f"{name}.weight"]
        answer += self.weights[f"{name}.bias"]
        return answer

    def _block(self, name: str, x: Numbers) -> Numbers:
        """What a block adds: each place's 3 x 3 neighbours by channel, then two layers at each place."""
        _, height, width, _ = x.shape
        framed = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        weights = self.weights[f"{name}.near"]
        near = np.zeros_like(x)
        for row in range(3):
            for column in range(3):
                near += framed[:, row : row + height, column : column + width] * weights[row, column]
        wide = self._layer(f"{name}.wide", near)
        np.maximum(wide, 0, out=wide)
        return self._layer(f"{name}.narrow", wide)


def _patches(x: Numbers, side: int) -> Numbers:
    """(N, H, W, C) as (N, H / side, W / side, side * side * C): each patch in one vector."""
    count, height, width, channels = x.shape
    cut = x.reshape(count, height // side, side, width // side, side, channels)
    return cut.transpose(0, 1, 3, 2, 4, 5).reshape(count, height // side, width // side, -1)


@cache
def descriptor() -> Descriptor:
    """The descriptor that ships with the program."""
    file = resources.files("provenance.lookup") / "weights" / "descriptor.npz"
    with resources.as_file(file) as path:
        name = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        with np.load(path) as packed:
            return Descriptor({key: packed[key].astype(np.float32) for key in packed.files}, name)
