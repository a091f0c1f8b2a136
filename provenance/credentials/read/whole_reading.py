"""Whether the library's one reading of a file tells everything about its earlier manifests, too.

The library checks each of them, and leaves out of its answer what stands already among the results that were stored
when they were taken in: the same code at the same place (c2pa-rs, `validation_results.rs`). A stranger can store
anything. But where only codes are stored that say that something holds, nothing that speaks against a manifest can be
left out, and it need not be checked by itself again, which takes as long as the first time.

False says nothing: then each is looked at by itself (judging.py). It is False as well where a later manifest may speak
for an earlier one: time stamps, revocation, redactions, identities.
"""

from collections.abc import Iterator, Mapping, Sequence

from provenance.credentials.read.jumbf import assertion_labels
from provenance.credentials.read.values import listing, mapping, text

# Codes that say that something holds, or was not asked. Storing one hides no other.
_HARMLESS = frozenset(
    {
        "signingCredential.trusted",
        "signingCredential.ocsp.skipped",
        "claimSignature.insideValidity",
        "claimSignature.validated",
        "assertion.hashedURI.match",
        "assertion.dataHash.match",
        "assertion.bmffHash.match",
        "assertion.boxesHash.match",
        "ingredient.manifest.validated",
        "ingredient.claimSignature.validated",
    }
)
_INGREDIENT = "c2pa.ingredient"
# Assertions by which one manifest says something about the checking of another, or of a person.
SPEAKING = ("c2pa.time-stamp", "c2pa.certificate-status", "cawg.identity")


def tells_all(manifests: Mapping[str, object], boxes: Mapping[str, Sequence[bytes]]) -> bool:
    """Whether nothing is stored, in any manifest of the store, that could hide what the library finds."""
    if manifests.keys() != boxes.keys():
        return False
    return all(
        len(boxes[label]) == 1 and _hides_nothing(mapping(each), boxes[label][0])
        for label, each in manifests.items()
    )


def _hides_nothing(manifest: Mapping[str, object], box: bytes) -> bool:
    ingredients = listing(manifest.get("ingredients"))
    labels = assertion_labels(box)
    # What the library read differently from how it tells it would be counted differently.
    if sum(each.startswith(_INGREDIENT) for each in labels) != len(ingredients):
        return False
    if manifest.get("redactions") or any(each.startswith(SPEAKING) for each in labels):
        return False
    return all(code in _HARMLESS for each in ingredients for code in _stored(mapping(each)))


def _stored(ingredient: Mapping[str, object]) -> Iterator[str | None]:
    """Every code that was stored about an ingredient; None for what is no code."""
    results = mapping(ingredient.get("validation_results"))
    deltas = [
        mapping(mapping(each).get("validationDeltas")) for each in listing(results.get("ingredientDeltas"))
    ]
    for found in (mapping(results.get("activeManifest")), *deltas):
        for kind in found.values():
            yield from (text(mapping(each).get("code")) for each in listing(kind))
    yield from (text(mapping(each).get("code")) for each in listing(ingredient.get("validation_status")))
