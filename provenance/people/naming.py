"""A name as it was typed becomes the person on record: their id, and the name that they are shown by."""

from collections.abc import Sequence

from provenance.errors import StatementError
from provenance.ledger import Ledger
from provenance.people.keeper import register_of
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.statement.credit import Credit


def known_credits(ledger: Ledger, given: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits with everybody on record under their id and public name; strangers stay as typed.

    A real name becomes its pseudonym, or nobody's name for who asked not to be named: it goes into no file.
    """
    if all(each.person or not each.name for each in given):
        return tuple(given)
    register = register_of(ledger)
    return tuple(_known(register, each) for each in given)


def _known(register: Register, credit: Credit) -> Credit:
    if credit.person is not None or credit.name is None:
        return credit
    found = register.named(credit.name)
    exact = [each for each in found if each.name == credit.name]
    if len(exact or found) > 1:
        ids = ", ".join(each.person for each in exact or found)
        raise StatementError(
            f"{credit.name!r} is the name of several people; write the id instead of the name: {ids}"
        )
    meant: list[Person] = exact or found
    if meant and meant[0].erased:
        raise StatementError(
            f"{meant[0].person} was erased on request; name them anew, or ask not to be named"
        )
    return Credit(credit.role, meant[0].name, meant[0].person) if meant else credit
