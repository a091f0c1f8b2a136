"""Who signed a manifest, by its own certificates, and which list of ours knows the authority behind them.

A certificate counts at the time that a time stamp proves, else today. What speaks against a signer is told in C2PA's
codes, beside those of the library, which has one pool of authorities for everything.
"""

import functools
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.credentials.identity.certificate import certificates_of, subject_of
from provenance.credentials.identity.purposes import Purpose, is_for, valid_at
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Signer, Stamp
from provenance.credentials.read.verdicts import EXPIRED, NOT_FOR_SIGNING, OUTSIDE, UNKNOWN_SIGNER
from provenance.statement.canonical import Digest

OWN_CERTIFICATE = "our own certificate"


def signer_of(
    chain: tuple[bytes, ...], stamp: Stamp | None, trust: Trust
) -> tuple[Signer, tuple[str, ...]] | None:
    """The signer by a chain of DER certificates, leaf first, and the codes of what speaks against knowing them.

    None where the certificates cannot be read.
    """
    if stamp is not None and stamp.counts:
        return _signer_at(chain, datetime.fromisoformat(stamp.at), trust, proved=True)
    now = datetime.now(UTC)
    return _signer_today(chain, now.replace(second=0, microsecond=0), trust)


@functools.lru_cache(maxsize=256)
def _signer_today(
    chain: tuple[bytes, ...], _minute: datetime, trust: Trust
) -> tuple[Signer, tuple[str, ...]] | None:
    """Thousands of files have one signer: the answer holds for as long as the minute lasts."""
    return _signer_at(chain, datetime.now(UTC), trust)


def _signer_at(
    chain: tuple[bytes, ...], at: datetime, trust: Trust, *, proved: bool = False
) -> tuple[Signer, tuple[str, ...]] | None:
    try:
        certificates = certificates_of(chain)
        leaf = certificates[0]
        fingerprint = str(Digest(leaf.fingerprint(hashes.SHA256())))
        known_by, doubts = _known(certificates, fingerprint, at, trust, proved=proved)
        known = bool(known_by) and not doubts
        signer = Signer(subject_of(leaf), leaf.issuer.rfc4514_string(), fingerprint, known, known_by=known_by)
    except Exception:  # noqa: BLE001 - odd certificates make cryptography raise a dozen kinds of error
        return None
    return signer, doubts


def _known(
    certificates: tuple[x509.Certificate, ...], fingerprint: str, at: datetime, trust: Trust, *, proved: bool
) -> tuple[str, tuple[str, ...]]:
    """The name of the list that knows the signer, and what speaks against them.

    `proved`: it was signed `at` that time.
    """
    leaf = certificates[0]
    # Of one that begins later than today it is known, too, that it was not valid when it signed.
    outside = proved or at < leaf.not_valid_before_utc
    doubts = [] if valid_at(leaf, at) else [OUTSIDE if outside else EXPIRED]
    if not is_for(leaf, Purpose.SIGNERS):
        doubts.append(NOT_FOR_SIGNING)
    # Of an expired one it is still told who stood behind it while it was valid.
    moment = max(min(at, leaf.not_valid_after_utc), leaf.not_valid_before_utc)
    known_by = trust.known_by(leaf, certificates[1:], Purpose.SIGNERS, moment)
    if not known_by and fingerprint in trust.fingerprints:
        known_by = OWN_CERTIFICATE
    if not known_by:
        doubts.append(UNKNOWN_SIGNER.code)
    return known_by, tuple(doubts)
