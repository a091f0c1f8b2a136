"""The look-up: what is found after which change, what is not answered, and what the index does beside that."""

import re
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lookup_samples import cut, landscape, pasted, recoloured, saved
from PIL import Image, ImageDraw, ImageOps

from provenance.commands.remedies import told
from provenance.errors import IndexTrouble
from provenance.lookup.door import LookUp
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import Keypoints, found_in, grey
from provenance.lookup.likeness import Sureness
from provenance.lookup.search import Search
from provenance.lookup.vocabulary import vocabulary

SEEDS = range(12)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    file = IndexFile(tmp_path_factory.mktemp("index") / "lookup.sqlite3")
    found = [indexed(f"pic-{seed}", landscape(seed)) for seed in SEEDS]
    file.add([each for each in found if each is not None])
    return Search.of(file)


CHANGES = {
    "as it is": lambda it: it,
    "JPEG 60": saved,
    "half as large": lambda it: it.resize((240, 160)),
    "cut by 30 %": lambda it: cut(it, 0.3),
    "mirrored": ImageOps.mirror,
    "grey": lambda it: it.convert("L").convert("RGB"),
    "brighter": lambda it: it.point(lambda value: min(255, value * 1.2)),
    "turned by 5 degrees": lambda it: it.rotate(5, resample=Image.Resampling.BICUBIC),
    "letterbox": lambda it: ImageOps.expand(it, border=(0, 60), fill="black"),
    "on a page": pasted,
    "smaller, cut, mirrored, JPEG 50": lambda it: ImageOps.mirror(
        saved(cut(it.resize((300, 200)), 0.15), 50)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_found_and_its_record_named_first(search, change):
    found = search.look_up(CHANGES[change](landscape(5)))
    assert [each.picture for each in found] == ["pic-5"]


def test_a_quarter_is_found_though_the_others_have_all_the_detail(tmp_path):
    picture = landscape(3, (960, 640))
    mist = Image.blend(landscape(53, (480, 640)), Image.new("RGB", (480, 640), (150, 155, 160)), 0.8)
    picture.paste(mist, (0, 0))
    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        file.add([each for each in [indexed("pic-1", picture)] if each])
        found = Search.of(file).look_up(picture.crop((0, 160, 480, 480)))
    assert [each.picture for each in found] == ["pic-1"]


@pytest.mark.parametrize("seed", [100, 101, 102])
def test_a_stranger_looks_like_nothing(search, seed):
    assert search.look_up(landscape(seed)) == ()


@pytest.mark.parametrize("picture", [
    Image.new("RGB", (400, 300), "white"),
    Image.new("RGB", (400, 300), (40, 60, 200)),
    Image.fromarray(np.repeat(np.linspace(90, 200, 300)[:, None, None], 400, 1).repeat(3, 2).astype(np.uint8)),
    Image.new("RGB", (1, 1)),
    Image.new("RGB", (2000, 3), "white"),
])  # fmt: skip
def test_a_picture_without_texture_is_neither_indexed_nor_answered(search, picture):
    assert indexed("pic-plain", picture) is None
    assert search.look_up(picture) == ()


def test_the_answer_says_what_differs_and_nothing_that_does_not(search):
    same = search.look_up(landscape(3))[0]
    assert (same.differs, same.sureness) == ((), Sureness.CERTAIN)
    part = search.look_up(ImageOps.mirror(cut(landscape(3), 0.2).convert("L").convert("RGB")))[0]
    assert part.mirrored
    assert part.grey
    assert 0.55 < part.shown < 0.75
    assert "certainly" in part.words
    assert "mirrored; cut to about 6" in part.words
    small = search.look_up(landscape(3).resize((240, 160)))[0]
    assert 0.48 < small.scale < 0.52


def test_a_mouse_pointer_on_it_is_not_passed_over_as_no_difference(search):
    seen = landscape(3).copy()
    pointer = [(200, 150), (200, 200), (212, 188), (222, 208), (230, 204), (220, 184), (236, 184)]
    ImageDraw.Draw(seen).polygon(pointer, fill="white", outline="black")
    words = search.look_up(seen)[0].words
    assert re.search(r"9\d% of the parts that can be compared agree in shape; the colour of each", words)
    same = search.look_up(landscape(3))[0].words
    assert "its parts agree in shape; the colour of each and small differences are not compared" in same


def test_other_colours_on_the_same_shapes_are_not_told_as_no_difference(search):
    """A part of a layout that was painted keeps its lines, and its colours are others."""
    seen = landscape(3).copy()
    half = seen.crop((0, 0, seen.width // 2, seen.height))
    blue, green, red = half.split()
    seen.paste(Image.merge("RGB", (red, green, blue)), (0, 0))
    found = search.look_up(seen)[0]
    assert found.sureness is Sureness.CERTAIN
    assert "no difference" not in found.words and "the colour of each" in found.words


def test_of_two_looks_of_one_layout_the_right_one_comes_first(tmp_path):
    day, night = landscape(7), recoloured(landscape(7))
    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        file.add([each for each in (indexed("pic-day", day), indexed("pic-night", night)) if each])
        search = Search.of(file)
        for name, picture in (("pic-day", day), ("pic-night", night)):
            found = search.look_up(saved(cut(picture, 0.1)))
            assert found[0].picture == name
            assert {each.picture for each in found} == {"pic-day", "pic-night"}
            assert found[1].sureness is Sureness.NEAR


def test_several_pictures_that_look_the_same_are_all_named_and_none_is_certain(tmp_path):
    picture = landscape(8)
    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        file.add([each for name in ("pic-1", "pic-2") if (each := indexed(name, picture))])
        found = Search.of(file).look_up(saved(picture))
    assert {each.picture for each in found} == {"pic-1", "pic-2"}
    assert {each.sureness for each in found} == {Sureness.NEAR}


def test_what_is_seen_in_a_mirror_needs_no_second_look():
    picture = grey(np.asarray(landscape(2)))
    known = found_in(picture, 200).keypoints(mirrored=True)
    looked_at = found_in(np.ascontiguousarray(picture[:, ::-1]), 200).keypoints()
    far = np.linalg.norm(known.places[:, None] - looked_at.places[None], axis=2)
    near = far.argmin(axis=1)
    same = far.min(axis=1) < 1.5
    assert same.mean() > 0.8
    apart = np.abs(known.looks.astype(int) - looked_at.looks[near].astype(int)).mean(axis=1)[same]
    strangers = np.abs(known.looks.astype(int) - np.roll(looked_at.looks, 7, 0)[near].astype(int)).mean(
        axis=1
    )[same]
    assert np.median(apart) < np.median(strangers) / 2


def test_key_points_come_back_from_their_bytes():
    points = found_in(grey(np.asarray(landscape(1))), 256).keypoints()
    again = Keypoints.unpacked(points.packed())
    assert np.abs(again.places - points.places).max() < 0.3
    assert np.abs(again.sizes / points.sizes - 1).max() < 0.05
    assert np.abs((again.turns - points.turns + 180) % 360 - 180).max() < 1
    assert (again.looks == points.looks).all()


def test_what_was_removed_stays_out_and_its_bytes_are_gone(tmp_path):
    path = tmp_path / "lookup.sqlite3"
    kept = indexed("pic-secret", landscape(1))
    assert kept is not None
    with IndexFile(path) as file:
        file.add([kept])
        assert kept.reference[:200] in path.read_bytes()  # the rest may lie on another page of the file
        assert file.remove("pic-secret")
        file.add([kept])
        assert len(file) == 0
        assert not file.remove("pic-secret")
    assert kept.reference[:200] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_many_writers_add_at_once_and_an_open_look_up_sees_them(tmp_path):
    path = tmp_path / "lookup.sqlite3"
    first = indexed("pic-0", landscape(0))
    IndexFile(path).add([first] if first else [])
    look_up = LookUp(path)
    assert [each.picture for each in look_up.ask(landscape(0))] == ["pic-0"]
    rest = [indexed(f"pic-{seed}", landscape(seed)) for seed in range(1, 5)]

    def add(each):
        with IndexFile(path) as file:
            file.add([each])

    threads = [threading.Thread(target=add, args=(each,)) for each in rest]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.picture for each in look_up.ask(landscape(3))] == ["pic-3"]
    look_up.close()


def test_an_index_of_an_earlier_version_is_not_asked_and_says_what_to_do(tmp_path):
    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        kept = indexed("pic-1", landscape(1))
        assert kept is not None
        assert kept.descriptor == vocabulary().name
        from dataclasses import replace

        file.add([replace(kept, descriptor="another")])
        assert Search.of(file).look_up(landscape(1)) == ()
        look_up = LookUp(file.path)
        assert "earlier version of Genzu; `genzu index build`" in look_up.why_not
        assert look_up.ask(landscape(1)) == ()
        file.add([kept])
        assert look_up.why_not == ""
        assert [each.picture for each in look_up.ask(landscape(1))] == ["pic-1"]


def test_a_file_that_is_no_index_is_one_sentence(tmp_path):
    path: Path = tmp_path / "lookup.sqlite3"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(IndexTrouble) as stopped:
        IndexFile(path)
    assert told(stopped.value).endswith("; delete it, and `genzu index build` makes it again")
    with pytest.raises(IndexTrouble):
        LookUp(path).ask(landscape(1))


def test_a_layout_with_hundreds_of_looks_is_found_by_a_cut_copy(tmp_path):
    kept, other = indexed("pic", landscape(7)), indexed("other", landscape(8))
    assert kept is not None
    assert other is not None
    with IndexFile(tmp_path / "lookup.sqlite3") as file:
        file.add([*(replace(kept, picture=f"pic-{number}") for number in range(600)), other])
        search = Search.of(file)
        found = search.look_up(saved(cut(landscape(7), 0.3)))
        assert len(found) > 5
        assert all(each.picture.startswith("pic-") for each in found)
        assert [each.picture for each in search.look_up(saved(cut(landscape(8), 0.3)))] == ["other"]


DAMAGE = {
    "a reference that is no picture": "UPDATE pictures SET reference = zeroblob(200)",
    "codes cut off": "UPDATE pictures SET codes = substr(codes, 1, 13)",
    "a whole that is none": "UPDATE pictures SET whole = x'00'",
    "no size": "UPDATE pictures SET width = 0, height = 0",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_rows_that_are_damaged_are_told_in_one_sentence(damage, tmp_path):
    path = tmp_path / "lookup.sqlite3"
    kept = indexed("pic-1", landscape(1))
    with IndexFile(path) as file:
        file.add([kept] if kept else [])
    with sqlite3.connect(path) as file:
        file.execute(DAMAGE[damage])
    with pytest.raises(IndexTrouble, match="holds rows that are damaged"):
        LookUp(path).ask(landscape(1))


def test_a_file_that_is_no_index_is_told_in_one_sentence(tmp_path):
    path = tmp_path / "lookup.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexTrouble) as stopped:
        IndexFile(path)
    assert told(stopped.value).endswith("; delete it, and `genzu index build` makes it again")
