"""What each kind of entry says, as the body that is written: the other half of bodies.py, which reads it back.

Names, prompts and notes go in as `Private`, so that the entry holds their commitments.
"""

from collections.abc import Mapping, Sequence

from provenance.errors import StatementError
from provenance.statement.canonical import Digest, Json
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import Credit, Kind
from provenance.statement.statement import AdapterUse, ModelUse, Resource, Scalar, Statement


def requested_body(statement: Statement, people: Sequence[str]) -> dict[str, Body]:
    """The body of a request; `people` are the ids of the credited, in the statement's order."""
    about = statement.picture
    prompt: dict[str, Body] | None = None
    if statement.prompt is not None:
        prompt = {
            "text": Private(statement.prompt.text, "prompt", about),
            "negative": _private_or_empty(statement.prompt.negative, "negative prompt", about),
            "disclosure": statement.prompt.disclosure.value,
        }
    return {
        "picture": statement.picture,
        "step": statement.step.value,
        "source_type": statement.source_type.value,
        "software": {"name": statement.software.name, "version": statement.software.version},
        "credits": [
            _credit_body(credit, person) for credit, person in zip(statement.credits, people, strict=True)
        ],
        "inputs": [dict[str, Body](each.to_json()) for each in statement.inputs],
        "prompt": prompt,
        "model": None if statement.model is None else str(statement.model.digest),
        "parameters": {name: _plain(name, value) for name, value in statement.parameters.items()},
        "project": {
            "production": statement.project.production,
            "episode": statement.project.episode,
            "shot": statement.project.shot,
            "stage": statement.project.stage.value,
        },
        "note": _private_or_empty(statement.note, "note", about),
        # Only where there are some: entries from before adapters were known stay what they are.
        **({"adapters": [_adapter_body(each) for each in statement.adapters]} if statement.adapters else {}),
    }


def released_body(
    picture: str,
    requested: int,
    *,
    output: Resource,
    signer: Digest,
    manifest: str,
    time_stamped: bool,
    facts: Mapping[str, Json],
) -> dict[str, Body]:
    return {
        "picture": picture,
        "requested": requested,
        "output": dict[str, Body](output.to_json()),
        "signer": str(signer),
        "manifest": manifest,
        "time_stamped": time_stamped,
        "facts": {name: _fact(name, value) for name, value in facts.items()},
    }


def closed_body(picture: str, requested: int, reason: str) -> dict[str, Body]:
    return {"picture": picture, "requested": requested, "reason": reason}


def added_body(person: str, name: str | None, kind: Kind = Kind.PERSON) -> dict[str, Body]:
    return {
        "person": person,
        "kind": kind.value,
        "name": None if name is None else Private(name, "name", person),
    }


def model_body(model: ModelUse) -> dict[str, Body]:
    return {
        "model": str(model.digest),
        "name": model.name,
        "source": model.source,
        "revision": model.revision,
        "license": model.license,
        "training": model.training,
        "attribution": model.attribution,
        "files": {path: str(each) for path, each in model.files.items()},
    }


def created_body(ledger: str, key: str) -> dict[str, Body]:
    return {"ledger": ledger, "key": key}


def erased_body(about: str, erased: Sequence[tuple[int, str]]) -> dict[str, Body]:
    return {"about": about, "erased": [{"entry": entry, "field": field} for entry, field in erased]}


def _credit_body(credit: Credit, person: str) -> dict[str, Body]:
    told: dict[str, Body] = {"role": credit.role.value, "person": person}
    if credit.shown is not None:
        told["shown"] = Private(
            credit.shown, "name in the file", person
        )  # forgotten together with the person
    return told


def _adapter_body(each: AdapterUse) -> dict[str, Body]:
    return {"model": str(each.model.digest), "scale": each.scale}


def _plain(name: str, value: Scalar) -> Scalar:
    # Canonical JSON loses integers above 2**53, and a seed goes up to 2**64: seeds are text, always.
    return str(value) if name == "seed" and isinstance(value, int) and not isinstance(value, bool) else value


def _fact(name: str, value: Json) -> Body:
    if name == "seed" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        if set(value) == {"private"}:
            raise StatementError(
                "a fact called 'private' alone would read as a sealed text; give it another name"
            )
        return {each: _fact(each, inner) for each, inner in value.items()}
    if isinstance(value, list):
        return [_fact("", each) for each in value]
    return value


def _private_or_empty(value: str, field: str, about: str) -> Private | str:
    return Private(value, field, about) if value else ""
