"""Pictures that go in beside the layout: references for an editing model, style pictures, guides for ControlNets."""

from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps

from generation.errors import RequestError
from generation.layout.canvas import Sides


@dataclass(frozen=True, slots=True)
class Beside:
    """RGB pictures as shown. `references` are given to a model that edits, in their order, after the layout.

    `styles` are looked at by an IP-Adapter. `guides` stand in the place of what would be drawn from the layout for a
    ControlNet, by its key; each is as large as the layout.
    """

    references: tuple[Image.Image, ...] = ()
    styles: tuple[Image.Image, ...] = ()
    guides: tuple[tuple[str, Image.Image], ...] = ()

    def check(self, shown: tuple[int, int]) -> None:
        """RequestError where a guide is not as large as the layout (`shown`), or two are for one ControlNet."""
        if self.references and self.styles:
            raise RequestError("a picture is painted with references or with style pictures, not with both")
        keys = [key for key, _ in self.guides]
        for key, picture in self.guides:
            if keys.count(key) > 1:
                raise RequestError(f"two pictures are given to the ControlNet for {key[:40]}; give one")
            if picture.size != shown:
                (wide, high), (width, height) = picture.size, shown
                raise RequestError(
                    f"the picture for {key[:40]} is {wide} x {high} pixels and the layout {width} x {height}; "
                    "save both at one size"
                )

    def extended(self, sides: Sides) -> "Beside":
        """With every guide on the larger canvas, black where it is new."""
        border = (sides.left, sides.top, sides.right, sides.bottom)
        return replace(self, guides=tuple((key, ImageOps.expand(each, border)) for key, each in self.guides))


@dataclass(frozen=True, slots=True)
class Files:
    """The same pictures as files: what the command line and the page name."""

    references: tuple[Path, ...] = ()
    styles: tuple[Path, ...] = ()
    guides: tuple[tuple[str, Path], ...] = ()


NOTHING = Beside()
NO_FILES = Files()
