"""The line on a claim: that our ledger took the picture in, and what its own metadata said then."""

from collections.abc import Iterator

from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.ledger.claims import Claim
from provenance.media.generators.generator_trace import Trace
from provenance.statement.untrusted import plain


def claimed(observed: Observed, _: Sources) -> Iterator[Finding]:
    """What was claimed of this file, or of one with its pixels."""
    claim = observed.claim
    if claim is None:
        return
    same = "This very file was" if claim.exact else "A file with the same pixels was"
    words = (
        f"{same} taken into the ledger as a claim on {claim.at[:10]} (entry {claim.seq}): {claim.answer}, "
        f"{plain(claim.because, 200)}. Nobody vouched for it."
    )
    yield Finding(Evidence.RECORDED, "ledger", words)


def hints_of(claim: Claim) -> tuple[Trace, ...]:
    """What its metadata said then, in the form of hints."""
    return tuple(Trace(each.tool, each.field, each.maker, tuple(each.models)) for each in claim.hints)
