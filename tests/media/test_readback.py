"""After signing, another program still reads every picture of a file; else its credentials lie beside it."""

import io
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from conftest import draw_house
from PIL import Image

from provenance.credentials.read.chain import Verdict
from provenance.inspection.evidence.observed import Match
from provenance.inspection.inspection import inspect
from provenance.media.containers import png
from provenance.media.readback import difference
from provenance.media.sidecar import FACT, place_beside
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.reissue import reissue
from provenance.release.release import record, retouch
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

BY = (Credit(Role.BACKGROUND, "Mori Aoi"),)
PAGES = [draw_house((64 + 16 * number, 48)) for number in range(3)]
NOISE = [Image.effect_noise((64, 48), 20 * number).convert("RGB") for number in (1, 2, 3)]


def several(form: str, pictures: list[Image.Image] = NOISE, **options: object) -> bytes:
    target = io.BytesIO()
    pictures[0].save(target, form, save_all=True, append_images=pictures[1:], **options)
    return target.getvalue()


def big_endian_pages() -> bytes:
    """Two pages of grey, as a Mac of old wrote them."""
    pages = [bytes(range(48)), bytes(reversed(range(48)))]
    data = bytearray(b"MM" + struct.pack(">HI", 42, 0))
    link = 4
    for page in pages:
        at = len(data)
        data += page
        struct.pack_into(">I", data, link, len(data))
        tags = [(256, 3, 8 << 16), (257, 3, 6 << 16), (258, 3, 8 << 16), (259, 3, 1 << 16), (262, 3, 1 << 16)]
        tags += [(273, 4, at), (277, 3, 1 << 16), (278, 3, 6 << 16), (279, 4, 48)]
        data += struct.pack(">H", len(tags))
        for tag, kind, value in tags:
            data += struct.pack(">HHII", tag, kind, 1, value)
        link = len(data)
        data += bytes(4)
    return bytes(data)


PAGED = {
    "lzw": several("TIFF", PAGES, compression="tiff_lzw"),
    "raw": several("TIFF", PAGES),
    "jpeg": several("TIFF", PAGES, compression="jpeg"),
    "two": several("TIFF", PAGES[:2], compression="packbits"),
    "pyramid": several("TIFF", [draw_house((256 >> level, 128 >> level)) for level in range(5)]),
    "motorola": big_endian_pages(),
}


def recorded(archive: Archive, folder: Path, name: str, data: bytes) -> Released:
    (folder / name).write_bytes(data)
    (folder / "out").mkdir(exist_ok=True)
    job = Job(BY, folder / "out" / name)
    return record(archive, folder / name, job, source_type=SourceType.DIGITAL_CREATION)


def pictures(data: bytes) -> list[bytes]:
    found = []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(image.tobytes())
    return found


@pytest.mark.parametrize("kind", PAGED)
def test_a_tiff_of_several_pages_keeps_them_all_and_has_its_credentials_beside_it(
    archive: Archive, tmp_path: Path, kind: str
) -> None:
    released = recorded(archive, tmp_path, "pages.tif", PAGED[kind])
    assert pictures(released.path.read_bytes()) == pictures(PAGED[kind])
    if shutil.which("tiffinfo"):  # libtiff's own reader, where it is installed
        assert subprocess.run(["tiffinfo", released.path], capture_output=True, check=False).returncode == 0
    assert FACT in released.record.facts and place_beside(released.path).is_file()
    assert any("several pictures" in note for note in released.notes)
    assert any("beside it" in note for note in released.notes)
    told = inspect(released.path, trust=archive.trust, ledger=archive.ledger)
    assert (told.chain.verdict, told.match, told.exit_code) == (Verdict.INTACT_KNOWN, Match.FILE, 0)
    assert any("several pictures" in each.words for each in told.findings)


