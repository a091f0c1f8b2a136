"""What is asked of a model over what it is to see: where the canvas is extended, over the larger one. Pure."""

from PIL import Image

from generation.layout.beside import NOTHING, Beside
from generation.layout.canvas import extended, new_area
from generation.layout.colour import Colours
from generation.layout.mask import check_size
from generation.request.request import Capabilities, PaintSettings, Request


def request_for(
    able: Capabilities,
    seen: Colours,
    settings: PaintSettings,
    mask: Image.Image | None,
    beside: Beside = NOTHING,
    *,
    preview_every: int = 0,
) -> Request:
    """What is asked of a model over what it is to see; where the canvas is extended, over the larger one."""
    image = seen.image
    if mask is not None:
        check_size(mask, image.size)
    if settings.extend:
        beside.check(image.size)
        beside = beside.extended(settings.extend)
        image, mask = extended(image, settings.extend), new_area(image, settings.extend, mask)
    return able.request(
        image, settings, mask=mask, profile=seen.profile, preview_every=preview_every, beside=beside
    )
