"""Who goes on although somebody objects, and why: a named person takes it on."""

from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.statement.blank import is_blank
from provenance.statement.credit import clean_name


@dataclass(frozen=True, slots=True)
class Override:
    """Who takes the responsibility for going on, and why."""

    by: str
    reason: str

    def __post_init__(self) -> None:
        if clean_name(self.by) != self.by or is_blank(self.reason):
            raise StatementError("an override names a person and gives a reason")
