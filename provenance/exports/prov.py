"""The record as W3C PROV in JSON-LD: pictures are entities, steps activities, people agents with a role.

    {"@id": "picture:pic-4x7…", "@type": "prov:Entity", "prov:wasGeneratedBy": {"@id": "step:pic-4x7…"}, …}

The terms are written out with their own context, so that a reader needs no network (https://www.w3.org/TR/prov-o/).
A model is an entity that a step used: PROV's SoftwareAgent would give it responsibility, which is the people's.
"""

import json
from collections.abc import Iterable

from provenance.exports.public import PublicCredit, PublicPerson, PublicPicture
from provenance.statement.credit import Kind
from provenance.statement.json_value import Json
from provenance.statement.statement import ModelUse

CONTEXT: dict[str, Json] = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "picture": "urn:genzu:picture:",
    "step": "urn:genzu:step:",
    "person": "urn:genzu:person:",
    "model": "urn:genzu:model:",
    "file": "urn:genzu:file:",
    "role": "urn:genzu:role:",
    "software": "urn:genzu:software:",
}


def to_prov(pictures: Iterable[PublicPicture], ledger: str) -> str:
    """The pictures with their steps, people, models and inputs as one PROV graph."""
    nodes: dict[str, dict[str, Json]] = {}
    for each in pictures:
        for node in (_picture(each, ledger), _step(each), *_around(each)):
            nodes.setdefault(str(node["@id"]), node)
    graph: list[Json] = [*nodes.values()]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _picture(each: PublicPicture, ledger: str) -> dict[str, Json]:
    sources: list[Json] = [{"@id": _input_id(one.picture, str(one.digest))} for one in each.inputs]
    return {
        "@id": f"picture:{each.picture}",
        "@type": ["prov:Entity", "schema:ImageObject"],
        "schema:sha256": each.file.hex,
        "schema:encodingFormat": each.media_type,
        "schema:isPartOf": each.project.production,
        "prov:generatedAtTime": _time(each.released_at),
        "prov:wasGeneratedBy": {"@id": f"step:{each.picture}"},
        "prov:wasDerivedFrom": sources,
        "prov:wasAttributedTo": [{"@id": _person_id(each, number)} for number, _ in enumerate(each.credits)],
        "schema:identifier": f"{ledger} entries {each.requested} and {each.released}",
        "schema:digitalSourceType": {"@id": each.source_type.uri},
    }


def _step(each: PublicPicture) -> dict[str, Json]:
    used: list[Json] = [{"@id": _input_id(one.picture, str(one.digest))} for one in each.inputs]
    if each.model is not None:
        used.append({"@id": f"model:{each.model.digest.hex}"})
    associations: list[Json] = [
        {
            "@type": "prov:Association",
            "prov:agent": {"@id": _person_id(each, number)},
            "prov:hadRole": {"@id": f"role:{credit.role.value.replace(' ', '-')}", "@type": "prov:Role"},
        }
        for number, credit in enumerate(each.credits)
    ]
    associations.append({"@type": "prov:Association", "prov:agent": {"@id": _software_id(each)}})
    return {
        "@id": f"step:{each.picture}",
        "@type": "prov:Activity",
        "rdfs:label": each.step.value,
        "prov:startedAtTime": _time(each.requested_at),
        "prov:endedAtTime": _time(each.released_at),
        "prov:used": used,
        "prov:qualifiedAssociation": associations,
    }


def _around(each: PublicPicture) -> Iterable[dict[str, Json]]:
    for number, credit in enumerate(each.credits):
        yield _agent(_person_id(each, number), credit)
    yield {
        "@id": _software_id(each),
        "@type": ["prov:Agent", "prov:SoftwareAgent"],
        "rdfs:label": f"{each.software.name} {each.software.version}",
    }
    if each.model is not None:
        yield _model(each.model)
    for one in each.inputs:
        if one.picture is None:
            yield {
                "@id": _input_id(None, str(one.digest)),
                "@type": "prov:Entity",
                "schema:sha256": one.digest.hex,
            }


def _agent(node: str, credit: PublicCredit) -> dict[str, Json]:
    person: PublicPerson = credit.person
    kind = "prov:Organization" if person.kind is Kind.ORGANISATION else "prov:Person"
    agent: dict[str, Json] = {"@id": node, "@type": ["prov:Agent", kind], "schema:name": person.name}
    same: list[Json] = [{"@id": one.url} for one in person.identifiers if one.url]
    return agent | ({"schema:sameAs": same} if same else {})


def _model(model: ModelUse) -> dict[str, Json]:
    return {
        "@id": f"model:{model.digest.hex}",
        "@type": ["prov:Entity", "prov:Plan"],
        "schema:name": model.name,
        "schema:url": model.source,
        "schema:version": model.revision,
        "schema:license": model.license,
        "schema:description": f"trained on: {model.training}",
    }


def _person_id(each: PublicPicture, number: int) -> str:
    """Who asked not to be named gets an id for this credit alone: nothing ties two of them together."""
    person = each.credits[number].person.person
    return f"person:{person}" if person else f"person:{each.picture}/{number}"


def _software_id(each: PublicPicture) -> str:
    return f"software:{each.software.name}-{each.software.version}".replace(" ", "-")


def _input_id(picture: str | None, digest: str) -> str:
    return f"picture:{picture}" if picture else f"file:{digest.removeprefix('sha256:')}"


def _time(at: str) -> Json:
    return {"@value": at, "@type": "xsd:dateTime"}
