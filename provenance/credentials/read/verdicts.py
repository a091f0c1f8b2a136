"""C2PA's validation codes as verdicts, and in words that a painter understands.

The library's own `validation_state` is no verdict on a chain: a child signed over a tampered parent reads
"Trusted". So every code of every manifest is looked at here; one that we do not know never counts as fine.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from provenance.credentials.read.chain import Reason, Verdict
from provenance.credentials.read.contents import listing, mapping, text

_LABEL = re.compile(r"self#jumbf=/?c2pa/([^/]+)")

# About who signed or when, not about what was signed.
_UNKNOWN_SIGNER = {
    "signingCredential.untrusted": "who signed it is not known here",
    "signingCredential.expired": "it was signed with a certificate that had expired",
    "signingCredential.invalid": "its certificate is not one for signing credentials",
    "signingCredential.revoked": "its certificate was withdrawn by whoever issued it",
    "signingCredential.ocsp.revoked": "its certificate was withdrawn by whoever issued it",
    "claimSignature.outsideValidity": "its certificate was not valid at the time, and no time stamp helps",
}
_ALTERED = {
    "assertion.dataHash.mismatch": "the picture was changed after it was signed",
    "assertion.bmffHash.mismatch": "the picture was changed after it was signed",
    "assertion.boxesHash.mismatch": "the picture was changed after it was signed",
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
_NOTES = {
    "timeStamp.mismatch": "its time stamp is not for this signature; the time is not proved",
    "timeStamp.untrusted": "who gave its time stamp is not known here",
    "timeStamp.malformed": "its time stamp cannot be read",
    "timeStamp.outsideValidity": "its time stamp was made with a certificate that was not valid",
}
# CAWG identity: who somebody named in the credentials is. It stands apart from what was signed, and by whom.
_IDENTITY = "cawg."
_NOT_ASKED = (
    ".untrusted",
    ".untrusted_issuer",
    ".did_unavailable",
    ".revocation.unavailable",
    ".trusted_issuer.unavailable",
)
_SEVERITY = (Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN, Verdict.NOT_CHECKED, Verdict.ALTERED)

# How the library's errors begin where a file, not its credentials, is beyond it.
NO_CONTAINER = ("NotSupported", "Other: asset could not be parsed", "Io")

NO_CREDENTIALS = Reason(
    "genzu.credentials.none",
    "there are no Content Credentials in this file; that does not say who or what made it",
)
UNSIGNED_INPUT = Reason(
    "genzu.ingredient.unsigned", "it came in without Content Credentials, and nothing states how it was made"
)
UNREAD_INPUT = Reason("genzu.ingredient.unread", "it came in with credentials that could not be read")
LOOSE = "genzu.binding.loose"  # as Truepic's files of 2023, whose hash leaves out the headers
MISSING_INPUT = Reason("genzu.ingredient.missing", "its credentials are named, but they are not in the file")
REDACTED = "genzu.redacted"
UNKNOWN_SIGNER = Reason("signingCredential.untrusted", _UNKNOWN_SIGNER["signingCredential.untrusted"])


def reason(code: str) -> Reason:
    """A failure code in words; one that we do not know is said to be just that."""
    words = _ALTERED.get(code) or _UNKNOWN_SIGNER.get(code) or _NOTES.get(code)
    if words is None and code.startswith(_IDENTITY):
        offline = code.endswith(_NOT_ASKED)
        words = (
            "a person's identity in it was not looked up"
            if offline
            else "a person's identity in it does not hold"
        )
    if code == LOOSE:
        words = (
            "its credentials leave out more of the file than they may, so a change there could not be seen"
        )
    if words is None and _changed(code):
        words = "something in it was changed after it was signed"
    return Reason(code, words or "its credentials break a rule of the standard, so they could not be checked")


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


def changes_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """What was altered before all else that is to be said, such as that a signer is not known."""
    return tuple(sorted(reasons, key=lambda each: not _changed(each.code)))


def worse(one: Verdict, other: Verdict) -> Verdict:
    """The graver of two; NO_CREDENTIALS weighs nothing, since missing credentials prove nothing."""
    ranks = [_SEVERITY.index(each) if each in _SEVERITY else 0 for each in (one, other)]
    return other if ranks[1] > ranks[0] else one


def failures(
    document: Mapping[str, object], manifests: Mapping[str, object], active: str
) -> Iterator[tuple[str, str]]:
    """Every failure code with the manifest that it is about, wherever the library put it."""
    results = mapping(document.get("validation_results"))
    for label, code in _statuses(
        mapping(results.get("activeManifest")).get("informational"), active, manifests
    ):
        if code in _NOTES or code.startswith(_IDENTITY):
            yield label, code
    yield from _results(results, active, manifests)
    yield from _statuses(document.get("validation_status"), active, manifests)
    for label, manifest in manifests.items():
        for each in listing(mapping(manifest).get("ingredients")):
            ingredient = mapping(each)
            owner = text(ingredient.get("active_manifest")) or label
            yield from _results(mapping(ingredient.get("validation_results")), owner, manifests, stored=True)
            yield from _statuses(ingredient.get("validation_status"), owner, manifests, stored=True)


def vouched(document: Mapping[str, object], active: str) -> set[str]:
    """The file's own manifest, where its signer's authority was asked and says that the certificate stands."""
    told = mapping(mapping(document.get("validation_results")).get("activeManifest")).get("success")
    codes = {text(mapping(each).get("code")) for each in listing(told)}
    return {active} if "signingCredential.ocsp.notRevoked" in codes else set()


def _results(
    results: Mapping[str, object], owner: str, manifests: Mapping[str, object], *, stored: bool = False
) -> Iterator[tuple[str, str]]:
    """A manifest's own failures, and those of the ingredients below it.

    What was found below an ingredient when it was taken in stands only with that ingredient; the library does not
    say it again.
    """
    yield from _statuses(
        mapping(results.get("activeManifest")).get("failure"), owner, manifests, stored=stored
    )
    for each in listing(results.get("ingredientDeltas")):
        delta = mapping(each)
        below = _ingredient_manifest(text(delta.get("ingredientAssertionURI")) or "", manifests) or owner
        found = mapping(delta.get("validationDeltas")).get("failure")
        yield from _statuses(found, below, manifests, stored=stored)


def _changed(code: str) -> bool:
    return code in _ALTERED or (code.endswith(".mismatch") and not code.startswith(("timeStamp.", _IDENTITY)))


def _statuses(
    found: object, owner: str, manifests: Mapping[str, object], *, stored: bool = False
) -> Iterator[tuple[str, str]]:
    for each in listing(found):
        status = mapping(each)
        code = text(status.get("code"), 200)
        if code is None or (stored and code.startswith("signingCredential.untrusted")):
            continue  # whom another signer trusted then is not whom we trust now: see steps.py
        if code == "assertion.dataHash.mismatch" and "exclusion" in (text(status.get("explanation")) or ""):
            # The hash itself may be right. Where it is not, the library says so in a failure of its own.
            code = LOOSE
        match = _LABEL.search(text(status.get("url")) or "")
        yield (match.group(1) if match and match.group(1) in manifests else owner), code


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
