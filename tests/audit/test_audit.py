"""Many pictures: each gets its row, whatever happens to the others."""

import os
import shutil
import zipfile
from functools import partial

import pytest
from conftest import draw_house
from credential_samples import AT, ENTRY, GENZU, file, signer, trust
from film_chain import Film
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reading_samples import deadly_look

from provenance.audit import audit as audit_module
from provenance.audit.audit import Look, audit
from provenance.audit.delivery import Item, survey
from provenance.audit.row import counts, row_json
from provenance.commands.audit import open_look
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.sign.manifest import Order, embed
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Limits, Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import SourceType, Step

AOI = Credit(Role.LAYOUT, "森 葵")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with open_archive(Settings(home=tmp_path_factory.mktemp("archive") / "home")) as opened:
        yield opened


@pytest.fixture(scope="module")
def delivery(archive, tmp_path_factory):
    """A folder as a studio gets it: signed, tampered, stripped, a stranger's, broken, and an archive."""
    tmp_path = tmp_path_factory.mktemp("studio")
    layout, revised = tmp_path / "layout.png", tmp_path / "revised.png"
    draw_house().save(layout)
    draw_house().transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(revised)
    signed = record(archive, layout, Job((AOI,), tmp_path / "s.png"), source_type=SourceType.DIGITAL_CREATION)
    final = retouch(archive, signed.path, revised, Job((Credit(Role.RETOUCH, None),), tmp_path / "f.png"))
    folder = tmp_path / "delivery"
    folder.mkdir()
    shutil.copy(signed.path, folder / "1-signed.png")
    data = bytearray(final.path.read_bytes())
    data[data.rindex(b"IDAT") + 40] ^= 1
    (folder / "2-tampered.png").write_bytes(data)
    Image.open(final.path).save(folder / "3-stripped.png")
    note = PngInfo()
    note.add_text("parameters", "a house\nSteps: 20, Sampler: Euler a, Seed: 7, Model: v1-5")
    Image.new("RGB", (8, 8), "red").save(folder / "4-generated.png", pnginfo=note)
    Image.new("RGB", (8, 8), "blue").save(folder / "5-stranger.jpg")
    (folder / "6-broken.png").write_bytes(final.path.read_bytes()[:900])
    (folder / "7-empty.png").write_bytes(b"")
    (folder / "notes.txt").write_text("nothing to see")
    with zipfile.ZipFile(folder / "8.zip", "w") as inside:
        inside.write(final.path, "../../f.png")
    return folder


def rows_of(archive, *paths, **more):
    limits = more.pop("limits", Limits())
    return list(audit(survey(paths).items, Look(archive.trust, archive.ledger, limits=limits), **more))


def test_each_picture_of_a_delivery_gets_its_answer(archive, delivery):
    rows = {row.path.rsplit("/", 1)[-1]: row for row in rows_of(archive, delivery)}
    assert {name: (row.classification, row.exit_code) for name, row in rows.items()} == {
        "1-signed.png": (Classification.HUMAN_MADE, 0),
        "2-tampered.png": (Classification.ALTERED, 1),
        "3-stripped.png": (Classification.HUMAN_MADE, 3),
        "4-generated.png": (Classification.AI_GENERATED, 3),
        "5-stranger.jpg": (Classification.UNKNOWN, 3),
        "6-broken.png": (Classification.UNKNOWN, 2),
        "7-empty.png": (Classification.UNKNOWN, 2),
        "f.png": (Classification.HUMAN_MADE, 0),
    }
    assert rows["1-signed.png"].people == ("layout: 森 葵",)
    assert rows["f.png"].people == ("layout: 森 葵", "retouch: (asked not to be named)")
    assert rows["4-generated.png"].models == ("v1-5",)
    assert rows["1-signed.png"].signers == ("Genzu",)


def test_rows_come_in_the_order_of_the_items_and_each_is_announced(archive, delivery):
    heard = []
    rows = rows_of(archive, delivery, on_row=heard.append)
    assert [row.path for row in rows] == [item.name for item in survey([delivery]).items]
    assert heard == rows


def test_the_counts_hold_every_answer_even_at_zero(archive, delivery):
    found = counts(rows_of(archive, delivery))
    assert list(found) == list(Classification)
    assert found[Classification.HUMAN_MADE] == 3 and found[Classification.AI_ASSISTED] == 0


def test_without_a_ledger_and_without_trust_nothing_is_called_human_made(delivery):
    rows = list(audit(survey([delivery]).items, Look(Trust(), None)))
    assert Classification.HUMAN_MADE not in {row.classification for row in rows}


def test_an_error_of_ours_in_one_picture_leaves_the_others_their_rows(archive, delivery):
    def broken(limit):
        return object()  # no bytes, no path: whatever this breaks, it is ours

    items = (Item("bad", broken), *survey([delivery]).items)
    rows = list(audit(items, Look(archive.trust, archive.ledger)))
    assert len(rows) == len(items)
    assert (rows[0].verdict, rows[0].exit_code) == (Verdict.NOT_CHECKED, 2)
    assert rows[0].evidence[0].evidence is Evidence.NOT_AVAILABLE
    assert rows[1].classification is Classification.HUMAN_MADE


