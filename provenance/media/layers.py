"""Layered files: the one picture of all layers that their program left in them, for a look at their pixels.

    OpenRaster, Krita   a zip; mergedimage.png in it
    Photoshop           the picture behind the layers, where it was saved "for compatibility"

The layers themselves are not looked at.
"""

import io
import zipfile

from PIL import Image, PsdImagePlugin

from provenance.errors import PictureError
from provenance.media.formats import HEAD, Format, Pixels, of_bytes

_MERGED = "mergedimage.png"
_VERSION_INFO = 1057  # the image resource in which Photoshop says whether the merged picture is a true one


def layered_format(data: bytes) -> Format | None:
    """The kind of a layered file whose merged picture can be read; None for all others."""
    found = of_bytes(data[:HEAD])
    return found if found is not None and found.pixels is Pixels.MERGED else None


def merged_picture(data: bytes, found: Format, max_bytes: int) -> Image.Image:
    """The merged picture, opened and not decoded. PictureError where there is none to be read."""
    try:
        return _of_photoshop(data) if found.decoders else _of_zip(data, max_bytes)
    except PictureError:
        raise
    except Exception as error:
        words = f"the merged picture in this file ({found.name}) cannot be read: it is cut off or damaged"
        raise PictureError(words) from error


def _of_photoshop(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["PSD"])
    assert isinstance(image, PsdImagePlugin.PsdImageFile)
    for kind, _, content in image.resources:
        if kind == _VERSION_INFO and content[4:5] == b"\0":
            raise PictureError("it was saved without a merged picture, and layers are not opened here")
    return image


def _of_zip(data: bytes, max_bytes: int) -> Image.Image:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _MERGED not in archive.namelist():
            raise PictureError("there is no merged picture in it, and layers are not opened here")
        if archive.getinfo(_MERGED).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise PictureError("its merged picture is packed in a way that is not opened here")
        with archive.open(_MERGED) as file:
            picture = file.read(max_bytes + 1)  # what comes out counts; a size in the zip may lie
    if len(picture) > max_bytes:
        raise PictureError(f"its merged picture is larger than the {max_bytes:,} bytes let in")
    return Image.open(io.BytesIO(picture), formats=["PNG"])
