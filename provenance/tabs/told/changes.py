"""How much each recorded step changed the picture that it was made over, as the page shows it.

The two lie under a line that moves; where they differ is red, and the figures stand below. All of it is DERIVED from
the vault, and says nothing about work.

What a picture was made over is its studio's own. So it is shown to those who may see the pictures of the record.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from provenance.inspection.difference import NO_LABOUR, changes_of
from provenance.inspection.graph import Graph
from provenance.ledger.store.records import PictureRecord
from provenance.media.change import SIDE, heat_map
from provenance.release.archive import Archive
from provenance.tabs.look.fragments import fragment, inline_picture

MOST = 12  # steps, the latest


@dataclass(frozen=True, slots=True)
class Shown:
    """One step: its label, what was measured, and three pictures of one size as `data:` addresses."""

    label: str
    words: str
    width: int
    height: int
    before: str
    after: str
    heat: str


def changes_html(archive: Archive, record: PictureRecord, graph: Graph) -> str:
    """Each step on the way to a picture beside the one before it, as HTML; "" where nothing can be compared."""
    shown = list(_shown(archive, record, graph))[-MOST:]
    return fragment("changes", steps=shown, note=NO_LABOUR) if shown else ""


def _shown(archive: Archive, record: PictureRecord, graph: Graph) -> Iterator[Shown]:
    labels = {node.picture: node.label for node in graph.nodes if node.picture}
    limits = archive.settings.limits.for_our_own()
    for each in changes_of(record, archive.ledger, archive.vault, limits):
        found = each.change
        yield Shown(
            labels.get(each.picture, each.step.capitalize()),
            f"{found}.",
            found.before.width,
            found.before.height,
            *(inline_picture(one, SIDE) for one in (found.before, found.after, heat_map(found))),
        )
