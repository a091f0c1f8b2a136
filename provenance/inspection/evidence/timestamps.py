"""What the time stamps of the ledger say of when a picture stood in it."""

from collections.abc import Iterator

from provenance.errors import Remedy, TimeStampError, Way
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.ledger.timestamps import anchor_over
from provenance.proof.timestamp import read_roots, verify
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain


def timestamps(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """What our ledger's own time stamps say of when a picture stood in it."""
    if sources.ledger is None or sources.record is None or sources.record.released is None:
        return
    anchor = anchor_over(sources.ledger, sources.record.released)
    if anchor is None:
        return
    roots = observed.clocks
    size = f"{anchor.checkpoint.checkpoint.size:,}"
    asked = f"asked of {plain(anchor.authority, 120)} on {moment(anchor.asked_at)}"
    if anchor.time_stamp is None:
        words = f"A time stamp over the ledger was {asked}, and has not come."
        yield Finding(Evidence.RECORDED, "time", words, remedy=Remedy(Way.ASK_FOR_STAMPS))
        return
    try:
        found = verify(anchor.time_stamp, anchor.data, read_roots(roots.encode()) if roots else [])
    except TimeStampError as error:
        words = f"The ledger's checkpoint of {size} entries has a time stamp, {asked}, that was not checked: {error}."
        yield Finding(Evidence.RECORDED, "time", words)
        return
    by = f"the checkpoint of {size} entries was stamped by {plain(found.authority, 120)}"
    words = f"It was in the ledger by {moment(found.at)}: {by}."
    yield Finding(Evidence.RECORDED, "time", words)
