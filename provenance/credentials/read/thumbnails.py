"""The small pictures that a file's credentials hold, for whoever draws its way. Ours hold none: layouts are private.

They come from strangers: bounded in number and size here, decoded and written anew before they are shown
(provenance/inspection/step_thumbnails.py).
"""

import io
import json
from collections.abc import Iterator, Mapping

import c2pa

from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.contents import listing, mapping, text
from provenance.credentials.read.steps import resource_bytes
from provenance.media.formats import OPAQUE

LIMIT = 500_000  # bytes of one
COUNT = 50  # of one file


def held_thumbnails(data: bytes, media_type: str | None, *, beside: bytes | None = None) -> dict[str, bytes]:
    """Thumbnails by the id of the step that they show (chain.py); none where the credentials cannot be read."""
    try:
        stream = io.BytesIO(data)
        if beside is None:
            reader = c2pa.Reader.try_create(media_type or OPAQUE, stream, context=context(Trust()))
        else:
            reader = c2pa.Reader(media_type or OPAQUE, stream, beside, context=context(Trust()))
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
