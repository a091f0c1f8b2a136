"""A picture of the index that a query may be, and by what it was proposed. It proves nothing."""

from dataclasses import dataclass
from enum import Enum, auto


class Proposal(Enum):
    """How a candidate was proposed, and is laid under the query."""

    POINTS = auto()  # votes of key points, and the place that they agree on
    WHOLE = auto()  # its whole is near
    CUT = auto()  # a cut of it is near
    ANYWHERE = auto()  # votes, but no place: slid over it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that the query may be, mirrored or not: by so many votes, or since so few bits of the codes differ."""

    picture: str
    mirrored: bool
    by: Proposal = Proposal.POINTS
    votes: float = 0
    apart: int = 0
    needs_mark: bool = False  # it is proposed by less than the query's own points or whole
    owner: int = -1  # its number in the postings, if it was voted for
