"""The register of one ledger, read from its entries."""

from provenance.ledger import Ledger
from provenance.people.register import KINDS, Register


def register_of(ledger: Ledger) -> Register:
    """What the ledger's entries about people add up to now."""
    return Register.of(ledger.said(KINDS))
