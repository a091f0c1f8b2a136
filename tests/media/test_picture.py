"""The gate for pictures: what gets in, how it is shown, and one clear sentence for what does not."""

import contextlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from credential_samples import drawing, file, png_chunk
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from provenance.errors import OutputError, PictureError
from provenance.media.formats import WRITTEN
from provenance.media.picture import (
    encode,
    media_type_of,
    open_picture,
    pixel_digest,
    pixels,
    resource,
)
from provenance.settings import Limits

# Pillow speaks of broken EXIF; our own filter for that is set aside while pytest runs.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
LIMITS = Limits(1_000_000, 10_000_000)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_colour_mode_is_shown_as_rgb(mode: str) -> None:
    form = "TIFF" if mode in {"CMYK", "F"} else "PNG"
    picture = open_picture(saved(Image.new(mode, (8, 6)), form), LIMITS)
    assert pixels(picture).mode == "RGB"
    assert pixels(picture).size == (picture.width, picture.height) == (8, 6)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_camera_rotated_picture_stands_upright(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (40, 24), "white")
    upright.paste((255, 0, 0), (0, 0, 10, 6))  # a red corner, top left
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(saved(stored, form, exif=exif), LIMITS)
    assert (picture.width, picture.height) == (40, 24)
    red, green, _ = pixels(picture).getpixel((3, 2))
    assert red > 200 and green < 60


def test_transparency_lies_over_white() -> None:
    clear = open_picture(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG"), LIMITS)
    assert pixels(clear).getpixel((0, 0)) == (255, 255, 255)
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30] * 256)
    assert pixels(open_picture(saved(palette, "PNG", transparency=0), LIMITS)).getpixel((0, 0)) == (
        255,
        255,
        255,
    )


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (128 * 257, 128), (65535, 255)])
def test_sixteen_bits_are_scaled_not_cut_off(value: int, shown: int) -> None:
    picture = open_picture(saved(Image.new("I;16", (4, 4), value), "PNG"), LIMITS)
    assert pixels(picture).getpixel((1, 1)) == (shown,) * 3


def test_of_an_animation_the_first_picture_counts_and_that_is_said() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    picture = open_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), LIMITS)
    assert picture.note == "the file holds several pictures; the first one is used"
    assert pixels(picture).getpixel((0, 0)) == (255, 0, 0)
    assert open_picture(file(), LIMITS).note is None


@pytest.mark.parametrize("media_type", sorted(set(WRITTEN.values())))
def test_what_is_written_can_be_read(media_type: str) -> None:
    picture = open_picture(encode(drawing(), media_type), LIMITS)
    assert picture.media_type == media_type
    if media_type in {"image/png", "image/webp", "image/tiff"}:
        assert pixel_digest(pixels(picture)) == pixel_digest(drawing())


def test_the_pixel_digest_survives_another_container_and_new_metadata() -> None:
    plain = open_picture(encode(drawing(), "image/png"), LIMITS)
    exif = Image.Exif()
    exif[0x010E] = "a note"
    noted = open_picture(saved(drawing(), "PNG", exif=exif, dpi=(72, 72)), LIMITS)
    packed = open_picture(encode(drawing(), "image/webp"), LIMITS)
    assert resource(plain).pixels == resource(noted).pixels == resource(packed).pixels
    assert resource(plain).digest != resource(noted).digest


def test_what_is_encoded_carries_nothing_over() -> None:
    noted = Image.open(
        io.BytesIO(saved(drawing(), "JPEG", comment=b"secret", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"))
    )
    for media_type in set(WRITTEN.values()):
        assert b"secret" not in encode(noted, media_type)


def claims(width: int, height: int) -> bytes:
    """A PNG of 60 bytes that claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b""))
        + png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"just words", "not a picture that can be read"),
        (file()[:-40], "damaged or cut off"),
        (file()[:-12], "the end of the PNG is missing"),
        (file("image/jpeg")[:-60], "damaged or cut off"),
        (file("image/webp")[:100], "picture"),
        (file("image/tiff")[:-100], "picture"),
        (claims(1001, 1000), "1001 x 1000 pixels"),
        (claims(100_000, 100_000), "more pixels than any picture here may have"),
        (claims(0, 5), "picture"),
        (b"x" * 10_000_001, "larger than the 10,000,000 bytes"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture that can be read"),  # never handed to Ghostscript
    ],
    ids=[
        "empty",
        "words",
        "cut",
        "no-end",
        "cut-jpeg",
        "cut-webp",
        "cut-tiff",
        "large",
        "bomb",
        "flat",
        "heavy",
        "eps",
    ],
)
def test_what_is_no_picture_gets_one_clear_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        open_picture(data, LIMITS)


def test_places_that_hold_no_picture_say_why(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in [
        (tmp_path, "is a folder"),
        (tmp_path / "none.png", "there is no such file"),
        (tmp_path / "pipe", "is not a file"),
        (tmp_path / "a\0b", "no file name"),
    ]:
        with pytest.raises(PictureError, match=words):
            open_picture(path, LIMITS)


def test_broken_metadata_does_not_keep_a_good_picture_out() -> None:
    data = saved(drawing(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert open_picture(data, LIMITS).width == 64


@pytest.mark.parametrize("name", ["a.PNG", "b.jpeg", "c.tif"])
def test_a_file_name_asks_for_a_format(name: str) -> None:
    assert media_type_of(Path(name)) in WRITTEN.values()


@pytest.mark.parametrize("name", ["a", "a.psd", "a.png.exe", ".png"])
def test_an_unknown_ending_is_answered_with_the_list(name: str) -> None:
    with pytest.raises(OutputError, match=r"\.png, \.jpg"):
        media_type_of(Path(name))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["image/png", "image/jpeg", "image/webp", "image/tiff", "image/avif"]), st.data())
def test_damaged_bytes_open_or_are_refused_in_our_words(media_type: str, data: st.DataObject) -> None:
    damaged = bytearray(file(media_type))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    with contextlib.suppress(PictureError):
        assert pixels(open_picture(bytes(damaged), LIMITS)).mode == "RGB"
