"""A copy whose edges were cut away is found though it has too few points: by its record's cuts, and its mark alone."""

from dataclasses import replace

import numpy as np
import pytest
from lookup_samples import landscape, saved
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from provenance.lookup.cuts import codes_of, cut_codes, near_cuts
from provenance.lookup.faint_mark import marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import LONGEST, grey
from provenance.lookup.likeness import MARK_FOUND, MARK_NAMES
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.search import Search
from provenance.lookup.sliding import SIZES_OF_CUTS, slid

KEY = MarkKey.of_ledger(b"\x07" * 32)
SIZE = (640, 400)


def shore(seed: int) -> Image.Image:
    """One soft edge on slopes of light, and a strip above that has points enough for the index."""
    soft = np.asarray(landscape(seed, SIZE).filter(ImageFilter.GaussianBlur(24)), float)
    down, across = np.mgrid[: SIZE[1], : SIZE[0]]
    edge = np.tanh((down - 200 - 15 * seed + (across - 320) * (0.1 * seed - 0.15)) / 4)
    picture = Image.fromarray((soft * 0.35 + 90 + 25 * edge[..., None]).clip(0, 255).astype(np.uint8))
    picture.paste(landscape(seed + 50, (620, 52)), (3, 3))
    return picture


def edited(picture: Image.Image, *, mirrored: bool = False) -> Image.Image:
    """Half as large, 15 % cut away above and on the left, brighter, as JPEG 50."""
    small = picture.resize((SIZE[0] // 2, SIZE[1] // 2), Image.Resampling.BOX)
    cut = small.crop((round(small.width * 0.15), round(small.height * 0.15), *small.size))
    copy = saved(ImageEnhance.Brightness(cut).enhance(1.12), 50)
    return ImageOps.mirror(copy) if mirrored else copy


@pytest.fixture(scope="module")
def pictures() -> dict[str, tuple[Image.Image, Image.Image]]:
    """Each with its mark and without."""
    made = {}
    for seed in range(4):
        picture = marked(shore(seed), KEY, f"pic-{seed}")
        assert picture is not None
        made[f"pic-{seed}"] = picture, shore(seed)
    return made


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory, pictures) -> Search:
    file = IndexFile(tmp_path_factory.mktemp("index") / "lookup.sqlite3")
    for name, (picture, _) in pictures.items():
        kept = indexed(name, picture, unmarked(picture, KEY, name))
        assert kept is not None
        file.add([kept])
    return Search.of(file)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cut_copy_without_points_is_named_by_its_mark(search, pictures, mirrored):
    copy = edited(pictures["pic-2"][0], mirrored=mirrored)
    assert replace(search, cuts=search.cuts[:0]).look_up(copy, KEY) == ()
    (found,) = search.look_up(copy, KEY)
    assert found.picture == "pic-2"
    assert found.mirrored == mirrored
    assert found.mark is not None
    assert found.mark >= MARK_FOUND
    assert 0.6 < found.shown < 0.85


def test_without_the_mark_or_its_key_nothing_is_named(search, pictures):
    with_mark, without = pictures["pic-2"]
    assert search.look_up(edited(without), KEY) == ()
    assert search.look_up(edited(with_mark)) == ()
    assert search.look_up(edited(with_mark), MarkKey.of_ledger(b"\x08" * 32)) == ()


@pytest.mark.parametrize("colour", ["white", "black", "orange"])
def test_a_sheet_of_one_colour_is_nothing(search, colour):
    assert search.look_up(Image.new("RGB", SIZE, colour), KEY) == ()


def test_of_many_cuts_the_right_records_is_nearest():
    greys = [grey(np.asarray(landscape(seed))) for seed in range(40)]
    codes = codes_of(b"before" * 5 + cut_codes(each) for each in greys)
    for seed, whole in enumerate(greys):
        tall, broad = (round(side * (0.8 + 0.02 * (seed % 6))) for side in whole.shape)
        top, left = (whole.shape[0] - tall) * (seed % 3) // 2, (whole.shape[1] - broad) * (seed % 5) // 4
        cut = whole[top : top + tall, left : left + broad]
        assert near_cuts(cut, codes)[0][:2] == (seed, False)
        assert near_cuts(np.ascontiguousarray(cut[:, ::-1]), codes)[0][:2] == (seed, True)


def test_where_there_is_no_index_nothing_is_near():
    assert near_cuts(grey(np.asarray(landscape(1))), codes_of([])) == []


@pytest.mark.parametrize(("share", "across", "down"), [(0.85, 0.03, 0.12), (0.9, 0.1, 0.0), (0.8, 0.07, 0.2)])
def test_a_cut_is_laid_where_it_was_cut_out(share, across, down):
    whole = grey(np.asarray(landscape(5, SIZE)))
    height, width = whole.shape
    top, left = round(down * height), round(across * width)
    cut = whole[top : top + round(share * height), left : left + round(share * width)]
    place, together = slid(cut, whole, SIZES_OF_CUTS)[0]
    assert together > 0.9
    assert place.scale == pytest.approx(share, abs=0.006)
    assert place.matrix[:, 2] == pytest.approx([left * LONGEST / width, top * LONGEST / width], abs=4)


def board(seed: int) -> Image.Image:
    """A few large shapes on white, and a strip that has points enough for the index."""
    lot = np.random.default_rng(seed)
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    for _ in range(5):
        x, y = lot.integers(0, 520), lot.integers(70, 330)
        pen.ellipse(
            (x, y, x + lot.integers(40, 120), y + lot.integers(30, 70)),
            fill=(40, 60, int(lot.integers(90, 200))),
        )
    picture.paste(landscape(seed + 50, (620, 52)), (3, 3))
    return picture


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> tuple[Search, dict[str, Image.Image]]:
    file = IndexFile(tmp_path_factory.mktemp("boards") / "lookup.sqlite3")
    made = {}
    for seed in range(4):
        picture = marked(board(seed), KEY, f"pic-{seed}")
        assert picture is not None
        kept = indexed(f"pic-{seed}", picture, unmarked(picture, KEY, f"pic-{seed}"))
        assert kept is not None
        file.add([kept])
        made[f"pic-{seed}"] = picture
    return Search.of(file), made


@pytest.mark.parametrize("box", [(0, 200, 320, 400), (160, 100, 480, 300), (100, 120, 400, 400)])
@pytest.mark.parametrize("name", ["pic-0", "pic-2"])
def test_a_quarter_of_a_board_whose_points_agree_on_no_place_is_found_where_it_goes_together(
    boards, name, box
):
    search, made = boards
    (found,) = search.look_up(saved(made[name].crop(box), 70), KEY)
    assert found.picture == name
    assert found.mark is not None
    assert found.mark >= MARK_NAMES
    assert found.shown == pytest.approx((box[2] - box[0]) * (box[3] - box[1]) / (SIZE[0] * SIZE[1]), abs=0.03)


def test_a_quarter_of_a_board_without_its_mark_is_nothing(boards):
    search, _ = boards
    assert search.look_up(saved(board(0).crop((0, 200, 320, 400)), 70), KEY) == ()


def test_what_repeats_itself_is_tried_in_several_places():
    tile = grey(np.asarray(landscape(6, (160, 100))), 128)
    whole = np.tile(tile, (4, 4))
    cut = whole[tile.shape[0] : tile.shape[0] * 3, 128 : 3 * 128]
    places = slid(cut, whole, (0.5,))
    assert len(places) == 4
    assert all(together > 0.95 for _, together in places)
    assert len({tuple(place.matrix[:, 2].round()) for place, _ in places}) == 4
