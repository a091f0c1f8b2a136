"""What a manifest asserts: the actions, the people, our record. Plain JSON, no c2pa.

The actions of a painted picture; opening makes nothing, so it has no source type:

    {"action": "c2pa.opened", "parameters": {"ingredientIds": ["layout-0"]}, "when": …, "softwareAgent": …}
    {"action": "c2pa.edited", "digitalSourceType": "http://cv.iptc.org/…/compositeWithTrainedAlgorithmicMedia",
     "parameters": {"ingredientIds": ["prompt", "model"], "org.genzu.run": {"seed": "7", …}}, …}
"""

from collections.abc import Mapping, Sequence

from provenance.canonical import Json
from provenance.credentials.ingredients import EntryRef, Part
from provenance.credits import NOT_NAMED, Credit, Role
from provenance.statement import Statement
from provenance.vocabulary import Action, Relation, Step

RECORD = "org.genzu.record"
RUN = "org.genzu.run"

# Supervising, directing or training did not make this picture: dc:creator names who made what can be seen.
MAKERS = frozenset(Role) - {Role.PROMPT, Role.ART_DIRECTION, Role.SUPERVISION, Role.MODEL_TRAINING}
_CONTEXT: dict[str, Json] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def actions_of(
    statement: Statement, parts: Sequence[Part], when: str, facts: Mapping[str, Json]
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
    return [made_action, *actions] if made is Action.CREATED else [*actions, made_action]


def people_of(people: Sequence[Credit]) -> dict[str, Json]:
    """Who, in which role, as Dublin Core and IPTC say it; who asked not to be named stays in the count."""
    makers: list[Json] = list(
        dict.fromkeys(each.name for each in people if each.name and each.role in MAKERS)
    )
    writers = list(dict.fromkeys(each.name for each in people if each.name and each.role is Role.PROMPT))
    said: dict[str, Json] = {"@context": dict(_CONTEXT)}
    if makers:
        said["dc:creator"] = makers
    if writers:
        said["Iptc4xmpExt:AIPromptWriterName"] = "; ".join(writers)
    said["Iptc4xmpExt:Contributor"] = [
        {"Iptc4xmpExt:Name": each.name or NOT_NAMED, "Iptc4xmpExt:Role": [each.role.value]} for each in people
    ]
    return said


def record_of(statement: Statement, entry: EntryRef, when: str) -> dict[str, Json]:
    """Where this picture is written down."""
    return {
        "ledger": entry.ledger,
        "entry": entry.seq,
        "leaf_hash": entry.leaf_hash,
        "picture": statement.picture,
        "step": statement.step.value,
        "at": when,
    }


def _plain(name: str, value: Json) -> Json:
    """Seeds, and whole numbers that some JSON readers would round, become text."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return value if abs(value) < 2**53 and name != "seed" else str(value)
