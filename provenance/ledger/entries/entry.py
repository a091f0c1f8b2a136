"""One entry of the log, and the bytes that its leaf hash is taken over.

The leaf is the RFC 8785 object of the four columns; this is what receipts carry and strangers re-hash:

    {"at":"2026-11-23T13:05:07.123456Z","body":{…},"kind":"picture.requested","seq":7}

>>> Entry(0, "2026-11-23T13:05:07.123456Z", EntryKind.LEDGER_CREATED, {"ledger": "x"}).leaf
b'{"at":"2026-11-23T13:05:07.123456Z","body":{"ledger":"x"},"kind":"ledger.created","seq":0}'
"""

import hashlib
import re
from dataclasses import dataclass

from provenance.ledger.entries.kind import EntryKind
from provenance.statement.canonical import canonical
from provenance.statement.json_value import Json

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """An appended fact. `seq` counts from 0; `at` is UTC, RFC 3339 with microseconds; `body` is sealed."""

    seq: int
    at: str
    kind: EntryKind
    body: Json

    @property
    def leaf(self) -> bytes:
        return leaf_of(self.seq, self.at, self.kind.value, canonical(self.body).decode())

    @property
    def leaf_hash(self) -> bytes:
        """RFC 9162 leaf hash: SHA-256(0x00 || leaf)."""
        return hashlib.sha256(b"\x00" + self.leaf).digest()

    def commitment(self, *path: str) -> str | None:
        """The HMAC that stands at a place of the body where a private text was; None where there is none."""
        value = self.body
        for name in (*path, "private"):
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) else None


def leaf_of(seq: int, at: str, kind: str, body: str) -> bytes:
    """The leaf from the four columns as they are stored; `body` is canonical JSON, the others need no escape.

    Written out because canonicalising a second time would take most of the time of an append or a check.
    """
    return f'{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq}}}'.encode()
