"""What a manifest asserts: the actions, the people, our record. Plain JSON, no c2pa.

The actions of a painted picture; opening makes nothing, so it has no source type:

    {"action": "c2pa.opened", "parameters": {"ingredientIds": ["layout-0"]}, "when": …, "softwareAgent": …}
    {"action": "c2pa.edited", "digitalSourceType": "http://cv.iptc.org/…/compositeWithTrainedAlgorithmicMedia",
     "parameters": {"ingredientIds": ["prompt", "model"], "org.genzu.run": {"seed": "7", …}}, …}
"""

from collections.abc import Mapping, Sequence

from provenance.credentials.own_labels import MODEL_TYPE, RUN
from provenance.credentials.sign.disclosure import Publication
from provenance.credentials.sign.ingredients import EntryRef, IngredientPart
from provenance.statement.credit import DRAWING, NOT_NAMED, Role
from provenance.statement.json_value import Json
from provenance.statement.mark_form import form_of
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import Action, Disclosure, Relation, SourceType, Step, Use, Wish

_CONTEXT: dict[str, Json] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
PLUS = "http://ns.useplus.org/ldf/vocab/"


def actions_of(
    statement: Statement, parts: Sequence[IngredientPart], when: str, facts: Mapping[str, Json]
) -> list[Json]:
    """What was done, in the order in which it was done."""
    by_relation: dict[str, list[Json]] = {each.value: [] for each in Relation}
    for part in parts:
        by_relation[str(part.definition["relationship"])].append(part.label)
    # Of human work we know that it is there, not with which program or at what hour it was done.
    ours: dict[str, Json] = {}
    if statement.step is Step.PAINT:
        agent: Json = {"name": statement.software.name, "version": statement.software.version}
        ours = {"when": when, "softwareAgent": agent}
    actions: list[Json] = []
    made = Action.CREATED
    if by_relation[Relation.PARENT.value]:
        opened: dict[str, Json] = {"ingredientIds": by_relation[Relation.PARENT.value]}
        actions.append({"action": Action.OPENED.value, "parameters": opened, **ours})
        made = Action.METADATA if statement.step is Step.RECORD else Action.EDITED
    if by_relation[Relation.COMPONENT.value]:
        placed: dict[str, Json] = {"ingredientIds": by_relation[Relation.COMPONENT.value]}
        actions.append({"action": Action.PLACED.value, "parameters": placed, **ours})
    parameters: dict[str, Json] = {}
    if by_relation[Relation.INPUT.value]:
        parameters["ingredientIds"] = by_relation[Relation.INPUT.value]
    run = {name: _plain(name, value) for name, value in {**statement.parameters, **facts}.items()}
    if run:
        parameters[RUN] = run
    # A created action comes first: c2pa.placed follows it where there is no parent.
    made_action: dict[str, Json] = {
        "action": made.value,
        "digitalSourceType": statement.source_type.uri,
        **({"parameters": parameters} if parameters else {}),
        **ours,
    }
    ordered = [made_action, *actions] if made is Action.CREATED else [*actions, made_action]
    return [*ordered, *_label_action(facts, ours), *_mark_action(facts, ours)]


def _label_action(facts: Mapping[str, Json], ours: Mapping[str, Json]) -> list[Json]:
    """The visible label, which was drawn over what the model made: all actions are included, this one too."""
    language = facts.get("label")
    if language is None:
        return []
    words = f"a visible label that speaks of AI, in the language {language!r}"
    drawn = SourceType.ALGORITHMIC_MEDIA.uri
    return [
        {
            "action": Action.ADDED_TEXT.value,
            "digitalSourceType": drawn,
            "description": words,
            **ours,
        }
    ]


def _mark_action(facts: Mapping[str, Json], ours: Mapping[str, Json]) -> list[Json]:
    """The marks, which change pixels too. Ours is unbound: `bound` asks for a soft binding on the C2PA's list
    (docs/decisions/0230), as TrustMark is.
    """
    actions: list[Json] = []
    if form_of(facts):
        words = "a faint mark in the pixels, which the keeper of the ledger can read"
        actions.append({"action": Action.WATERMARKED.value, "description": words, **ours})
    if soft_binding_of(facts) is not None:
        words = "a TrustMark in the pixels, which any detector of it can read"
        actions.append({"action": Action.WATERMARKED_BOUND.value, "description": words, **ours})
    return actions


def soft_binding_of(facts: Mapping[str, Json]) -> dict[str, Json] | None:
    """`c2pa.soft-binding`: the code that a TrustMark in the pixels carries; None where there is none."""
    value = facts.get("trustmark")
    if not isinstance(value, str):
        return None
    return {"alg": "com.adobe.trustmark.P", "blocks": [{"scope": {}, "value": value}]}


