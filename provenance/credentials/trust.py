"""Whom we know: the roots by which a signer counts as known, and the c2pa context that checks against them.

Nothing is ever fetched: no remote manifest, no revocation answer, no trust list. A list (the public C2PA one,
a partner's root) comes in as a PEM file, by GENZU_TRUST or `genzu trust add FILE`, which keeps a copy in
`<home>/trust/`. Being known says who signed; it does not say that what they say is true.
"""

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import c2pa
from cryptography import x509

from provenance.credentials.certificate import SIGNING_USES, to_pem
from provenance.credentials.identity import Identity
from provenance.errors import IdentityError
from provenance.settings import Settings

# Besides signing itself, what the chain of a time stamp is allowed to be for.
_USES = (*(each.dotted_string for each in SIGNING_USES), "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots as one PEM text, and fingerprints ("sha256:…") of signing certificates known by themselves."""

    pem: str = ""
    fingerprints: frozenset[str] = frozenset()

    @classmethod
    def of(cls, identity: Identity, settings: Settings) -> "Trust":
        """Our own signer, the files in the settings, and what `genzu trust add` keeps."""
        files = [*settings.trust, *sorted(trust_folder(settings).glob("*.pem"))]
        return cls.of_files(files, identity)

    @classmethod
    def of_files(cls, files: Sequence[Path], identity: Identity | None = None) -> "Trust":
        """The roots in PEM files, and a signer's own."""
        roots = [to_pem(read_roots(path)) for path in files]
        if identity is None:
            return cls("".join(dict.fromkeys(roots)))
        pem = "".join(dict.fromkeys([identity.root_pem or "", *roots]))
        return cls(pem, frozenset({str(identity.fingerprint)}))


def trust_folder(settings: Settings) -> Path:
    """Where added roots lie."""
    return settings.home / "trust"


def read_roots(path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file; IdentityError where it cannot be read or holds none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise IdentityError(f"the trust list {path} could not be read: {error.strerror}") from error
    except ValueError as error:
        raise IdentityError(f"the trust list {path} holds no PEM certificate") from error


def context(trust: Trust) -> "c2pa.Context":
    """The c2pa context for these roots: one a process, since a forked child cannot use its parent's."""
    return _context(os.getpid(), trust.pem)


@functools.lru_cache(maxsize=8)
def _context(_process: int, pem: str) -> "c2pa.Context":
    settings = {
        "version": 1,
        "trust": {"trust_anchors": pem or None, "trust_config": "\n".join(_USES)},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context.from_dict(settings)
