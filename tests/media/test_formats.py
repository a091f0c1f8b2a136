"""One table says what a file is, for everybody who asks."""

import c2pa
import pytest
from conftest import draw_house

from provenance.media import formats
from provenance.media.formats import DECODED, FORMATS, OPAQUE, WRITTEN, Credentials, FileKind, Pixels
from provenance.media.picture import encode


def test_no_ending_stands_in_two_rows() -> None:
    endings = [ending for each in FORMATS for ending in each.endings]
    assert len(endings) == len(set(endings))
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings)


def test_no_media_type_stands_in_two_rows() -> None:
    types = [each.media_type for each in FORMATS if each.media_type != OPAQUE]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("media_type", sorted(set(WRITTEN.values())))
def test_what_we_write_is_known_by_its_bytes_whatever_its_name(media_type: str) -> None:
    data = encode(draw_house(), media_type)
    for name in ("scene", "scene.png", "scene.exr", "scene.zip"):
        found = formats.of(name, data[: formats.HEAD])
        assert found is not None and found.media_type == media_type


def test_what_is_written_holds_credentials_and_can_be_read() -> None:
    for each in FORMATS:
        assert not each.written or each.credentials is Credentials.INSIDE
        assert (each.pixels is Pixels.READ) == bool(set(each.decoders) & set(DECODED))


def test_the_library_reads_credentials_in_each_kind_that_the_table_says_it_does() -> None:
    known = set(c2pa.Reader.get_supported_mime_types())
    inside = {each.media_type for each in FORMATS if each.credentials is not Credentials.BESIDE}
    assert inside <= known


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("c001.TIF", FileKind.PICTURE), ("bg.psd", FileKind.PICTURE), ("bg.sai2", FileKind.PICTURE),
        ("c.mov", FileKind.FILM),
        ("theme.wav", FileKind.SOUND), ("conte.pdf", FileKind.DOCUMENT), ("cuts.tar.gz", FileKind.ARCHIVE),
        ("cuts.tgz", FileKind.ARCHIVE), ("cuts.lzh", FileKind.ARCHIVE),
    ],
)  # fmt: skip
def test_a_name_tells_the_kind(name: str, kind: FileKind) -> None:
    found = formats.of_name(name)
    assert found is not None and found.kind is kind


@pytest.mark.parametrize("name", ["notes.txt", "README", ".png", "sheet.xdts", "png", "a.png.bak"])
def test_other_names_are_no_kind_of_ours(name: str) -> None:
    assert formats.of_name(name) is None


def test_a_camera_file_keeps_its_own_kind_though_it_begins_like_a_tiff() -> None:
    head = b"II*\0\x08\0\0\0"
    assert [formats.of(name, head).name for name in ("a.dng", "a.tif", "a")] == ["DNG", "TIFF", "TIFF"]  # type: ignore[union-attr]


def test_empty_bytes_are_what_their_name_says() -> None:
    found = formats.of("c001.png", b"")
    assert found is not None and found.name == "PNG"
