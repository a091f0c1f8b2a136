"""The rules of the C2PA conformance programme's asset rubric (0.2, for specification 2.4), one function a rule.

Written after the rubric that the programme's own tool evaluates over crJSON; each function takes the active manifest
of a crJSON document and gives what breaks the rule. `RULES` has them by the rubric's names.
"""

from collections.abc import Callable

Rule = Callable[[dict], list]  # type: ignore[type-arg]  # crJSON is what it is

INCEPTION = {"c2pa.created", "c2pa.opened"}
NON_EDITORIAL = {
    "c2pa.converted", "c2pa.published", "c2pa.repackaged", "c2pa.transcoded", "c2pa.resized.proportional",
    "c2pa.enhanced", "c2pa.edited.metadata", "c2pa.watermarked", "c2pa.watermarked.bound",
    "c2pa.watermarked.unbound", "c2pa.redacted",
}  # fmt: skip
ACTIONS = INCEPTION | NON_EDITORIAL | {
    "c2pa.addedText", "c2pa.adjustedColor", "c2pa.changedSpeed", "c2pa.cropped", "c2pa.deleted", "c2pa.drawing",
    "c2pa.dubbed", "c2pa.edited", "c2pa.filtered", "c2pa.mastered", "c2pa.mixed", "c2pa.orientation", "c2pa.placed",
    "c2pa.remixed", "c2pa.removed", "c2pa.resized", "c2pa.translated", "c2pa.trimmed", "c2pa.unknown",
}  # fmt: skip
OLD_ACTIONS = {
    "c2pa.copied", "c2pa.formatted", "c2pa.version_updated", "c2pa.printed", "c2pa.managed", "c2pa.produced",
    "c2pa.saved", "c2pa.color_adjustments", "c2pa.watermarked",
}  # fmt: skip
ASSERTIONS = {
    "c2pa.hash.data", "c2pa.hash.data.part", "c2pa.actions.v2", "c2pa.ingredient.v3", "c2pa.hash.boxes",
    "c2pa.hash.bmff.v3", "c2pa.hash.collection.data", "c2pa.soft-binding", "c2pa.cloud-data", "c2pa.embedded-data",
    "c2pa.metadata", "c2pa.certificate-status", "c2pa.asset-ref", "c2pa.asset-type.v2", "c2pa.hash.multi-asset",
    "c2pa.thumbnail.claim", "c2pa.thumbnail.ingredient", "c2pa.depthmap.GDepth", "c2pa.icon",
    "c2pa.alternative-content-representation", "c2pa.external-reference", "c2pa.session-keys",
    "c2pa.environmental-sustainability", "c2pa.repository-receipt", "c2pa.ai-disclosure", "c2pa.assertion.metadata",
    "c2pa.time-stamp", "font.info",
}  # fmt: skip
OLD_ASSERTIONS = {
    "c2pa.claim", "c2pa.hash.bmff.v2", "c2pa.asset-type", "c2pa.ingredient", "c2pa.ingredient.v2", "c2pa.actions",
}  # fmt: skip
PARAMETERS = {
    "redacted", "ingredients", "ingredient", "description", "relatedAssertions", "sourceLanguage", "targetLanguage",
    "multipleInstances", "ranges", "weight", "width", "italic", "slant", "optical-size",
}  # fmt: skip
FORBIDDEN_REFERENCES = (
    "c2pa.hash",
    "c2pa.ingredient",
    "c2pa.actions",
    "c2pa.cloud-data",
    "c2pa.external-reference",
)


def actions(manifest: dict) -> list[dict]:
    return [each for data in manifest["assertions"].values() for each in (data.get("actions") or [])]


def ingredients(manifest: dict) -> list[dict]:
    return [data for data in manifest["assertions"].values() if data.get("relationship") is not None]


def generator(manifest: dict) -> dict:
    info = manifest["claim.v2"]["claim_generator_info"]
    return info[0] if isinstance(info, list) else info


def first_actions(manifest: dict) -> list[str]:
    urls = [
        each["url"] for each in manifest["claim.v2"]["created_assertions"] if "c2pa.actions" in each["url"]
    ]
    good = urls and urls[0].endswith("c2pa.actions.v2")
    named = [each["action"] for each in actions(manifest)]
    placed = "c2pa.created" not in named or named[0] in INCEPTION
    return [] if good and placed else urls or ["no actions"]


def failures(manifest: dict) -> list[str]:
    results = manifest.get("validationResults")
    if results is None:
        return ["no validation results"]
    return [each["code"] for each in results["failure"] if each["code"] != "signingCredential.untrusted"]


