"""Colours stay what they are: a layout's profile is read, the model paints in sRGB, and the picture has the profile."""

import io
import struct
import zlib
from pathlib import Path

import pytest
import tiny_pipelines
from PIL import Image, ImageCms
from request_samples import ask

from generation.engine.engine import Engine
from generation.layout.colour import ADOBE, SRGB, Colours, colours_of, from_srgb, to_srgb
from generation.layout.icc import (
    ADOBE_PRIMARIES,
    P3_PRIMARIES,
    REC_2020_PRIMARIES,
    SRGB_PRIMARIES,
    Primaries,
    rgb_profile,
)
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio.ready import colours_in
from generation.studio.studio import Studio
from provenance.media.picture import encode, open_picture, pixels
from provenance.release.job import Job
from provenance.settings import Limits
from provenance.statement.credit import Credit, Role

SIZE = (64, 64)
RED, GREEN = (200, 40, 40), (40, 170, 60)  # what is meant, in sRGB
BY = (Credit(Role.LAYOUT, "Mori Aoi"),)
WIDE = {
    "adobe": ADOBE,
    "p3": rgb_profile("P3", P3_PRIMARIES),
    "rec2020": rgb_profile("Rec. 2020", REC_2020_PRIMARIES, gamma=2.4),
    "linear": rgb_profile("linear", SRGB_PRIMARIES, gamma=1.0),
}


