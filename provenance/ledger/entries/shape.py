"""What the bodies of entries are built of: strict objects, ids, digests, and texts that stand sealed.

Nothing is converted on the way in: a number is no text, a truth value no number, and an object has the fields that are
named and no other.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, UnsetType


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


Id: TypeAlias = Annotated[str, Meta(min_length=1)]
Hash: TypeAlias = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
Whole: TypeAlias = Annotated[int, Meta(ge=0)]
Text: TypeAlias = Sealed | Literal[""]  # "" where nothing was said


def hex_of(text: Sealed | Literal[""] | UnsetType) -> str:
    """The commitment of a text; "" where nothing was said."""
    return text.private if isinstance(text, Sealed) else ""
