"""The kinds of entries."""

from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry says; its body's fields stand in docs/formats.md."""

    LEDGER_CREATED = "ledger.created"
    PERSON_ADDED = "person.added"
    MODEL_RECORDED = "model.recorded"
    PICTURE_REQUESTED = "picture.requested"
    PICTURE_RELEASED = "picture.released"
    PICTURE_CANCELLED = "picture.cancelled"
    PICTURE_FAILED = "picture.failed"
    PRIVATE_ERASED = "private.erased"
    # People (provenance/people/): what is known, allowed, chosen and disputed; bodies in docs/formats.md.
    PERSON_CHANGED = "person.changed"
    PERSON_MERGED = "person.merged"
    PERSON_SPLIT = "person.split"
    CREDIT_CLAIMED = "credit.claimed"
    CREDIT_CONFIRMED = "credit.confirmed"
    CREDIT_CORRECTED = "credit.corrected"
    CONSENT_STATED = "consent.stated"
    CONSENT_OVERRIDDEN = "consent.overridden"
    PROJECT_STATED = "project.stated"
    CANDIDATE_CHOSEN = "candidate.chosen"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_ANSWERED = "dispute.answered"
    # What an audit leaves: older pictures taken in as what their metadata says, and reports that were signed.
    PICTURE_CLAIMED = "picture.claimed"
    REPORT_SIGNED = "report.signed"
