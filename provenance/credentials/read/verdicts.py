"""C2PA's validation codes as verdicts, and in words that a painter understands.

The library's own `validation_state` is no verdict on a chain: a child signed over a tampered parent reads
"Trusted". So every code of every manifest is looked at here; one that we do not know never counts as fine.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from provenance.credentials.read.chain import ChainStep, IdentityClaim, Reason, Signer, Verdict
from provenance.credentials.read.values import listing, mapping, text

_LABEL = re.compile(r"self#jumbf=/?c2pa/([^/]+)")
EXPIRED = "signingCredential.expired"
OUTSIDE = "claimSignature.outsideValidity"
NOT_FOR_SIGNING = "signingCredential.invalid"

# About who signed or when, not about what was signed.
_UNKNOWN_SIGNER = {
    "signingCredential.untrusted": "who signed it is not known here",
    EXPIRED: "its certificate has expired, and no time stamp that counts here says that it was signed before",
    NOT_FOR_SIGNING: "its certificate is not one for signing credentials",
    "signingCredential.revoked": "the authority that issued its certificate has withdrawn it",
    "signingCredential.ocsp.revoked": "the authority that issued its certificate has withdrawn it",
    OUTSIDE: "it was signed when its certificate was not valid: before its first day, or after its last",
}
_ALTERED = {
    "assertion.dataHash.mismatch": "the file was changed after it was signed",
    "assertion.bmffHash.mismatch": "the file was changed after it was signed",
    "assertion.boxesHash.mismatch": "the file was changed after it was signed",
    "assertion.hashedURI.mismatch": "what its credentials say was changed after they were signed",
    "assertion.missing": "a part of its credentials was taken out after they were signed",
    "assertion.undeclared": "something was put into its credentials after they were signed",
    "claimSignature.mismatch": "its signature does not fit what its credentials say",
    "claimSignature.missing": "its signature was taken out",
    "claim.hardBindings.missing": "nothing ties its credentials to this picture",
    "ingredient.manifest.mismatch": "the credentials of this earlier picture were changed afterwards",
    "ingredient.manifest.missing": "the credentials of an earlier picture were taken out",
    "ingredient.hashedURI.mismatch": "the credentials of this earlier picture were changed afterwards",
    "ingredient.claimSignature.mismatch": "the credentials of this earlier picture were changed afterwards",
    "ingredient.claimSignature.missing": "the signature of this earlier picture was taken out",
}
UNKNOWN_CLOCK = "timeStamp.untrusted"
UNREAD_MANIFEST = "genzu.manifest.unread"
UNREAD_STAMP = "genzu.timeStamp.unread"
_NOTES = {
    UNREAD_STAMP: "its time stamp is of a form that we cannot read; the time is not proved",
    "timeStamp.mismatch": "its time stamp is not for this signature; the time is not proved",
    UNKNOWN_CLOCK: "who gave its time stamp is not known here",
    "timeStamp.malformed": "its time stamp cannot be read",
    "timeStamp.outsideValidity": "its time stamp was made with a certificate that was not valid",
}
_BINDING = (
    "assertion.dataHash.",
    "assertion.bmffHash.",
    "assertion.boxesHash.",
    "assertion.collectionHash.",
    "assertion.multiAssetHash.",
)
# What we find ourselves on an earlier manifest, so that nobody's word for it is needed.
_JUDGED_ANEW = (
    "signingCredential.",
    "timeStamp.",
    "claimSignature.",
    "claim.",
    "assertion.",
    "ingredient.",
    "manifest.",
    "algorithm.",
    "cawg.",
)
# CAWG identity: who somebody named in the credentials is. It stands apart from what was signed, and by whom.
_IDENTITY = "cawg."
NOT_ASKED = (
    ".untrusted",
    ".untrusted_issuer",
    ".did_unavailable",
    ".revocation.unavailable",
    ".trusted_issuer.unavailable",
)
_SEVERITY = (Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN, Verdict.NOT_CHECKED, Verdict.ALTERED)

# How the library's errors begin where a file, not its credentials, is beyond it.
PRERELEASE = "prerelease content"
NO_CONTAINER = ("NotSupported", "Other: asset could not be parsed", "Io")

NO_CREDENTIALS = Reason(
    "genzu.credentials.none",
    "there are no Content Credentials in this file; that does not say who or what made it",
)
UNSIGNED_INPUT = Reason(
    "genzu.ingredient.unsigned", "it came in without Content Credentials, and nothing states how it was made"
)
UNREAD_INPUT = Reason("genzu.ingredient.unread", "it came in with credentials that could not be read")
MISSING_INPUT = Reason("genzu.ingredient.missing", "its credentials are named, but they are not in the file")
REDACTED = "genzu.redacted"
UNKNOWN_SIGNER = Reason("signingCredential.untrusted", _UNKNOWN_SIGNER["signingCredential.untrusted"])


def reason(code: str) -> Reason:
    """A failure code in words; one that we do not know is said to be just that."""
    words = _ALTERED.get(code) or _UNKNOWN_SIGNER.get(code) or _NOTES.get(code)
    if words is None and code.startswith(_IDENTITY):
        words = _identity_words(code)
    if code == UNREAD_MANIFEST:
        words = "the credentials of this earlier picture could not be checked by themselves"
    if words is None and _changed(code):
        words = "something in it was changed after it was signed"
    return Reason(code, words or "its credentials break a rule of the standard, so they could not be checked")


def _identity_words(code: str) -> str:
    if code.endswith((".untrusted", ".untrusted_issuer")):
        return "who vouches for a person's identity in it is not known here"
    if code.endswith(NOT_ASKED):
        return "a person's identity in it was not looked up"
    return "a person's identity in it does not hold"


def verdict_of(codes: Iterable[str]) -> Verdict:
    """The verdict on one manifest by its failure codes; whether the signer is known is asked apart."""
    worst = Verdict.INTACT_KNOWN
    for code in codes:
        if code in _NOTES or code.startswith(("timeStamp.", _IDENTITY)):
            continue
        if _changed(code):
            found = Verdict.ALTERED
        elif code in _UNKNOWN_SIGNER:
            found = Verdict.INTACT_UNKNOWN
        else:
            found = Verdict.NOT_CHECKED
        worst = worse(worst, found)
    return worst


def of_step(found: Reason, step: ChainStep) -> Reason:
    """What is to be said of an earlier step, with the step's name."""
    return Reason(found.code, f"an earlier step, {step.title!r}: {found.words}")


