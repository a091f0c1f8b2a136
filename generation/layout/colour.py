"""A layout's colours: brought to sRGB for the model, and the painting brought back to the layout's own.

The numbers in a file mean colours only together with a profile. The first of these that is there decides, as in
browsers:

    cICP           PNG: code points of ITU-T H.273
    ICC profile    any format
    sRGB           PNG: says so outright
    gAMA, cHRM     PNG: a power, and where the primaries lie
    EXIF           Adobe RGB as cameras write it: colour space 2, or "R03"
    nothing        sRGB

An RGB layout keeps its own space: the picture has the layout's profile, and what a mask keeps has the layout's own
numbers. Layouts of other kinds (grey, CMYK, Lab), and those with a profile that nothing can be painted back into, are
brought to sRGB first. A profile that cannot be used is told in `Colours.note`.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageCms, ImageOps

from generation.layout.icc import (
    ADOBE_PRIMARIES,
    P3_PRIMARIES,
    REC_2020_PRIMARIES,
    SRGB_PRIMARIES,
    Primaries,
    rgb_profile,
)

SRGB = rgb_profile("sRGB", SRGB_PRIMARIES)
ADOBE = rgb_profile("Adobe RGB (1998), as EXIF says", ADOBE_PRIMARIES, gamma=563 / 256)
NAME_LIMIT = 80  # characters of a profile's name

_REC_709_CURVE = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
_PRIMARIES = {1: SRGB_PRIMARIES, 9: REC_2020_PRIMARIES, 12: P3_PRIMARIES}  # as H.273 numbers them
_CURVES = {1: _REC_709_CURVE, 6: _REC_709_CURVE, 14: _REC_709_CURVE, 15: _REC_709_CURVE, 13: None}
_POWERS = {4: 2.2, 5: 2.8, 8: 1.0}
_BRIGHT = {16: "PQ", 18: "HLG"}  # more than a screen's white: no table from it to sRGB is agreed on
_GREYS = ("1", "L", "LA", "La", "I", "F")


@dataclass(frozen=True, slots=True)
class Colours:
    """A picture as shown, RGB, with the profile that its numbers are meant by; None where the file says nothing.

    `name` is the profile's own, for a record; `note` is what a person should know.
    """

    image: Image.Image
    profile: bytes | None = None
    name: str = ""
    note: str = ""


def colours_of(data: bytes, decoded: Image.Image, shown: Image.Image) -> Colours:
    """A picture's colours: from its file, from what the decoder gave of it, and from that as shown (upright, RGB)."""
    stated, note = _stated(data, decoded)
    if decoded.mode == "LAB":
        return Colours(shown, SRGB, "Lab")
    if decoded.mode == "CMYK":
        return _from_inks(decoded, shown, stated)
    if stated is None:
        return Colours(shown, note=note)
    kind, name = _kind_and_name(stated)
    if kind == "RGB":
        return _in_rgb(shown, stated, name)
    if kind == "GRAY" and decoded.mode.startswith(_GREYS):
        converted = _converted(shown.getchannel(0), stated, SRGB)
        if converted is not None:
            return Colours(converted, SRGB, name)
    return Colours(shown, note=_unusable(name))


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that `profile` means, as sRGB numbers; those that sRGB does not hold become its nearest."""
    if profile is None or _means_srgb(profile):
        return image
    return _must(_converted(image, profile, SRGB))


def from_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours in sRGB as the numbers that mean them under `profile`."""
    if profile is None or _means_srgb(profile):
        return image
    return _must(_converted(image, SRGB, profile))


def _in_rgb(shown: Image.Image, profile: bytes, name: str) -> Colours:
    probe = Image.new("RGB", (1, 1))
    seen = _converted(probe, profile, SRGB)
    if seen is None:
        return Colours(shown, note=_unusable(name))
    if _converted(probe, SRGB, profile) is None:  # a scanner's: it only says what was seen
        return Colours(_must(_converted(shown, profile, SRGB)), SRGB, name)
    return Colours(shown, profile, name)


def _from_inks(decoded: Image.Image, shown: Image.Image, profile: bytes | None) -> Colours:
    if profile is None:
        guessed = "the layout is made of inks (CMYK) and does not say which; its colours were guessed"
        return Colours(shown, SRGB, "CMYK", guessed)
    kind, name = _kind_and_name(profile)
    converted = _converted(_upright(decoded), profile, SRGB) if kind == "CMYK" else None
    if converted is None:
        return Colours(shown, SRGB, "CMYK", _unusable(name))
    return Colours(converted, SRGB, name)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - broken EXIF turns nothing
        return image


