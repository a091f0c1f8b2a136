"""Where a manifest says that its picture is written down: our own assertion, taken apart once.

    "org.genzu.record": {"ledger": "genzu/0123456789abcdef", "entry": 7, "leaf_hash": "abab…", "picture": "pic-…", …}

It is the word of whoever signed, and any field of a stranger's may have any type: what is not of its own is left empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordRef:
    """An entry of a ledger, as a manifest names it. `entry` is "" where none is named, `picture` too."""

    ledger: str
    picture: str
    entry: str
    leaf_hash: str

    @classmethod
    def parse(cls, said: Mapping[str, object] | None) -> "RecordRef | None":
        """What an assertion names; None where there is none, or none that names a ledger.

        >>> RecordRef.parse({"ledger": "genzu/1", "entry": 7, "picture": ["?"]})
        RecordRef(ledger='genzu/1', picture='', entry='7', leaf_hash='')
        """
        ledger, picture, leaf_hash = (_text(said, name) for name in ("ledger", "picture", "leaf_hash"))
        entry = said.get("entry") if said is not None else None
        number = str(entry) if isinstance(entry, int) and not isinstance(entry, bool) else ""
        return cls(ledger, picture, number, leaf_hash) if ledger else None


def _text(said: Mapping[str, object] | None, name: str) -> str:
    value = said.get(name) if said is not None else None
    return value if isinstance(value, str) else ""
