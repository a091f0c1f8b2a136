"""Training learns what a word does from pairs of paintings that differ in it and in nothing else."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")
pytest.importorskip("torch")

import torch

from generation.house.training import painter
from generation.house.training.look import Look, exchange
from generation.house.training.pool import Pool
from generation.house.training.scenes import Scenes, captions, draw_looks
from generation.house.training.stage import Stage


@pytest.fixture(scope="module")
def street() -> Stage:
    return Scenes().stage(5, 96, 128, "street")


def differences(one: Look, other: Look) -> set[str]:
    changed = {each.name for each in fields(Look) if getattr(one, each.name) != getattr(other, each.name)}
    slots = {slot for slot, _ in set(one.chosen) ^ set(other.chosen)}
    return (changed - {"chosen"}) | slots


def test_the_looks_of_a_pair_differ_in_one_word_at_most(street: Stage):
    dice = np.random.default_rng(3)
    found = []
    for _ in range(40):
        first, second, third, fourth = draw_looks(street, dice)
        found += [differences(first, second), differences(third, fourth)]
    assert max(map(len, found)) == 1


def test_only_the_colour_of_what_can_be_seen_is_exchanged():
    hidden = Scenes().stage(5, 96, 128, "street")
    hidden.slots.add("bed")  # named, but no cel of it is on top
    dice = np.random.default_rng(1)
    look = draw_looks(hidden, dice)[0]
    said = {slot for _ in range(200) for slot in differences(look, exchange(hidden, look, dice))}
    assert "bed" not in said - {slot for slot, _ in look.chosen}


def test_the_captions_of_a_pair_name_the_same_things(street: Stage):
    dice = np.random.default_rng(4)
    looks = draw_looks(street, dice)
    looks[1] = looks[0]
    first, second, *_ = captions(street, looks, dice)
    assert first == second


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Two layouts of 8 x 8 cells whose paintings 2k and 2k + 1 differ in one corner."""
    random = np.random.default_rng(0)
    painted = np.repeat(random.normal(size=(2, 2, 4, 8, 8)), 2, 1).astype(np.float16)
    painted[:, 1::2, :, :2, :2] += 1
    said = [json.dumps([f"{k} {name}" for name in "abcd"]) for k in range(2)]
    drawn = random.normal(size=(2, 2, 4, 8, 8)).astype(np.float16)
    np.savez(
        tmp_path / "64x64-0.npz",
        drawn=drawn,
        painted=painted,
        mask=np.zeros((2, 8, 8), np.uint8),
        caps=np.array(said),
    )
    return Pool(tmp_path, newest=1)


def test_the_two_of_a_pair_start_from_one_source(pool: Pool):
    batch = pool.batch()
    assert torch.equal(batch.source[::2], batch.source[1::2])
    assert {one[0] == two[0] for one, two in zip(batch.captions[::2], batch.captions[1::2], strict=True)} == {
        True
    }
    together = {frozenset(pair) for pair in zip(batch.captions[::2], batch.captions[1::2], strict=True)}
    assert together <= {frozenset((f"{k} {a}", f"{k} {b}")) for k in "01" for a, b in ("ab", "cd")}


def test_what_reaches_past_the_changed_part_costs_and_what_both_share_does_not():
    painting = torch.zeros(2, 4, 8, 8)
    painting[1, :, :2, :2] = 1
    weight = torch.ones(2, 1, 1, 1)
    shared = torch.randn(1, 4, 8, 8).repeat(2, 1, 1, 1)
    assert painter.apart(shared, weight, painting) == 0
    outside, inside = torch.zeros(2, 4, 8, 8), torch.zeros(2, 4, 8, 8)
    outside[1, :, 6:, 6:], inside[1, :, :2, :2] = 1, 1
    assert 0 < painter.apart(outside, weight, painting) < painter.apart(inside, weight, painting)


def test_colours_of_areas_cost_more_than_textures():
    painting = torch.zeros(2, 4, 8, 8)
    painting[1, :, :4, :4] = 1
    weight = torch.ones(2, 1, 1, 1)
    flat = torch.ones(2, 4, 8, 8)
    texture = torch.ones(2, 4, 8, 8)
    texture[..., ::2] = -1
    assert painter.broad(texture, weight) == painter.tint(texture, weight, painting) == 0
    assert painter.broad(flat, weight) > 0
    assert painter.tint(flat, weight, painting) > 0


def test_a_colour_is_judged_where_the_word_paints():
    painting = torch.zeros(2, 4, 8, 8)
    painting[1, :, :4, :4] = 1
    elsewhere = torch.ones(2, 4, 8, 8)
    elsewhere[:, :, :4, :4] = 0
    assert painter.tint(elsewhere, torch.ones(2, 1, 1, 1), painting) == 0
