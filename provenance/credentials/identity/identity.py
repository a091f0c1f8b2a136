"""Who signs: a private key and the X.509 chain that names its owner.

At first start this makes a root of our own and, under it, an ES256 certificate for signing (C2PA 2.4 profile,
five years, because without a time stamp a signature counts only as long as its certificate). Both lie in one
file, so that a crash can never leave a key without its certificate:

    <home>/keys/signing.pem    0600: certificate, root, key, root's key
    <home>/keys/root.pem       the root alone, to hand to others

A studio with a certificate from an authority names its chain and key in the settings; a key that never leaves
its hardware signs through `Identity.from_callback`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.credentials.identity.certificate import (
    PrivateKey,
    Sign,
    algorithm_of,
    check_chain,
    key_pem,
    leaf_pem,
    new_pem,
    parse_certificates,
    parse_key,
    public_bytes,
    subject_of,
    to_pem,
)
from provenance.errors import IdentityError
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.storage.atomic import put_secret, replace_secret

RENEW_BEFORE = timedelta(days=60)
_ALGORITHMS = {
    "es256": c2pa.C2paSigningAlg.ES256,
    "es384": c2pa.C2paSigningAlg.ES384,
    "es512": c2pa.C2paSigningAlg.ES512,
    "ps256": c2pa.C2paSigningAlg.PS256,
    "ed25519": c2pa.C2paSigningAlg.ED25519,
}


class Identity:
    """A signer. `chain_pem` is public, leaf first; the private key, or the way to it, stays inside."""

    def __init__(
        self, key: PrivateKey | Sign, chain: Sequence[x509.Certificate], algorithm: str, *, own: bool
    ) -> None:
        leaf, last = chain[0], chain[-1]
        self._key = key
        self.algorithm = algorithm  # COSE names in lower case: es256, es384, es512, ps256, ed25519
        self.own = own
        self.fingerprint = Digest(leaf.fingerprint(hashes.SHA256()))
        self.name = subject_of(leaf)
        self.expires = leaf.not_valid_after_utc
        self.root_pem = to_pem([last]) if last.subject == last.issuer else None
        # RFC 9360: the root itself is not sent along; a verifier has it, or does not trust us.
        sent = chain if self.root_pem is None or len(chain) == 1 else chain[:-1]
        self.chain_pem = to_pem(sent)

    def signer(self, tsa_url: str | None = None) -> "c2pa.Signer":
        """What c2pa signs with; with `tsa_url` each signature is time-stamped there."""
        try:
            if callable(self._key):
                algorithm = _ALGORITHMS[self.algorithm]
                return c2pa.Signer.from_callback(self._key, algorithm, self.chain_pem, tsa_url)
            # Not by callback as well: c2pa leaves 10 kB more room in each signature of a callback.
            info = (self.algorithm.encode(), self.chain_pem.encode(), key_pem(self._key))
            return c2pa.Signer.from_info(c2pa.C2paSignerInfo(*info, tsa_url.encode() if tsa_url else None))
        except c2pa.C2paError as error:
            raise IdentityError(f"the signing certificate was not accepted: {error}") from error

    def local(self) -> dict[str, str]:
        """Chain and key as the library's settings take them; IdentityError where the key is not at hand."""
        if callable(self._key):
            raise IdentityError("a key in a KMS or HSM cannot sign together with an artist's own certificate")
        key = key_pem(self._key).decode()
        return {"alg": self.algorithm, "sign_cert": self.chain_pem, "private_key": key}

    @classmethod
    def from_callback(cls, sign: Sign, chain_pem: str, algorithm: str | None = None) -> "Identity":
        """The signer whose key a KMS or HSM holds.

        `sign` gives COSE signatures over the bytes it gets: for ECDSA r and s side by side, not DER.
        """
        chain = parse_certificates(chain_pem.encode(), "the chain")
        check_chain(chain, "the chain")
        return cls(sign, chain, algorithm or algorithm_of(chain[0].public_key()), own=False)


