"""What the figures of the card ask: a picture answers with the words whose colours it has, at any size."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")

from generation.house.training.light import develop
from generation.house.training.look import draw_look
from generation.house.training.measure import STAYS, ask, kept, leak, lines, make_case, page, seen, whole
from generation.house.training.scenes import Scenes
from generation.house.training.vocabulary import SLOTS


@pytest.mark.parametrize("side", [128, 192])
def test_a_case_is_of_the_size_that_is_asked_for(side):
    case = make_case(Scenes(), 77_000_003, side)
    for picture in (case.drawing, case.pencilled, case.other):
        assert picture.shape == (side, side, 3)
    for question in (case.sky, case.ground):
        assert question.region.shape == (side, side)
        assert len(question.answers) == len(question.words)


def test_a_painting_in_each_colour_is_found_to_have_it_and_the_next_one_not():
    stage = Scenes().stage(3, 96, 128, "village")
    look = replace(draw_look(stage, np.random.default_rng(2), 0.0), chosen=())
    walls, paints = seen(stage, "wall"), list(SLOTS["wall"].paints)
    looks = {paint: replace(look, chosen=(("wall", paint),)) for paint in paints}
    question = ask(stage, looks, walls, 0)
    paintings = [whole(develop(stage, each)) for each in looks.values()]
    assert [question.words[question.found(painting)] for painting in paintings] == paints
    for before, after in pairwise(paintings):
        assert leak(before, after, walls) < STAYS
        assert leak(before, after, ~walls) > STAYS


def test_drawn_lines_are_kept_by_the_drawing_and_lost_on_an_empty_page():
    drawing = whole(page(Scenes().stage(3, 96, 128, "village").line, 255))
    drawn = lines(drawing)
    assert drawn.any()
    assert kept(drawing, drawn) == 1
    assert kept(np.full_like(drawing, 200), drawn) == 0
