"""What somebody states, written down: what they allow, whose a credit is, what a production is asked for.

Each is an entry; every verb signs the checkpoint that covers what it wrote.
"""

from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.people.claim import Claim, claim_body
from provenance.people.consent import Consent, consent_body
from provenance.people.project import Production, production_body


def state_consent(ledger: AnyLedger, consent: Consent) -> Entry:
    """Writes down what somebody allows, and signs the checkpoint."""
    entry = ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))
    ledger.checkpoint()
    return entry


def state_claim(ledger: AnyLedger, claim: Claim) -> Entry:
    """Writes down who says that a credit is right, and signs the checkpoint."""
    kind = EntryKind.CREDIT_CONFIRMED if claim.confirmed else EntryKind.CREDIT_CLAIMED
    entry = ledger.append(kind, claim_body(claim))
    ledger.checkpoint()
    return entry


def state_production(ledger: AnyLedger, production: Production) -> Entry:
    """Writes down what is stated about a production, and signs the checkpoint."""
    entry = ledger.append(EntryKind.PROJECT_STATED, production_body(production))
    ledger.checkpoint()
    return entry
