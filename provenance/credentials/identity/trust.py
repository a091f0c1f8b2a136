"""Whom we know: the roots by which a signer counts as known, and the c2pa context that checks against them.

Nothing is fetched by itself: no remote manifest, no revocation answer (OCSP), no trust list. A list (the public C2PA
one, a partner's root) comes in as a PEM file, by GENZU_TRUST or `genzu trust add FILE`, which keeps a copy in
`<home>/trust/`. Who asks for it names the hosts that may be spoken to (`Trust.reaching`), redirects included.
Being known says who signed; it does not say that what they say is true.
"""

import functools
import os
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.credentials.identity.certificate import SIGNING_USES, subject_of, to_pem
from provenance.credentials.identity.identity import Identity
from provenance.errors import IdentityError
from provenance.settings import Settings

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::\d{1,5})?", re.ASCII)
# Besides signing itself, what the chain of a time stamp is allowed to be for.
_USES = (*(each.dotted_string for each in SIGNING_USES), "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots as one PEM text, and fingerprints ("sha256:…") of signing certificates known by themselves.

    `hosts` may be asked for credentials and revocation, each `name` or `name:port`; none, unless somebody says so.
    """

    pem: str = ""
    fingerprints: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()

    def reaching(self, hosts: Sequence[str]) -> "Trust":
        """The same roots, with hosts that may be spoken to for this reading; IdentityError for what is no host."""
        hosts = [each.lower() for each in hosts]
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise IdentityError(f"a host is written 'name' or 'name:port', not {host[:80]!r}")
        return replace(self, hosts=tuple(hosts))

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
    return _context(os.getpid(), trust.pem, trust.hosts)


@functools.lru_cache(maxsize=8)
def _context(_process: int, pem: str, hosts: tuple[str, ...]) -> "c2pa.Context":
    settings = {
        "version": 1,
        "trust": {"trust_anchors": pem or None, "trust_config": "\n".join(_USES)},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": bool(hosts)},
        "core": {"allowed_network_hosts": list(hosts)},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context.from_dict(settings)


def signing_context(signer: Mapping[str, str], artist: Mapping[str, str]) -> "c2pa.Context":
    """A context that signs by itself, and lets an artist vouch for the credits; it holds keys, so it is not kept."""
    settings = {
        "version": 1,
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": _host_of(signer.get("tsa_url", ""))},
        "builder": {"thumbnail": {"enabled": False}},
        "signer": {"local": dict(signer)},
        "cawg_x509_signer": {
            "local": {**artist, "referenced_assertions": ["cawg.metadata"], "roles": ["cawg.creator"]}
        },
    }
    return c2pa.Context.from_dict(settings)


def _host_of(url: str) -> list[str]:
    host = urllib.parse.urlsplit(url).netloc
    return [host] if host else []


@dataclass(frozen=True, slots=True)
class Root:
    """One root that counts, and where it comes from: "own", a file named in the settings, or "added"."""

    name: str
    fingerprint: str
    expires: str
    origin: str


def known_roots(settings: Settings) -> list[Root]:
    """Every root by which a signer counts as known here; nothing is made if this is the first start."""
    own = settings.keys / "root.pem"
    found = [_root(each, "own") for each in (read_roots(own) if own.exists() else [])]
    for path in settings.trust:
        found += [_root(each, str(path)) for each in read_roots(path)]
    for path in sorted(trust_folder(settings).glob("*.pem")):
        found += [_root(each, "added") for each in read_roots(path)]
    return list({each.fingerprint: each for each in reversed(found)}.values())[::-1]


def add_roots(settings: Settings, path: Path) -> list[Root]:
    """Keeps a copy of the authorities in a PEM file: one, or a whole trust list."""
    certificates = read_roots(path)
    for each in certificates:
        if not _is_authority(each):
            raise IdentityError(
                f"{subject_of(each)!r} in {path} is a signer, not an authority; add the root above it"
            )
    folder = trust_folder(settings)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in certificates:
            name = each.fingerprint(hashes.SHA256()).hex()
            staged = folder / f".{name}"
            staged.write_text(to_pem([each]))
            staged.replace(folder / f"{name}.pem")
    except OSError as error:
        raise IdentityError(f"{folder} could not be written: {error.strerror}") from error
    return [_root(each, "added") for each in certificates]


def remove_root(settings: Settings, which: str) -> Root:
    """Forgets an added root, named by its fingerprint or the beginning of it (8 digits or more)."""
    wanted = which.removeprefix("sha256:").lower()
    added = [path for path in trust_folder(settings).glob("*.pem") if path.stem.startswith(wanted)]
    if len(wanted) < 8 or len(added) != 1:
        raise IdentityError(
            f"{which[:80]!r} names {len(added) if len(wanted) >= 8 else 'no'} added root; "
            "give the fingerprint that `genzu trust list` shows"
        )
    root = _root(read_roots(added[0])[0], "added")
    try:
        added[0].unlink()
    except OSError as error:
        raise IdentityError(f"{added[0]} could not be removed: {error.strerror}") from error
    return root


def _root(certificate: x509.Certificate, origin: str) -> Root:
    digest = certificate.fingerprint(hashes.SHA256()).hex()
    expires = certificate.not_valid_after_utc.strftime("%Y-%m-%d")
    return Root(certificate.subject.rfc4514_string(), f"sha256:{digest}", expires, origin)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False
