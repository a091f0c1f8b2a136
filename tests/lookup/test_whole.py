"""The whole of a picture proposes where letters hide its points; and where few points agree, more has to be alike."""

from pathlib import Path

import numpy as np
import pytest
from lookup_samples import landscape
from PIL import Image, ImageDraw, ImageFont, ImageOps

from provenance.lookup.candidate import Proposal
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import found_in, grey
from provenance.lookup.query import Query
from provenance.lookup.search import Search
from provenance.lookup.whole import nearest, waves_of, whole_code, wholes_of


def dunes(seed: int) -> Image.Image:
    """Soft slopes in two tones: a picture with hardly a point of its own."""
    lot = np.random.default_rng(seed)
    across = np.arange(640)
    picture = Image.new("RGB", (640, 400), (190, 205, 230))
    pen = ImageDraw.Draw(picture)
    for row in range(5):
        waves = sum(
            lot.uniform(8, 26) * np.sin(across / lot.uniform(25, 110) + lot.uniform(0, 6)) for _ in range(3)
        )
        ridge = 130 + row * 55 + waves
        shade = int(215 - row * 24 + lot.integers(-9, 9))
        line = [(int(x), float(y)) for x, y in zip(across, ridge, strict=True)]
        pen.polygon([(0, 400), *line, (640, 400)], fill=(shade, shade - 25, shade - 70))
    grain = lot.normal(0, 3, (400, 640, 1))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def lettered(picture: Image.Image) -> Image.Image:
    """Half-transparent words all across."""
    over = picture.copy()
    pen, font = ImageDraw.Draw(over), ImageFont.load_default(44)
    for row in range(5):
        pen.text((-30 - 25 * row, 20 + row * 78), "PREVIEW  stock.example  PREVIEW", fill="white", font=font)
    return Image.blend(picture, over, 0.5)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    file = IndexFile(tmp_path_factory.mktemp("index") / "lookup.sqlite3")
    found = [indexed(f"dune-{seed}", dunes(seed)) for seed in range(6)]
    found += [indexed(f"pic-{seed}", landscape(seed)) for seed in range(4)]
    file.add([each for each in found if each is not None])
    return Search.of(file)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_of_few_points_is_proposed_under_letters_by_its_whole(
    search: Search, mirrored: bool
) -> None:
    picture = lettered(dunes(2))
    query = Query.of(ImageOps.mirror(picture) if mirrored else picture)
    assert query is not None
    by_whole = [each for each in search.candidates(query) if each.by is not Proposal.POINTS]
    assert [(each.picture, each.mirrored) for each in by_whole][:1] == [("dune-2", mirrored)]


def test_a_mirrored_whole_is_known_without_a_second_look() -> None:
    picture = grey(np.asarray(landscape(3)))
    looked_at = np.frombuffer(whole_code(waves_of(np.ascontiguousarray(picture[:, ::-1]))), np.uint8)
    known = np.frombuffer(whole_code(waves_of(picture), mirrored=True), np.uint8)
    assert int(np.bitwise_count(looked_at ^ known).sum()) <= 4


def test_other_pictures_are_not_near_by_their_whole(search: Search) -> None:
    for seed in range(20, 30):
        query = Query.of(landscape(seed))
        assert query is not None
        assert all(each.by is Proposal.POINTS for each in search.candidates(query))
    assert nearest(whole_code(waves_of(grey(np.asarray(landscape(1))))), wholes_of([])) == []


def test_no_picture_of_lines_alone_is_taken_for_another(tmp_path: Path) -> None:
    """Poles, windows and fences look alike anywhere: a few of their points agree on some place."""

    def street(seed: int) -> Image.Image:
        lot = np.random.default_rng(seed)
        picture = Image.new("RGB", (640, 400), tuple(int(each) for each in lot.integers(150, 255, 3)))
        pen = ImageDraw.Draw(picture)
        for _ in range(9):
            x, top, width = (
                int(each) for each in (lot.integers(20, 600), lot.integers(20, 160), lot.integers(5, 11))
            )
            pen.rectangle([x, top, x + width, 390], fill=(60, 45, 40), outline="black")
            for bar in (top + 18, top + 42):
                pen.rectangle([x - 28, bar, x + width + 28, bar + 5], fill=(60, 45, 40), outline="black")
        return picture

    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        file.add([each for seed in range(8) if (each := indexed(f"street-{seed}", street(seed)))])
        search = Search.of(file)
        assert len(file) == 8
        for seed in range(100, 112):
            assert search.look_up(street(seed)) == ()


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (33, 33), (40, 2000), (2000, 40)])
def test_a_picture_of_any_shape_has_points_or_none(size: tuple[int, int]) -> None:
    found = found_in(grey(np.asarray(landscape(4).resize(size))), 900)
    assert len(found) == len(found.around) == len(found.sizes)
