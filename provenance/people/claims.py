"""What was claimed about a credit, and who confirmed it, in words that never sound like a measurement.

claimed 6.5 h, about a third, by 森 あおい, 2026-11-23 (entry 41)
confirmed by Elin Lindqvist, 2026-11-24 (entry 44)
"""

from dataclasses import dataclass

from provenance.ledger.store.records import PictureRecord
from provenance.people.claim import Claim
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.statement.credit import NOT_NAMED, Role
from provenance.statement.json_value import Json


@dataclass(frozen=True, slots=True)
class Claimed:
    """One statement about a credit. `by` as shown today; hours and share as somebody claims them."""

    role: Role
    by: str
    hours: str
    share: str
    confirmed: bool
    at: str
    seq: int

    def __str__(self) -> str:
        figures = ", ".join(filter(None, (self.hours, self.share)))
        where = f"{self.by}, {self.at[:10]} (entry {self.seq})"
        if self.confirmed:
            return f"confirmed by {where}" + (f", who claims {figures} for it" if figures else "")
        return f"claimed {figures}, by {where}" if figures else f"claimed by {where}"


def claims_on(register: Register, record: PictureRecord, person: Person, role: Role) -> tuple[Claimed, ...]:
    """What was claimed and confirmed about one person's role on a picture, oldest first; merges are followed."""
    return tuple(
        _claimed(register, record, each)
        for each in register.claims.get(record.picture, ())
        if each.role is role and register.person(each.person).person == person.person
    )


def all_claims(register: Register, record: PictureRecord) -> list[tuple[str, str, tuple[Claimed, ...]]]:
    """Role, name and what was claimed, of each credit of a picture about which something was."""
    return [
        (each.role.value, each.person.shown() or NOT_NAMED, said)
        for each in register.credits(record)
        if (said := claims_on(register, record, each.person, each.role))
    ]


def all_claims_json(register: Register, record: PictureRecord) -> dict[str, Json]:
    """The same as data, by role and name; two who are shown by one name (asked not to be named) stand together."""
    told: dict[str, list[Json]] = {}
    for role, name, said in all_claims(register, record):
        told.setdefault(f"{role}, {name}", []).extend(claims_json(said))
    return {**told}


def claims_json(claims: tuple[Claimed, ...]) -> list[Json]:
    """The same as data; the figures stand under `claimed`, as nothing more."""
    return [
        {
            "claimed": {"hours": each.hours, "share": each.share},
            "by": each.by,
            "confirms": each.confirmed,
            "at": each.at,
            "entry": each.seq,
        }
        for each in claims
    ]


def _claimed(register: Register, record: PictureRecord, claim: Claim) -> Claimed:
    by = register.person_in(record, claim.by).shown() or NOT_NAMED
    return Claimed(claim.role, by, claim.hours, claim.share, claim.confirmed, claim.at, claim.seq)
