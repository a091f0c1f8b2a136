"""Whether a file is whole is told by its structure; a file that is cut off never is."""

import io

import pytest
from delivery_samples import encoded, scene

from provenance.media.generator_text import glance
from provenance.media.picture import open_picture
from provenance.media.wholeness import is_whole
from provenance.settings import Limits


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_whole_file_is_whole_and_none_of_its_beginnings_is(kind):
    data = encoded(scene(3), kind)
    seen = glance(data)
    assert is_whole(data, seen)
    for end in (len(data) - 1, len(data) - 3, len(data) // 2, len(data) // 4):
        assert not is_whole(data[:end], seen), end


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
