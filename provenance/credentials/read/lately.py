"""Certificates that the library followed to a root within this minute: it need not do so again for every file.

A third of what it takes to read a signed chain goes into following the certificate of each step to its root. In a
delivery they are the same few. So a file whose signers the library has just found trusted is read without that part
(docs/decisions/0248): its signatures, hashes and certificates' own rules are checked as ever, and who stands behind a
certificate is asked of our own lists besides (signers.py). Anything else is read in full: a signer who was not seen
in this minute, a time stamp, an identity, hosts that may be asked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.cose import signatures
from provenance.credentials.read.stamps import STAMPS
from provenance.credentials.read.values import mapping
from provenance.credentials.read.verdicts import passed
from provenance.credentials.read.whole_reading import SPEAKING

TRUSTED = "signingCredential.trusted"
MOST = 256  # signers
_Certificates = tuple[bytes, ...]


class _Minute:
    """Whom the library found trusted, by whom we know, since the minute began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._began: datetime | None = None
        self._found: set[tuple[Trust, _Certificates]] = set()

    def since(self) -> set[tuple[Trust, _Certificates]]:
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        with self._lock:
            if self._began != now or len(self._found) > MOST:
                self._began, self._found = now, set()
            return self._found


_MINUTE = _Minute()


def may_be_known(trust: Trust) -> bool:
    """Whether anybody was found trusted within this minute, so that reading without that part may be enough."""
    return not trust.hosts and bool(_MINUTE.since())


def are_known(store: bytes, trust: Trust) -> bool:
    """Whether each signer in a manifest store was, and nothing in it may speak for another."""
    if any(each.encode() in store for each in SPEAKING):
        return False
    held, found = signatures(store), _MINUTE.since()
    return bool(held) and all(
        (trust, each.certificates) in found and not STAMPS & each.header.keys() for each in held.values()
    )


def remember(document: Mapping[str, object], active: str, store: bytes, trust: Trust) -> None:
    """Notes the file's own signer, where the library's reading in full says that it is trusted."""
    manifests, results = mapping(document.get("manifests")), mapping(document.get("validation_results"))
    signature = signatures(store).get(active)
    if trust.hosts or signature is None or STAMPS & signature.header.keys():
        return
    if any(each.code == TRUSTED and each.owner == active for each in passed(results, active, manifests)):
        _MINUTE.since().add((trust, signature.certificates))
