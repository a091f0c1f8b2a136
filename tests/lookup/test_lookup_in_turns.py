"""The look-up while the index changes under it: in another process, by an erasure, or as a file that was made again."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest
from lookup_samples import cut, landscape

from provenance.lookup.door import LookUp, missing
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.search import Search
from provenance.people.forgetting import forget_words
from provenance.release import indexing, shelf
from provenance.release.archive import Archive
from provenance.release.indexing import build, forget_looks
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

pytest.importorskip("cv2", reason="looking up needs genzu[lookup]")

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


def put(path: Path, picture: str, seed: int) -> None:
    found = indexed(picture, landscape(seed))
    assert found is not None
    with IndexFile(path) as index:
        index.add([found])


def found_by(look_up: LookUp, seed: int) -> list[str]:
    return [each.picture for each in look_up.ask(cut(landscape(seed), 0.2))]


def test_a_picture_that_comes_while_the_index_is_read_is_found_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, usual = tmp_path / "lookup.sqlite3", Search.of
    put(path, "pic-one", 61)
    look_up = LookUp(path)

    def read(file: IndexFile, *given: object) -> Search:
        """Just after it was read, another process adds one."""
        monkeypatch.setattr(Search, "of", usual)
        search = usual(file, *given)
        put(path, "pic-two", 62)
        return search

    monkeypatch.setattr(Search, "of", read)
    assert found_by(look_up, 61) == ["pic-one"]
    assert found_by(look_up, 62) == ["pic-two"]
    look_up.close()


def test_an_index_that_was_deleted_and_made_again_is_the_one_that_is_asked(tmp_path: Path):
    path = tmp_path / "lookup.sqlite3"
    put(path, "pic-erased", 63)
    look_up = LookUp(path)
    assert found_by(look_up, 63) == ["pic-erased"]
    path.unlink()
    put(path, "pic-other", 64)
    assert found_by(look_up, 63) == []
    assert found_by(look_up, 64) == ["pic-other"]
    look_up.close()


def test_a_picture_that_is_erased_while_it_is_being_put_in_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = Settings(home=tmp_path / "home")
    landscape(65).save(tmp_path / "65.png")
    at_it, erased, usual = Event(), Event(), indexing.of_record

    def slow(*asked: object) -> object:
        at_it.set()
        assert erased.wait(60)
        return usual(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "of_record", slow)
    with open_archive(settings) as archive, open_archive(settings) as keeper:
        job = Job(BY, tmp_path / "signed.png", note="sent back twice")
        made = record(archive, tmp_path / "65.png", job, source_type=SourceType.PRINT).record.picture
        assert at_it.wait(60)
        forget_words(keeper.ledger, made)
        forget_looks(keeper, made)
        erased.set()
        archive.later.close()
        assert archive.index.ask(cut(landscape(65), 0.2)) == ()


def test_a_picture_whose_erasure_was_killed_before_the_index_is_not_found(tmp_path: Path):
    settings = Settings(home=tmp_path / "home")
    landscape(66).save(tmp_path / "66.png")
    with open_archive(settings) as archive:
        job = Job(BY, tmp_path / "signed.png", note="sent back twice")
        made = record(archive, tmp_path / "66.png", job, source_type=SourceType.PRINT).record.picture
        archive.later.close()
        assert archive.index.ask(cut(landscape(66), 0.2))
        forget_words(archive.ledger, made)  # and no further
    with open_archive(settings) as archive:
        assert archive.index.ask(cut(landscape(66), 0.2)) == ()


def test_a_library_that_another_thread_is_just_loading_is_there(monkeypatch: pytest.MonkeyPatch):
    """OpenCV stands in sys.modules without a specification while it loads its own parts."""
    monkeypatch.setitem(sys.modules, "cv2", ModuleType("cv2"))
    assert "OpenCV" not in missing()


def recorded(archive: Archive, folder: Path, seed: int) -> str:
    landscape(seed).save(folder / f"{seed}.png")
    job = Job(BY, folder / f"signed-{seed}.png")
    return record(archive, folder / f"{seed}.png", job, source_type=SourceType.PRINT).record.picture


def kill_in_a_build(archive: Archive, monkeypatch: pytest.MonkeyPatch, *, anew: bool) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(shelf, "of_record", killed)
        build(archive, anew=anew)


def test_while_the_index_is_made_anew_and_after_a_kill_of_that_every_picture_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = Settings(home=tmp_path / "home")
    with open_archive(settings) as archive:
        made = [recorded(archive, tmp_path, seed) for seed in (71, 72)]
        archive.later.close()
        assert [found_by(archive.index, seed) for seed in (71, 72)] == [[each] for each in made]
        kill_in_a_build(archive, monkeypatch, anew=True)
        assert [found_by(archive.index, seed) for seed in (71, 72)] == [[each] for each in made]
    with open_archive(settings) as archive:
        assert [found_by(archive.index, seed) for seed in (71, 72)] == [[each] for each in made]


def test_a_build_over_an_earlier_versions_index_that_is_killed_is_told_and_not_taken_for_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = Settings(home=tmp_path / "home")
    with open_archive(settings) as archive:
        made = recorded(archive, tmp_path, 73)
        archive.later.close()
        with closing(sqlite3.connect(settings.lookup)) as db, db:
            db.execute("UPDATE pictures SET descriptor = 'an earlier one'")
    with open_archive(settings) as archive:
        kill_in_a_build(archive, monkeypatch, anew=False)
    with open_archive(settings) as archive:
        assert "genzu index build" in archive.index.why_not
        done = build(archive)
        assert (done.added, done.outdated) == (1, 1)
        assert found_by(archive.index, 73) == [made]


def test_an_index_made_anew_holds_what_is_on_the_record_and_can_be_read_and_no_more(tmp_path: Path):
    settings = Settings(home=tmp_path / "home")
    with open_archive(settings) as archive:
        made = [recorded(archive, tmp_path, seed) for seed in (74, 75)]
        archive.later.close()
        put(settings.lookup, "pic-of-nobody", 76)
        digest = archive.ledger.picture(made[1]).output.digest
        archive.vault.path(digest).write_bytes(b"damaged")
        done = build(archive, anew=True)
        assert done.added == 1 and len(done.unread) == 1
        with IndexFile(settings.lookup, read_only=True) as index:
            assert [*index.pictures()] == [made[0]]
