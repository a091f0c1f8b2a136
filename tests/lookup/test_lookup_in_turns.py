"""The look-up while the index changes under it: in another process, by an erasure, or as a file that was made again."""

from pathlib import Path
from threading import Event

import pytest
from lookup_samples import cut, landscape

from provenance.lookup.door import LookUp
from provenance.lookup.index_file import IndexFile
from provenance.lookup.search import Search, indexed
from provenance.people.forgetting import forget_words
from provenance.release import indexing
from provenance.release.indexing import forget_looks
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
