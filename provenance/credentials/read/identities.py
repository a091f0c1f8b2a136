"""Whom a manifest names with a proof of their own (CAWG identity assertions), and whether each proof holds.

    cawg.x509.cose                        a person's own certificate signs over assertions of the manifest
    cawg.identity_claims_aggregation      somebody else vouches: for an account in a network, for a passport

The library checks the proof itself; it never finds a person's certificate trusted, whatever authorities it has
(c2pa-rs 2599), so that is asked here, of the authorities that are known for identities and for nothing else. Whoever
aggregates claims is known to nobody here: such an identity is told as claimed, and not as checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from provenance.credentials.identity.certificate import certificates_of
from provenance.credentials.identity.purposes import Purpose, valid_at
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import IdentityClaim, Reason
from provenance.credentials.read.cose import decoded, parse_signature
from provenance.credentials.read.jumbf import assertion_of
from provenance.credentials.read.values import listing, mapping, text
from provenance.credentials.read.verdicts import NOT_ASKED, Status, reason

LABEL = "cawg.identity"
UNKNOWN_CERTIFICATE = "cawg.x509.credential.untrusted"
NOT_SAID = Reason("genzu.identity.unchecked", "nothing says that a person's identity in it was checked")
_SIGNED = "cawg.x509.signature.validated"


def identities_in(
    manifest: Mapping[str, object],
    box: bytes,
    failures: Sequence[Status],
    passes: Sequence[Status],
    trust: Trust,
    at: datetime,
) -> tuple[IdentityClaim, ...]:
    """The identity claims of a manifest. `box` is its JUMBF box, `at` when it was signed, as far as proved."""
    found: list[IdentityClaim] = []
    for each in listing(manifest.get("assertions")):
        label = text(mapping(each).get("label"), 200) or ""
        if label.split("__", 1)[0] == LABEL:
            data = mapping(mapping(each).get("data"))
            against = [one.code for one in failures if _is_about(one, label)]
            signed = any(one.code == _SIGNED and one.name == label for one in passes)
            known_by = _known_by(box, label, trust, at) if signed else ""
            holds, why = _held(against, known_by)
            found += [
                IdentityClaim(name, kind, holds, why, known_by if holds else "")
                for name, kind in _named(data)
            ]
    return tuple(dict.fromkeys(found))[:64]


def _is_about(status: Status, label: str) -> bool:
    """Whether a failure is about this assertion; one that names none of them is about each."""
    if not status.code.startswith("cawg."):
        return False
    return status.name == label or not status.name.startswith(LABEL)


def _held(against: Sequence[str], known_by: str) -> tuple[bool | None, Reason | None]:
    """Whether a proof holds, and why not; `known_by` is asked of one that was checked alone."""
    broken = [each for each in against if not each.endswith(NOT_ASKED)]
    if broken:
        return False, reason(broken[0])
    if known_by:
        return True, None
    if against:
        return None, reason(against[0])
    return None, NOT_SAID


def _known_by(box: bytes, label: str, trust: Trust, at: datetime) -> str:
    """The list that knows the authority behind the person's own certificate; "" where none does."""
    assertion = decoded(assertion_of(box, label) or b"")
    value = assertion.get("signature") if isinstance(assertion, dict) else None
    signature = parse_signature(value) if isinstance(value, bytes) else None
    if signature is None or not signature.certificates:
        return ""
    try:
        leaf, *others = certificates_of(signature.certificates)
        return trust.known_by(leaf, others, Purpose.IDENTITIES, at) if valid_at(leaf, at) else ""
    except Exception:  # noqa: BLE001 - odd certificates make cryptography raise a dozen kinds of error
        return ""


def _named(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Whom an assertion names, and by which kind of proof; "" where it cannot be read."""
    names = []
    for each in listing(data.get("verifiedIdentities")):
        identity = mapping(each)
        name = text(identity.get("name"), 400) or text(identity.get("username"), 400)
        provider = text(mapping(identity.get("provider")).get("name"), 200)
        if name is not None:
            names.append((name, provider or text(identity.get("type"), 200) or "unnamed"))
    holder = text(mapping(data.get("signature_info")).get("issuer"), 400)
    if holder is not None:
        names.append((holder, "certificate"))
    yield from names or [("", "unreadable")]