def mark_of(statement: Statement, entry: EntryRef, facts: Mapping[str, Json]) -> dict[str, Json]:
    """Which mark is in the pixels, and whose ledger can read it."""
    return {"form": form_of(facts), "ledger": entry.ledger, "picture": statement.picture}


def metadata_of(statement: Statement, publication: Publication) -> dict[str, Json]:
    """`cawg.metadata`: who, in which role; who asked not to be named stays in the count."""
    people = [publication.shown(each) for each in statement.credits]
    contributors: list[Json] = [
        {"Iptc4xmpExt:Name": each.name or NOT_NAMED, "Iptc4xmpExt:Role": [each.role.value]} for each in people
    ]
    return {
        "@context": dict(_CONTEXT),
        **iptc_fields(statement, publication),
        "Iptc4xmpExt:Contributor": contributors,
    }


def iptc_fields(statement: Statement, publication: Publication) -> dict[str, Json]:
    """Dublin Core and IPTC 2025.1: the same words go into XMP and into `cawg.metadata`."""
    people = [publication.shown(each) for each in statement.credits]
    # Who supervised, directed or trained did not make this picture: dc:creator names who made what can be seen.
    makers: list[Json] = list(
        dict.fromkeys(each.name for each in people if each.name and each.role in DRAWING)
    )
    writers = dict.fromkeys(each.name for each in people if each.name and each.role is Role.PROMPT)
    model, prompt = statement.model, statement.prompt
    fields: dict[str, Json] = {"Iptc4xmpExt:DigitalSourceType": statement.source_type.uri}
    if makers:
        fields["dc:creator"] = makers
    if writers:
        fields["Iptc4xmpExt:AIPromptWriterName"] = "; ".join(writers)
    if publication.credit_line:
        fields["photoshop:Credit"] = publication.credit_line
    if model is not None:
        fields["Iptc4xmpExt:AISystemUsed"] = model.public.name
        pinned = model.revision != "unpinned"
        fields["Iptc4xmpExt:AISystemVersionUsed"] = model.revision if pinned else str(model.digest)
    if prompt is not None and prompt.text and prompt.disclosure is Disclosure.FULL:
        excluded = f"\nExcluded: {prompt.negative}" if prompt.negative else ""
        fields["Iptc4xmpExt:AIPromptInformation"] = prompt.text + excluded
    return fields


def wishes_of(wishes: Mapping[Wish, Use]) -> dict[str, Json]:
    """`cawg.training-mining`."""
    return {"entries": {wish.value: {"use": use.value} for wish, use in wishes.items()}}


def data_mining_of(wishes: Mapping[Wish, Use]) -> str | None:
    """The nearest word of PLUS, which is what IPTC's Data Mining field holds. It has none for going into a model."""
    said = {wish: use for wish, use in wishes.items() if wish is not Wish.INFERENCE}
    refused = {wish for wish, use in said.items() if use is not Use.ALLOWED}
    if not refused:
        allowed = len(wishes) == len(Wish) and set(wishes.values()) == {Use.ALLOWED}
        return PLUS + "DMI-ALLOWED" if allowed else None
    if Use.CONSTRAINED in said.values():
        return PLUS + "DMI-PROHIBITED-SEECONSTRAINT"
    if Wish.MINING in refused:
        return PLUS + "DMI-PROHIBITED"
    return PLUS + (
        "DMI-PROHIBITED-AIMLTRAINING" if Wish.TRAINING in refused else "DMI-PROHIBITED-GENAIMLTRAINING"
    )


def disclosure_of(statement: Statement) -> dict[str, Json] | None:
    """`c2pa.ai-disclosure` (C2PA 2.4), kept to what is certain: that a model was used, and which."""
    if statement.model is None:
        return None
    return {"modelType": MODEL_TYPE, "modelName": statement.model.public.name}


def record_of(statement: Statement, entry: EntryRef, when: str) -> dict[str, Json]:
    """Where this picture is written down."""
    return {
        "ledger": entry.ledger,
        "entry": entry.seq,
        "leaf_hash": entry.leaf_hash,
        "picture": statement.picture,
        "step": statement.step.value,
        "at": when,
        **({"checkpoint": entry.checkpoint} if entry.checkpoint else {}),
    }


def _plain(name: str, value: Json) -> Json:
    """Seeds, and whole numbers that some JSON readers would round, become text."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return value if abs(value) < 2**53 and name != "seed" else str(value)