def test_an_edit_of_a_later_page_is_found(archive: Archive, tmp_path: Path) -> None:
    released = recorded(archive, tmp_path, "pages.tif", PAGED["raw"])
    data = bytearray(released.path.read_bytes())
    at = data.index(PAGES[2].tobytes())
    data[at + 50] ^= 255
    released.path.write_bytes(data)
    assert inspect(released.path, trust=archive.trust, ledger=None).chain.verdict is Verdict.ALTERED


def test_a_retouch_and_a_reissue_of_several_pages_keep_them_too(archive: Archive, tmp_path: Path) -> None:
    first = recorded(archive, tmp_path, "pages.tif", PAGED["raw"])
    edited = [page.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for page in PAGES]
    (tmp_path / "edited.tif").write_bytes(several("TIFF", edited))
    job = Job((Credit(Role.RETOUCH, "Abe Rin"),), tmp_path / "out" / "revised.tif")
    second = retouch(archive, first.path, tmp_path / "edited.tif", job)
    third = reissue(archive, second.record.picture, tmp_path / "out" / "again.tif")
    for released in (second, third):
        assert pictures(released.path.read_bytes()) == [page.tobytes() for page in edited]
        told = inspect(released.path, trust=archive.trust, ledger=archive.ledger)
        assert told.exit_code == 0 and len(told.chain.steps) >= 2


def test_a_sidecar_that_is_there_already_is_never_replaced(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "pages.tif.c2pa").write_bytes(b"somebody's")
    with pytest.raises(Exception, match="exists already"):
        recorded(archive, tmp_path, "pages.tif", PAGED["raw"])
    assert (tmp_path / "out" / "pages.tif.c2pa").read_bytes() == b"somebody's"
    assert not (tmp_path / "out" / "pages.tif").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.webp", several("WEBP", lossless=True)),
        ("a.png", several("PNG")),
        ("a.jpg", several("MPO")),
        ("a.avif", several("AVIF")),
        ("one.tif", several("TIFF", PAGES[:1], big_tiff=True)),
        ("sixteen.png", several("PNG", [Image.new("I;16", (30, 20), 999)])),
        ("cmyk.jpg", several("MPO", [NOISE[0].convert("CMYK")])),
    ],
)
def test_every_other_kind_holds_its_credentials_and_shows_each_picture_as_before(
    archive: Archive, tmp_path: Path, name: str, data: bytes
) -> None:
    released = recorded(archive, tmp_path, name, data)
    assert FACT not in released.record.facts and not place_beside(released.path).exists()
    assert difference(data, released.path.read_bytes()) is None


def test_a_difference_is_found_in_any_picture_of_a_file() -> None:
    whole = several("TIFF", PAGES)
    assert difference(whole, whole) is None
    assert "picture 3" in str(difference(whole, several("TIFF", PAGES[:2])))
    assert "picture 2" in str(difference(whole, several("TIFF", [PAGES[0], PAGES[2], PAGES[1]])))
    assert "picture 1" in str(difference(whole, whole[:300]))
    assert "picture 1" in str(
        difference(several("PNG", PAGES[:1]), several("PNG", PAGES[:1], icc_profile=b"x" * 200))
    )


def test_of_a_png_every_chunk_that_a_pixel_depends_on_is_compared_and_each_checksum() -> None:
    whole = several("PNG", PAGES[:1])
    noted = png.with_chunk(whole, b"tEXt", b"Comment\0a note")
    assert png.shows_the_same(whole, noted) and difference(whole, noted) is None
    for other in (
        png.with_chunk(whole, b"gAMA", b"\0\0\0\1"),
        whole[:-4] + b"\0\0\0\0",
        noted[:50] + b"X" + noted[51:],
        whole + b"more",
        whole[:-12],
        several("PNG", PAGES[1:2]),
    ):
        assert not png.shows_the_same(whole, other)


def test_what_was_broken_before_may_be_broken_alike() -> None:
    broken = several("TIFF", PAGES)[:-40]
    assert difference(broken, broken) is None
