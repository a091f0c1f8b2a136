"""HEIC as phones write it: upright, within the limits, one sentence where it is broken, its credentials read.

The two files were written by libheif: a drawing of 96 x 64 with a red corner, once as it is, once turned, with the
orientation of a phone that was held upright (in the container, and repeated in EXIF).
"""

import io
import json
import struct
from pathlib import Path

import c2pa
import pytest
from credential_samples import signer

from generation.studio.ready import colours_in
from generation.tabs.painted import Painted
from generation.tabs.revision import Revision, sign_revision
from generation.tabs.taking_in import take_in
from provenance.credentials.read.chain import Verdict
from provenance.errors import OutputError, PictureError
from provenance.inspection.inspection import inspect
from provenance.media.generators.generator_text import glance
from provenance.media.picture import open_picture, pixels
from provenance.release.job import Job
from provenance.release.release import record
from provenance.settings import Limits
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Step
from provenance.tabs.fields.people import PersonRow
from provenance.tabs.fields.uploads import alone

pytest.importorskip("pi_heif", reason="no decoder for HEIC on this machine")
# Pillow speaks of broken EXIF.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
HEIC = Path(__file__).parents[1] / "data" / "heic"
BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


def said_size(data: bytes, width: int, height: int) -> bytes:
    """The file with another size in its head."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


@pytest.mark.parametrize("name", ["layout.heic", "turned.heic"])
def test_a_photograph_is_shown_upright_and_turned_once(name: str):
    picture = open_picture(HEIC / name, Limits())
    assert (picture.media_type, picture.width, picture.height) == ("image/heic", 96, 64)
    shown = pixels(picture)
    red, white = shown.getpixel((4, 4)), shown.getpixel((90, 4))
    assert red[0] > 150 and red[1] < 90 and min(white) > 240
    assert colours_in(picture).image.size == (96, 64)


def test_its_size_is_told_without_decoding_it():
    cut = (HEIC / "layout.heic").read_bytes()[:400]  # the head is whole, the picture is not
    told = glance(cut)
    assert told is not None and (told.width, told.height) == (96, 64)


@pytest.mark.parametrize("end", [40, 100, 300, 400, 700, 800])
def test_a_file_that_is_cut_off_gets_a_sentence(end: int):
    with pytest.raises(PictureError) as refused:
        open_picture((HEIC / "layout.heic").read_bytes()[:end], Limits())
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 300


def test_a_head_that_lies_about_the_size_lets_nothing_larger_in():
    data = (HEIC / "layout.heic").read_bytes()
    with pytest.raises(PictureError, match="more than the 5,000 let in"):
        open_picture(data, Limits(pixels=5_000))
    for said in ((8, 8), (1, 1), (20_000, 20_000), (0, 0)):
        with pytest.raises(PictureError):
            open_picture(said_size(data, *said), Limits(pixels=5_000))


def test_every_bent_byte_of_the_head_is_a_picture_or_a_sentence():
    data = (HEIC / "turned.heic").read_bytes()
    for at in [
        *range(8, 450, 37),
        176,
        179,
    ]:  # the last two end the decoder's process, as measured with pi-heif 1.4.0
        bent = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        try:
            opened = open_picture(bent, Limits(pixels=1_000_000))
        except PictureError:
            continue
        assert opened.width * opened.height <= 1_000_000
    for at in range(8, len(data)):  # its size is asked of our own reader, which trips over nothing
        glance(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        glance(data[:at])


def test_credentials_inside_are_read_and_ours_lie_beside_it(archive, tmp_path):
    target = io.BytesIO()
    about = {
        "format": "image/heic",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [{
            "action": "c2pa.created",
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        }]}}],
    }  # fmt: skip
    plain = (HEIC / "layout.heic").read_bytes()
    c2pa.Builder(json.dumps(about)).sign(signer().signer(), "image/heic", io.BytesIO(plain), target)
    theirs = tmp_path / "theirs.heic"
    theirs.write_bytes(target.getvalue())
    told = inspect(theirs, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict in {Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN}
    assert told.observed.picture is not None and told.observed.picture.width == 96
    ours = record(
        archive, HEIC / "layout.heic", Job(BY, tmp_path / "ours.heic"), source_type=SourceType.PRINT
    )
    assert ours.path.read_bytes() == plain
    again = inspect(ours.path, trust=archive.trust, ledger=archive.ledger)
    assert again.chain.verdict is Verdict.INTACT_KNOWN and "Mori Aoi" in str(again.findings)


@pytest.mark.parametrize("name", ["ours.heif", "ours.HIF"])
def test_a_copy_may_have_any_ending_of_its_format_and_no_other(archive, tmp_path, name):
    heic = HEIC / "layout.heic"
    ours = record(archive, heic, Job(BY, tmp_path / name), source_type=SourceType.PRINT)
    assert (
        inspect(ours.path, trust=archive.trust, ledger=archive.ledger).chain.verdict is Verdict.INTACT_KNOWN
    )
    drawing = tmp_path / "cut.ai"
    drawing.write_bytes(b"%!PS-Adobe-3.0 lines")
    for path, out in ((heic, "ours.gif"), (drawing, "cut.eps"), (drawing, "cut.heic")):
        with pytest.raises(OutputError, match="keeps the file's own format"):
            record(archive, path, Job(BY, tmp_path / out), source_type=SourceType.PRINT)


def test_a_layout_photographed_with_a_phone_is_recorded_once_with_its_credentials_beside_it(
    archive, tmp_path
):
    # As a phone hands it on: a HEIC that calls itself .jpg.
    upload = tmp_path / "IMG_0001.jpg"
    upload.write_bytes((HEIC / "layout.heic").read_bytes())
    taken = take_in(archive, upload, SourceType.PRINT, BY, Project())
    entries = len(archive.ledger)
    again = take_in(archive, upload, SourceType.PRINT, BY, Project())
    assert len(archive.ledger) == entries
    for each in (taken, again):
        told = inspect(each, trust=archive.trust, ledger=archive.ledger)
        assert told.chain.verdict is Verdict.INTACT_KNOWN and "Mori Aoi" in str(told.findings)


def test_a_revision_that_comes_as_a_heic_is_signed_beside_it_and_its_history_goes_on(
    archive, layout, tmp_path
):
    first = record(archive, layout, Job(BY, tmp_path / "first.png"), source_type=SourceType.PRINT)
    upload = tmp_path / "IMG_0002.jpg"  # as a phone hands it on
    upload.write_bytes((HEIC / "layout.heic").read_bytes())
    form = Revision(str(upload), "on paper, with a brush", (PersonRow("retouch", "Sato Hana"),))
    kept, released = sign_revision(archive, Painted(first.path, first.record.picture), form, "someone")
    assert kept.path.suffix == ".heic" and kept.shown == kept.small
    assert kept.path.read_bytes() == upload.read_bytes() and released.record.statement.step is Step.RETOUCH
    # Painted over next: the page hands the picture to the form alone, and its credentials come from the record.
    over = take_in(archive, Path(alone(kept.path)), None, BY, Project())
    told = inspect(over, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict is Verdict.INTACT_KNOWN
    assert "Mori Aoi" in str(told.told) and "Sato Hana" in str(told.told)
