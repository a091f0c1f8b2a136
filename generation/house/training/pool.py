# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""The pool of painted scenes as latents, kept in shards on disk.

A shard (``.npz``) holds N layouts of one size: ``drawn`` (N, 2, C, h, w) and ``painted`` (N, 4, C, h, w) as scaled
latents in half precision, ``mask`` (N, h, w) in 0..255 where objects are, ``caps`` (N,) with the captions as JSON.
Paintings 2k and 2k + 1 are a pair that differs in one word; a batch is made of such pairs.
"""

import json
import multiprocessing
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

from .pictures import Pictures
from .scenes import Scene, Scenes
from .things import Things

CELLS = 16 * 32 * 32  # latent cells in a batch
PART, CROPPED = 0.75, 0.6  # share of each side in a partial view, and how often a batch is one
FROM_DRAWING, FROM_OTHER = 0.76, 0.18  # the rest starts from the painting itself


@dataclass
class Batch:
    """Latents (B, C, h, w) of source and painting, object share (B, 1, h, w), captions.

    Rows 2k and 2k + 1 are two paintings of one layout from one source: what differs is what their captions say.
    """

    source: Tensor
    painting: Tensor
    objects: Tensor
    captions: list[str]


class Pool:
    """All shards of a folder, in memory; `refresh` takes in new ones."""

    def __init__(self, folder: Path, newest: int) -> None:
        self.folder, self.newest = folder, newest
        self.shards: dict[Path, tuple[Tensor, Tensor, Tensor, list[list[str]]]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Hold the newest shards of the folder and let go of the others."""
        files = sorted(self.folder.glob("*.npz"), key=lambda f: f.stat().st_mtime)[-self.newest :]
        self.shards = {f: self.shards.get(f) or read(f) for f in files}

    def batch(self) -> Batch:
        """A random batch out of one shard, so of one size."""
        files = list(self.shards)
        file = random.choices(files, [len(self.shards[f][3]) for f in files])[0]
        drawn, painted, mask, captions = self.shards[file]
        window = view(*mask.shape[-2:])
        height, width = (part.stop - part.start for part in window)
        count = max(2, CELLS // (height * width) // 2)
        rows = [random.randrange(len(captions)) for _ in range(count)]
        looks = [random.randrange(painted.shape[1]) for _ in range(count)]
        sources = [source(drawn[r], painted[r], k)[:, *window] for r, k in zip(rows, looks, strict=True)]
        pairs = [(row, k) for row, look in zip(rows, looks, strict=True) for k in (look, look ^ 1)]
        twice, both = [row for row, _ in pairs], [k for _, k in pairs]
        return Batch(
            torch.stack(sources).float().repeat_interleave(2, 0),
            painted[twice, both][:, :, *window].float(),
            mask[twice][:, None, *window].float().div(255),
            [captions[row][k] for row, k in pairs],
        )


def view(height: int, width: int) -> tuple[slice, slice]:
    """The window of the latents that a batch sees: often a part, for more captions at the same cost."""
    if random.random() > CROPPED:
        return slice(0, height), slice(0, width)
    sides = [4 * round(side * PART / 4) for side in (height, width)]  # the UNet halves twice
    y, x = random.randint(0, height - sides[0]), random.randint(0, width - sides[1])
    return slice(y, y + sides[0]), slice(x, x + sides[1])


def source(drawn: Tensor, painted: Tensor, look: int) -> Tensor:
    """What the painter is handed: mostly a drawing, sometimes another pair's painting, or this one."""
    chance = random.random()
    if chance < FROM_DRAWING:
        return drawn[random.randrange(len(drawn))]
    if chance < FROM_DRAWING + FROM_OTHER:
        return painted[(look // 2 * 2 + random.randrange(2, len(painted))) % len(painted)]
    return painted[look]


def read(file: Path) -> tuple[Tensor, Tensor, Tensor, list[list[str]]]:
    """A shard's drawings, paintings, object masks and captions."""
    with np.load(file) as shard:
        drawn, painted, mask = (torch.from_numpy(shard[n]) for n in ("drawn", "painted", "mask"))
        return drawn, painted, mask, [json.loads(c) for c in shard["caps"]]


_scenes: Scenes | None = None


def _start(cache: Path) -> None:
    global _scenes  # noqa: PLW0603 - each worker process opens the pictures once
    cv2.setNumThreads(1)
    _scenes = Scenes(Things(Pictures(cache)))


def _compose(job: tuple[int, int, int]) -> Scene:
    assert _scenes is not None
    return _scenes.scene(*job)


def paint(cache: Path, first: int, count: int, size: tuple[int, int], workers: int) -> list[Scene]:
    """Scenes of consecutive seeds, (height, width) pixels, side by side."""
    jobs = [(first + k, *size) for k in range(count)]
    with multiprocessing.get_context("fork").Pool(workers, _start, (cache,)) as pool:
        return pool.map(_compose, jobs, chunksize=8)


def encode(autoencoder: AutoencoderTiny, pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
    """Pictures (..., H, W, 3) as scaled latents (..., C, H/8, W/8)."""
    lead = pictures.shape[:-3]
    flat = pictures.reshape(-1, *pictures.shape[-3:])
    latents = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for k in range(0, len(flat), 16):
            x = torch.from_numpy(flat[k : k + 16]).permute(0, 3, 1, 2).float().div(127.5).sub(1)
            latents.append(autoencoder.encode(x.to(memory_format=torch.channels_last)).latents.float())
    z = torch.cat(latents) * autoencoder.config.scaling_factor
    return np.asarray(z.reshape(*lead, *z.shape[1:]).half().numpy(), np.float16)


def fill(folder: Path, scenes: list[Scene], autoencoder: AutoencoderTiny, name: str) -> None:
    """Write scenes as one shard; a few are kept as pictures too, for the decoder."""
    mask = np.stack(
        [
            cv2.resize(s.mask, (s.mask.shape[1] // 8, s.mask.shape[0] // 8), interpolation=cv2.INTER_AREA)
            for s in scenes
        ]
    )
    fresh = folder / f"{name}.part"
    with fresh.open("wb") as file:
        np.savez(
            file,
            drawn=encode(autoencoder, np.stack([s.drawn for s in scenes])),
            painted=encode(autoencoder, np.stack([s.painted for s in scenes])),
            mask=mask,
            caps=np.array([json.dumps(s.captions) for s in scenes]),
        )
    fresh.replace(folder / f"{name}.npz")