def changes_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """What was altered before all else that is to be said, such as that a signer is not known."""
    return tuple(sorted(reasons, key=lambda each: not _changed(each.code)))


def worse(one: Verdict, other: Verdict) -> Verdict:
    """The graver of two; NO_CREDENTIALS weighs nothing, since missing credentials prove nothing."""
    ranks = [_SEVERITY.index(each) if each in _SEVERITY else 0 for each in (one, other)]
    return other if ranks[1] > ranks[0] else one


@dataclass(frozen=True, slots=True)
class Status:
    """One thing that the library found: a code of C2PA's, the manifest that it is about, and the place in it."""

    owner: str
    code: str
    place: str = ""

    @property
    def name(self) -> str:
        """The label of the assertion that it is about."""
        return self.place.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Judged:
    """One manifest: what speaks against it by code, in order; its signer; the identities that it names.

    `update`: it only adds to what was said of the picture that it names.
    """

    against: dict[str, Reason] = field(default_factory=dict)
    signer: Signer | None = None
    identities: tuple[IdentityClaim, ...] = ()
    update: bool = False

    def add(self, code: str, words: str | None = None) -> None:
        self.against.setdefault(code, Reason(code, words) if words else reason(code))


def failed(results: Mapping[str, object], owner: str, manifests: Mapping[str, object]) -> list[Status]:
    """What speaks against a manifest in the results of one check, with what the library only notes in passing."""
    found = mapping(results.get("activeManifest"))
    noted = [
        each
        for each in statuses(found.get("informational"), owner, manifests)
        if each.code in _NOTES or each.code.startswith(_IDENTITY)
    ]
    return [*noted, *statuses(found.get("failure"), owner, manifests), *_deltas(results, owner, manifests)]


