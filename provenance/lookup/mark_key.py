"""What the faint marks of one ledger are drawn from: a secret that follows from the ledger's own key.

So whoever keeps the ledger can read its marks, on any machine to which the key came, and nobody else can. The signing
key signs and is used for nothing else: from the derived secret nobody learns it.
"""

import hmac
from dataclasses import dataclass, field

_PURPOSE = b"genzu faint mark 1"


@dataclass(frozen=True, slots=True)
class MarkKey:
    """The secret of a ledger's faint marks (faint_mark.py)."""

    secret: bytes = field(repr=False)

    @classmethod
    def of_ledger(cls, seed: bytes) -> "MarkKey":
        """The key that follows from the 32 secret bytes of a ledger's key."""
        return cls(hmac.digest(seed, _PURPOSE, "sha256"))
