"""The key of a file is that of its pixels, or there is none: in every mode of a PNG, and in JPEGs of every sampling."""

import random
import struct
import zlib

import pytest
from delivery_samples import encoded, scene
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from provenance.errors import PictureError
from provenance.media.containers.png import chunk, chunks
from provenance.media.first_rows import ROWS, key_of_file, key_of_rows
from provenance.media.generators.generator_text import glance
from provenance.media.picture import open_picture, pixels
from provenance.settings import Limits

LIMITS = Limits(pixels=1_000_000)
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # once: the time of day is in it
SIZES = st.tuples(st.integers(1, 70), st.sampled_from((1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 97, 130)))


def key(data: bytes) -> int | None:
    seen = glance(data)
    return None if seen is None else key_of_file(data, seen, LIMITS)


def decoded(data: bytes) -> int | None:
    """The key by decoding all of it; None where that fails."""
    try:
        return key_of_rows(pixels(open_picture(data, LIMITS)))
    except PictureError:
        return None


def drawn(mode: str, size: tuple[int, int], seed: bytes) -> Image.Image:
    """A picture without two rows alike."""
    width, height = size
    stream = (seed + bytes(range(251))) * (width * height * 4 // 251 + 2)
    if mode == "I;16":
        return Image.frombytes("I;16", size, stream[: width * height * 2])
    full = Image.frombytes("RGBA", size, stream[: width * height * 4])
    return full.convert("RGB").convert(mode) if mode in {"1", "P"} else full.convert(mode)


def rebuilt(data: bytes, change) -> bytes:
    """The PNG with each chunk as `change(kind, content)` gives it, its checksums right."""
    found = [change(each.kind, data[each.start : each.end]) for each in chunks(data)]
    return data[:8] + b"".join(chunk(*each) for each in found if each is not None)


@st.composite
def pngs(draw: st.DrawFn) -> bytes:
    mode = draw(st.sampled_from(MODES))
    picture = drawn(mode, draw(SIZES), draw(st.binary(min_size=1, max_size=9)))
    options: dict[str, object] = {"compress_level": draw(st.sampled_from((0, 1, 9)))}
    if mode in {"L", "P", "1"} and draw(st.booleans()):
        options["transparency"] = bytes(range(0, 250, 3)) if mode == "P" else 0
    if mode == "RGB" and draw(st.booleans()):
        options["transparency"] = picture.getpixel((0, 0))
    if draw(st.booleans()):
        options["icc_profile"] = PROFILE
    if draw(st.booleans()):
        exif = Image.Exif()
        exif[0x0112] = draw(st.integers(1, 9))
        options["exif"] = exif
    if draw(st.booleans()):
        note = PngInfo()
        turned = draw(st.sampled_from(("1", "3", "6")))
        packet = f'<rdf:Description tiff:Orientation="{turned}"/>'
        note.add_itxt("XML:com.adobe.xmp", packet, zip=draw(st.booleans()))
        options["pnginfo"] = note
    return encoded(picture, "PNG", **options)


@given(pngs())
@settings(max_examples=150)
def test_the_key_of_a_png_of_any_mode_is_that_of_its_pixels_or_none(data):
    assert key(data) in {None, decoded(data)}


@given(pngs(), st.data())
@settings(max_examples=150)
def test_a_png_changed_anywhere_has_the_key_of_its_pixels_or_none_or_is_not_decoded(data, more):
    found = list(chunks(data))
    which = more.draw(st.integers(0, len(found) - 1))

    def change(kind: bytes, content: bytes) -> tuple[bytes, bytes] | None:
        if kind != found[which].kind or not content:
            return kind, content
        at = more.draw(st.integers(0, len(content) - 1))
        return kind, content[:at] + more.draw(st.binary(max_size=3)) + content[at + 1 :]

    damaged = rebuilt(data, change)
    wanted = decoded(damaged)
    assert wanted is None or key(damaged) in {None, wanted}


@pytest.mark.parametrize("mode", MODES)
def test_an_upright_png_of_each_mode_has_a_key(mode):
    data = encoded(drawn(mode, (40, 90), b"seed"))
    assert key(data) == decoded(data) is not None


def test_a_picture_lower_than_the_rows_has_a_key_over_all_of_it():
    data = encoded(drawn("RGB", (40, ROWS - 1), b"low"))
    assert key(data) == decoded(data) is not None


def test_only_what_differs_further_down_shares_a_key():
    one = drawn("RGB", (40, 90), b"x")
    below, above = one.copy(), one.copy()
    below.putpixel((3, ROWS), (1, 2, 3))
    above.putpixel((3, ROWS - 1), (1, 2, 3))
    assert key(encoded(one)) == key(encoded(below)) != key(encoded(above))


def test_what_gives_no_rows_for_sure_has_no_key():
    still = encoded(drawn("RGB", (40, 90), b"x"))
    first, second = drawn("RGB", (40, 90), b"a"), drawn("RGB", (40, 90), b"b")
    moving = encoded(first, "PNG", save_all=True, append_images=[second])
    interlaced = _interlaced(40, 90)
    assert decoded(interlaced) is not None
    torn = rebuilt(still, lambda kind, content: (kind, content[:50]) if kind == b"IDAT" else (kind, content))
    apart = _with_a_chunk_between(still)
    for data in (moving, interlaced, torn, apart, still[: len(still) // 2]):
        assert key(data) is None
    for kind in ("WEBP", "TIFF", "GIF", "BMP", "AVIF"):
        assert key(encoded(drawn("RGB", (40, 90), b"x"), kind)) is None


def test_a_turned_png_has_no_key():
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(drawn("RGB", (40, 90), b"x"), "PNG", exif=exif)
    assert key(data) is None and decoded(data) is not None


@given(
    st.sampled_from(("L", "RGB", "CMYK")),
    SIZES,
    st.sampled_from(("4:4:4", "4:2:2", "4:2:0")),
    st.integers(1, 98),
    st.booleans(),
    st.sampled_from((0, 1, 3)),
)
@settings(max_examples=150)
def test_the_key_of_a_jpeg_of_any_sampling_is_that_of_its_pixels_or_none(
    mode, size, sampling, quality, progressive, restart
):
    options: dict[str, object] = {"quality": quality, "progressive": progressive}
    if mode == "RGB":
        options["subsampling"] = sampling
    if restart:
        options["restart_marker_rows"] = restart
    picture = scene(len(sampling) + size[1], (max(8, size[0]), max(8, size[1] * 3))).convert(mode)
    data = encoded(picture, "JPEG", **options)
    found = key(data)
    assert found in {None, decoded(data)}
    assert (found is None) == progressive


def test_a_jpeg_whose_coded_rows_are_longer_than_its_pixels_has_a_key():
    noise = Image.frombytes("RGB", (1, 90), random.Random(1).randbytes(270))
    data = encoded(noise, "JPEG", quality=100, subsampling=0)
    of_a_row_of_blocks = (len(data) - data.index(b"\xff\xda")) / 12
    assert of_a_row_of_blocks > 1.5 * 8 * 3
    assert key(data) == decoded(data) is not None


def test_a_jpeg_that_ends_within_the_first_rows_has_no_key():
    data = encoded(drawn("RGB", (400, 90), b"noise"), "JPEG", quality=98, subsampling=0)
    scan = data.index(b"\xff\xda")
    assert key(data) is not None
    assert key(data[: scan + 200]) is None


@given(st.data())
@settings(max_examples=150)
def test_a_jpeg_changed_anywhere_has_the_key_of_its_pixels_or_none_or_is_not_decoded(more):
    data = bytearray(encoded(scene(5, (64, 150)), "JPEG", quality=60))
    for _ in range(more.draw(st.integers(1, 3))):
        data[more.draw(st.integers(2, 700))] = more.draw(st.integers(0, 255))
    wanted = decoded(bytes(data))
    assert wanted is None or key(bytes(data)) in {None, wanted}


def _with_a_chunk_between(data: bytes) -> bytes:
    """Its pixels in two chunks, and a text between them: Pillow does not read on behind it."""
    out = data[:8]
    for each in chunks(data):
        content = data[each.start : each.end]
        if each.kind != b"IDAT":
            out += chunk(each.kind, content)
            continue
        half = len(content) // 2
        out += chunk(b"IDAT", content[:half]) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", content[half:])
    return out


def _interlaced(width: int, height: int) -> bytes:
    """A grey PNG in the seven passes of Adam7."""
    rows = b""
    for x, y, across, down in (
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
    ):  # fmt: skip
        for at in range(y, height, down):
            rows += b"\0" + bytes((each * 3 + at * 7) % 256 for each in range(x, width, across))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
