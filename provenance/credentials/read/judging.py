"""Every manifest of a file judged by us, now: what speaks against it, whose it is, and when it was signed.

The file's own manifest is checked by the library beside the file's bytes. Of those below it, the library repeats only
what is not found already in the results that were stored when they were taken in, and a stranger can store anything.
So each is put into a store of its own, with the manifests that it was made from, and checked again.

One thing cannot be checked again: whether an earlier picture fitted its credentials when it was taken in, since its
bytes are gone. Of that alone the stored results are believed, and they are told as the word of whoever signed next.
"""

import functools
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import c2pa

from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.chain import Signer, Stamp
from provenance.credentials.read.cose import CoseSignature, parse_signature
from provenance.credentials.read.identities import UNKNOWN_CERTIFICATE, identities_in
from provenance.credentials.read.jumbf import claim_of, is_update, manifests_in, signature_of, store_of
from provenance.credentials.read.signers import signer_of
from provenance.credentials.read.stamps import STAMPS, stamp_of
from provenance.credentials.read.values import listing, mapping, text
from provenance.credentials.read.verdicts import (
    EXPIRED,
    OUTSIDE,
    UNKNOWN_CLOCK,
    UNKNOWN_SIGNER,
    UNREAD_MANIFEST,
    UNREAD_STAMP,
    Judged,
    Status,
    failed,
    is_binding,
    passed,
    reason,
    statuses,
    stored,
)
from provenance.credentials.read.whole_reading import tells_all

Manifests = Mapping[str, object]
MOST_TIES = 4_000  # from a manifest to one that went into it; a history of 50 steps has 49
MOST_BYTES = 512 * 1024 * 1024  # of all stores that are put together; an honest file is read about twice
SMALL = 64 * 1024  # bytes of a store whose results are remembered; ours take 18 kB


@dataclass(slots=True)
class _Checked:
    """What the library found on one manifest."""

    failures: list[Status] = field(default_factory=list)
    passes: list[Status] = field(default_factory=list)


def judge(
    document: Mapping[str, object], active: str, order: Sequence[str], data: bytes, trust: Trust
) -> dict[str, Judged] | None:
    """The judgement on each manifest of a file; None where there are more ties between them than are looked through.

    `document` is what the library tells of the whole, `data` its store.
    """
    manifests = mapping(document.get("manifests"))
    boxes = manifests_in(data)
    if not _bounded(manifests, order, boxes):
        return None
    signatures = {label: _signature(boxes.get(label, [])) for label in order}
    checked = _checked(document, active, order, boxes, trust, signatures=signatures)
    judged = {label: Judged() for label in order}
    for label in order:
        for each in checked[label].failures:
            judged[label].add(each.code)
    for label in order:
        held = boxes.get(label, [])
        box = held[0] if len(held) == 1 else b""
        judged[label].update = is_update(box)
        signed = _Signed(mapping(manifests[label]), box, signatures[label])
        _judge_signer(judged[label], signed, checked[label], trust)
    for label in order:
        for status, words in _told_by_next(label, mapping(manifests[label]), manifests, judged[label].signer):
            judged[status.owner if status.owner in judged else active].add(status.code, words)
    return judged


def _bounded(manifests: Manifests, order: Sequence[str], boxes: Mapping[str, Sequence[bytes]]) -> bool:
    """Whether looking at each manifest with those below it stays within bounds; a stranger may tie each to all."""
    ties = size = 0
    for label in order:
        below = ingredient_manifests(mapping(manifests[label]))
        ties += len(below)
        size += sum(len(box) for each in (*below, label) for box in boxes.get(each, []))
    return ties <= MOST_TIES and size <= MOST_BYTES


def ingredient_manifests(manifest: Mapping[str, object]) -> list[str]:
    """The manifests of the pictures that one was made from."""
    named = (text(mapping(each).get("active_manifest")) for each in listing(manifest.get("ingredients")))
    return list(dict.fromkeys(each for each in named if each is not None))


def _checked(
    document: Mapping[str, object],
    active: str,
    order: Sequence[str],
    boxes: Mapping[str, Sequence[bytes]],
    trust: Trust,
    *,
    signatures: "Mapping[str, CoseSignature | None]",
) -> dict[str, _Checked]:
    """The library's findings on each manifest, from its look at the whole and from a look at each alone."""
    manifests = mapping(document.get("manifests"))
    results = mapping(document.get("validation_results"))
    whole = [
        *failed(results, active, manifests),
        *statuses(document.get("validation_status"), active, manifests),
    ]
    found = {label: _Checked() for label in order}
    found[active].passes = [each for each in passed(results, active, manifests) if each.owner == active]
    at_once = not trust.hosts and tells_all(manifests, boxes)
    again = [label for label in order if label != active and not (at_once and _unstamped(signatures[label]))]
    for each in whole:
        # A fault of something that is no step of this chain counts against the file: none is dropped.
        owner = each.owner if each.owner in found else active
        if owner not in again or not each.code.startswith(("signingCredential.", "timeStamp.")):
            found[owner].failures.append(each)
    taken_out = _redacted(manifests, order)
    for label in again:
        _look_again(label, mapping(manifests[label]), manifests, boxes, trust, found, taken_out)
    return found


def _signature(held: Sequence[bytes]) -> CoseSignature | None:
    """The signature of the one manifest box; None where there are two, or it cannot be read."""
    return parse_signature(signature_of(held[0]) or b"") if len(held) == 1 else None


def _unstamped(signature: CoseSignature | None) -> bool:
    """Whether a manifest is signed without a time stamp; what holds of a stamp is told of itself alone."""
    return signature is not None and not STAMPS & signature.header.keys()


