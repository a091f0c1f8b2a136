"""Who says that a credit is right: claimed by somebody, confirmed by somebody, with hours or share as they claim them.

Hours and shares are claims, written down as text; nothing is computed from them.
"""

from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.limits import FIGURE_LIMIT
from provenance.ledger.entries.opened import Disclosed
from provenance.statement.commitment import Body
from provenance.statement.credit import Role, refuse_marks


@dataclass(frozen=True, slots=True)
class Claim:
    """`person` did `role` on `picture`, says `by` (ids of people). `confirmed` by another hand than the claim's."""

    picture: str
    person: str
    role: Role
    by: str
    confirmed: bool = False
    hours: str = ""
    share: str = ""
    seq: int = -1
    at: str = ""

    def __post_init__(self) -> None:
        for figure in (self.hours, self.share):
            refuse_marks(figure, "figure")
            if len(figure) > FIGURE_LIMIT:
                raise StatementError(f"hours and share have at most {FIGURE_LIMIT} characters")
        if self.confirmed and self.by == self.person:
            raise StatementError("a credit is confirmed by somebody else than the person credited")


def claim_body(claim: Claim) -> dict[str, Body]:
    return {
        "picture": claim.picture,
        "person": claim.person,
        "role": claim.role.value,
        "by": claim.by,
        "hours": claim.hours,
        "share": claim.share,
    }


def read_claim(said: Disclosed) -> Claim:
    try:
        role = Role(said.text("role"))
    except ValueError as error:
        raise StatementError(f"entry {said.seq} is no claim: {error}") from error
    return Claim(
        picture=said.text("picture"),
        person=said.text("person"),
        role=role,
        by=said.text("by"),
        confirmed=said.kind is EntryKind.CREDIT_CONFIRMED,
        hours=said.text("hours"),
        share=said.text("share"),
        seq=said.seq,
        at=said.at,
    )
