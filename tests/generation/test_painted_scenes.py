"""The program that paints the embedded model's lessons: one layout, many looks, and all that varies has its word."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")

from generation.house.training.hand import drawing
from generation.house.training.light import develop
from generation.house.training.look import caption, draw_look, mixed
from generation.house.training.measure import lab, leak, seen
from generation.house.training.scenes import KINDS, Scenes
from generation.house.training.vocabulary import GROUNDS, HOURS, SLOTS, Paint, words

SIZE = (96, 128)


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "single"])
def test_every_kind_of_place_has_lines_and_paint(scenes, kind):
    stage = scenes.stage(5, *SIZE, kind)
    painted = develop(stage, draw_look(stage, np.random.default_rng(1), 0.5))
    assert painted.shape == (*SIZE, 3)
    assert painted.std() > 10
    assert 0.003 < (stage.line > 0.25).mean() < 0.5


def test_a_seed_gives_the_same_scene_again(scenes):
    first, again = (scenes.scene(11, *SIZE) for _ in range(2))
    assert first.captions == again.captions
    assert np.array_equal(first.painted, again.painted)
    assert np.array_equal(first.drawn, again.drawn)


def test_a_colour_word_changes_nothing_outside_its_thing(scenes):
    stage = scenes.stage(3, *SIZE, "village")
    look = replace(draw_look(stage, np.random.default_rng(2), 0.0), hour=HOURS[0], chosen=())
    plain, red = develop(stage, look), develop(stage, replace(look, chosen=(("wall", "red"),)))
    walls = seen(stage, "wall")
    assert walls.any()
    assert leak(plain, red, walls) < 0.5
    assert np.abs(plain[walls].astype(int) - red[walls]).mean() > 20


def test_a_colour_that_was_chosen_is_said(scenes):
    stage = scenes.stage(3, *SIZE, "village")
    look = replace(
        draw_look(stage, np.random.default_rng(2), 0.0), chosen=(("wall", "red"), ("roof", "blue"))
    )
    said = caption(stage, look, np.random.default_rng(0)).split(", ")
    assert "red house" in said
    assert "blue roof" in said


def test_two_hands_draw_one_layout_differently(scenes):
    stage = scenes.stage(3, *SIZE, "village")
    first, other = (drawing(stage, np.random.default_rng(k)) for k in (1, 2))
    assert first.shape == other.shape == (*SIZE, 3)
    assert np.abs(first - other).mean() > 1


def test_every_word_is_listed_once_in_its_kind():
    for kind, listed in words().items():
        assert len(set(listed)) == len(listed), kind


def test_every_colour_word_of_a_slot_is_a_listed_colour():
    colours = set(words()["colour"])
    assert all(set(slot.paints) <= colours for slot in SLOTS.values())


@pytest.mark.parametrize("seed", range(12))
def test_all_facades_of_a_street_take_one_paint(scenes, seed):
    stage = scenes.stage(seed, *SIZE, "street")
    facades = stage.slots & {"wall", "block"}
    assert len(facades) == 1
    assert set(stage.things) & {"house", "building"} == {
        {"wall": "house", "block": "building"}[facades.pop()]
    }


def apart(one: Paint, other: Paint) -> float:
    """How far two paints are from each other, in Lab, the mean of dark, middle and light."""
    return float(np.linalg.norm(lab(mixed(one)[None]) - lab(mixed(other)[None]), axis=2).mean())


def test_no_two_words_of_a_kind_look_alike():
    """Whoever asks for a golden field must not get what dry grass would have been."""
    for one, other in combinations(GROUNDS, 2):
        if one.kind == other.kind:
            assert apart(one.paint, other.paint) > 14, (one.phrase, other.phrase)
    for slot in SLOTS.values():
        for (name, one), (another, other) in combinations(slot.paints.items(), 2):
            assert apart(one, other) > 20, (slot.noun, name, another)
    for one, other in combinations(HOURS, 2):
        assert apart(one.sky, other.sky) > 7, (one.phrases, other.phrases)