def two_halves(left=RED, right=GREEN) -> Image.Image:
    image = Image.new("RGB", SIZE, left)
    image.paste(right, (SIZE[0] // 2, 0, *SIZE))
    return image


def file_of(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def seen(data: bytes) -> Colours:
    return colours_in(open_picture(data, Limits()))


def meant(colours: Colours) -> list[tuple[int, int, int]]:
    """The two halves as sRGB."""
    image = to_srgb(colours.image, colours.profile)
    return [image.getpixel((at, 30)) for at in (10, 50)]


def near(one, other, within=3) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def with_chunk(png: bytes, name: bytes, body: bytes) -> bytes:
    """The PNG with one more chunk before its pixels."""
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    at = 8 + 12 + 13
    return png[:at] + chunk + png[at:]


def standard(space: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


# --- the profile that is read ------------------------------------------------------------------------------


@pytest.mark.parametrize("space", WIDE)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_a_layouts_profile_says_which_colours_are_meant(space, kind):
    exact = (
        {"lossless": True} if kind == "WEBP" else {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    )
    written = from_srgb(two_halves(), WIDE[space])
    told = seen(file_of(written, kind, icc_profile=WIDE[space], **exact))
    blurred = 8 if kind == "JPEG" else 3  # its steps are coarse where a space has few numbers for the dark
    assert near(meant(told)[0], RED, blurred) and near(meant(told)[1], GREEN, blurred)
    assert (told.note, told.profile) == ("", WIDE[space]) and told.name


@pytest.mark.parametrize("profile", [SRGB, standard("sRGB"), rgb_profile("mine", SRGB_PRIMARIES)])
def test_numbers_that_are_srgbs_own_are_not_touched(profile):
    told = seen(file_of(two_halves(), icc_profile=profile))
    assert told.profile == profile
    assert to_srgb(told.image, told.profile).tobytes() == told.image.tobytes() == two_halves().tobytes()
    assert from_srgb(told.image, told.profile).tobytes() == two_halves().tobytes()


def test_a_file_that_says_nothing_is_srgb_and_gets_no_profile():
    told = seen(file_of(two_halves()))
    assert (told.profile, told.name, told.note) == (None, "", "")


def test_our_profiles_mean_what_the_colour_engines_own_mean():
    every = Image.frombytes("RGB", (256, 3), bytes(range(256)) * 9)
    for mine, other in ((SRGB, standard("sRGB")),):
        assert near(to_srgb(every, mine).tobytes(), to_srgb(every, other).tobytes(), 0)
    # Adobe's own numbers for these colours, as its profile of 1998 gives them.
    assert near(from_srgb(two_halves(), ADOBE).getpixel((10, 30)), (172, 44, 44), 1)
    assert near(from_srgb(two_halves(), ADOBE).getpixel((50, 30)), (101, 168, 71), 1)


@pytest.mark.parametrize("power", [1.0, 1 / 1.8])
def test_png_gamma_and_primaries_alone_are_enough(power):
    profile = rgb_profile("x", ADOBE_PRIMARIES, gamma=1 / power)
    png = file_of(from_srgb(two_halves(), profile))
    corners = [ADOBE_PRIMARIES.white, ADOBE_PRIMARIES.red, ADOBE_PRIMARIES.green, ADOBE_PRIMARIES.blue]
    body = b"".join(struct.pack(">I", round(value * 100_000)) for pair in corners for value in pair)
    png = with_chunk(with_chunk(png, b"cHRM", body), b"gAMA", struct.pack(">I", round(power * 100_000)))
    told = seen(png)
    assert near(meant(told)[0], RED) and near(meant(told)[1], GREEN) and told.profile is not None


def test_the_gamma_that_programs_write_for_srgb_and_the_srgb_chunk_change_nothing():
    usual = with_chunk(file_of(two_halves()), b"gAMA", struct.pack(">I", 45455))
    assert seen(usual).profile is None
    linear = with_chunk(file_of(two_halves()), b"gAMA", struct.pack(">I", 100_000))
    assert meant(seen(linear))[0] != RED
    assert seen(with_chunk(linear, b"sRGB", b"\0")).profile is None


@pytest.mark.parametrize("gamma", [0, 1, 2**31 - 1])
@pytest.mark.parametrize("corner", [0, 1, 2**31 - 1])
def test_senseless_chunks_are_passed_over(gamma, corner):
    png = with_chunk(file_of(two_halves()), b"cHRM", struct.pack(">8I", *[corner] * 8))
    assert seen(with_chunk(png, b"gAMA", struct.pack(">I", gamma))).image.size == SIZE


def test_code_points_come_before_a_profile():
    png = with_chunk(
        file_of(from_srgb(two_halves(), WIDE["p3"]), icc_profile=SRGB), b"cICP", bytes([12, 13, 0, 1])
    )
    assert near(meant(seen(png))[0], RED) and near(meant(seen(png))[1], GREEN)
    bright = seen(with_chunk(file_of(two_halves()), b"cICP", bytes([9, 16, 0, 1])))
    assert bright.profile is None and "HDR (PQ)" in bright.note


@pytest.mark.parametrize("tag", ["R03", "colour space"])
def test_a_camera_that_says_adobe_rgb_in_exif_is_believed(tag):
    image = from_srgb(two_halves(), ADOBE)
    exif = Image.Exif()
    if tag == "R03":
        exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    else:
        exif.get_ifd(0x8769)[0xA001] = 2
    told = seen(file_of(image, "JPEG", quality=100, subsampling=0, exif=exif.tobytes()))
    assert near(meant(told)[0], RED, 5) and near(meant(told)[1], GREEN, 5)


# --- other kinds of pictures -------------------------------------------------------------------------------


def test_a_layout_lying_on_its_side_in_palette_or_half_transparent_keeps_its_colours():
    adobe = from_srgb(two_halves(), ADOBE)
    turned = Image.Exif()
    turned[0x0112] = 6  # as shown, its left is at the top
    lying = seen(file_of(adobe, exif=turned.tobytes(), icc_profile=ADOBE))
    image = to_srgb(lying.image, lying.profile)
    assert near(image.getpixel((30, 10)), RED) and near(image.getpixel((30, 50)), GREEN)
    palette = seen(file_of(adobe.quantize(8), icc_profile=ADOBE))
    assert near(meant(palette)[0], RED)
    clear = adobe.convert("RGBA")
    clear.putalpha(Image.new("L", SIZE, 0))
    assert meant(seen(file_of(clear, icc_profile=ADOBE))) == [(255, 255, 255)] * 2


def test_a_sixteen_bit_grey_and_a_grey_with_a_profile_of_its_own_are_read_by_it():
    grey = Image.new("L", SIZE, 128)
    assert meant(seen(file_of(grey)))[0] == (128, 128, 128)
    own = grey_profile(1.0)
    linear = seen(file_of(grey, icc_profile=own))
    assert near(meant(linear)[0], (188, 188, 188), 2) and linear.profile == SRGB
    wide = seen(file_of(Image.new("I;16", SIZE, 128 * 257), icc_profile=own))
    assert near(meant(wide)[0], (188, 188, 188), 2)
    coloured = seen(file_of(grey, icc_profile=WIDE["linear"]))  # a grey picture under a profile for RGB
    assert near(meant(coloured)[0], (188, 188, 188), 2)


def grey_profile(gamma: float) -> bytes:
    """A profile for grey, from one for RGB: its curve and its white."""
    from generation.layout import icc

    tags = {
        b"desc": icc._text("grey"), b"cprt": icc._text("none"), b"wtpt": icc._xyz(icc._D50),
        b"kTRC": icc._curve((gamma,), 0),
    }  # fmt: skip
    made = bytearray(icc._assembled(tags))
    made[16:20] = b"GRAY"
    return bytes(made)


def test_inks_without_a_profile_are_guessed_and_it_is_said():
    told = seen(file_of(Image.new("CMYK", SIZE, (0, 255, 255, 0)), "TIFF"))
    assert told.profile == SRGB and "inks (CMYK)" in told.note and "guessed" in told.note


def test_lab_is_brought_to_srgb():
    lab = ImageCms.profileToProfile(
        two_halves(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    told = seen(file_of(lab, "TIFF"))
    assert near(meant(told)[0], RED, 6) and near(meant(told)[1], GREEN, 6) and told.profile == SRGB


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        SRGB[:200],
        SRGB[:12] + bytes(400),
        standard("LAB"),
        b"\0" * 128,
        SRGB[:16] + b"CMYK" + SRGB[20:],
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_cannot_be_used_is_told_and_its_numbers_are_read_as_they_are(profile, mode):
    image = two_halves().convert(mode)
    told = seen(file_of(image, "TIFF", icc_profile=profile))
    assert "colour profile" in told.note and "read as sRGB" in told.note
    assert told.image.tobytes() == image.convert("RGB").tobytes()


# --- painted -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.load(find_model(str(tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("tiny")))))


@pytest.fixture
def studio(archive, engine) -> Studio:
    return Studio(archive, engine.model, _engine=engine)


def painted(
    studio: Studio, layout: Path, out: Path, mask: Path | None = None, side: int = 64
) -> tuple[Image.Image, bytes | None, object]:
    settings = PaintSettings("night", strength=1.0, num_inference_steps=2, long_side=side)
    released = studio.paint(layout, settings, Job(BY, out), mask=mask)
    image = Image.open(released.path)
    return image.convert("RGB"), image.info.get("icc_profile"), released


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A mask that keeps all but a corner."""
    mask = Image.new("L", SIZE)
    mask.paste(255, (0, 0, 8, 8))
    mask.save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


@pytest.mark.parametrize("ending", ["png", "tif", "webp", "jpg"])
@pytest.mark.parametrize("space", ["adobe", "linear"])
def test_what_a_mask_keeps_has_the_layouts_own_numbers_and_profile(studio, tmp_path, kept, space, ending):
    written = from_srgb(two_halves(), WIDE[space])
    written.putpixel((40, 40), (0, 255, 0))  # a green that sRGB does not hold
    layout = tmp_path / "layout.png"
    layout.write_bytes(file_of(written, icc_profile=WIDE[space]))
    image, profile, released = painted(studio, layout, tmp_path / f"out.{ending}", mask=kept)
    assert profile == WIDE[space] and released.record.facts["colour_profile"]
    if ending != "jpg":
        image.paste(0, (0, 0, 8, 8))
        written.paste(0, (0, 0, 8, 8))
        assert image.tobytes() == written.tobytes()
    assert near(to_srgb(image, profile).getpixel((20, 50)), RED, 8 if ending == "jpg" else 3)


def test_the_model_is_given_srgb_and_paints_the_same_whatever_the_layouts_space(studio, engine, tmp_path):
    plain, wide = tmp_path / "plain.png", tmp_path / "wide.png"
    plain.write_bytes(file_of(two_halves()))
    wide.write_bytes(file_of(from_srgb(two_halves(), ADOBE), icc_profile=ADOBE))
    given = []
    engine.pipe.vae.encoder.conv_in.register_forward_hook(lambda _, given_to, __: given.append(given_to[0]))
    one, none, _ = painted(studio, plain, tmp_path / "1.png")
    two, profile, _ = painted(studio, wide, tmp_path / "2.png")
    assert none is None and profile == ADOBE
    assert (given[0] - given[1]).abs().max() < 4 / 127
    mean, other = (each.resize((1, 1)).getpixel((0, 0)) for each in (one, to_srgb(two, profile)))
    assert near(mean, other, 6)


def test_a_note_on_the_colours_reaches_the_person_who_paints(studio, tmp_path, kept):
    layout = tmp_path / "layout.tif"
    layout.write_bytes(file_of(two_halves(), "TIFF", icc_profile=b"damaged"))
    _, _, released = painted(studio, layout, tmp_path / "out.png", mask=kept)
    assert any("colour profile" in note for note in released.notes)


def test_a_preview_is_shown_in_srgb(engine):
    layout = from_srgb(two_halves(), WIDE["linear"])
    mask = Image.new("L", SIZE)
    mask.paste(255, (0, 0, 8, 8))
    looks = []
    own = {"profile": WIDE["linear"], "mask": mask, "preview_every": 1}
    request = ask(engine.capabilities, layout, num_inference_steps=3, strength=1.0, long_side=64, **own)
    engine.render(request, on_step=lambda _, __, look: looks.append(look) if look else None)
    assert looks and all(near(look.getpixel((50, 30)), GREEN) for look in looks)


def test_the_case_that_was_reported(studio, tmp_path):
    """An Adobe RGB layout of six patches, with a mask that keeps all but a corner."""
    layout, mask = tmp_path / "layout.png", tmp_path / "mask.png"
    patches = two_halves()
    layout.write_bytes(file_of(from_srgb(patches, ADOBE), icc_profile=ADOBE))
    corner = Image.new("L", SIZE)
    corner.paste(255, (0, 0, 7, 7))
    corner.save(mask)
    image, profile, _ = painted(studio, layout, tmp_path / "out.png", mask=mask, side=128)
    meant_now = to_srgb(image, profile)
    assert near(meant_now.getpixel((30, 100)), RED) and near(meant_now.getpixel((100, 100)), GREEN)


def test_pixels_and_the_profile_survive_the_encoder():
    for media_type in ("image/png", "image/jpeg", "image/webp", "image/tiff"):
        data = encode(two_halves(), media_type, ADOBE)
        assert Image.open(io.BytesIO(data)).info["icc_profile"] == ADOBE
        assert "icc_profile" not in Image.open(io.BytesIO(encode(two_halves(), media_type))).info
    assert (
        pixels(open_picture(encode(two_halves(), "image/png", ADOBE), Limits())).tobytes()
        == two_halves().tobytes()
    )


def test_primaries_on_a_line_span_no_space():
    with pytest.raises(ValueError, match="one line"):
        rgb_profile("x", Primaries((0.3, 0.3), (0.3, 0.3), (0.3, 0.3)))


def test_colours_are_read_from_the_decoded_picture_alone():
    image = Image.open(io.BytesIO(file_of(two_halves())))
    image.load()
    assert colours_of(b"", image, two_halves()).profile is None
