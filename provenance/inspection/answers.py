"""The five answers on how a picture was made, as the report, the page and the command line give them."""

from dataclasses import dataclass
from enum import StrEnum


class Classification(StrEnum):
    """The five answers of a report."""

    AI_GENERATED = "AI-generated"
    AI_ASSISTED = "AI-assisted"
    HUMAN_MADE = "recorded as human-made"
    ALTERED = "altered"
    UNKNOWN = "unknown"


AI_ANSWERS = frozenset({Classification.AI_GENERATED, Classification.AI_ASSISTED})


@dataclass(frozen=True, slots=True)
class Classified:
    """An answer with its reason, in words a painter understands."""

    answer: Classification
    because: str
    both: bool = False  # two things are said that do not go together; `because` says which