def open_identity(settings: Settings) -> Identity:
    """The signer that the settings name, or our own, made now if this is the first start."""
    if settings.signing_chain is not None or settings.signing_key is not None:
        return _given(settings.signing_chain, settings.signing_key)
    path = settings.keys / "signing.pem"
    if settings.signing_identity:
        _give(path, settings.signing_identity)
    elif not path.exists():
        _create(path, new_pem(settings.signer_name))
    identity, root, root_key = _own(path)
    if identity.expires - datetime.now(UTC) < RENEW_BEFORE:
        _replace(path, leaf_pem(identity.name, root, root_key))
        identity, root, root_key = _own(path)
    _export_root(settings.keys / "root.pem", identity)
    return identity


def read_identity(settings: Settings) -> Identity | None:
    """The signer as it stands, made and renewed by nobody; None before the first start."""
    if settings.signing_chain is not None or settings.signing_key is not None:
        return _given(settings.signing_chain, settings.signing_key)
    path = settings.keys / "signing.pem"
    return _own(path)[0] if path.exists() else None


def read_artist(chain: Path, key: Path) -> Identity:
    """An artist's own certificate and key (CAWG X.509 identity); IdentityError where they do not fit."""
    return _given(chain, key)


def _given(chain_path: Path | None, key_path: Path | None) -> Identity:
    if chain_path is None or key_path is None:
        missing = "GENZU_SIGNING_KEY" if key_path is None else "GENZU_SIGNING_CHAIN"
        raise IdentityError(f"a certificate chain and its key go together: {missing} is not set")
    chain = parse_certificates(_read(chain_path), str(chain_path))
    key = parse_key(_read(key_path), str(key_path))
    if public_bytes(key) != public_bytes(chain[0]):
        raise IdentityError(f"the key in {key_path} does not belong to the first certificate in {chain_path}")
    check_chain(chain, str(chain_path))
    return Identity(key, chain, algorithm_of(key.public_key()), own=False)


def _give(path: Path, text: str) -> None:
    """Puts the identity that came as text where ours lies; one that is there may have been renewed since."""
    given = _parse(text.encode(), "GENZU_SIGNING_IDENTITY")[0]
    _create(path, text.encode())
    if _own(path)[0].root_pem != given.root_pem:
        raise IdentityError(
            f"{path} is another identity than GENZU_SIGNING_IDENTITY; unset that, or give another --home"
        )


def _own(path: Path) -> tuple[Identity, x509.Certificate, PrivateKey]:
    return _parse(_read(path), str(path))


def _parse(data: bytes, place: str) -> tuple[Identity, x509.Certificate, PrivateKey]:
    chain = parse_certificates(data, place)
    blocks = data.split(b"-----BEGIN PRIVATE KEY-----")
    if len(chain) != 2 or len(blocks) != 3:
        raise IdentityError(f"{place} is not what was written at first start; restore it from a copy")
    leaf_key, root_key = (parse_key(b"-----BEGIN PRIVATE KEY-----" + each, place) for each in blocks[1:])
    if public_bytes(leaf_key) != public_bytes(chain[0]) or public_bytes(root_key) != public_bytes(chain[1]):
        raise IdentityError(f"a key in {place} does not belong to its certificate; restore it from a copy")
    identity = Identity(leaf_key, chain, algorithm_of(leaf_key.public_key()), own=True)
    return identity, chain[1], root_key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IdentityError(f"{path} could not be read: {error.strerror}") from error


def _create(path: Path, data: bytes) -> None:
    try:
        put_secret(path, data)
    except OSError as error:
        raise IdentityError(f"no signing key could be kept in {path.parent}: {error.strerror}") from error


def _replace(path: Path, data: bytes) -> None:
    try:
        replace_secret(path, data)
    except OSError as error:
        raise IdentityError(f"no renewed key could be kept in {path}: {error.strerror}") from error


def _export_root(path: Path, identity: Identity) -> None:
    if identity.root_pem is None or (path.exists() and path.read_text() == identity.root_pem):
        return
    _replace(path, identity.root_pem.encode())
    path.chmod(0o644)
