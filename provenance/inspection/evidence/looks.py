"""The lines on pictures that the file looks like, where its bytes, pixels and credentials lead to no record.

    DERIVED    It looks like pic-… (certainly): smaller, 50% of its size.
    DERIVED    The faint mark of pic-… is in it: it stands out of chance by 23 standard deviations.
    RECORDED   pic-…: AI-assisted: painted with genzu-house over a layout by Mori Aoi.

What looks alike need not come from there, so a likeness changes no answer.
"""

from collections.abc import Iterator

from provenance.errors import NotRecorded
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.inspection.lineage import history_of_record
from provenance.lookup.likeness import Likeness
from provenance.statement.counted import counted
from provenance.statement.words import MARKS

ABOUT = "likeness"
TOLD = 3  # pictures that are told one by one
NO_ORIGIN = (
    "Looking alike does not say where the file comes from: it may be a copy, both may come from a third "
    "picture, or one was painted after the other."
)


def looks(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """What the file looks like, and what our ledger says of that."""
    if observed.not_looked_up:
        words = f"It was not looked up by its looks: {observed.not_looked_up}."
        yield Finding(Evidence.NOT_AVAILABLE, ABOUT, words)
    if sources.ledger is None or sources.recorded.nodes or not observed.looks_like:
        return
    told = [line for each in observed.looks_like[:TOLD] for line in _one(each, sources)]
    yield from told
    more = len(observed.looks_like) - TOLD
    if more > 0:
        yield Finding(Evidence.DERIVED, ABOUT, less_alike(more))
    if told:
        yield Finding(Evidence.DERIVED, ABOUT, NO_ORIGIN)


def less_alike(more: int) -> str:
    """That it looks like more pictures than are told one by one."""
    return f"It looks like {counted(more, 'more picture')} of the ledger, less so."


def _one(likeness: Likeness, sources: Sources) -> Iterator[Finding]:
    assert sources.ledger is not None
    try:
        record = sources.ledger.picture(likeness.picture)
    except NotRecorded:
        return  # an index that was not made from this ledger
    yield Finding(Evidence.DERIVED, ABOUT, likeness.words)
    if likeness.has_mark:
        words = (
            f"The faint mark of {likeness.picture} is in it: it stands out of chance by "
            f"{likeness.mark:.0f} standard deviations."
        )
        yield Finding(Evidence.DERIVED, ABOUT, words)
    history, colon = history_of_record(sources.ledger, record), MARKS[sources.language].colon
    words = f"{likeness.picture}{colon}{history.sentence_in(sources.language)}"
    yield Finding(Evidence.RECORDED, ABOUT, words)
