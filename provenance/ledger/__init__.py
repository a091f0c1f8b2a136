"""The ledger: a log that its own keeper cannot rewrite unseen."""

from provenance.ledger.log import Ledger

__all__ = ["Ledger"]