def test_a_bomb_and_a_picture_too_large_are_rows(archive, tmp_path):
    Image.new("1", (3000, 3000)).save(tmp_path / "large.png")
    (tmp_path / "heavy.png").write_bytes(b"\x89PNG" + b"\0" * 9000)
    rows = rows_of(archive, tmp_path / "large.png", tmp_path / "heavy.png", limits=Limits(1_000_000, 5_000))
    assert [row.exit_code for row in rows] == [2, 2]


def test_an_empty_folder_is_a_row_that_could_not_be_checked(archive, tmp_path):
    (tmp_path / "empty").mkdir()
    [row] = rows_of(archive, tmp_path / "empty")
    assert (row.exit_code, row.trouble) == (2, "there is no picture in it")


def test_a_row_as_data_holds_its_evidence_with_sources(archive, delivery):
    told = row_json(rows_of(archive, delivery)[0])
    assert told["classification"] == "recorded as human-made"
    assert {line["source"] for line in told["evidence"]} == {
        "OBSERVED",
        "RECORDED",
        "DERIVED",
        "NOT AVAILABLE",
    }


def test_many_pictures_are_looked_at_by_processes_with_the_same_answers(archive, delivery, monkeypatch):
    monkeypatch.setattr(audit_module, "MANY", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    here = rows_of(archive, delivery)
    there = rows_of(
        archive, delivery, opening=partial(open_look, archive.settings, pictures=False, digests=True)
    )
    assert there == here


@pytest.mark.parametrize("killer", ["0-killer.png", "0-breaker.png"])
def test_a_picture_that_kills_its_process_costs_its_own_row(archive, delivery, monkeypatch, killer):
    monkeypatch.setattr(audit_module, "MANY", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    shutil.copy(delivery / "1-signed.png", delivery / killer)
    rows = {row.path.rsplit("/", 1)[-1]: row for row in rows_of(archive, delivery, opening=deadly_look)}
    assert rows[killer].exit_code == 2 and rows[killer].verdict is Verdict.NOT_CHECKED
    assert len(rows) == len(survey([delivery]).items)
    assert rows["1-signed.png"].verdict is Verdict.INTACT_UNKNOWN  # nobody is trusted there
    assert rows["2-tampered.png"].classification is Classification.ALTERED


def test_signed_documents_films_and_sounds_are_read_as_inspect_reads_them(archive, tmp_path):
    scenes = {
        "conte.pdf": b"%PDF-1.4\nno reader takes this one apart\n%%EOF",
        "cut.mp4": b"\0\0\0\x20ftypisom" + bytes(400),
        "theme.wav": b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(28),
        "list.docx": b"PK\x03\x04" + bytes(60),
        "more.7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
    }
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, data in scenes.items():
        (tmp_path / name).write_bytes(data)
        record(archive, tmp_path / name, Job((AOI,), folder / name), source_type=SourceType.DIGITAL_CREATION)
    rows = {row.path.removeprefix("delivery/"): row for row in rows_of(archive, folder)}
    assert {name: rows[name].verdict for name in scenes} == dict.fromkeys(scenes, Verdict.INTACT_KNOWN)
    assert all(rows[name].people == ("layout: 森 葵",) for name in scenes)
    # The archive as a file is ours and whole; what is in it was not looked at, and that is told as well.
    assert rows["more.7z (2)"].trouble == "7z archives are not opened here; unpack it first"
    assert len(rows) == len(scenes) + 1


def test_each_row_opens_with_who_made_the_picture(archive, delivery):
    rows = {row.path.rsplit("/", 1)[-1]: row for row in rows_of(archive, delivery)}
    assert rows["1-signed.png"].history.startswith("Recorded as human-made: drawn by 森 葵")
    assert rows["5-stranger.jpg"].history.startswith("Unknown")
    assert row_json(rows["1-signed.png"])["history"] == rows["1-signed.png"].history


def test_an_identity_that_is_not_proved_stands_in_no_column_of_people(tmp_path):
    artist = signer("Mori Aoi", "artist")
    credits = (Credit(Role.LAYOUT, "Mori Aoi"),)
    statement = Statement("pic-1", Step.RECORD, SourceType.DIGITAL_CREATION, GENZU, credits)
    signed = embed(file(), "image/png", Order(statement, ENTRY, AT, artist=artist), signer()).data
    (tmp_path / "a.png").write_bytes(signed)
    knowing = trust().knowing(artist.root_pem, Purpose.IDENTITIES)
    items = survey([tmp_path / "a.png"]).items
    [unproved] = audit(items, Look(trust(), None))
    [proved] = audit(items, Look(knowing, None))
    assert unproved.people == ("layout: Mori Aoi",)
    assert any("was not proved here" in each.words for each in unproved.evidence)
    assert "identity, certificate: Mori Aoi" in proved.people


def test_a_model_that_the_file_s_text_names_with_its_digest_is_told_once(archive, tmp_path):
    painted = next(each for each in Film(archive, tmp_path).chain() if each.record.statement.model)
    model = painted.record.statement.model
    assert str(model.digest).encode() in painted.path.read_bytes()
    assert b"AISystemVersionUsed" in painted.path.read_bytes()
    [row] = rows_of(archive, painted.path)
    assert row.models == (model.name,)
