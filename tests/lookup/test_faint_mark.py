"""The faint mark: too weak to see, read with its record's help, and never where it is not."""

import numpy as np
import pytest
from lookup_samples import cut, landscape, recoloured, saved
from PIL import Image, ImageChops, ImageDraw, ImageOps

from provenance.lookup.faint_mark import chips, marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.search import Search
from provenance.statement.mark_form import FORMS

KEY = MarkKey.of_ledger(b"\x07" * 32)


def with_mark(picture: Image.Image, name: str = "pic-1") -> Image.Image:
    found = marked(picture, KEY, name)
    assert found is not None
    return found


def search_for(tmp_path, *named: tuple[str, Image.Image]) -> Search:
    file = IndexFile(tmp_path / "lookup.sqlite3")
    for name, picture in named:
        kept = indexed(name, picture, unmarked(picture, KEY, name))
        assert kept is not None
        file.add([kept])
    return Search.of(file)


NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 256, (320, 512, 3), np.uint8))
SKY = Image.new("RGB", (512, 320), (120, 160, 210))
DAWN = Image.merge("RGB", [Image.linear_gradient("L").resize((512, 320))] * 3)


@pytest.mark.parametrize(
    ("picture", "steps"),
    [(landscape(1), 5), (NOISE, 4), (SKY, 2), (DAWN, 2)],
    ids=["land", "noise", "sky", "dawn"],
)
def test_it_stays_above_44_decibels_and_moves_a_flat_sky_by_a_step_or_two(picture, steps):
    apart = np.asarray(with_mark(picture), float) - np.asarray(picture, float)
    assert 10 * np.log10(255**2 / (apart**2).mean()) > 44
    assert np.abs(apart).max() <= steps


def test_a_drawing_on_white_is_changed_as_much_as_may_be_and_its_paper_hardly():
    """Half of what falls on white does not come, so counting it would leave the lines weaker than they may be."""
    paper = Image.new("RGB", (480, 320), "white")
    for step in range(20, 470, 24):
        ImageDraw.Draw(paper).line([(step, 10), (480 - step, 310)], fill="black", width=2)
    apart = np.asarray(with_mark(paper), float) - np.asarray(paper, float)
    assert 44 < 10 * np.log10(255**2 / (apart**2).mean()) < 45
    white = np.asarray(paper).min(axis=2) == 255
    assert (np.abs(apart[white]) > 1).mean() < 0.2


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_of_any_form_is_read_and_can_be_taken_away_again(tmp_path, form):
    plain = landscape(2)
    picture = marked(plain, KEY, "pic-1", form=form)
    assert picture is not None
    without = unmarked(picture, KEY, "pic-1", form=form)
    left = np.abs(np.asarray(without, float) - np.asarray(plain, float))
    assert left.mean() < 0.05
    kept = indexed("pic-1", picture, without)
    assert kept is not None
    file = IndexFile(tmp_path / "lookup.sqlite3")
    file.add([kept])
    assert Search.of(file).look_up(saved(picture), KEY)[0].mark >= MARK_FOUND
    assert Search.of(file).look_up(saved(plain), KEY)[0].mark < MARK_FOUND


CHANGES = {
    "untouched": lambda it: it,
    "JPEG 60": saved,
    "half as large": lambda it: it.resize((240, 160), Image.Resampling.BOX),
    "cut by 30 %": lambda it: cut(it, 0.3),
    "mirrored": ImageOps.mirror,
    "grey": lambda it: it.convert("L").convert("RGB"),
    "turned by 5 degrees": lambda it: it.rotate(5, resample=Image.Resampling.BICUBIC),
    "letterbox": lambda it: ImageOps.expand(it, border=(0, 60), fill="black"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_read_after(change, tmp_path):
    picture = with_mark(landscape(2))
    found = search_for(tmp_path, ("pic-1", picture)).look_up(CHANGES[change](picture), KEY)
    assert found[0].mark is not None
    assert found[0].mark >= MARK_FOUND


@pytest.mark.parametrize("seed", [3, 4])
def test_it_is_read_in_a_small_painting_made_smaller_cut_brighter_and_packed_hard(seed, tmp_path):
    picture = with_mark(landscape(seed, (320, 240)))
    half = cut(picture.resize((160, 120), Image.Resampling.BOX), 0.15)
    changed = saved(half.point(lambda value: min(255, value * 1.12)), 50)
    found = search_for(tmp_path, ("pic-1", picture)).look_up(changed, KEY)
    assert found[0].mark is not None
    assert found[0].mark >= MARK_FOUND


def test_it_is_not_read_where_it_is_not(tmp_path):
    """Neither in the same picture without it, nor in another look of the layout, nor with another ledger's key."""
    plain = landscape(2)
    night = with_mark(recoloured(plain), "pic-2")
    search = search_for(tmp_path, ("pic-1", with_mark(plain)))
    for other in (plain, saved(plain), night, with_mark(plain, "pic-3")):
        for each in search.look_up(other, KEY):
            assert abs(each.mark or 0) < MARK_FOUND
    for each in search.look_up(with_mark(plain), MarkKey.of_ledger(b"\x08" * 32)):
        assert abs(each.mark or 0) < MARK_FOUND


def test_without_the_key_no_mark_is_told(tmp_path):
    picture = with_mark(landscape(2))
    assert search_for(tmp_path, ("pic-1", picture)).look_up(picture)[0].mark is None


def test_of_two_records_that_look_the_same_the_mark_names_the_right_one(tmp_path):
    one, other = with_mark(landscape(4), "pic-1"), with_mark(landscape(4), "pic-2")
    search = search_for(tmp_path, ("pic-1", one), ("pic-2", other))
    for name, picture in (("pic-1", one), ("pic-2", other)):
        found = search.look_up(saved(picture, 70), KEY)
        assert found[0].picture == name
        assert found[0].sureness == "certain"


def test_under_the_black_of_a_mask_every_value_stays():
    picture, where = landscape(3), Image.new("L", (480, 320))
    where.paste(255, (100, 80, 300, 240))
    found = marked(picture, KEY, "pic-1", where)
    assert found is not None
    changed = ImageChops.difference(found, picture).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert left >= 100
    assert top >= 80
    assert right <= 300
    assert bottom <= 240


def test_a_small_picture_has_none_and_stays_as_it_is():
    assert marked(landscape(1, (90, 64)), KEY, "pic-1") is None


def test_no_two_pictures_and_no_two_ledgers_have_a_pattern_in_common():
    patterns = [chips(secret, name, 128) for secret in (b"one", b"two") for name in ("pic-1", "pic-2")]
    for place, each in enumerate(patterns):
        for other in patterns[:place]:
            assert abs(float((each * other).mean())) < 0.04
    assert (chips(b"one", "pic-1", 128) == patterns[0]).all()


def test_the_secret_is_not_shown():
    assert "secret" not in repr(KEY)


@pytest.mark.parametrize("paper", ["white", "black"])
def test_a_drawing_on_pure_white_or_black_without_the_mark_does_not_seem_to_carry_it(tmp_path, paper):
    found = []
    for seed in range(4):
        drawing = Image.new("RGB", (640, 480), paper)
        drawing.paste(landscape(seed, (200, 150)), (220, 160))
        picture = with_mark(drawing)
        (tmp_path / str(seed)).mkdir()
        search = search_for(tmp_path / str(seed), ("pic-1", picture))
        found.append(search.look_up(drawing, KEY)[0].mark)
        assert search.look_up(saved(picture, 90), KEY)[0].mark >= MARK_FOUND
    assert sum(found) < 7  # of four fair coins, whose sum deviates by 2; it was 13
