"""One line of an inspection: where it comes from, what it is about, what it says, and what can be done about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from provenance.inspection.lineage import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `fault` where a check failed: the inspection then ends with exit code 1.

    `first`: two things contradict each other, so this line is told before all others.
    """

    evidence: Evidence
    # credentials, identity, time, wishes, metadata, picture, ledger, other ledger, agreement, conflict, classification
    about: str
    words: str
    fault: bool = False
    first: bool = False


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Contradictions and failed checks before the rest, each in the order in which they were found."""
    return tuple(sorted(findings, key=lambda each: not (each.first or each.fault)))
