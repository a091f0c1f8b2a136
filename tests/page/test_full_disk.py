"""A page that cannot write what it serves says so in a sentence of ours, and nothing that was signed is lost."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr
from conftest import draw_house
from film_chain import Film

from provenance.ledger.store.records import State
from provenance.release.archive import Archive
from provenance.statement.credit import Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.fields.people import PersonRow
from provenance.tabs.fields.uploads import alone, deliver, own_uploads, served
from provenance.tabs.record import RecordFields, _record

RECORDED = {
    "production": "",
    "episode": "",
    "shot": "",
    "stage": "temp",
    "other_names": "",
    "credit_line": "",
}


@pytest.fixture
def no_room() -> Iterator[None]:
    """The page's own folder cannot be written to: a file stands where its deliveries go, for root as for anybody."""
    folder = own_uploads() / "deliveries"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    folder.touch()
    yield
    folder.unlink()


@pytest.mark.usefixtures("no_room")
def test_what_cannot_be_copied_to_where_it_is_served_is_told_in_a_sentence(film: Film):
    signed = film.layout("layout: Mori Aoi")
    with pytest.raises(gr.Error) as told:
        deliver(signed.path, signed.record.picture)
    assert told.value.title == "Signed, and not handed over"
    assert "The picture is signed and on the record all the same." in told.value.message
    assert "The keeper of this record can write the file out." in told.value.message
    for make in (lambda: alone(signed.path), lambda: served("credits.zip", b"")):
        with pytest.raises(gr.Error) as told:
            make()
        assert told.value.title == "Not handed over"
        assert "could not write its copy of the file" in told.value.message
        assert tempfile.gettempdir() not in told.value.message


@pytest.mark.usefixtures("no_room")
def test_a_picture_that_was_signed_is_told_as_signed_where_its_copy_cannot_be_served(
    archive: Archive, tmp_path: Path
):
    draw_house().save(tmp_path / "drawn.png")
    people = (PersonRow(Role.LAYOUT.value, "Mori Aoi"),)
    form = RecordFields(
        picture=str(tmp_path / "drawn.png"), origin=SourceType.PRINT.value, note="", no_training=False,
        people=people, **RECORDED,
    )  # fmt: skip
    told, file, _ = _record(archive, form, "browser")
    record = archive.ledger.pictures()[0]
    assert record.state is State.RELEASED and (file["value"], file["visible"]) == (None, False)
    assert "could not write its copy of the file" in told and "drawn by Mori Aoi" in told


def test_a_folder_that_was_cleared_away_is_made_again(film: Film):
    signed = film.layout("layout: Mori Aoi")
    shutil.rmtree(own_uploads() / "deliveries", ignore_errors=True)
    assert Path(deliver(signed.path, signed.record.picture)).read_bytes() == signed.path.read_bytes()