def passed(results: Mapping[str, object], owner: str, manifests: Mapping[str, object]) -> list[Status]:
    """What was checked and holds."""
    return list(statuses(mapping(results.get("activeManifest")).get("success"), owner, manifests))


def statuses(found: object, owner: str, manifests: Mapping[str, object]) -> Iterator[Status]:
    """A list of the library's codes, each with the manifest that its address names, else with its `owner`."""
    for each in listing(found):
        status = mapping(each)
        code, place = text(status.get("code"), 200), text(status.get("url")) or ""
        if code is None:
            continue
        match = _LABEL.search(place)
        named = match.group(1) if match is not None else place
        yield Status(named if named in manifests else owner, code, place)


def stored(ingredient: Mapping[str, object], owner: str, manifests: Mapping[str, object]) -> list[Status]:
    """What the signer of a manifest found on an earlier picture and could be checked only then."""
    results = mapping(ingredient.get("validation_results"))
    told = [
        *statuses(mapping(results.get("activeManifest")).get("failure"), owner, manifests),
        *_deltas(results, owner, manifests),
        *statuses(ingredient.get("validation_status"), owner, manifests),
    ]
    return [each for each in told if is_binding(each.code) or not each.code.startswith(_JUDGED_ANEW)]


def is_binding(code: str) -> bool:
    """Whether a code is about the tie between a manifest and the bytes of its picture."""
    return code.startswith(_BINDING)


def fits(against: Iterable[str]) -> bool:
    """Whether a manifest is tied to the bytes that it was checked beside, by the codes that speak against it."""
    return not any(is_binding(code) or code == "claim.hardBindings.missing" for code in against)


def fits_its_file(results: Mapping[str, object]) -> bool:
    """The same, by the library's results on it."""
    found = mapping(results.get("activeManifest")).get("failure")
    return fits(text(mapping(each).get("code")) or "" for each in listing(found))


def vouched(document: Mapping[str, object], active: str) -> frozenset[str]:
    """The file's own manifest, where its signer's authority was asked and says that the certificate stands."""
    told = mapping(mapping(document.get("validation_results")).get("activeManifest")).get("success")
    codes = {text(mapping(each).get("code")) for each in listing(told)}
    return frozenset({active} if "signingCredential.ocsp.notRevoked" in codes else ())


def _deltas(results: Mapping[str, object], owner: str, manifests: Mapping[str, object]) -> list[Status]:
    """What was found on the ingredients below a manifest."""
    found: list[Status] = []
    for each in listing(results.get("ingredientDeltas")):
        delta = mapping(each)
        below = _ingredient_manifest(text(delta.get("ingredientAssertionURI")) or "", manifests) or owner
        found += statuses(mapping(delta.get("validationDeltas")).get("failure"), below, manifests)
    return found


def _changed(code: str) -> bool:
    return code in _ALTERED or (code.endswith(".mismatch") and not code.startswith(("timeStamp.", _IDENTITY)))


def _ingredient_manifest(uri: str, manifests: Mapping[str, object]) -> str | None:
    """The manifest that an ingredient assertion brings in, by the assertion's URI."""
    match = _LABEL.search(uri)
    if match is None:
        return None
    name = uri.rsplit("/", 1)[-1]
    for each in listing(mapping(manifests.get(match.group(1))).get("ingredients")):
        if mapping(each).get("label") == name:
            return text(mapping(each).get("active_manifest"))
    return None
