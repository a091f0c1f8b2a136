"""Every kind of entry and its shape: the one place where a body is read, whoever wrote it.

    append    what we are about to write is read here first, and its texts with it
    import    what another studio wrote is read here, or the import is refused
    verify    reads every body here while it hashes it
    readers   read here, and skip with a finding what cannot be read

>>> read_text("picture.failed", '{"picture": "pic-1", "requested": 4, "reason": "called off"}').requested
4
>>> read_text("picture.failed", '{"picture": "pic-1", "requested": 4, "why": "called off"}')
Traceback (most recent call last):
provenance.errors.StatementError: Object contains unknown field `why`
"""

import msgspec

from provenance.errors import StatementError
from provenance.ledger.entries.audit_bodies import PictureClaimed, ReportSigned
from provenance.ledger.entries.bodies import (
    Added,
    Closed,
    Created,
    Erased,
    PictureReleased,
    Recorded,
    Requested,
)
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.people_bodies import (
    CandidateChosen,
    ConsentOverridden,
    ConsentStated,
    CreditClaimed,
    CreditConfirmed,
    CreditCorrected,
    DisputeAnswered,
    DisputeOpened,
    PersonChanged,
    PersonMerged,
    PersonSplit,
    ProjectStated,
)
from provenance.ledger.entries.shape import Shape, words_of

SHAPES: dict[EntryKind, type[Shape]] = {
    EntryKind.LEDGER_CREATED: Created,
    EntryKind.PERSON_ADDED: Added,
    EntryKind.MODEL_RECORDED: Recorded,
    EntryKind.PICTURE_REQUESTED: Requested,
    EntryKind.PICTURE_RELEASED: PictureReleased,
    EntryKind.PICTURE_CANCELLED: Closed,
    EntryKind.PICTURE_FAILED: Closed,
    EntryKind.PRIVATE_ERASED: Erased,
    EntryKind.PERSON_CHANGED: PersonChanged,
    EntryKind.PERSON_MERGED: PersonMerged,
    EntryKind.PERSON_SPLIT: PersonSplit,
    EntryKind.CREDIT_CLAIMED: CreditClaimed,
    EntryKind.CREDIT_CONFIRMED: CreditConfirmed,
    EntryKind.CREDIT_CORRECTED: CreditCorrected,
    EntryKind.CONSENT_STATED: ConsentStated,
    EntryKind.CONSENT_OVERRIDDEN: ConsentOverridden,
    EntryKind.PROJECT_STATED: ProjectStated,
    EntryKind.CANDIDATE_CHOSEN: CandidateChosen,
    EntryKind.DISPUTE_OPENED: DisputeOpened,
    EntryKind.DISPUTE_ANSWERED: DisputeAnswered,
    EntryKind.PICTURE_CLAIMED: PictureClaimed,
    EntryKind.REPORT_SIGNED: ReportSigned,
}
# They stand in the entries alone: what they speak of is looked up, and one that cannot be read is skipped by itself.
# Pictures, models and people are held together by their tables.
ABOUT_PEOPLE = frozenset(
    kind for kind, shape in SHAPES.items() if shape.__module__ == CreditClaimed.__module__
)
DECODERS = {kind.value: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()}


def read_text(kind: str, body: str | bytes) -> Shape:
    """The body of an entry of this kind, from its JSON as it is stored. StatementError where it cannot be read."""
    try:
        return DECODERS[kind].decode(body)
    except KeyError:
        raise StatementError(f"{kind[:40]!r} is no kind of entry") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise StatementError(words_of(error)) from error
