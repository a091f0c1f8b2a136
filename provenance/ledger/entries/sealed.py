"""The private texts of a body: where they stand in it, what they are called there, and what may be sealed as what."""

from collections.abc import Iterator

from provenance.errors import StatementError
from provenance.ledger.entries.limits import CLAIM_LIMIT, CONDITIONS_LIMIT, REMARK_LIMIT
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import clean_name, spelled
from provenance.statement.json_value import Json
from provenance.statement.statement import PROMPT_LIMIT

_NAMES = frozenset({"name", "name in the file"})


def check_new(field: str, value: str) -> None:
    """Raises StatementError where a private text of this field is none to write down."""
    if field in _NAMES:
        clean_name(value)
    check_text(field, value)


def check_text(field: str, value: str) -> None:
    """Raises StatementError where a private text of this field could not be read back as what it is."""
    if field in _NAMES:
        if spelled(value) != value:
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
            if isinstance(each, (dict, list)):
                yield from places(each, field)
    elif isinstance(body, dict):
        if body.keys() == {"private"}:
            yield str(body["private"]), field
            return
        for name, value in body.items():
            if isinstance(value, (dict, list)):  # most values are plain, and seal nothing
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
