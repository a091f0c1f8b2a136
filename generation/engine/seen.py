"""What a pipeline is shown of the pictures that go in, all on its grid."""

from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, slots=True)
class Seen:
    """What a pipeline is shown: the layout on its grid, in sRGB, and for each ControlNet a picture of the same size."""

    layout: Image.Image
    guides: Mapping[str, Image.Image]

    def cut(self, edges: tuple[int, int, int, int]) -> "Seen":
        """The same part of all of them."""
        return Seen(self.layout.crop(edges), {key: each.crop(edges) for key, each in self.guides.items()})
