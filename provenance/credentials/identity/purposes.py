"""What a certificate may be used for, and which authority that we know for that use stands behind it.

Three uses are kept apart, each with its own authorities and its own extended key usages (EKU): to sign a claim, to
give a time stamp, to vouch for a person. A certificate for time stamps alone signs no claim, whoever issued it.

The walk from a certificate up to an authority is by `verify_directly_issued_by` of cryptography. Its builder of whole
paths keeps the rules of web servers and refuses Ed25519, which C2PA allows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from provenance.credentials.identity.certificate import SIGNING_USES

LONGEST = 8  # certificates between a leaf and its authority; real chains have one to three


class Purpose(StrEnum):
    """What an authority is known for; the values are the words of `genzu trust add --for`."""

    SIGNERS = "signers"
    TIME_STAMPS = "time-stamps"
    IDENTITIES = "identities"


_USES = {
    Purpose.SIGNERS: frozenset(SIGNING_USES),
    Purpose.TIME_STAMPS: frozenset({ExtendedKeyUsageOID.TIME_STAMPING}),
    Purpose.IDENTITIES: frozenset(SIGNING_USES),  # CAWG takes the certificates of the C2PA profile
}
# A certificate for one of these is for nothing else (C2PA 2.4, certificate profile).
_ALONE = frozenset({ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING})


def uses_of(certificate: x509.Certificate) -> frozenset[ObjectIdentifier] | None:
    """The extended key usages; None where the certificate names none."""
    try:
        return frozenset(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return None


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue other certificates."""
    try:
        if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except (x509.ExtensionNotFound, ValueError):
        return False
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def purposes_of(authority: x509.Certificate) -> tuple[Purpose, ...]:
    """What an authority may be known for by its own key usages: all of it where it names none."""
    uses = uses_of(authority)
    if uses is None:
        return tuple(Purpose)
    return tuple(each for each in Purpose if uses & _USES[each])


def is_for(leaf: x509.Certificate, purpose: Purpose) -> bool:
    """Whether the certificate's own key usages allow the purpose."""
    uses = uses_of(leaf)
    if uses is None or is_authority(leaf) or not uses & _USES[purpose]:
        return False
    others = _USES[Purpose.SIGNERS] if purpose is Purpose.TIME_STAMPS else _ALONE
    return not uses & others


def valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether the moment lies within the certificate's own dates."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def authority_of(
    leaf: x509.Certificate,
    others: Iterable[x509.Certificate],
    known: Sequence[x509.Certificate],
    purpose: Purpose,
    at: datetime,
) -> x509.Certificate | None:
    """The known authority behind a certificate; None where no chain of `others` leads from it to one.

    `others` come with the leaf, in any order, from strangers: each has to be an authority, valid at that moment and
    allowed to issue for this purpose. Each goes up once, so a bag of certificates that issued each other is soon walked
    through. A leaf that is itself known stands for itself.
    """
    if not is_for(leaf, purpose):
        return None
    if leaf in known:
        return leaf
    below, depth = [leaf], 0
    waiting = [each for each in others if each != leaf][: 2 * LONGEST]
    while below and depth < LONGEST:
        for each in below:
            for authority in known:
                if _issued(each, authority, depth, purpose):
                    return authority
        above = [
            each
            for each in waiting
            if valid_at(each, at) and any(_issued(one, each, depth, purpose) for one in below)
        ]
        waiting = [each for each in waiting if each not in above]
        below, depth = above, depth + 1
    return None


def _issued(below: x509.Certificate, above: x509.Certificate, depth: int, purpose: Purpose) -> bool:
    """Whether `above` issued `below`, and was allowed to; `depth` counts the authorities between them and the leaf."""
    if below.issuer != above.subject or not is_authority(above):
        return False
    uses = uses_of(above)
    if (
        uses is not None
        and not uses & _USES[purpose]
        and ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE not in uses
    ):
        return False
    longest = above.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if longest is not None and longest < depth:
        return False
    try:
        below.verify_directly_issued_by(above)
    except Exception:  # noqa: BLE001 - odd certificates raise a dozen kinds of error; they vouch for nobody
        return False
    return True
