"""One line of an inspection: where it comes from, what it is about, what it says, and what can be done about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from provenance.errors import Remedy
from provenance.inspection.basis import Evidence
from provenance.statement.json_value import Json

DISPUTE = "dispute"  # what a line on a disputed record of ours is about
CHANGED = "earlier step"  # ... a line on what was changed since of an earlier step's credits
OTHER = "other ledger"  # ... a line on what another studio's ledger says
DISPUTE_ELSEWHERE = "dispute elsewhere"
DISPUTES = frozenset({DISPUTE, DISPUTE_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `fault` where a check failed: the inspection then ends with exit code 1.

    `first`: two things contradict each other, so this line is told before all others. `remedy` is what can be done
    about it; the page and the command line each have their own words for it.
    """

    evidence: Evidence
    # credentials, identity, time, wishes, metadata, picture, ledger, likeness, other ledger, agreement, conflict,
    # classification, dispute, dispute elsewhere, earlier step
    about: str
    words: str
    fault: bool = False
    first: bool = False
    remedy: Remedy | None = None

    def to_json(self) -> dict[str, Json]:
        """The line as data; `remedy` only where something can be done."""
        told: dict[str, Json] = {
            "source": self.evidence.value,
            "about": self.about,
            "words": self.words,
            "fault": self.fault,
        }
        return told | ({"remedy": self.remedy.way.name.lower()} if self.remedy is not None else {})


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Contradictions and failed checks before the rest, each in the order in which they were found."""
    return tuple(sorted(findings, key=lambda each: not (each.first or each.fault)))
