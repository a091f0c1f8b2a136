"""An account somewhere that claims a credit: whoever painted was signed in with it when they wrote the name.

It stands in the record as a person of its own, with its address as identifier, and the claim as any other
(`credit.claimed`): "claimed by ren-t (hub account)". Whose account it is nobody checked.
"""

from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord
from provenance.people.claim import Claim, claim_body
from provenance.people.person import Identifier, Person, parse_identifier
from provenance.people.person_entry import new_person
from provenance.people.register import Register, register_of
from provenance.people.roster import new_person_id
from provenance.statement.credit import Role, clean_name

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the hub: the name that it signs in by, and the one that it calls itself."""

    username: str
    name: str

    @classmethod
    def of(cls, username: str, name: str) -> "Account | None":
        """None where the account's own names are none that a record takes."""
        try:
            own = clean_name(username)
            parse_identifier(f"social:{HUB}/{own}")
        except StatementError:
            return None
        try:
            return cls(own, clean_name(name))
        except StatementError:
            return cls(own, own)

    @property
    def identifier(self) -> Identifier:
        return parse_identifier(f"social:{HUB}/{self.username}")


def claim_by_account(
    ledger: AnyLedger, record: PictureRecord, role: Role, name: str, account: Account
) -> Entry | None:
    """Writes down that the account claims this credit; None where the picture credits nobody of that name for it."""
    register = register_of(ledger)
    credited = [
        each.person.person
        for each in register.credits(record)
        if each.role is role and name in (each.person.name, each.person.behind)
    ]
    if not credited:
        return None
    by, new = _on_record(register, account)
    if new is not None:
        ledger.append_all(new_person(new))
    entry = ledger.append(EntryKind.CREDIT_CLAIMED, claim_body(Claim(record.picture, credited[0], role, by)))
    ledger.checkpoint()
    return entry


def _on_record(register: Register, account: Account) -> tuple[str, Person | None]:
    """The id of the account, and the account itself where it is new to the record."""
    known = register.written(str(account.identifier))
    if known:
        return known[0].person, None
    new = Person(new_person_id(), name=f"{account.username} (hub account)", identifiers=(account.identifier,))
    return new.person, new