def _unusable(name: str) -> str:
    which = f"the layout's colour profile {name!r}" if name else "the layout's colour profile"
    return f"{which} is damaged or made for another kind of picture; its numbers were read as sRGB"


# --- what a file says of its colours -----------------------------------------------------------------------


def _stated(data: bytes, decoded: Image.Image) -> tuple[bytes | None, str]:
    """The profile that the file states in any way, and a note where it states one that is not used."""
    png = data.startswith(b"\x89PNG")
    points = _code_points(data) if png else None
    if points is not None:
        return points
    profile = decoded.info.get("icc_profile")
    if profile:
        return bytes(profile), ""
    if png and (found := _from_png(decoded)) is not None:
        return found, ""
    return (ADOBE if _is_adobe(decoded) else None), ""


def _code_points(data: bytes) -> tuple[bytes | None, str] | None:
    """From a cICP chunk: primaries, transfer, matrix (0: RGB), and whether the whole range is used. None without."""
    chunk = next((body for name, body in _chunks(data) if name == b"cICP"), b"")
    if len(chunk) != 4 or chunk[2] != 0:
        return None
    primaries, transfer = _PRIMARIES.get(chunk[0]), chunk[1]
    if transfer in _BRIGHT:
        return None, f"the layout's colours are HDR ({_BRIGHT[transfer]}); its numbers were read as sRGB"
    if primaries is None or transfer not in _CURVES | _POWERS:
        return None
    name = f"cICP {chunk[0]}/{transfer}"
    if transfer in _POWERS:
        return rgb_profile(name, primaries, gamma=_POWERS[transfer]), ""
    curve = _CURVES[transfer]
    return (rgb_profile(name, primaries, curve=curve) if curve else rgb_profile(name, primaries)), ""


def _from_png(image: Image.Image) -> bytes | None:
    """From gAMA and cHRM, where no sRGB chunk overrides them."""
    power, corners = image.info.get("gamma"), image.info.get("chromaticity")
    if "srgb" in image.info or not isinstance(power, float) or power <= 0:
        return None
    primaries = SRGB_PRIMARIES
    if corners:
        white, red, green, blue = (tuple(corners[at : at + 2]) for at in (0, 2, 4, 6))
        primaries = Primaries(red, green, blue, white)
    usual = abs(power - 0.45455) < 0.002  # what programs write that mean sRGB
    try:
        if usual and primaries == SRGB_PRIMARIES:
            return None
        return rgb_profile("PNG gAMA and cHRM", primaries, gamma=1 / power)
    except ValueError:
        return None


def _is_adobe(image: Image.Image) -> bool:
    try:
        exif = image.getexif()
        camera = exif.get_ifd(0x8769)
        return camera.get(0xA001) == 2 or (0xA005 in camera and exif.get_ifd(0xA005).get(1) == "R03")
    except Exception:  # noqa: BLE001 - broken EXIF says nothing
        return False


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A PNG's chunks before its pixels."""
    at = 8
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if name == b"IDAT":
            return
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length


# --- the colour engine -------------------------------------------------------------------------------------


def _kind_and_name(profile: bytes) -> tuple[str, str]:
    """ "RGB", "GRAY" or "CMYK", and the profile's own name; ("", "") of one that is damaged."""
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
        said = " ".join(str(read.profile_description or "").split())
        name = "".join(each for each in said if each.isprintable())[:NAME_LIMIT]
        return read.xcolor_space.strip(), name
    except Exception:  # noqa: BLE001 - a stranger's bytes; whatever the engine trips over
        return "", ""


def _converted(image: Image.Image, source: bytes, target: bytes) -> Image.Image | None:
    """Relative colorimetric with black brought to black, to RGB; None where a profile cannot be used so."""
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(source)),
            ImageCms.ImageCmsProfile(io.BytesIO(target)),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except Exception:  # noqa: BLE001 - see _kind_and_name
        return None


def _must(image: Image.Image | None) -> Image.Image:
    assert image is not None  # tried in _in_rgb
    return image


@lru_cache(maxsize=32)
def _means_srgb(profile: bytes) -> bool:
    """Whether its numbers are sRGB's own, within a value of 255: then nothing is converted."""
    steps = range(0, 256, 51)
    colours = bytes(each for red in steps for green in steps for blue in steps for each in (red, green, blue))
    image = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    seen = _converted(image, profile, SRGB)
    return seen is not None and all(abs(a - b) <= 1 for a, b in zip(colours, seen.tobytes(), strict=True))
