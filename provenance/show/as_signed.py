"""What an inspection says of a picture that was just signed here: what is told of it is what is told afterwards."""

from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect
from provenance.release.archive import Archive
from provenance.release.made import Released


def as_signed(archive: Archive, released: Released) -> Inspection:
    """The signed file beside our ledger. It is our own: no bound for strangers' pictures holds for it."""
    return inspect(
        released.path,
        trust=archive.trust,
        ledger=archive.ledger,
        limits=archive.settings.limits.for_our_own(),
    )
