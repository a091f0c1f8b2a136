"""An entry about people with its private texts opened where they are still held; the rest is read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.canonical import Json
from provenance.errors import StatementError
from provenance.ledger.entry import EntryKind
from provenance.private import ERASED

__all__ = ["ERASED", "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """One entry. A private text stands in `body` as itself, or as "(erased)"."""

    seq: int
    at: str
    kind: EntryKind
    body: Mapping[str, Json]

    def text(self, name: str) -> str:
        """The text of a field; "" where it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise StatementError(f"entry {self.seq}: {name} is a text, not {str(value)[:40]!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; those that were erased are left out."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise StatementError(f"entry {self.seq}: {name} is a list of texts, not {str(value)[:40]!r}")
        return tuple(str(each) for each in value if each != ERASED)

    def text_map(self, name: str) -> dict[str, str]:
        value = self.body.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise StatementError(f"entry {self.seq}: {name} maps words to texts, not {str(value)[:40]!r}")
        return {key: str(each) for key, each in value.items()}

    def flag(self, name: str) -> bool:
        return self.body.get(name) is True

    def number(self, name: str) -> int | None:
        value = self.body.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None
