"""What the index keeps of a picture: its points and their words, its whole, its cuts, and a small picture of it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.cuts import cut_codes
from provenance.lookup.index_file import Indexed
from provenance.lookup.keypoints import found_in, grey, pixels_of
from provenance.lookup.postings import coded
from provenance.lookup.reference import packed
from provenance.lookup.vocabulary import vocabulary
from provenance.lookup.whole import waves_of, whole_code

POINTS_KEPT, WORDS_KEPT = 256, 192  # points of a record, and how many of them vote
FEWEST_POINTS = 40  # of a picture with texture, to be indexed

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


def indexed(picture: str, image: Image.Image, plain: Image.Image | None = None) -> Indexed | None:
    """What is kept of a picture (RGB); None for one without texture, such as a white sheet or a clear sky.

    `plain`: the same picture without its faint mark, to be compared with.
    """
    seen = grey(pixels_of(image))
    found = found_in(seen, POINTS_KEPT, evenly=True)
    if len(found) < FEWEST_POINTS:
        return None
    points = found.keypoints()
    return Indexed(
        picture,
        *image.size,
        codes=coded(points, WORDS_KEPT),
        points=points.packed(),
        reference=packed(image if plain is None else plain),
        descriptor=vocabulary().name,
        whole=whole_code(waves_of(seen)) + cut_codes(seen),
    )
