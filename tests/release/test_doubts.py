"""What inspect would hold against a picture is said before it is signed, and stands on the record if it is signed."""

import io
import json

import pytest
from click.testing import CliRunner
from film_chain import Film
from foreign_manifests import action, actions, foreign
from generator_samples import FORMS
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generation.cli import genzu
from provenance.credentials.read.reader import read_chain
from provenance.inspection.answers import Classification
from provenance.inspection.inspection import inspect
from provenance.inspection.lineage import history_of_record
from provenance.release.job import Job, Terms
from provenance.release.release import record, retouch
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import SourceType
from provenance.tabs.fields.people import PersonRow
from provenance.tabs.record import RecordFields, _public

SETTINGS = "a house\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 32x32, Model: v1-5"
BY = (parse_credit("layout: Mori Aoi"),)


def generated(path, shade="orange", text=SETTINGS):
    note = PngInfo()
    note.add_text("parameters", text)
    Image.new("RGB", (32, 32), shade).save(path, pnginfo=note)
    return path


def recorded(archive, path, out, source=SourceType.DIGITAL_CREATION):
    heard = []
    terms = Terms(announce=heard.append)
    return record(archive, path, Job(BY, out, terms=terms), source_type=source), heard[0]


def test_a_generators_text_is_told_before_it_is_signed_and_stands_in_record_and_file(archive, tmp_path):
    released, heard = recorded(archive, generated(tmp_path / "a.png"), tmp_path / "out.png")
    assert len(heard.against) == 1 and "AUTOMATIC1111" in heard.against[0] and "v1-5" in heard.against[0]
    assert ("what speaks against this", heard.against[0]) in heard.lines
    assert released.record.held_against == list(heard.against)
    step = read_chain(released.path, trust=archive.trust).file
    assert step.run["held_against"] == list(heard.against)
    told = inspect(released.path, trust=archive.trust, ledger=archive.ledger)
    assert told.classified.answer is Classification.UNKNOWN
    assert any("this spoke against it" in each.words and "v1-5" in each.words for each in told.findings)
    assert told.findings[0].first


def test_no_sentence_calls_it_human_made_afterwards(archive, tmp_path):
    released, _ = recorded(archive, generated(tmp_path / "a.png"), tmp_path / "out.png")
    doubted = "Unknown: drawn by Mori Aoi, though something spoke against it when it was signed."
    assert history_of_record(archive.ledger, released.record).sentence == doubted
    bare = tmp_path / "bare.png"
    Image.open(released.path).convert("RGB").save(bare)
    for path in (bare, released.path):
        told = inspect(path, trust=archive.trust, ledger=archive.ledger)
        assert told.classified.answer is Classification.UNKNOWN and told.findings[0].first
        assert told.history.sentence.startswith("Unknown: drawn by Mori Aoi, ")
    assert inspect(bare, trust=archive.trust, ledger=archive.ledger).history.sentence == doubted
    over = Film(archive, tmp_path).paint(released.path, "prompt: Sato Ren")
    assert history_of_record(archive.ledger, over.record).answer is Classification.AI_ASSISTED


def test_the_xmp_file_beside_a_picture_is_held_against_it_as_its_own_text_is(archive, tmp_path):
    drawn = tmp_path / "a.png"
    Image.new("RGB", (32, 32), "teal").save(drawn)
    (tmp_path / "a.png.xmp").write_text(FORMS["iptc"].fields["XMP"])
    released, heard = recorded(archive, drawn, tmp_path / "out.png")
    [against] = heard.against
    assert against.startswith("the XMP file beside it carries XMP DigitalSourceType")
    assert released.record.held_against == [against]
    told = inspect(released.path, trust=archive.trust, ledger=archive.ledger)
    assert told.classified.answer is Classification.UNKNOWN and told.findings[0].first
    other = drawn.with_name("b.psd")
    other.write_bytes(b"8BPS\0\1" + bytes(60))
    other.with_suffix(".xmp").write_text(FORMS["iptc"].fields["XMP"])
    _, beside = recorded(archive, other, tmp_path / "out.psd")
    assert beside.against == heard.against


