"""A training run is measured on the same unseen pairs each time, and the measuring leaves the run as it was."""

import random
from pathlib import Path

import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")
pytest.importorskip("torch")

import numpy as np
import torch

from generation.house.training import painter, pool
from generation.house.training.__main__ import HOME
from generation.house.training.ruler import Ruler


def unseen(folder: Path, latents: int) -> pool.Pool:
    """Two layouts of nothing in particular, each with a pair of paintings that differ."""
    rng, size = np.random.default_rng(5), (latents, 16, 16)
    np.savez(
        folder / "128x128-1.npz",
        drawn=rng.normal(size=(2, 1, *size)).astype(np.float16),
        painted=rng.normal(size=(2, 4, *size)).astype(np.float16),
        mask=np.zeros((2, 16, 16), np.uint8),
        caps=np.array(['["night, red house", "night, blue house", "dawn", "rain"]'] * 2),
    )
    return pool.Pool(folder, newest=1)


def test_a_run_is_measured_on_the_same_pairs_and_goes_on_as_if_it_had_not_been(tmp_path: Path):
    pupil = painter.start(HOME / "weights")
    ruler = Ruler(unseen(tmp_path, pupil.unet.config.in_channels), batches=2)
    random.seed(7)
    torch.manual_seed(7)
    expected = random.random(), torch.rand(1)
    random.seed(7)
    torch.manual_seed(7)
    first = ruler.read(pupil)
    assert (random.random(), torch.rand(1)) == expected
    random.seed(8)
    torch.manual_seed(8)
    assert ruler.read(pupil) == first
    with torch.no_grad():
        pupil.unet.conv_out.bias += 1  # what is trained; its averages are what will be saved
    assert ruler.read(pupil) == first
    with torch.no_grad():
        pupil.mean_unet.conv_out.bias += 1
    assert ruler.read(pupil) > first


def test_a_firm_line_is_seen_by_night(tmp_path: Path):
    """As dark a share of a dark wall as of a white one could not be told from it."""
    from generation.house.training.light import finished
    from generation.house.training.stage import Stage

    stage = Stage(64, 64, 0)
    stage.line[:, 31:33] = 1
    for tone in (40.0, 220.0):
        painted = finished(np.full((64, 64, 3), tone, np.float32), stage).astype(float)
        assert painted[:, 31:33].mean() < 0.62 * painted[:, :20].mean()
    dark, light = (
        finished(np.full((64, 64, 3), tone, np.float32), stage)[:, 31:33].mean() / tone
        for tone in (20.0, 220.0)
    )
    assert dark < light
