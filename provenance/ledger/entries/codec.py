"""Every kind of entry and its shape: the one place where a body is read, whoever wrote it.

    append    what we are about to write is read here first, and its texts with it
    import    what another studio wrote is read here, or the import is refused
    verify    reads every body here while it hashes it
    readers   read here, and skip with a finding what cannot be read

>>> read(Closed, {"picture": "pic-1", "requested": 4, "reason": "called off"}).reason
'called off'
>>> read(Closed, {"picture": "pic-1", "requested": 4, "why": "called off"})
Traceback (most recent call last):
provenance.errors.StatementError: Object contains unknown field `why`
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from provenance.errors import StatementError
from provenance.ledger.entries.audit_bodies import PictureClaimed, ReportSigned
from provenance.ledger.entries.bodies import (
    Added,
    Closed,
    Created,
    Erased,
    Recorded,
    Released,
    Requested,
)
from provenance.ledger.entries.entry import EntryKind
from provenance.ledger.entries.people_bodies import (
    CLAIM_LIMIT,
    CONDITIONS_LIMIT,
    REMARK_LIMIT,
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
from provenance.ledger.entries.shape import Shape
from provenance.statement.canonical import Json
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import clean_name
from provenance.statement.statement import PROMPT_LIMIT

ShapeT = TypeVar("ShapeT", bound=Shape)

SHAPES: dict[EntryKind, type[Shape]] = {
    EntryKind.LEDGER_CREATED: Created,
    EntryKind.PERSON_ADDED: Added,
    EntryKind.MODEL_RECORDED: Recorded,
    EntryKind.PICTURE_REQUESTED: Requested,
    EntryKind.PICTURE_RELEASED: Released,
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


def read(shape: type[ShapeT], body: Json) -> ShapeT:
    """The body as its shape. StatementError where it is anything else."""
    try:
        return msgspec.convert(body, shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise StatementError(_words(error)) from error


def read_text(kind: str, body: str | bytes) -> Shape:
    """The body of an entry of this kind, from its JSON as it is stored. StatementError where it cannot be read."""
    try:
        return DECODERS[kind].decode(body)
    except KeyError:
        raise StatementError(f"{kind[:40]!r} is no kind of entry") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise StatementError(_words(error)) from error


def check_text(field: str, value: str) -> None:
    """Raises StatementError where a private text of this field could not be read back as what it is."""
    if field in {"name", "name in the file"}:
        if clean_name(value) != value:
            raise StatementError(f"the name {value[:40]!r} is not in its clean form")
        if value in STAND_INS:
            raise StatementError(f"{value!r} stands for a name that is not held; it is nobody's")
    limit = LIMITS.get(field)
    if limit is not None and len(value) > limit:
        raise StatementError(f"{field}: at most {limit:,} characters, not {len(value):,}")
    if field == "claim" and not value.strip():
        raise StatementError("a dispute says what is wrong: add a claim")
    if field == "conditions" and not value.strip():
        raise StatementError("consent with conditions says which")


def places(body: Json, field: str = "") -> Iterator[tuple[str, str]]:
    """Every commitment in a body with the field that it was sealed as, in the order in which `seal` made them.

    >>> list(places({"also": [{"private": "ab"}], "identifiers": [{"scheme": "orcid", "value": {"private": "cd"}}]}))
    [('ab', 'also'), ('cd', 'identifier')]
    """
    if isinstance(body, list):
        for each in body:
            yield from places(each, field)
    elif isinstance(body, dict):
        if body.keys() == {"private"}:
            yield str(body["private"]), field
            return
        for name, value in body.items():
            yield from places(value, _field(field, name))


def _field(above: str, name: str) -> str:
    """What a text is called that stands under this name; `above` is what the object around it stands under."""
    if above == "objections" and name == "reason":
        return "objection"
    if above == "remarks":
        return "remark"
    return _FIELDS.get(name, name)


# Where a text is called otherwise than the name that it stands under.
_FIELDS = {
    "text": "prompt",
    "negative": "negative prompt",
    "given": "given prompt",
    "shown": "name in the file",
    "value": "identifier",
    "ask": "contact",
    "why": "reason",
    "words": "answer",
}
LIMITS = {
    "prompt": PROMPT_LIMIT,
    "negative prompt": PROMPT_LIMIT,
    "given prompt": PROMPT_LIMIT,
    "conditions": CONDITIONS_LIMIT,
    "claim": CLAIM_LIMIT,
    "approval": REMARK_LIMIT,
    "notice": REMARK_LIMIT,
    "remark": REMARK_LIMIT,
}


def _words(error: Exception) -> str:
    return str(error)[:300] or type(error).__name__
