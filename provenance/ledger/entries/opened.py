"""An entry as it is read: with its private texts, where they are still held; or the reason why it cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.ledger.entries.kind import EntryKind
from provenance.statement.commitment import STAND_INS
from provenance.statement.json_value import Json


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One entry. A private text stands in `body` as itself, or as what became of it, such as "(erased)".

    `trouble` says why the entry cannot be read; "" where it can.
    """

    seq: int
    at: str
    kind: EntryKind
    body: Mapping[str, Json]
    trouble: str = ""

    def text(self, name: str) -> str:
        """The text of a field; "" where it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise StatementError(f"entry {self.seq}: {name} is a text, not {str(value)[:40]!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; those that are not held are left out."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise StatementError(f"entry {self.seq}: {name} is a list of texts, not {str(value)[:40]!r}")
        return tuple(str(each) for each in value if each not in STAND_INS)

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


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry about people that cannot be read, and why."""

    seq: int
    why: str

    def __str__(self) -> str:
        return f"entry {self.seq} cannot be read, and is skipped ({self.why})"
