"""Small pictures out of a file's credentials, ready to be put into a drawing or a page: decoded, shrunk, written anew.

What is shown is never a stranger's bytes, and never a picture of ours that is not in the file: only what its
credentials hold, which everybody who has the file can see.
"""

import base64
from pathlib import Path

from provenance.credentials.read.thumbnails import held_thumbnails
from provenance.errors import PictureError
from provenance.media.formats import media_type_of
from provenance.media.picture import encode, open_picture, pixels
from provenance.media.sidecar import sidecar_of
from provenance.settings import Limits

SIDE = 104  # pixels: twice what is drawn
SMALL = Limits(pixels=4_000_000, size=500_000)


def thumbnails(source: Path | bytes, name: str = "", *, beside: bytes | None = None) -> dict[str, str]:
    """`data:` addresses by the id of the step; a thumbnail that is no picture is left out."""
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError:
        return {}
    path = Path(name) if isinstance(source, bytes) else source
    if beside is None and not isinstance(source, bytes):
        beside = sidecar_of(source)
    kind = media_type_of(path.name)
    found = held_thumbnails(data, kind) or (held_thumbnails(data, kind, beside=beside) if beside else {})
    drawn: dict[str, str] = {}
    for step, each in found.items():
        try:
            image = pixels(open_picture(each, SMALL))
        except PictureError:
            continue
        image.thumbnail((SIDE, SIDE))
        drawn[step] = f"data:image/jpeg;base64,{base64.b64encode(encode(image, 'image/jpeg')).decode()}"
    return drawn
