"""What a producer acts on first, gravest first. A file may be in several of these; most are in none.

altered      changed after it was signed, or not what the ledger has
conflict     two things are said of it that do not go together
disputed     somebody says that its record is wrong, in this ledger or an imported one, and it is open there
unchecked    it could not be looked at
unnamed      a hand is stated, and nobody is named for it
unknown      nothing says how it was made
"""

from enum import StrEnum

from provenance.audit.row import Row
from provenance.inspection.answers import Classification
from provenance.inspection.evidence.finding import DISPUTES


class Act(StrEnum):
    """Why somebody should act on a file; the words of `--fail-on`."""

    ALTERED = "altered"
    CONFLICT = "conflict"
    DISPUTED = "disputed"
    UNCHECKED = "unchecked"
    UNNAMED = "unnamed"
    UNKNOWN = "unknown"


def acts_of(row: Row) -> tuple[Act, ...]:
    """All that should be acted on in one file."""
    faulty = any(each.fault for each in row.evidence)
    altered = row.classification is Classification.ALTERED
    unchecked = bool(row.trouble)
    found = {
        Act.ALTERED: altered,
        Act.CONFLICT: not altered and (row.conflict or faulty),
        Act.DISPUTED: any(each.about in DISPUTES for each in row.evidence),
        Act.UNCHECKED: unchecked,
        Act.UNNAMED: row.unnamed,
        Act.UNKNOWN: row.classification is Classification.UNKNOWN and not unchecked and not row.conflict,
    }
    return tuple(act for act, holds in found.items() if holds)
