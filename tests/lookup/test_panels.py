"""A collage is asked about panel by panel: a calm picture among busy ones is found, as a part of the file."""

from pathlib import Path

import numpy as np
import pytest
from lookup_samples import landscape
from PIL import Image, ImageFilter

from provenance.lookup.faint_mark import marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import grey
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.panels import panels
from provenance.lookup.search import Search

KEY = MarkKey.of_ledger(b"\x07" * 32)
SIZE = (480, 320)


def haze(seed: int) -> Image.Image:
    """Soft shapes with a fine grain: points enough for the index, and each of them weak."""
    soft = np.asarray(landscape(seed, SIZE).filter(ImageFilter.GaussianBlur(6)), float)
    grain = np.random.default_rng(seed).normal(0, 2.5, (SIZE[1], SIZE[0], 1))
    return Image.fromarray((soft * 0.3 + 110 + grain).clip(0, 255).astype(np.uint8))


def collage(pictures: list[Image.Image], across: int, share: float = 0.6) -> Image.Image:
    """The pictures in rows, made smaller together."""
    down = len(pictures) // across
    whole = Image.new("RGB", (SIZE[0] * across, SIZE[1] * down))
    for place, each in enumerate(pictures):
        whole.paste(each, (place % across * SIZE[0], place // across * SIZE[1]))
    return whole.resize((round(whole.width * share), round(whole.height * share)), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def pictures() -> dict[str, Image.Image]:
    found = {f"pic-{seed}": marked(haze(seed), KEY, f"pic-{seed}") for seed in range(4)}
    return {name: each for name, each in found.items() if each is not None}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory, pictures) -> Search:
    file = IndexFile(Path(tmp_path_factory.mktemp("index")) / "lookup.sqlite3")
    for name, picture in pictures.items():
        kept = indexed(name, picture, unmarked(picture, KEY, name))
        assert kept is not None
        file.add([kept])
    return Search.of(file)


@pytest.mark.parametrize("place", range(4))
def test_a_calm_picture_in_a_collage_of_four_is_found_as_a_part_of_it(search, pictures, place):
    busy = [landscape(seed, SIZE) for seed in (70, 71, 72)]
    file = collage([*busy[:place], pictures["pic-2"], *busy[place:]], 2)
    (found,) = search.look_up(file, KEY)
    assert found.picture == "pic-2"
    assert found.mark is not None
    assert found.mark >= MARK_FOUND
    assert found.filled == pytest.approx(0.25, abs=0.02)
    assert found.scale == pytest.approx(0.6, abs=0.03)
    assert "a part of the file, about 25% of it" in found.differs


def test_each_picture_of_a_collage_is_found_once(search, pictures):
    found = search.look_up(collage(list(pictures.values()), 2), KEY)
    assert sorted(each.picture for each in found) == sorted(pictures)


def test_without_the_mark_no_calm_panel_names_a_record(search):
    file = collage([landscape(70, SIZE), haze(40), landscape(71, SIZE), haze(41)], 2)
    assert search.look_up(file, KEY) == ()


@pytest.mark.parametrize(("across", "down"), [(2, 1), (1, 2), (2, 2), (3, 1), (3, 2), (3, 3)])
def test_the_panels_lie_between_the_seams(across, down):
    file = collage([landscape(seed, SIZE) for seed in range(across * down)], across)
    seen = grey(np.asarray(file), 512)
    found = panels(seen)
    assert len(found) == across * down
    height, width = seen.shape
    for place, (left, top, right, below) in enumerate(found):
        column, row = place % across, place // across
        expected = (column / across, row / down, (column + 1) / across, (row + 1) / down)
        assert (left / width, top / height, right / width, below / height) == pytest.approx(
            expected, abs=0.015
        )


@pytest.mark.parametrize("seed", range(8))
def test_one_picture_is_not_divided(seed):
    assert panels(grey(np.asarray(landscape(seed, SIZE)), 512)) == []


@pytest.mark.parametrize("size", [(1, 1), (40, 3), (3, 500), (512, 20)])
def test_what_is_too_narrow_is_not_divided(size):
    assert panels(grey(np.asarray(Image.new("RGB", size, "red")), 512)) == []
