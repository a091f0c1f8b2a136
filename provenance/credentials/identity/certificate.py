"""Certificates and keys as PEM: what makes one fit to sign a claim, and how ours are made (C2PA 2.4 profile).

The signing certificate: X.509 v3, an O= in its subject, key usage digitalSignature, extended key usages
emailProtection and c2pa-kp-claimSigning, issued by a root that is not sent along. No file is touched here.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from provenance.errors import IdentityError

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
Sign: TypeAlias = Callable[[bytes], bytes]

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning
LEAF_YEARS = 5
ROOT_YEARS = 20
_YEAR = timedelta(days=365)
# What C2PA's default EKU list lets sign a claim.
SIGNING_USES = (
    CLAIM_SIGNING,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning
    ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9"),  # Microsoft C2PA signing
)
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


def new_pem(organisation: str) -> bytes:
    name = " ".join(organisation.split())
    if not name or len(name) > 64 or not name.isprintable():
        raise IdentityError(f"a signer's name has 1 to 64 printable characters, not {organisation[:80]!r}")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, f"{name} Root")
    root = (
        _builder(subject, subject, key.public_key(), ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return leaf_pem(name, root, key)


def leaf_pem(organisation: str, root: x509.Certificate, root_key: PrivateKey) -> bytes:
    """A fresh signing certificate under our root, as the bytes of `signing.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    leaf = (
        _builder(_name(organisation, f"{organisation} Signer"), root.subject, key.public_key(), LEAF_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    return to_pem([leaf, root]).encode() + key_pem(key) + key_pem(root_key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a verifier's clock may be a little behind ours
        .not_valid_after(now + years * _YEAR)
    )


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def check_chain(chain: Sequence[x509.Certificate], where: str) -> None:
    leaf, now = chain[0], datetime.now(UTC)
    if leaf.not_valid_after_utc < now:
        raise IdentityError(f"the certificate in {where} expired on {leaf.not_valid_after_utc:%Y-%m-%d}")
    if leaf.not_valid_before_utc > now:
        raise IdentityError(f"the certificate in {where} starts on {leaf.not_valid_before_utc:%Y-%m-%d}")
    try:
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        authority = basic.ca
    except x509.ExtensionNotFound:
        authority = leaf.subject == leaf.issuer
    if authority:
        raise IdentityError(f"the first certificate in {where} is an authority's; give one for signing")
    try:
        uses = set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        uses = set()
    if not uses.intersection(SIGNING_USES):
        raise IdentityError(f"the certificate in {where} is not for signing (its extended key usage says so)")
    for below, above in itertools.pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise IdentityError(f"the certificates in {where} are not each issued by the next") from error


def algorithm_of(public: object) -> str:
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return "ps256"
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in _CURVES:
        return _CURVES[public.curve.name]
    raise IdentityError("a claim is signed with P-256, P-384, P-521, Ed25519 or RSA of 2,048 bits or more")


def parse_certificates(data: bytes, where: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise IdentityError(f"{where} holds no PEM certificate") from error


def parse_key(data: bytes, where: str) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except TypeError as error:
        raise IdentityError(f"the key in {where} has a password; give it without one") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise IdentityError(f"{where} holds no PEM private key") from error
    algorithm_of(key.public_key())
    assert isinstance(key, (ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey, rsa.RSAPrivateKey))
    return key


def public_bytes(of: PrivateKey | x509.Certificate) -> bytes:
    der, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return of.public_key().public_bytes(der, form)


def subject_of(certificate: x509.Certificate) -> str:
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()


def to_pem(certificates: Sequence[x509.Certificate]) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in certificates)


def key_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@functools.lru_cache(maxsize=512)
def certificates_of(chain: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    """The certificates of a chain of DER, as signatures hold it."""
    return tuple(x509.load_der_x509_certificate(each) for each in chain)
