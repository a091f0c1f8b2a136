"""The small pictures that a file's credentials hold, ready for a drawing or a page: decoded, shrunk, written anew.

What is shown is never a stranger's bytes, and never a picture of ours that is not in the file: only what its
credentials hold, which everybody who has the file can see. Ours hold none: layouts are private.
"""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import c2pa

from provenance.credentials.identity.trust import NOBODY_KNOWN, context
from provenance.credentials.read.steps import resource_bytes
from provenance.credentials.read.values import listing, mapping, text
from provenance.errors import PictureError
from provenance.media.formats import HEAD, OPAQUE, media_type_of, media_type_of_bytes
from provenance.media.picture import encode, open_picture, pixels
from provenance.media.sidecar import sidecar_of
from provenance.settings import Limits

LIMIT = 500_000  # bytes of one
COUNT = 50  # of one file
SIDE = 104  # pixels: twice what is drawn
SMALL = Limits(pixels=4_000_000, size=LIMIT)


def thumbnails(source: Path | bytes, name: str = "", *, beside: bytes | None = None) -> dict[str, str]:
    """`data:` addresses by the id of the step; a thumbnail that is not a picture is left out."""
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError:
        return {}
    path = Path(name) if isinstance(source, bytes) else source
    if beside is None and not isinstance(source, bytes):
        beside = sidecar_of(source)
    kind = media_type_of_bytes(data[:HEAD]) or media_type_of(path.name)
    apart = _held(data, kind, beside=beside) if beside is not None else {}
    found = apart | _held(data, kind)
    drawn: dict[str, str] = {}
    for step, each in found.items():
        try:
            image = pixels(open_picture(each, SMALL))
        except PictureError:
            continue
        image.thumbnail((SIDE, SIDE))
        drawn[step] = f"data:image/jpeg;base64,{base64.b64encode(encode(image, 'image/jpeg')).decode()}"
    return drawn


def _held(data: bytes, media_type: str | None, *, beside: bytes | None = None) -> dict[str, bytes]:
    """Thumbnails by the id of the step that they show (chain.py); none where the credentials cannot be read."""
    try:
        stream = io.BytesIO(data)
        if beside is None:
            reader = c2pa.Reader.try_create(media_type or OPAQUE, stream, context=context(NOBODY_KNOWN))
        else:
            reader = c2pa.Reader(media_type or OPAQUE, stream, beside, context=context(NOBODY_KNOWN))
        if reader is None:
            return {}
        with reader:
            manifests = mapping(mapping(json.loads(reader.json())).get("manifests"))
            found: dict[str, bytes] = {}
            for step, place in _places(manifests):
                if len(found) >= COUNT:
                    break
                picture = resource_bytes(reader, place, LIMIT + 1) if step not in found else b""
                if 0 < len(picture) <= LIMIT:
                    found[step] = picture
            return found
    except (c2pa.C2paError, ValueError, RecursionError):
        return {}


def _places(manifests: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """A step's own picture first, then what those that it went into kept of it."""
    for label, each in manifests.items():
        place = _place(mapping(each))
        if place is not None:
            yield label[:200], place
    for label, each in manifests.items():
        for number, given in enumerate(listing(mapping(each).get("ingredients"))):
            ingredient = mapping(given)
            place = _place(ingredient)
            child = text(ingredient.get("active_manifest"))
            if place is not None:
                name = f"{label}#{text(ingredient.get('label'), 200) or number}"[:400]
                yield child[:200] if child in manifests and child is not None else name, place


def _place(of: Mapping[str, object]) -> str | None:
    return text(mapping(of.get("thumbnail")).get("identifier"))
