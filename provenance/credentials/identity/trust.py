"""Whom we know: the authorities behind signers, time stamps and identities, and the c2pa context that checks.

Three purposes are kept apart (purposes.py); each authority is known for some of them. They come from four places
(authorities.py reads them):

    our own root                        signers
    GENZU_TRUST, <home>/trust/*.pem     by the certificate's key usages; signers where it names none
    <home>/trust/time-stamps/*.pem      what `genzu trust add --for time-stamps` keeps; identities/ in the same way
    <home>/trust/lists/*.json           public lists (lists.py), by `genzu trust update`

Nothing is fetched by itself: no remote manifest, no revocation answer (OCSP), no list. Who asks for it names the hosts
that may be spoken to (`Trust.reaching`), redirects included. Being known says who signed; it does not say that what
they say is true.

The library has one pool for everything. It is given all authorities, so that it refuses nobody too early; who is known
for what is decided by us (read/signers.py, read/stamps.py).
"""

import functools
import os
import re
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import c2pa
from cryptography import x509

from provenance.credentials.identity.certificate import SIGNING_USES
from provenance.credentials.identity.purposes import Purpose, authority_of
from provenance.errors import IdentityError

OWN = "our own root"
ADDED = "an authority added here"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::\d{1,5})?", re.ASCII)
# Besides signing itself, what the chain of a time stamp is allowed to be for.
_USES = (*(each.dotted_string for each in SIGNING_USES), "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")


@dataclass(frozen=True, slots=True)
class Authorities:
    """Some certificates (PEM) that are known for one purpose, and where they come from, in words."""

    purpose: Purpose
    name: str
    pem: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures, time stamps and identities count, and fingerprints of signing certificates known by themselves.

    `hosts` may be asked for credentials and revocation, each `name` or `name:port`; none, unless somebody says so.
    """

    known: tuple[Authorities, ...] = ()
    fingerprints: frozenset[str] = frozenset()  # "sha256:…"
    hosts: tuple[str, ...] = ()

    def reaching(self, hosts: Sequence[str]) -> "Trust":
        """The same, with hosts that may be spoken to for this reading; IdentityError for what is no host."""
        hosts = [each.lower() for each in hosts]
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise IdentityError(f"a host is written 'name' or 'name:port', not {host[:80]!r}")
        return replace(self, hosts=tuple(hosts))

    def knowing(self, pem: str, *purposes: Purpose, name: str = ADDED) -> "Trust":
        """The same, and these authorities for these purposes: as signers, where none is named."""
        more = tuple(Authorities(each, name, pem) for each in purposes or (Purpose.SIGNERS,))
        return replace(self, known=(*self.known, *more))

    @property
    def pem(self) -> str:
        """All authorities as one PEM text, whatever they are known for."""
        return self.pem_for(*Purpose)

    def pem_for(self, *purposes: Purpose) -> str:
        """The authorities that are known for these purposes, as one PEM text."""
        return "".join(dict.fromkeys(each.pem for each in self.known if each.purpose in purposes))

    def known_by(
        self, leaf: x509.Certificate, others: Iterable[x509.Certificate], purpose: Purpose, at: datetime
    ) -> str:
        """The name of the list whose authority stands behind a certificate at that moment; "" where none does."""
        certificates, names = _authorities(self.known, purpose)
        found = authority_of(leaf, others, certificates, purpose, at)
        return names[certificates.index(found)] if found is not None else ""


NOBODY_KNOWN = Trust()


@functools.lru_cache(maxsize=32)
def _authorities(
    known: tuple[Authorities, ...], purpose: Purpose
) -> tuple[tuple[x509.Certificate, ...], tuple[str, ...]]:
    """The certificates that are known for a purpose, and beside each the name of its list."""
    found: list[tuple[x509.Certificate, str]] = []
    for each in known:
        if each.purpose is purpose and each.pem:
            found += [(one, each.name) for one in x509.load_pem_x509_certificates(each.pem.encode())]
    return tuple(one for one, _ in found), tuple(name for _, name in found)


def context(trust: Trust, *, followed: bool = True) -> "c2pa.Context":
    """The c2pa context for these roots: one a process, since a forked child cannot use its parent's.

    `followed`: certificates are followed to their root; without it the reader has to know them already (lately.py).
    """
    return _context(os.getpid(), trust, followed)


@functools.lru_cache(maxsize=8)
def _context(_process: int, trust: Trust, followed: bool) -> "c2pa.Context":
    hosts = trust.hosts
    settings = {
        "version": 1,
        "trust": _pool(trust.pem),
        "verify": {"verify_trust": followed, "remote_manifest_fetch": False, "ocsp_fetch": bool(hosts)},
        "core": {"allowed_network_hosts": list(hosts)},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context.from_dict(settings)


def signing_context(signer: Mapping[str, str], artist: Mapping[str, str], trust: Trust) -> "c2pa.Context":
    """A context that signs by itself, and lets an artist vouch for the credits; it holds keys, so it is not kept."""
    settings = {
        "version": 1,
        "trust": _pool(trust.pem),
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": _host_of(signer.get("tsa_url", ""))},
        "builder": {"thumbnail": {"enabled": False}},
        "signer": {"local": dict(signer)},
        "cawg_x509_signer": {
            "local": {**artist, "referenced_assertions": ["cawg.metadata"], "roles": ["cawg.creator"]}
        },
    }
    return c2pa.Context.from_dict(settings)


def _pool(pem: str) -> dict[str, str | None]:
    return {"trust_anchors": pem or None, "trust_config": "\n".join(_USES)}


def _host_of(url: str) -> list[str]:
    host = urllib.parse.urlsplit(url).netloc
    return [host] if host else []
