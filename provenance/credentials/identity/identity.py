"""Who signs: a private key and the X.509 chain that names its owner.

At first start this makes a root of our own and, under it, an ES256 certificate for signing (C2PA 2.4 profile,
five years, because without a time stamp a signature counts only as long as its certificate). Both lie in one
file, so that a crash can never leave a key without its certificate:

    <home>/keys/signing.pem    0600: certificate, root, key, root's key
    <home>/keys/root.pem       the root alone, to hand to others

A certificate is renewed 60 days before it runs out, and never on a clock that may be wrong: one that was ahead for an
hour would leave a certificate that starts in the future, and nothing could be signed again. The one before is kept as
<home>/keys/signing-<8 hex digits of its fingerprint>.pem, and comes back where the newer one has not begun yet.

A studio with a certificate from an authority names its chain and key in the settings; a key that never leaves
its hardware signs through `Identity.from_callback`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from provenance.errors import IdentityError, OutputError
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.storage.atomic import put_secret, replace_secret, save
from provenance.storage.lock import locked

RENEW_BEFORE = timedelta(days=60)
AHEAD = timedelta(days=366)  # a clock further ahead of the log's last entry may be wrong
KEPT = "signing-*.pem"
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
        self.starts, self.expires = leaf.not_valid_before_utc, leaf.not_valid_after_utc
        self.notice = ""  # what is wrong with its certificate or with the clock, and the way out
        self.root_pem = to_pem([last]) if last.subject == last.issuer else None
        # RFC 9360: the root itself is not sent along; a verifier has it, or does not trust us.
        sent = chain if self.root_pem is None or len(chain) == 1 else chain[:-1]
        self.chain_pem = to_pem(sent)

    def signer(self, tsa_url: str | None = None) -> "c2pa.Signer":
        """What c2pa signs with; with `tsa_url` each signature is time-stamped there.

        IdentityError where our own certificate is not valid now.
        """
        self.need_valid()
        try:
            if callable(self._key):
                algorithm = _ALGORITHMS[self.algorithm]
                return c2pa.Signer.from_callback(self._key, algorithm, self.chain_pem, tsa_url)
            # Not by callback as well: c2pa leaves 10 kB more room in each signature of a callback.
            info = (self.algorithm.encode(), self.chain_pem.encode(), key_pem(self._key))
            return c2pa.Signer.from_info(c2pa.C2paSignerInfo(*info, tsa_url.encode() if tsa_url else None))
        except c2pa.C2paError as error:
            raise IdentityError(f"the signing certificate was not accepted: {error}") from error

    @property
    def valid(self) -> bool:
        """Whether our own certificate is valid by this computer's clock; one that was given was checked as it came."""
        return not self.own or self.valid_at(datetime.now(UTC))

    def need_valid(self) -> None:
        """Raises IdentityError where our own certificate has not begun, or has run out."""
        if not self.valid:
            raise IdentityError(
                self.notice
                or f"the signing certificate is valid from {self.starts:%Y-%m-%d} to {self.expires:%Y-%m-%d}, and this "
                f"computer's clock says {datetime.now(UTC):%Y-%m-%d}: set the clock, or run `genzu init`"
            )

    def valid_at(self, now: datetime) -> bool:
        return self.starts <= now <= self.expires

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


def open_identity(settings: Settings, *, last: datetime | None = None, renew: bool = False) -> Identity:
    """The signer that the settings name, or our own, made now if this is the first start.

    `last` is when the log was last written to: a clock that is a year and more ahead of it renews nothing, unless it
    is told to (`renew`). What keeps the certificate from being of use is its `notice`.
    """
    if settings.signing_chain is not None or settings.signing_key is not None:
        return _given(settings.signing_chain, settings.signing_key)
    path = settings.keys / "signing.pem"
    if settings.signing_identity:
        _give(path, settings.signing_identity)
    elif not path.exists():
        _create(path, new_pem(settings.signer_name))
    now, identity = datetime.now(UTC), _own(path)[0]
    if renew or identity.starts > now or _runs_out(identity, now):
        # One after the other: a second one would put a new certificate in the place of one that is signed with by now.
        with _turn(settings.keys):
            identity = _begun(path, now)
            if renew or _runs_out(identity, now):
                identity = _renewed(path, identity, now, last, renew=renew)
    _export_root(settings.keys / "root.pem", identity)
    return identity


def _runs_out(identity: Identity, now: datetime) -> bool:
    return identity.expires - now < RENEW_BEFORE


@contextmanager
def _turn(keys: Path) -> Iterator[None]:
    try:
        file = keys.with_name(f"{keys.name}-turn").open("ab")
    except OSError as error:
        raise IdentityError.of(error, "the signing certificate cannot be renewed") from error
    with file, locked(file):
        yield


def _begun(path: Path, now: datetime) -> Identity:
    """Our identity with a certificate that has begun: an older one, or a new one, where that at hand has not."""
    identity, root, root_key = _own(path)
    if identity.starts <= now:
        return identity
    kept = [each for each in path.parent.glob(KEPT) if _own(each)[0].valid_at(now)]
    if kept:
        older = max(kept, key=lambda each: _own(each)[0].expires)
        data = _read(older)
        _keep(path, identity)
        _replace(path, data)
    elif root.not_valid_before_utc <= now:
        _keep(path, identity)
        _replace(path, leaf_pem(identity.name, root, root_key))
    else:
        identity.notice = (
            f"the signing certificate starts on {identity.starts:%Y-%m-%d}, and this computer's clock says "
            f"{now:%Y-%m-%d}: set the clock. If it was wrong when the archive was begun, move {path} away and run "
            "`genzu init`, which makes another signer; hand out its root.pem again"
        )
        return identity
    return _own(path)[0]


def _renewed(
    path: Path, identity: Identity, now: datetime, last: datetime | None, *, renew: bool
) -> Identity:
    """Our identity with a new certificate, the old one kept; or as it is, with a notice, on a doubtful clock."""
    if last is not None and now - last > AHEAD and not renew:
        identity.notice = (
            f"the signing certificate runs out on {identity.expires:%Y-%m-%d} and was not renewed: this computer's "
            f"clock says {now:%Y-%m-%d}, and the log was last written to on {last:%Y-%m-%d}. Set the clock; if it is "
            "right, `genzu init --renew` renews the certificate"
        )
        return identity
    _, root, root_key = _own(path)
    _keep(path, identity)
    _replace(path, leaf_pem(identity.name, root, root_key))
    return _own(path)[0]


def _keep(path: Path, identity: Identity) -> None:
    """A copy of the identity under a name of its own."""
    _create(path.with_name(KEPT.replace("*", identity.fingerprint.hex[:8])), _read(path))


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
        raise IdentityError.of(error, f"{path} could not be read") from error


def _create(path: Path, data: bytes) -> None:
    try:
        put_secret(path, data)
    except OSError as error:
        raise IdentityError.of(error, f"no signing key could be kept in {path.parent}") from error


def _replace(path: Path, data: bytes) -> None:
    try:
        replace_secret(path, data)
    except OSError as error:
        raise IdentityError.of(error, f"{path} could not be written") from error


def _export_root(path: Path, identity: Identity) -> None:
    if identity.root_pem is None or (path.exists() and path.read_text() == identity.root_pem):
        return
    try:
        save(path, identity.root_pem.encode())
    except OutputError as error:
        raise IdentityError(str(error)) from error
