"""Personal text on its way into the ledger: the entry holds a salted HMAC, the text lies apart and can be erased.

A body may hold a `Private` anywhere; `Ledger.append` puts `{"private": "<64 hex>"}` in its place. The HMAC is
HMAC-SHA256(salt, UTF-8 of value) with a fresh 32-byte salt: a bare hash of a name could be guessed.

>>> salt = bytes(32)
>>> commitment(salt, "Mori Aoi")[:16]
'91e176f83f3ddd1f'
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from provenance.statement.json_value import Json

ERASED = "(erased)"
MISSING = "(missing)"  # neither held nor erased: it was lost, or taken away
SALT, BLOCK = 32, 64  # bytes
_INNER, _OUTER = (bytes(each ^ pad for each in range(256)) for pad in (0x36, 0x5C))
_INNER_REST, _OUTER_REST = b"\x36" * (BLOCK - SALT), b"\x5c" * (BLOCK - SALT)
NOT_DISCLOSED = "(not disclosed)"  # of another's ledger, whose texts stay sealed
STAND_INS = frozenset({ERASED, MISSING, NOT_DISCLOSED})  # what is shown where a text is not held


@dataclass(frozen=True, slots=True)
class Private:
    """A text that can be forgotten. `about` is the id of the person or picture by which it is erased."""

    value: str
    field: str  # "name", "prompt", "negative prompt", "contact", "note" …
    about: str


Body: TypeAlias = "bool | int | float | str | Private | list[Body] | dict[str, Body] | None"


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: the text and its salt. Anyone who has it can show what the entry committed to."""

    private: Private
    salt: bytes

    @property
    def commitment(self) -> str:
        return commitment(self.salt, self.private.value)


def commitment(salt: bytes, value: str) -> str:
    """HMAC-SHA256 as 64 hex digits."""
    if len(salt) != SALT:
        return hmac.digest(salt, value.encode(), "sha256").hex()
    return commitments([(salt, value)])[0]


def commitments(opened: Iterable[tuple[bytes, str]]) -> list[str]:
    """The commitment of each salt, of SALT bytes, and its text.

    RFC 2104 written out for the one length of our salts: a check of a whole ledger takes a million of them.
    """
    sha256 = hashlib.sha256
    return [
        sha256(
            salt.translate(_OUTER)
            + _OUTER_REST
            + sha256(salt.translate(_INNER) + _INNER_REST + value.encode()).digest()
        ).hexdigest()
        for salt, value in opened
    ]


def seal(body: Body) -> tuple[Json, list[Opening]]:
    """The body as it goes into an entry, and the openings that stay apart."""
    openings: list[Opening] = []

    def walk(value: Body) -> Json:
        if isinstance(value, Private):
            opening = Opening(value, secrets.token_bytes(SALT))
            openings.append(opening)
            return {"private": opening.commitment}
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, dict):
            return {name: walk(each) for name, each in value.items()}
        return value

    return walk(body), openings
