"""What the bodies of entries are built of: strict objects, ids, digests, and texts that stand sealed.

Nothing is converted on the way in: a number is no text, a truth value no number, and an object has the fields that are
named and no other.
"""

from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct, UnsetType

from provenance.errors import StatementError


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """An object whose every field is known."""

    def speaks_of(self) -> "References":
        """What must stand in the log before this. Pictures, models and credits are held by their tables."""
        return References()


class References(Struct, frozen=True):
    """People, pictures and disputes by their ids, and entries by their numbers."""

    people: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


class Sealed(Shape, frozen=True):
    """A text that lies apart: HMAC-SHA256(salt, text) in 64 hex digits."""

    private: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


ShapeT = TypeVar("ShapeT", bound=Shape)
Id: TypeAlias = Annotated[str, Meta(min_length=1)]
Hash: TypeAlias = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
Whole: TypeAlias = Annotated[int, Meta(ge=0)]
Text: TypeAlias = Sealed | Literal[""]  # "" where nothing was said


def hex_of(text: Sealed | Literal[""] | UnsetType) -> str:
    """The commitment of a text; "" where nothing was said."""
    return text.private if isinstance(text, Sealed) else ""


def read(shape: type[ShapeT], body: object) -> ShapeT:
    """The body as its shape. StatementError where it is anything else."""
    try:
        return msgspec.convert(body, shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise StatementError(words_of(error)) from error


def read_json(shape: type[ShapeT], body: str | bytes) -> ShapeT:
    """A body from its JSON as it is stored. StatementError where it is anything else."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise StatementError(words_of(error)) from error


def words_of(error: Exception) -> str:
    """Why a body could not be read, in bounds."""
    return str(error)[:300] or type(error).__name__
