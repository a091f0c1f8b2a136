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
        ledger = "" if said is None else _text(said.get("ledger"))
        if said is None or not ledger:
            return None
        entry = said.get("entry")
        number = str(entry) if isinstance(entry, int) and not isinstance(entry, bool) else ""
        return cls(ledger, _text(said.get("picture")), number, _text(said.get("leaf_hash")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
