"""A picture that is asked about, with all that is looked up of it: found once, whichever record it is held against."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.keypoints import Grey, Keypoints, found_in, grey, pixels_of
from provenance.lookup.panels import panels
from provenance.lookup.whole import Waves, waves_of, whole_code, without_strokes

ASKED, LOOKED_AT = 900, 512  # points of a query, and pixels of its longer side when they are sought
FEWEST_ASKED = 16  # points of a query with texture

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


@dataclass(frozen=True, slots=True)
class Query:
    """A picture that is asked about, with its points as it is and mirrored. `width`: of the file, in pixels.

    `share`: how much of the file it is, less than 1 for a panel. `grey`: its light, LOOKED_AT pixels long. `waves`: of
    its whole as it is, without its light strokes, and without its dark ones.
    """

    picture: Pixels
    width: int
    grey: Grey
    straight: Keypoints
    in_a_mirror: Keypoints
    waves: tuple[Waves, ...]
    share: float = 1.0

    @classmethod
    def of(cls, image: Image.Image) -> Self:
        """The picture with all that is looked up of it."""
        picture = pixels_of(image)
        seen = grey(picture, LOOKED_AT)
        found = found_in(seen, ASKED)
        waves = tuple(waves_of(each) for each in (seen, *without_strokes(seen)))
        return cls(picture, image.width, seen, found.keypoints(), found.keypoints(mirrored=True), waves)

    def panels(self) -> list[Self]:
        """Each panel of a collage, as a query of its own; none where it is one picture."""
        (height, width), (tall, broad) = self.picture.shape[:2], self.grey.shape
        found = []
        for left, top, right, below in panels(self.grey):
            rows = slice(top * height // tall, below * height // tall)
            columns = slice(left * width // broad, right * width // broad)
            panel = self.of(Image.fromarray(self.picture[rows, columns]))
            share = (right - left) * (below - top) / self.grey.size
            found.append(replace(panel, width=round(panel.width * self.width / width), share=share))
        return found

    def from_afar(self) -> Self:
        """The same with the points that are seen from twice as far."""
        found = found_in(grey(self.picture, LOOKED_AT // 2), ASKED)
        return replace(self, straight=found.keypoints(), in_a_mirror=found.keypoints(mirrored=True))

    @property
    def has_texture(self) -> bool:
        return len(self.straight) >= FEWEST_ASKED

    def points(self, mirrored: bool) -> Keypoints:
        return self.in_a_mirror if mirrored else self.straight

    def wholes(self, mirrored: bool) -> list[bytes]:
        return [whole_code(each, mirrored=mirrored) for each in self.waves]

    def seen(self, mirrored: bool) -> Pixels:
        return np.ascontiguousarray(self.picture[:, ::-1]) if mirrored else self.picture

    def light(self, mirrored: bool) -> Grey:
        return np.ascontiguousarray(self.grey[:, ::-1]) if mirrored else self.grey