def _look_again(
    label: str,
    manifest: Mapping[str, object],
    manifests: Manifests,
    boxes: Mapping[str, Sequence[bytes]],
    trust: Trust,
    found: dict[str, _Checked],
    taken_out: frozenset[str],
) -> None:
    """Checks one manifest as if it were a file's own, with those that it was made from."""
    below = [each for each in ingredient_manifests(manifest) if each in boxes and each != label]
    store = store_of([box for each in (*below, label) for box in boxes.get(each, [])])
    results = _remembered(store, trust) if len(store) <= SMALL else _results_of(store, trust)
    if results is None:
        found[label].failures.append(Status(label, UNREAD_MANIFEST))
        return
    for each in failed(results, label, manifests):
        of_itself = each.owner == label and not is_binding(each.code) and each.place not in taken_out
        of_an_input = each.owner in below and each.code.startswith("ingredient.")
        if (of_itself or of_an_input) and each.owner in found:
            found[each.owner].failures.append(each)
    found[label].passes = [each for each in passed(results, label, manifests) if each.owner == label]


def _results_of(store: bytes, trust: Trust) -> Mapping[str, object] | None:
    """What the library finds on the last manifest of a store; None where it cannot be read."""
    # Nobody is asked about the certificates of earlier steps.
    known = context(trust.reaching(()))
    try:
        with c2pa.Reader("application/c2pa", io.BytesIO(store), context=known) as reader:
            return mapping(mapping(json.loads(reader.json())).get("validation_results"))
    except (c2pa.C2paError, ValueError, RecursionError):
        return None


# The pictures of a delivery share their first steps, and a release reads its inputs again and again.
_remembered = functools.lru_cache(maxsize=256)(_results_of)


@dataclass(frozen=True, slots=True)
class _Signed:
    """One manifest as the library tells it, its box, and the signature in it."""

    manifest: Mapping[str, object]
    box: bytes
    signature: CoseSignature | None


def _judge_signer(judged: Judged, signed: _Signed, checked: _Checked, trust: Trust) -> None:
    """Who signed and when, by the certificates and the stamp themselves."""
    manifest, box, signature = signed.manifest, signed.box, signed.signature
    info = mapping(manifest.get("signature_info"))
    stamp = (
        _stamp(signature, box, checked, trust, text(info.get("time"), 64)) if signature is not None else None
    )
    known = signer_of(signature.certificates, stamp, trust) if signature is not None else None
    at = datetime.fromisoformat(stamp.at) if stamp is not None and stamp.counts else datetime.now(UTC)
    judged.identities = identities_in(manifest, box, checked.failures, checked.passes, trust, at)
    if judged.identities and all(each.holds for each in judged.identities):
        judged.against.pop(UNKNOWN_CERTIFICATE, None)
    if stamp is not None and not stamp.counts:
        judged.add(stamp.doubt.code if stamp.doubt is not None else UNKNOWN_CLOCK)
    if known is None:
        name = text(info.get("issuer"), 400) or text(info.get("common_name"), 400)
        judged.signer = Signer(name, "", "", False, text(info.get("time"), 64)) if name else None
        return
    signer, doubts = known
    if signer.fingerprint in trust.fingerprints or (signer.known_by and doubts):
        # Our own certificate, from an authority whose root we were not given: the library cannot know it. And of one
        # that has ended, or is for something else, that is what there is to say.
        judged.against.pop(UNKNOWN_SIGNER.code, None)
    if not {EXPIRED, OUTSIDE}.isdisjoint(doubts):
        # The library tells neither "not yet" from "no more", nor a time that is proved from one that is not.
        judged.against.pop(EXPIRED, None)
        judged.against.pop(OUTSIDE, None)
    for code in doubts:
        judged.add(code)
    doubted = any(code.startswith("signingCredential.") or code == OUTSIDE for code in judged.against)
    time = stamp.at if stamp is not None else text(info.get("time"), 64)
    judged.signer = replace(signer, known=signer.known and not doubted, time=time, stamp=stamp)


def _stamp(
    signature: CoseSignature, box: bytes, checked: _Checked, trust: Trust, told: str | None
) -> Stamp | None:
    """The stamp beside a signature, with what speaks against it; None where there is none."""
    if not STAMPS & signature.header.keys():
        return None
    stamp = stamp_of(signature, claim_of(box), trust)
    doubts = [each.code for each in checked.failures if each.code.startswith("timeStamp.")]
    whole = any(each.code == "timeStamp.validated" for each in checked.passes)
    if stamp is None or not whole:
        stamp = replace(stamp or Stamp(told or "", ""), doubt=reason(UNREAD_STAMP))
    others = [code for code in doubts if code != UNKNOWN_CLOCK or stamp.known_by]
    return replace(stamp, doubt=reason(others[0])) if others else stamp


def _told_by_next(
    label: str, manifest: Mapping[str, object], manifests: Manifests, signer: Signer | None
) -> Iterator[tuple[Status, str | None]]:
    """What the signer of a manifest found on the pictures that it was made from, and could be checked only then."""
    for each in listing(manifest.get("ingredients")):
        ingredient = mapping(each)
        owner = text(ingredient.get("active_manifest")) or label
        for status in stored(ingredient, owner, manifests):
            if signer is not None and signer.known:
                yield status, None
            else:
                yield status, f"{reason(status.code).words}, by the word of the signer of the next step"


def _redacted(manifests: Manifests, order: Sequence[str]) -> frozenset[str]:
    """The places of assertions that a later step took out, and says so."""
    return frozenset(
        place
        for label in order
        for place in map(text, listing(mapping(manifests[label]).get("redactions")))
        if place is not None
    )