@pytest.mark.parametrize("source", [SourceType.PRINT, SourceType.DIGITAL_CAPTURE])
def test_every_word_for_a_hand_or_a_camera_is_held_against_the_file(archive, tmp_path, source):
    _, heard = recorded(archive, generated(tmp_path / "a.png"), tmp_path / "out.png", source)
    assert heard.against


def test_its_own_credentials_and_this_ledger_speak_against_it_too(archive, tmp_path):
    signed = tmp_path / "signed.png"
    signed.write_bytes(foreign({"assertions": [actions(action("created", "trainedAlgorithmicMedia"))]}))
    _, heard = recorded(archive, signed, tmp_path / "out.png")
    assert any("its own credentials say that AI had a part" in each for each in heard.against)

    film = Film(archive, tmp_path)
    painted = film.paint(film.draw(), "layout: Mori Aoi", "prompt: Sato Ren")
    bare = tmp_path / "bare.png"
    Image.open(painted.path).save(bare)
    _, heard = recorded(archive, bare, tmp_path / "again.png")
    assert any(painted.record.picture in each for each in heard.against)


def test_a_revision_by_hand_that_carries_a_generators_text_is_doubted(archive, tmp_path):
    film = Film(archive, tmp_path)
    first = film.layout("layout: Mori Aoi")
    heard = []
    job = Job(BY, tmp_path / "out.png", terms=Terms(announce=heard.append))
    released = retouch(archive, first.path, generated(tmp_path / "edited.png"), job)
    assert heard[0].against and released.record.held_against


def test_nothing_is_said_of_a_plain_drawing_or_of_a_revision_over_ai(archive, tmp_path):
    film = Film(archive, tmp_path)
    *_, last = film.chain()
    for each in ("Steps: 5 washes", ""):
        path = generated(tmp_path / "plain.png", "white", each)
        released, heard = recorded(archive, path, tmp_path / f"out{len(each)}.png")
        assert heard.against == () and released.record.held_against == []
    assert last.record.held_against == []


def test_the_command_line_says_it_before_it_signs_and_in_a_dry_run(tmp_path):
    path = generated(tmp_path / "a.png")
    words = [
        "--home",
        tmp_path / "home",
        "record",
        path,
        "--source",
        "digitalCreation",
        "--by",
        "layout: Mori Aoi",
    ]
    words = [str(each) for each in (*words, "-o", tmp_path / "out.png")]
    dry = CliRunner().invoke(genzu, [*words, "--dry-run", "--json"])
    public = json.loads(dry.stdout)["public"]
    assert any(each["about"] == "what speaks against this" and "v1-5" in each["words"] for each in public)
    assert not (tmp_path / "out.png").exists()
    dry = CliRunner().invoke(genzu, [*words, "--dry-run"])
    assert "AUTOMATIC1111" in dry.output
    done = CliRunner().invoke(genzu, words)
    assert done.exit_code == 0, done.output
    assert "This speaks against what you are about to sign" in done.stderr and "v1-5" in done.stderr


@pytest.mark.parametrize("people", [(PersonRow("layout", "Mori Aoi", False),), ()])
def test_the_page_says_it_while_the_form_is_filled_in(archive, tmp_path, people):
    path = str(generated(tmp_path / "a.png"))
    form = RecordFields(path, "digitalCreation", "", "", "", "", "temp", False, "", "", people)
    shown = _public(archive, form)
    assert "This speaks against it" in shown and "v1-5" in shown


def test_bytes_that_are_no_picture_are_doubted_in_nothing(archive, tmp_path):
    path = tmp_path / "scene.psd"
    path.write_bytes(b"8BPS" + io.BytesIO(b"x" * 40).getvalue())
    released, heard = recorded(archive, path, tmp_path / "out.psd")
    assert heard.against == () and released.record.held_against == []
