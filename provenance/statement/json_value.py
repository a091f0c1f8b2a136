"""A JSON value as a type, and reading one."""

import json
from typing import TypeAlias

import msgspec

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def read_json(text: str) -> object:
    """What json.loads gives, in half the time. ValueError or RecursionError where it is none, or nested too deep."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return json.loads(text)  # it also reads NaN and half of a letter
