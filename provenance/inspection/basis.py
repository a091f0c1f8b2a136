"""What a line of a report rests on."""

from enum import StrEnum


class Evidence(StrEnum):
    """Where a line of a report comes from."""

    OBSERVED = "OBSERVED"  # it stands in the file
    RECORDED = "RECORDED"  # it stands in a ledger
    DERIVED = "DERIVED"  # it was computed; the line says how
    NOT_AVAILABLE = "NOT AVAILABLE"
