"""A layout on its way to the model: a scan is cleaned first, and the record says how; anything else goes as it is.

A mask keeps parts of the layout value for value, so a layout with a mask is not cleaned.
"""

from dataclasses import dataclass, replace

from PIL import Image

from generation.errors import RequestError
from generation.layout.colour import SRGB, Colours, colours_of, to_srgb
from generation.layout.output_size import SIDES
from provenance.media.picture import Picture, pixels

_WORDS = {"squared": "the page was squared", "light": "its light evened", "levels": "its lines made firm"}


@dataclass(frozen=True, slots=True)
class Ready:
    """What the model is to see, and what was done to the layout for it; nothing, where it is the layout itself."""

    seen: Colours
    done: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The same as a sentence, without its full stop."""
        if not self.done:
            return ""
        *most, last = [_WORDS.get(each, each) for each in self.done]
        words = f"{', '.join(most)} and {last}" if most else last
        return f"the layout was cleaned before it was painted: {words}"


def colours_in(picture: Picture) -> Colours:
    """The picture as shown, with the profile that its numbers are meant by."""
    assert picture.decoded is not None  # open_picture has decoded it
    return colours_of(picture.data, picture.decoded, pixels(picture))


def rgb_of(picture: Picture) -> Image.Image:
    """A picture that goes in beside the layout, as shown, in sRGB."""
    seen = colours_in(picture)
    return to_srgb(seen.image, seen.profile)


def made_ready(seen: Colours, wanted: bool | None, *, masked: bool) -> Ready:
    """The layout as it stands, or cleaned: where it looks like a scan (`wanted` None), always, or never.

    RequestError where a mask is to keep parts of a layout that is to be cleaned.
    """
    if masked and wanted:
        raise RequestError("a mask keeps the layout as it is, so it cannot be cleaned as well; choose one")
    if masked or wanted is False:
        return Ready(seen)
    from generation.layout.prepare import prepare  # brings numpy

    image = to_srgb(seen.image, seen.profile)
    if max(image.size) >= SIDES.stop:  # nothing larger is painted
        image = image.copy()
        image.thumbnail((SIDES.stop - 1, SIDES.stop - 1))
    found = prepare(image, wanted)
    if not found.changed:
        return Ready(seen)
    return Ready(replace(seen, image=found.image, profile=SRGB if seen.profile else None), found.steps)


def mask_of(picture: Picture) -> Image.Image:
    """The picture as a mask: grey. What is transparent in it is not white, so the layout stays there."""
    return pixels(picture, paper="black").convert("L")
