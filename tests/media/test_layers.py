"""Layered files: their merged picture is looked at; nothing is concluded where they hold none."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from conftest import draw_house

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.errors import PictureError
from provenance.inspection.evidence.observed import Match
from provenance.inspection.inspection import inspect
from provenance.media.picture import encode, open_picture, pixel_digest, pixels
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.release import record
from provenance.settings import Limits
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

LIMITS = Limits(1_000_000, 1_000_000)
HOUSE = draw_house()


def zipped(kind: str, merged: bytes | None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", kind)
        if merged is not None:
            archive.writestr("mergedimage.png", merged, method)
    return target.getvalue()


def photoshop(*, merged: bool = True) -> bytes:
    """The smallest PSD: header, no colour table, the resource that tells of the merged picture, no layers, planes."""
    info = struct.pack(">IB", 1, merged) + struct.pack(">I", 0) * 2 + struct.pack(">I", 1)
    resource = b"8BIM" + struct.pack(">HHI", 1057, 0, len(info)) + info + b"\0" * (len(info) % 2)
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, HOUSE.height, HOUSE.width, 8, 3)
    planes = b"".join(HOUSE.getchannel(each).tobytes() for each in "RGB")
    return (
        header + struct.pack(">I", 0) + struct.pack(">I", len(resource)) + resource + struct.pack(">I", 0)
        + struct.pack(">H", 0) + planes
    )  # fmt: skip


LAYERED = {
    "scene.ora": zipped("image/openraster", encode(HOUSE, "image/png")),
    "scene.kra": zipped("application/x-krita", encode(HOUSE, "image/png")),
    "scene.psd": photoshop(),
}


@pytest.mark.parametrize("name", LAYERED)
def test_the_merged_picture_of_a_layered_file_is_looked_at(name: str) -> None:
    picture = open_picture(LAYERED[name], LIMITS, layered=True)
    assert pixel_digest(pixels(picture)) == pixel_digest(HOUSE)
    assert picture.note == "the file holds layers; the merged picture in it is used"


@pytest.mark.parametrize("name", LAYERED)
def test_a_layered_file_is_no_input_of_a_model(name: str) -> None:
    with pytest.raises(PictureError, match="not a picture that can be read"):
        open_picture(LAYERED[name], LIMITS)


@pytest.mark.parametrize("name", LAYERED)
def test_a_recorded_picture_is_found_by_the_merged_picture(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    HOUSE.save(tmp_path / "scene.png")
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.png")
    record(archive, tmp_path / "scene.png", job, source_type=SourceType.DIGITAL_CREATION)
    told = inspect(LAYERED[name], trust=archive.trust, ledger=archive.ledger, name=name)
    assert told.match is Match.PIXELS and told.chain.verdict is Verdict.NO_CREDENTIALS
    assert any("the merged picture in it is used" in each.words for each in told.findings)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped("image/openraster", None), "no merged picture in it"),
        (zipped("application/x-krita", b"no picture"), "merged picture"),
        (zipped("image/openraster", encode(HOUSE, "image/png"), zipfile.ZIP_LZMA), "packed in a way"),
        (zipped("image/openraster", b"\x89PNG\r\n\x1a\n" + bytes(5_000_000)), "larger than the 1,000,000 bytes"),
        (LAYERED["scene.kra"][:200], "merged picture"),
        (photoshop(merged=False), "saved without a merged picture"),
        (photoshop()[:300], "damaged or cut off"),
        (b"8BPS\0\1" + bytes(40), "merged picture"),
    ],
    ids=["none", "junk", "lzma", "bomb", "cut-zip", "no-merged-psd", "cut-psd", "junk-psd"],
)  # fmt: skip
def test_a_layered_file_without_a_merged_picture_could_not_be_checked(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        open_picture(data, LIMITS, layered=True)
    told = inspect(data, trust=Trust(), ledger=None, limits=LIMITS)
    assert told.chain.verdict is Verdict.NOT_CHECKED and told.exit_code == 2


def test_a_merged_picture_of_too_many_pixels_is_not_decoded() -> None:
    with pytest.raises(PictureError, match="pixels"):
        open_picture(LAYERED["scene.ora"], Limits(100, 1_000_000), layered=True)


@pytest.mark.parametrize("kind", ["BMP", "DIB"])
def test_a_healthy_bmp_is_of_a_kind_without_credentials(kind: str) -> None:
    target = io.BytesIO()
    HOUSE.save(target, "BMP")
    told = inspect(target.getvalue(), trust=Trust(), ledger=None, name=f"scene.{kind.lower()}")
    assert (told.chain.verdict, told.exit_code) == (Verdict.NO_CREDENTIALS, 3)
    assert "BMP" in told.chain.reasons[0].words and "damaged" not in told.chain.reasons[0].words


def test_a_bmp_that_is_cut_off_could_not_be_checked() -> None:
    target = io.BytesIO()
    HOUSE.save(target, "BMP")
    told = inspect(target.getvalue()[:500], trust=Trust(), ledger=None)
    assert told.exit_code == 2
