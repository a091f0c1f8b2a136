"""Reading JSON whose every field is known: each function returns what it expects or raises StatementError.

>>> object_with({"picture": "pic-1", "reason": "stopped"}, "picture", "reason")["reason"]
'stopped'
>>> object_with({"picture": "pic-1", "note": ""}, "picture", "reason")
Traceback (most recent call last):
provenance.errors.StatementError: the fields are picture, reason, not note, picture
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from provenance.errors import StatementError
from provenance.statement.canonical import Digest, Json
from provenance.statement.statement import Scalar

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)


def an_object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise _expected("an object", value)
    return value


def object_with(value: Json, *names: str) -> Mapping[str, Json]:
    """The object that has exactly these fields."""
    found = an_object(value)
    if found.keys() != set(names):
        raise StatementError(
            f"the fields are {', '.join(sorted(names))}, not {', '.join(sorted(found))[:200]}"
        )
    return found


def list_of(read: Callable[[Json], T], value: Json) -> list[T]:
    if not isinstance(value, list):
        raise _expected("a list", value)
    return [read(each) for each in value]


def optional(read: Callable[[Json], T], value: Json) -> T | None:
    return None if value is None else read(value)


def text(value: Json) -> str:
    if not isinstance(value, str):
        raise _expected("a text", value)
    return value


def text_map(value: Json) -> Mapping[str, str]:
    return {name: text(each) for name, each in an_object(value).items()}


def whole(value: Json) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _expected("a whole number from 0", value)
    return value


def truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise _expected("true or false", value)
    return value


def scalar(value: Json) -> Scalar:
    if isinstance(value, list | dict):
        raise _expected("a single value", value)
    return value


def digest(value: Json) -> Digest:
    return Digest.parse(text(value))


def choice(words: type[Word], value: Json) -> Word:
    """The word of a vocabulary, exactly as it is written."""
    try:
        return words(text(value))
    except ValueError:
        raise StatementError(f"{str(value)[:40]!r} is no {words.__name__}") from None


def _expected(what: str, value: Json) -> StatementError:
    return StatementError(f"expected {what}, found {str(value)[:80]!r}")
