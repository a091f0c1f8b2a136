"""What each ControlNet beside the model would be shown of a layout, small, before anything is painted."""

from collections.abc import Sequence

from generation.layout.colour import to_srgb
from generation.layout.guides import DRAWN_FROM, GuideKind, guide
from generation.studio.ready import colours_in
from generation.works.adapter import Adapter, WorkKind
from generation.works.kit import of_kind
from provenance.errors import ProvenanceError
from provenance.settings import Settings
from provenance.tabs.fields.uploads import opened
from provenance.tabs.look.fragments import fragment, inline_picture

from .layout import ready_for

DRAWN_AT = 512  # pixels of the longer side: about as large as the model sees it
LOOK = 240


def drawn_here(kit: Sequence[Adapter]) -> list[GuideKind]:
    """The kinds of ControlNets beside the model whose guide is drawn from the layout."""
    kinds = (GuideKind(each.key) for each in of_kind(kit, WorkKind.CONTROL))
    return [kind for kind in kinds if kind is not GuideKind.DEPTH]


def guides_shown(
    settings: Settings, path: str | None, clean: str, kit: Sequence[Adapter], *, masked: bool
) -> str:
    """A picture for each kind that is drawn from the layout itself; HTML, empty where there is none.

    Depth is drawn by a model, so it is not shown beforehand.
    """
    drawn = drawn_here(kit)
    if not path or not drawn:
        return ""
    try:
        seen = ready_for(colours_in(opened(path, settings)), clean, masked=masked).seen
    except ProvenanceError:  # told at the layout
        return ""
    small = to_srgb(seen.image, seen.profile).copy()
    small.thumbnail((DRAWN_AT, DRAWN_AT))
    shown = [(kind.value, DRAWN_FROM[kind], inline_picture(guide(kind, small), LOOK)) for kind in drawn]
    return fragment("guides_shown", shown=shown)
