"""A file once more as another program sees it: does it show the same pictures as before it was signed?

The library that signs is not asked; Pillow opens the file and decodes every picture in it (of a PNG whose chunks of the
picture are the same, the checksums are enough). In a TIFF of several pages
the library takes the last page's place for its credentials and leaves a page without a size: no other program opens it.
"""

import hashlib
import io
from collections.abc import Iterator

from PIL import Image

from provenance.media.containers import png
from provenance.media.formats import TRIED

MOST_PIXELS = 1_000_000_000  # over all pictures of one file


def difference(before: bytes, after: bytes) -> str | None:
    """What another program sees otherwise in `after`; None where it sees the same pictures in both."""
    if png.shows_the_same(before, after):
        return None
    expected, found = _seen(before), _seen(after)
    number = 0
    while True:
        number += 1
        one, other = next(expected, None), next(found, None)
        if one != other:
            return f"its picture {number:,} can no longer be read as it was"
        if one is None:
            return None


def _seen(data: bytes) -> Iterator[str]:
    """Size, colours and pixels of each picture in turn, as one text; what is wrong with it where that ends."""
    total = 0
    try:
        with Image.open(io.BytesIO(data), formats=TRIED) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                total += image.width * image.height
                if total > MOST_PIXELS:
                    yield "more than is compared"
                    return
                pixels = hashlib.sha256(image.tobytes()).hexdigest()
                profile = hashlib.sha256(image.info.get("icc_profile") or b"").hexdigest()
                yield f"{image.size} {image.mode} {pixels} {profile}"
    # A decoder may trip in any way. A picture that was broken before may be broken alike now.
    except Exception as error:  # noqa: BLE001
        yield type(error).__name__
