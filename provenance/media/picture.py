"""The gate for pictures from outside, and the pixels behind it.

`open_picture` is the only way in: sizes are checked before anything is decoded, the first frame is decoded
once to be sure, and whatever a decoder trips over becomes one sentence in a PictureError. A picture keeps
its own bytes; `pixels` shows them as a viewer would: upright, RGB, 8 bit, transparency over white. Colour
profiles are not applied, so that the digest of the pixels does not depend on a colour engine's version.
"""

import hashlib
import io
import stat
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from provenance.errors import OutputError, PictureError, Remedy, Way
from provenance.media.formats import DECODED, HEAD, TRIED, WRITTEN, Pixels, of_bytes
from provenance.media.heic import is_heic, open_heic, stated_size
from provenance.media.layers import layered_format, merged_picture
from provenance.media.xmp import room_for_xmp
from provenance.settings import Limits
from provenance.statement.canonical import Digest
from provenance.statement.statement import Resource

# Pillow warns of large pictures and of broken metadata while it opens them; both are answered here.
warnings.filterwarnings("ignore", module=r"PIL\..*")

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that was opened and decoded once. `width` and `height` are as shown (EXIF rotation applied)."""

    data: bytes
    media_type: str
    width: int
    height: int
    first_of_several: bool = False  # an animation or a stack: only its first picture counts here
    merged: bool = False  # of a layered file: the picture of all its layers
    beside: bytes | None = None  # its credentials, where they lie in a file beside it
    # As it came out of the decoder: decoding is most of what a record costs, and once is enough.
    decoded: Image.Image | None = field(default=None, repr=False, compare=False)

    @property
    def note(self) -> str | None:
        """What a person should know about how this file was read."""
        if self.merged:
            return "the file holds layers; the merged picture in it is used"
        return "the file holds several pictures; the first one is used" if self.first_of_several else None


def open_picture(source: Path | bytes, limits: Limits, *, layered: bool = False) -> Picture:
    """The picture in a file or in bytes; PictureError where it is none, cut off, too large or a folder.

    `layered`: of a layered file, such as a .psd, the merged picture in it. For looking at; nothing is made from it.
    """
    data = source if isinstance(source, bytes) else read_file(source, limits.size)
    name = "it" if isinstance(source, bytes) else str(source)
    if not data:
        raise PictureError(f"{name} is empty (0 bytes); choose a picture")
    if len(data) > limits.size:
        raise PictureError(
            f"{name} is larger than the {limits.size:,} bytes let in", remedies=(Remedy(Way.ALLOW_BYTES),)
        )
    layers = layered_format(data) if layered else None
    image = (
        _header(data, name, limits.pixels) if layers is None else merged_picture(data, layers, limits.size)
    )
    _within(image, name, limits)
    media_type = (layers or DECODED[str(image.format)]).media_type
    # Before load(): for TIFF the flag is gone once the first frame is decoded.
    several = layers is None and bool(_or_none(lambda: getattr(image, "is_animated", False)))
    _load(image, name)
    _within(image, name, limits)  # a HEIC is as large as what was coded, whatever it said before
    if media_type == "image/png" and b"IEND" not in data[-(1 << 16) :] and b"IEND" not in data:
        raise PictureError(f"{name} is cut off: the end of the PNG is missing; copy it again")
    width, height = image.size if _orientation(image) < 5 else image.size[::-1]
    return Picture(data, media_type, width, height, several, decoded=image, merged=layers is not None)


def pixels(picture: Picture, paper: str = "white") -> Image.Image:
    """The picture as shown: RGB, 8 bit, upright, alpha over white (or another `paper`), 16 bit scaled."""
    image = picture.decoded or _reopened(picture.data)
    _load(image, "the picture")
    try:
        turn = _UPRIGHT.get(_orientation(image))
        shown = _rgb(image, paper)
        return shown.transpose(turn) if turn is not None else shown
    except Exception as error:
        raise PictureError(
            f"the picture's colours ({image.mode}) could not be read: {_short(error)}"
        ) from error


def is_upright(picture: Picture) -> bool:
    """Whether it is shown as it is stored: nothing in the file asks to turn or mirror it."""
    return _orientation(picture.decoded or _reopened(picture.data)) == 1


def pixel_digest(image: Image.Image) -> Digest:
    """SHA-256 over `RGB <width>x<height>\\n` and the RGB bytes: it survives a change of metadata."""
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    sha = hashlib.sha256(f"RGB {rgb.width}x{rgb.height}\n".encode())
    sha.update(rgb.tobytes())
    return Digest(sha.digest())


def resource(picture: Picture, shown: Image.Image | None = None) -> Resource:
    """The picture by its digests and sizes, as a statement names it. `shown` are its pixels, if they are known."""
    return Resource(
        digest=Digest.of(picture.data),
        media_type=picture.media_type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        pixels=pixel_digest(shown or pixels(picture)),
    )


def encode(image: Image.Image, media_type: str, profile: bytes | None = None) -> bytes:
    """A picture file with these pixels and no metadata (AVIF: room for it); PNG, WebP and TIFF keep every pixel.

    `profile` is the ICC profile that the pixels' numbers are meant by.
    """
    options: dict[str, dict[str, object]] = {
        "image/png": {"format": "PNG"},
        "image/jpeg": {"format": "JPEG", "quality": 95, "subsampling": 0},
        "image/webp": {"format": "WEBP", "lossless": True},
        "image/tiff": {"format": "TIFF", "compression": "tiff_adobe_deflate"},
        "image/avif": {"format": "AVIF", "quality": 95, "xmp": room_for_xmp()},
    }
    if media_type not in WRITTEN.values():
        raise OutputError(f"pictures are not written as {media_type[:40]}; choose one of {_listed()}")
    bare = image.convert("RGB") if image.mode not in {"RGB", "L"} else image.copy()
    if profile is not None and bare.mode == "RGB":
        options[media_type]["icc_profile"] = profile
    bare.info = {}  # Pillow would carry a JPEG comment or a colour profile over from where they came from
    target = io.BytesIO()
    try:
        bare.save(target, **options[media_type])  # type: ignore[arg-type]  # the table is per format
    except (OSError, ValueError) as error:
        raise OutputError(f"the picture could not be written as {media_type}: {_short(error)}") from error
    return target.getvalue()


def media_type_of(path: Path) -> str:
    """The media type that a file name's ending asks for."""
    try:
        return WRITTEN[path.suffix.lower()]
    except KeyError:
        found = f"not {path.suffix!r}" if path.suffix else "and this one has no ending"
        raise OutputError(f"{path.name!r}: pictures are written as {_listed()}, {found}") from None


