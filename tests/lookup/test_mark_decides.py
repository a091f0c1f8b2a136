"""Where little of a picture can be compared, or words hide it, its mark names it; without the mark nothing does."""

from pathlib import Path

import numpy as np
import pytest
from lookup_samples import landscape
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from provenance.lookup.faint_mark import marked, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.search import Search

KEY = MarkKey.of_ledger(b"\x07" * 32)
SIZE = (640, 400)


def isle(seed: int) -> Image.Image:
    """Two things full of lines, a small one and a larger one, on an even slope of light."""
    dawn = Image.linear_gradient("L").resize(SIZE).point(lambda value: 120 + value // 4)
    picture = Image.merge("RGB", [dawn] * 3)
    picture.paste(landscape(seed, (64, 50)), (168, 136))
    picture.paste(landscape(seed + 50, (200, 120)), (400, 240))
    return picture


def mist(seed: int) -> Image.Image:
    """Shapes so soft that hardly a point of them is seen, with a fine grain."""
    soft = np.asarray(landscape(seed, SIZE).filter(ImageFilter.GaussianBlur(5)), float)
    grain = np.random.default_rng(seed).normal(0, 2, (SIZE[1], SIZE[0], 1))
    return Image.fromarray((soft * 0.35 + 110 + grain).clip(0, 255).astype(np.uint8))


def written_over(picture: Image.Image) -> Image.Image:
    """Large half-transparent words all across."""
    over = picture.copy()
    pen, font = ImageDraw.Draw(over), ImageFont.load_default(50)
    for row in range(6):
        words, at = "PREVIEW  PREVIEW  PREVIEW", (-40 - 33 * row, 4 + row * 64)
        pen.text(at, words, fill="white", font=font)
    return Image.blend(picture, over, 0.5)


def corner(picture: Image.Image) -> Image.Image:
    """Its quarter above on the left."""
    return picture.crop((0, 0, SIZE[0] // 2, SIZE[1] // 2))


KINDS = {"isle": (isle, corner), "mist": (mist, written_over)}


def with_marks(folder: Path, plain: dict[str, Image.Image]) -> tuple[Search, dict[str, Image.Image]]:
    """An index of these pictures with their marks, by their names; and the marked pictures."""
    file = IndexFile(folder / "lookup.sqlite3")
    made: dict[str, Image.Image] = {}
    for name, image in plain.items():
        picture = marked(image, KEY, name)
        assert picture is not None
        kept = indexed(name, picture, unmarked(picture, KEY, name))
        assert kept is not None
        file.add([kept])
        made[name] = picture
    return Search.of(file), made


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The index of four pictures with their marks; one of them with its mark and without, and what is done to both."""
    made, change = KINDS[request.param]
    plain = {f"pic-{seed}": made(seed) for seed in range(4)}
    search, pictures = with_marks(tmp_path_factory.mktemp("index"), plain)
    return search, change(pictures["pic-1"]), change(plain["pic-1"])


def test_its_mark_names_it(kind):
    search, changed, _ = kind
    found = search.look_up(changed, KEY)
    assert [each.picture for each in found] == ["pic-1"]
    assert found[0].mark >= MARK_FOUND
    assert found[0].sureness == "near"
    assert abs(found[0].degrees) < 1


def test_where_words_hide_most_of_it_nothing_is_said_of_what_is_under_them(tmp_path: Path):
    search, pictures = with_marks(tmp_path, {"pic-2": mist(2)})
    found = search.look_up(written_over(pictures["pic-2"]), KEY)[0]
    assert found.agree < 0.6
    assert found.differs[-1].startswith("small, covered or other in places: ")


def test_without_the_mark_or_the_key_nothing_does(kind):
    search, changed, plain = kind
    assert search.look_up(changed) == ()
    assert search.look_up(plain, KEY) == ()


def test_a_mark_that_was_lifted_onto_another_picture_names_nothing(kind):
    """Its pattern, taken from one picture and laid on another, which does not look like it."""
    search, _, _ = kind
    for seed in range(30, 33):
        other = landscape(seed, SIZE)
        lifted = np.asarray(marked(isle(1), KEY, "pic-1"), np.int16) - np.asarray(isle(1), np.int16)
        forged = Image.fromarray((np.asarray(other) + lifted).clip(0, 255).astype(np.uint8))
        assert search.look_up(forged, KEY) == ()


def test_few_parts_are_told(tmp_path: Path):
    search, pictures = with_marks(tmp_path, {"pic-2": isle(2)})
    found = search.look_up(corner(pictures["pic-2"]), KEY)[0]
    assert f"so even that only {found.parts} of its parts can be compared" in found.differs


def test_where_no_part_can_be_compared_light_lays_it_and_the_mark_names_it(tmp_path: Path):
    """A ribbon has no part within half of its height."""
    ribbons = {f"pic-{seed}": landscape(seed, (720, 100)) for seed in range(3)}
    search, pictures = with_marks(tmp_path, ribbons)
    (found,) = search.look_up(pictures["pic-1"].crop((90, 12, 450, 62)), KEY)
    assert found.picture == "pic-1"
    assert found.parts == 0
    assert "so even that none of its parts can be compared" in found.differs
    assert "agree" not in found.words
    assert search.look_up(ribbons["pic-1"].crop((90, 12, 450, 62)), KEY) == ()
