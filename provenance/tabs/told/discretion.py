"""What the page tells a stranger of a record: all that was made public, and not what was to stay with its keeper.

A picture's finder may ask the ledger about it. Names in credits are there to be found; a prompt that its writer kept
out of the file, a note, and the production that a picture belongs to are not.
"""

from collections.abc import Mapping
from dataclasses import replace

from provenance.errors import NotRecorded
from provenance.inspection.graph import Graph, Node
from provenance.ledger.any_ledger import AnyLedger
from provenance.people.register import Register
from provenance.statement.json_value import Json
from provenance.statement.local import A_FOLDER, is_local, without_folders
from provenance.statement.vocabulary import Disclosure

WITHHELD = "(not told here)"  # whether or not there is anything: that is not told, either


def discreet(graph: Graph, ledger: AnyLedger) -> Graph:
    """The graph without prompts that their writers kept to themselves."""
    return replace(graph, nodes=tuple(_discreet_node(node, ledger) for node in graph.nodes))


def public(told: Mapping[str, Json], register: Register) -> dict[str, Json]:
    """An answer as JSON, as a stranger may have it: records without what was kept private, in today's names."""
    answer = without_merged_names(discreet_record(told), register)
    alike = answer.get("looks_like")
    if isinstance(alike, list):
        answer["looks_like"] = [
            public(each, register) if isinstance(each, dict) and "record" in each else each for each in alike
        ]
    return answer


def discreet_record(told: Mapping[str, Json]) -> dict[str, Json]:
    """An inspection as JSON, its records without what was kept private. The file's own words stay as they are."""
    answer = dict(told)
    if "record" in answer:
        answer["record"] = _record(answer["record"])
    others = answer.get("elsewhere")
    if isinstance(others, list):
        answer["elsewhere"] = [
            {**each, "record": _record(each.get("record"))} for each in others if isinstance(each, dict)
        ]
    return answer


def _record(record: Json) -> Json:
    if not isinstance(record, dict):
        return record
    adapters, credits = record.get("adapters"), record.get("credits")
    return {
        **record,
        "credits": [_credit(each) for each in credits] if isinstance(credits, list) else credits,
        "project": WITHHELD,
        "note": WITHHELD,
        "prompt": _prompt(record.get("prompt")),
        "model": _model(record.get("model")),
        "adapters": [_model(each) for each in adapters] if isinstance(adapters, list) else adapters,
    }


def _credit(credit: Json) -> Json:
    """A credit by the other name that the file has, where it has one: the id beside it would tell who that is."""
    if not isinstance(credit, dict) or not credit.get("shown"):
        return credit
    return {"role": credit.get("role"), "name": credit["shown"], "person": None}


def _model(model: Json) -> Json:
    """As ModelUse.public."""
    if not isinstance(model, dict):
        return model
    name, source = str(model.get("name", "")), str(model.get("source", ""))
    return {**model, "name": without_folders(name), "source": A_FOLDER if is_local(source) else source}


def without_merged_names(told: Mapping[str, Json], register: Register) -> dict[str, Json]:
    """An inspection as JSON, with the name of today for each record that was merged into a pseudonym."""
    # An answer that does not speak of records says nothing of them here, either.
    return {**told, "record": _renamed(told["record"], register)} if "record" in told else dict(told)


def _renamed(record: Json, register: Register) -> Json:
    credits = record.get("credits") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(credits, list):
        return record
    told: list[Json] = []
    for each in credits:
        person = each.get("person") if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(person, str) and person in register.concealed:
            told.append({**each, "name": register.person(person).shown()})
        else:
            told.append(each)
    return {**record, "credits": told}


def _discreet_node(node: Node, ledger: AnyLedger) -> Node:
    # A prompt that stands in the file (verdict set) is public already.
    if node.prompt is None or node.verdict is not None or node.picture is None:
        return node
    try:
        prompt = ledger.picture(node.picture).statement.prompt
    except NotRecorded:
        return replace(node, prompt=None)
    public = prompt is not None and prompt.disclosure is Disclosure.FULL
    return node if public else replace(node, prompt=None)


def _prompt(prompt: Json) -> Json:
    if not isinstance(prompt, dict) or prompt.get("disclosure") == Disclosure.FULL.value:
        return prompt
    # Whether the model was given other words than these is private with them.
    shown = {name: value for name, value in prompt.items() if name != "given"}
    return {**shown, "text": WITHHELD, "negative": WITHHELD}
