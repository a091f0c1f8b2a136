"""Authorities, signers and time-stamp authorities of strangers, with the key usages that a test asks for."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import c2pa
from credential_samples import file, png_chunks, with_good_checksums
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from stamp_authority import StampAuthority

from provenance.credentials.identity.certificate import CLAIM_SIGNING, to_pem
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import NOBODY_KNOWN, Trust, context
from provenance.credentials.read.cose import CoseSignature, byte_string, countersigned, parse_signature
from provenance.credentials.read.jumbf import claim_of, manifests_in, signature_of

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)
SIGNING = (ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING)
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass
class Guild:
    """A root that issues whatever is wanted."""

    name: str = "Guild"

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self.issue(self.name, self.key, (), authority=True, by=None)
        self.pem = to_pem([self.root])

    def issue(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
        uses: Sequence[ObjectIdentifier] = SIGNING,
        *,
        authority: bool = False,
        starts: datetime = NOW - timedelta(days=2),
        ends: datetime = NOW + YEAR,
        by: "tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None" = None,
        path_length: int | None = None,
        critical_uses: bool = False,
    ) -> x509.Certificate:
        """A certificate; by the root unless somebody else issues it."""
        issuer, signing_key = by or (getattr(self, "root", None), self.key)
        subject = _name(self.name, name)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer is not None else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
            .add_extension(_usage(authority=authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
            )
        )
        if uses:
            builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=critical_uses)
        return builder.sign(signing_key, hashes.SHA256())

    def signer(
        self, name: str = "Stranger", uses: Sequence[ObjectIdentifier] = SIGNING, **more: object
    ) -> Identity:
        """A signing identity right under the root."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self.issue(name, key, uses, **more)  # type: ignore[arg-type]
        return Identity(key, [leaf, self.root], "es256", own=False)


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False)


# -- files of strangers ------------------------------------------------------------------------------------------


def signed_by(
    identity: Identity,
    *,
    kind: str = "digitalCreation",
    definition: Mapping[str, object] | None = None,
    parents: Sequence[bytes] = (),
    version: int = 2,
    tsa_url: str | None = None,
    trust: Trust = NOBODY_KNOWN,
    seed: int = 1,
) -> bytes:
    """A PNG with the plainest manifest there is, over the first parent where one is given."""
    action = {"action": "c2pa.created", "digitalSourceType": IPTC + kind}
    if parents:
        action = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parent-0"]}}
    told = {
        "claim_version": version,
        "format": "image/png",
        "claim_generator_info": [{"name": "Stranger", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
        **(definition or {}),
    }
    builder = c2pa.Builder(json.dumps(told), context(trust))
    for number, each in enumerate(parents):
        about = {"title": "parent", "label": f"parent-{number}", "relationship": "parentOf"}
        builder.add_ingredient(json.dumps(about), "image/png", io.BytesIO(each))
    target = io.BytesIO()
    builder.sign(identity.signer(tsa_url), "image/png", io.BytesIO(file(seed=seed)), target)
    return target.getvalue()


def leaf_of(identity: Identity) -> x509.Certificate:
    return x509.load_pem_x509_certificates(identity.chain_pem.encode())[0]


def with_leaf(
    guild: Guild,
    identity: Identity,
    data: bytes,
    *,
    starts: datetime,
    ends: datetime,
    clock: StampAuthority | None = None,
) -> bytes:
    """The file signed anew with a certificate of other dates for the same key, and stamped anew by a clock.

    The library signs with no certificate that has ended; an honest file of last year has just that.
    """
    old = leaf_of(identity).public_bytes(serialization.Encoding.DER)
    key = identity._key
    assert isinstance(key, ec.EllipticCurvePrivateKey) and data.count(old) == 1

    def issued() -> bytes:
        return guild.issue("Stranger", key, starts=starts, ends=ends).public_bytes(serialization.Encoding.DER)

    before = _parts(data)
    data = data.replace(old, _as_long_as(old, issued))
    signature, claim = _parts(data)
    new = _raw(key.sign(_structure(b"Signature1", signature, claim), ec.ECDSA(hashes.SHA256())))
    data = data.replace(signature.value, new)
    if clock is not None:
        data = _stamped_anew(data, before, clock)
    return with_good_checksums(data)


def _stamped_anew(data: bytes, before: tuple[CoseSignature, bytes], clock: StampAuthority) -> bytes:
    """The file with a stamp over its new signature in place of the one that was asked for last."""
    then, now = _to_stamp(*before), _to_stamp(*_parts(data))
    asked = (clock.folder / "query").read_bytes()
    request = asked.replace(sha256(then).digest(), sha256(now).digest())
    assert request != asked
    token = before[0].header.get("sigTst2") or before[0].header["sigTst"]
    old = token["tstTokens"][0]["val"]  # type: ignore[index,call-overload]

    def stamped() -> bytes:
        answer = clock.answer(request)
        return answer if "sigTst" in before[0].header else answer[answer.index(_GRANTED) + len(_GRANTED) :]

    return data.replace(old, _as_long_as(old, stamped))


def _to_stamp(signature: CoseSignature, claim: bytes) -> bytes:
    return countersigned(signature, byte_string(signature.value) if "sigTst2" in signature.header else claim)


_GRANTED = b"\x30\x03\x02\x01\x00"


def _as_long_as(old: bytes, make: Callable[[], bytes]) -> bytes:
    """A new one of the same length: a signature in DER has 70 to 72 bytes, and one in a hundred has less."""
    return next(new for new in (make() for _ in range(4000)) if len(new) == len(old))


def _parts(data: bytes) -> tuple[CoseSignature, bytes]:
    """Signature and claim of a PNG with one manifest."""
    store = next(raw[8:-4] for kind, raw in png_chunks(data) if kind == b"caBX")
    ((box,),) = manifests_in(store).values()
    signature, claim = parse_signature(signature_of(box) or b""), claim_of(box)
    assert signature is not None and claim is not None
    return signature, claim


def _structure(context: bytes, signature: CoseSignature, payload: bytes) -> bytes:
    parts = (signature.protected, b"", payload)
    return b"\x84" + bytes([0x60 | len(context)]) + context + b"".join(map(byte_string, parts))


def _raw(der: bytes) -> bytes:
    return b"".join(each.to_bytes(32, "big") for each in decode_dss_signature(der))
