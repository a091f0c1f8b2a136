"""Who signed a manifest, by its certificates, and whether a root that we trust stands behind them."""

import functools
import itertools
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.credentials.identity.certificate import subject_of
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Signer
from provenance.statement.canonical import Digest


@functools.lru_cache(maxsize=512)
def signer_of(chain: tuple[bytes, ...], trust: Trust) -> Signer | None:
    """The signer by a chain of DER certificates, leaf first; None where they cannot be read."""
    try:
        certificates = [x509.load_der_x509_certificate(each) for each in chain]
        leaf = certificates[0]
        fingerprint = str(Digest(leaf.fingerprint(hashes.SHA256())))
        known = fingerprint in trust.fingerprints or _issued_by_known(certificates, _roots(trust.pem))
        return Signer(subject_of(leaf), leaf.issuer.rfc4514_string(), fingerprint, known)
    except Exception:  # noqa: BLE001 - odd certificates make cryptography raise a dozen kinds of error
        return None


def _issued_by_known(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> bool:
    if not all(_issued(below, above) for below, above in itertools.pairwise(chain)):
        return False
    # A trusted certificate anywhere in the chain vouches for what is below it; a self-signed leaf for itself.
    return any(each in roots for each in chain) or any(_issued(chain[-1], root) for root in roots)


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    if below.issuer != above.subject:
        return False
    try:
        below.verify_directly_issued_by(above)
        authority = above.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except Exception:  # noqa: BLE001 - see signer_of: whatever is wrong with it, it vouches for nobody
        return False
    return authority


@functools.lru_cache(maxsize=8)
def _roots(pem: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(pem.encode())) if pem else ()