def _listed() -> str:
    return ", ".join(WRITTEN)


def read_file(path: Path, max_bytes: int) -> bytes:
    """A file's bytes, up to one more than `max_bytes`; PictureError for a folder, a pipe, or what cannot be read."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PictureError(f"{path} is a folder", remedies=(Remedy(Way.PICK_ONE),))
        if not stat.S_ISREG(found.st_mode):
            raise PictureError(f"{path} is not a file")  # a pipe or a device could keep us waiting for ever
        with path.open("rb") as file:
            # Not `max_bytes` at once: Python would set aside all of that. One byte more shows that it has not grown.
            size = min(found.st_size, max_bytes)
            data = file.read(size + 1)
            return data if len(data) <= size else data + file.read(max_bytes - size)
    except OSError as error:
        raise PictureError.of(error, f"{path} could not be read") from error
    except ValueError as error:
        raise PictureError(f"{str(path)!r} is no file name: {error}") from error


def _within(image: Image.Image, name: str, limits: Limits) -> None:
    if image.width * image.height > limits.pixels:
        raise PictureError(
            f"{name} has {image.width} x {image.height} pixels, more than the {limits.pixels:,} let in",
            remedies=(Remedy(Way.ALLOW_PIXELS),),
        )


def _header(data: bytes, name: str, most: int) -> Image.Image:
    """Opened, not decoded: the header only; a HEIC of at most `most` pixels is decoded with it."""
    try:
        return open_heic(data, most) if is_heic(data) else Image.open(io.BytesIO(data), formats=TRIED)
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name} claims far more pixels than any picture here may have") from error
    except UnidentifiedImageError as error:
        raise PictureError(_unreadable(data, name)) from error
    except Exception as error:
        raise PictureError(f"{name} is not a readable picture: {_short(error)}") from error


def _reopened(data: bytes) -> Image.Image:
    """Once more, of bytes that were let in before."""
    layers = layered_format(data)
    if layers is not None:
        return merged_picture(data, layers, len(data))
    width, height = (stated_size(data) if is_heic(data) else None) or (0, 0)
    return _header(data, "the picture", width * height)


def _unreadable(data: bytes, name: str) -> str:
    """Why Pillow finds no picture: another kind of file, or none that we know."""
    found = of_bytes(data[:HEAD])
    known = ", ".join(sorted({each.name for each in DECODED.values()}))
    if found is None or found.pixels is not Pixels.UNREAD:
        return f"{name} is not a picture that can be read; known kinds are {known}"
    return f"{name} is not a picture that can be read here ({found.name}); known kinds are {known}"


def _load(image: Image.Image, name: str) -> None:
    try:
        image.load()
    except Exception as error:
        raise PictureError(f"{name} is damaged or cut off: {_short(error)}") from error


def _rgb(image: Image.Image, paper: str) -> Image.Image:
    if image.mode.startswith("I;16"):
        return _scaled(image.convert("I"), 65535.0)
    if image.mode == "I":
        return _scaled(image, 65535.0)
    if image.mode == "F":
        return _scaled(image, 1.0)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, paper), rgba).convert("RGB")
    return image.convert("RGB")


def _scaled(image: Image.Image, white: float) -> Image.Image:
    """Grey of wide range brought to 8 bits; a picture brighter than `white` has its own maximum as white."""
    extremes = image.getextrema()
    top = float(extremes[1]) if isinstance(extremes[1], (int, float)) else white
    # In floating point: integer modes would cut off instead of rounding.
    scale = 255.0 / max(top, white)
    return image.convert("F").point(lambda value: value * scale + 0.5).convert("L").convert("RGB")


def _orientation(image: Image.Image) -> int:
    found = _or_none(lambda: image.getexif().get(_ORIENTATION, 1))
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _or_none(read: Callable[[], object]) -> object:
    """What a reader of metadata gives, or None: broken EXIF must not keep a good picture out."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - see _load
        return None


def _short(error: Exception) -> str:
    if "MAX_TEXT" in str(error):  # Pillow names its own limits
        return "the text or the colour profile in it unpacks to more than is read"
    if "truncat" in str(error).lower():
        return "its data ends too early; get the whole file again"
    return " ".join(str(error).split())[:200] or type(error).__name__
