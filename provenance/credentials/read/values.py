"""Values out of JSON that strangers wrote: any field may have any type, any length.

`text`, `mapping` and `listing` give a value where it is of its type, cut to bounds; else nothing.
"""

from collections.abc import Mapping

TEXT_LIMIT = 2_000
ITEMS_LIMIT = 2_000


def text(value: object, limit: int = TEXT_LIMIT) -> str | None:
    """The value if it is a text that says something, cut to `limit` characters."""
    return value[:limit] if isinstance(value, str) and value else None


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[object]:
    """The value if it is a list, cut to a bounded length; a single object or text is a list of one."""
    if isinstance(value, list):
        return value[:ITEMS_LIMIT]
    return [value] if isinstance(value, (dict, str)) else []
