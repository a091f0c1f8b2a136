"""Whether a file is whole is told by its structure; a file that is cut off never is."""

import io

import pytest
from delivery_samples import encoded, scene
from film_chain import Film
from PIL import Image

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.media.containers import jpeg, png
from provenance.media.generators.generator_text import glance
from provenance.media.picture import open_picture
from provenance.media.wholeness import is_bare, is_whole
from provenance.release.opening import open_archive
from provenance.settings import Limits, Settings

with_packet = {"PNG": png.with_xmp, "JPEG": jpeg.with_xmp}


@pytest.fixture
def film(tmp_path):
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        yield Film(archive, tmp_path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_whole_file_is_whole_and_none_of_its_beginnings_is(kind):
    data = encoded(scene(3), kind)
    seen = glance(data)
    assert is_whole(data, seen)
    for end in (len(data) - 1, len(data) - 3, len(data) // 2, len(data) // 4):
        assert not is_whole(data[:end], seen), end


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_plain_file_is_bare_and_what_may_hold_a_word_of_credentials_is_not(kind):
    data = encoded(scene(3), kind)
    seen = glance(data)
    assert is_bare(data, seen)
    assert not any(is_bare(data[:end], seen) for end in (len(data) - 1, len(data) // 2))
    assert not is_bare(data + b"more", seen)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    noted = with_packet[kind](data, xmp)
    assert noted is not None and not is_bare(noted, glance(noted))


def test_a_jpeg_with_a_segment_behind_its_scan_or_a_second_scan_is_not_bare():
    data = encoded(scene(3), "JPEG")
    behind = data[:-2] + b"\xff\xeb\x00\x04JP" + data[-2:]
    progressive = encoded(scene(3), "JPEG", progressive=True)
    for each in (behind, progressive):
        assert not is_bare(each, glance(each))


def test_in_what_is_bare_the_library_finds_no_credentials():
    """Each file is damaged in one place; those that are bare all the same are read by the library, too."""
    for data in (encoded(scene(3), "JPEG", exif=Image.Exif()), encoded(scene(3))):
        bare = 0
        for at in range(0, len(data), max(1, len(data) // 150)):
            changed = data[:at] + bytes((data[at] ^ 0x5A,)) + data[at + 1 :]
            seen = glance(changed)
            if seen is not None and is_bare(changed, seen):
                bare += 1
                assert read_chain(changed, "image/png", trust=Trust()).verdict is Verdict.NO_CREDENTIALS
        assert bare > 0 or data.startswith(b"\x89PNG")


def test_a_signed_picture_is_not_bare(film):
    data = film.layout("layout: Mori Aoi").path.read_bytes()
    assert is_whole(data, glance(data)) and not is_bare(data, glance(data))


def test_a_png_with_one_changed_byte_is_not_whole():
    data = bytearray(encoded(scene(3)))
    data[len(data) // 2] ^= 1
    assert not is_whole(bytes(data), glance(encoded(scene(3))))


def test_a_jpeg_with_a_thumbnail_in_it_is_whole_by_its_own_end_alone():
    inner = encoded(scene(4, (64, 36)), "JPEG")
    data = encoded(scene(3), "JPEG", exif=b"Exif\0\0II*\0" + inner)
    cut = data[: data.rindex(b"\xff\xd9")]
    assert is_whole(data, glance(data)) and not is_whole(cut, glance(data))


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "AVIF"])
def test_of_other_kinds_nothing_is_said_so_they_are_decoded(kind):
    out = io.BytesIO()
    scene(3).save(out, kind)
    assert not is_whole(out.getvalue(), glance(out.getvalue()))
    assert open_picture(out.getvalue(), Limits()).width == 320