RULES: dict[str, Rule] = {
    "mandatory_dst_for_perceptible_transformations": lambda m: [
        each["action"]
        for each in actions(m)
        if each["action"].startswith("c2pa.")
        and each["action"] not in INCEPTION | NON_EDITORIAL | {"c2pa.placed"}
        and each.get("digitalSourceType") is None
    ],
    "mandatory_spec_version": lambda m: [
        found for found in [str(generator(m).get("specVersion"))] if found.split(".")[:2] != ["2", "4"]
    ],
    "mandatory_all_actions_included": lambda m: [
        label
        for label, data in m["assertions"].items()
        if data.get("actions") is not None and data.get("allActionsIncluded") is None
    ],
    "no_dst_for_opened_action": lambda m: [
        each for each in actions(m) if each["action"] == "c2pa.opened" and each.get("digitalSourceType")
    ],
    "well_formed_data_present": lambda m: [] if m.get("validationResults") is not None else ["none"],
    "well_formed_success": failures,
    "valid_data_present": lambda m: [] if m.get("validationResults") is not None else ["none"],
    "valid_success": failures,
    "inception_action_position": first_actions,
    "no_deprecated_assertions": lambda m: [
        label for label in m["assertions"] if label.startswith("stds.") or label in OLD_ASSERTIONS
    ],
    "no_unsupported_assertions": lambda m: [
        label
        for label in m["assertions"]
        if label.startswith("c2pa.") and label.split("__")[0] not in ASSERTIONS | OLD_ASSERTIONS
    ],
    "no_deprecated_actions": lambda m: [each for each in actions(m) if each["action"] in OLD_ACTIONS],
    "no_unsupported_actions": lambda m: [
        each["action"]
        for each in actions(m)
        if each["action"].startswith("c2pa.") and each["action"] not in ACTIONS
    ],
    "no_unrecognized_custom_assertions": lambda m: [label for label in m["assertions"] if "." not in label],
    "no_unrecognized_custom_actions": lambda m: [each for each in actions(m) if "." not in each["action"]],
    "no_unrecognized_custom_action_parameters": lambda m: [
        name
        for each in actions(m)
        for name in each.get("parameters") or {}
        if name not in PARAMETERS and "." not in name
    ],
    "discouraged_legacy_action_parameters": lambda m: [
        each for each in actions(m) if {"description", "ingredient"} & set(each.get("parameters") or {})
    ],
    "active_manifest_urn": lambda m: [] if m["label"].startswith("urn:c2pa:") else [m["label"]],
    "review_ratings_datasource": lambda m: [
        data
        for data in m["assertions"].values()
        if data.get("reviewRatings") and "humanEntry" in str((data.get("dataSource") or {}).get("type"))
    ],
    "ingredient_v3_no_active_manifest": lambda m: [
        each
        for each in ingredients(m)
        if each.get("activeManifest") is None and each.get("validationResults")
    ],
    "ingredient_v3_mandatory_validation_results": lambda m: [
        each
        for each in ingredients(m)
        if each.get("activeManifest") and each.get("validationResults") is None
    ],
    "ingredient_relationship_values": lambda m: [
        each for each in ingredients(m) if each["relationship"] not in {"parentOf", "inputTo", "componentOf"}
    ],
    "mandatory_dst_for_created_action": lambda m: [
        each for each in actions(m) if each["action"] == "c2pa.created" and not each.get("digitalSourceType")
    ],
    "no_deprecated_claim_fields": lambda m: (
        [m["claim.v2"]["specVersion"]] if "specVersion" in m["claim.v2"] else []
    ),
    "ingredient_v3_choice": lambda m: [
        each for each in ingredients(m) if each.get("activeManifest") and each.get("digitalSourceType")
    ],
    "alternative_content_representation_choice": lambda m: [
        label for label in m["assertions"] if label.startswith("c2pa.alternative-content")
    ],  # we write none
    "forbidden_labels_in_external_references": lambda m: [
        data
        for data in m["assertions"].values()
        if data.get("url")
        and not data.get("relationship")
        and str(data.get("label")).startswith(FORBIDDEN_REFERENCES)
    ],
    "no_url_in_hashes": lambda m: [
        label for label, data in m["assertions"].items() if label.startswith("c2pa.hash.") and data.get("url")
    ],
    "all_actions_included_opened": lambda m: [
        each
        for each in actions(m)
        if len(actions(m)) == 1
        and each["action"] == "c2pa.opened"
        and m["assertions"]["c2pa.actions.v2"].get("allActionsIncluded") is not True
    ],
    "opened_action_ingredient_reference": lambda m: [
        each
        for each in actions(m)
        if each["action"] == "c2pa.opened"
        and len((each.get("parameters") or {}).get("ingredients") or []) != 1
    ],
    "no_box_hash_for_tiff": lambda m: [label for label in m["assertions"] if label == "c2pa.hash.boxes"],
}


def of_unknown_provenance(manifest: dict) -> bool:
    """The programme's signal "media of unknown provenance": the first ingredient has no credentials of its own."""
    first = manifest["assertions"].get("c2pa.ingredient.v3")
    return first is not None and first.get("activeManifest") is None
