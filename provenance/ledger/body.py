"""What each kind of entry says, as the JSON body that it is written in and read back from.

Names, prompts and notes are `Private` on the way in and `{"private": "<64 hex>"}` in the entry. Reading is
strict: every field is there, none beside it, each of its type; anything else is a StatementError, because a
body that cannot be true was not written by this program.

    picture.requested   picture, step, source_type, software, credits, inputs, prompt, model, parameters,
                        project, note
    picture.released    picture, requested, output, signer, manifest, time_stamped, facts
    picture.cancelled   picture, requested, reason             (and picture.failed)
    person.added        person, kind, name
    model.recorded      model, name, source, revision, license, training, attribution, files
    ledger.created      ledger, key
    private.erased      about, erased
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from provenance.canonical import Digest, Json
from provenance.credits import Credit, Kind, Role
from provenance.errors import StatementError
from provenance.ledger.strict import (
    an_object,
    choice,
    digest,
    list_of,
    object_with,
    optional,
    scalar,
    text,
    text_map,
    truth,
    whole,
)
from provenance.private import Body, Private
from provenance.statement import (
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Scalar,
    Software,
    Statement,
)
from provenance.vocabulary import Disclosure, Relation, SourceType, Stage, Step

_RESOURCE = ("digest", "media_type", "size", "width", "height", "pixels")


@dataclass(frozen=True, slots=True)
class Requested:
    """A picture.requested body as it stands in the entry: people and model by reference, private text sealed.

    `prompt` and `negative` and `note` are commitments (64 hex digits), or "" where nothing was said.
    """

    picture: str
    step: Step
    source_type: SourceType
    software: Software
    credits: tuple[tuple[Role, str], ...]
    inputs: tuple[Input, ...]
    prompt: tuple[str, str, Disclosure] | None
    model: Digest | None
    parameters: Mapping[str, Scalar]
    project: Project
    note: str

    def statement(
        self,
        name: Callable[[str], str | None],
        model: Callable[[Digest], ModelUse],
        opened: Callable[[str], str],
    ) -> Statement:
        """The statement that was written down, with people, model and private text looked up."""
        prompt = None
        if self.prompt is not None:
            words, negative, disclosure = self.prompt
            prompt = Prompt(opened(words), opened(negative), disclosure)
        return Statement(
            picture=self.picture,
            step=self.step,
            source_type=self.source_type,
            software=self.software,
            credits=tuple(Credit(role, name(person), person) for role, person in self.credits),
            inputs=self.inputs,
            prompt=prompt,
            model=None if self.model is None else model(self.model),
            parameters=self.parameters,
            project=self.project,
            note=opened(self.note),
        )


@dataclass(frozen=True, slots=True)
class Released:
    """A picture.released body."""

    picture: str
    requested: int
    output: Resource
    signer: Digest
    manifest: str
    time_stamped: bool
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Closed:
    """A picture.cancelled or picture.failed body."""

    picture: str
    requested: int
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """A person.added body; `name` is a commitment, or None for somebody who asked not to be named."""

    person: str
    kind: Kind
    name: str | None


@dataclass(frozen=True, slots=True)
class Created:
    """A ledger.created body: the ledger's id and its public key, in the signed-note form."""

    ledger: str
    key: str


@dataclass(frozen=True, slots=True)
class Erased:
    """A private.erased body: which fields of which entries were forgotten."""

    about: str
    erased: tuple[tuple[int, str], ...]


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
            {"role": credit.role.value, "person": person}
            for credit, person in zip(statement.credits, people, strict=True)
        ],
        "inputs": [_input_body(each) for each in statement.inputs],
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
    }


def read_requested(body: Json) -> Requested:
    found = object_with(
        body, "picture", "step", "source_type", "software", "credits", "inputs", "prompt", "model",
        "parameters", "project", "note",
    )  # fmt: skip
    software = object_with(found["software"], "name", "version")
    project = object_with(found["project"], "production", "episode", "shot", "stage")
    parameters = an_object(found["parameters"])
    return Requested(
        picture=text(found["picture"]),
        step=choice(Step, found["step"]),
        source_type=choice(SourceType, found["source_type"]),
        software=Software(text(software["name"]), text(software["version"])),
        credits=tuple(list_of(_read_credit, found["credits"])),
        inputs=tuple(list_of(_read_input, found["inputs"])),
        prompt=optional(_read_prompt, found["prompt"]),
        model=optional(digest, found["model"]),
        parameters={name: scalar(value) for name, value in parameters.items()},
        project=Project(
            text(project["production"]),
            text(project["episode"]),
            text(project["shot"]),
            choice(Stage, project["stage"]),
        ),
        note=_commitment_or_empty(found["note"]),
    )


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
        "output": _resource_body(output),
        "signer": str(signer),
        "manifest": manifest,
        "time_stamped": time_stamped,
        "facts": {name: _fact(name, value) for name, value in facts.items()},
    }


def read_released(body: Json) -> Released:
    found = object_with(body, "picture", "requested", "output", "signer", "manifest", "time_stamped", "facts")
    return Released(
        picture=text(found["picture"]),
        requested=whole(found["requested"]),
        output=_read_resource(object_with(found["output"], *_RESOURCE)),
        signer=digest(found["signer"]),
        manifest=text(found["manifest"]),
        time_stamped=truth(found["time_stamped"]),
        facts=an_object(found["facts"]),
    )


def closed_body(picture: str, requested: int, reason: str) -> dict[str, Body]:
    return {"picture": picture, "requested": requested, "reason": reason}


def read_closed(body: Json) -> Closed:
    found = object_with(body, "picture", "requested", "reason")
    return Closed(text(found["picture"]), whole(found["requested"]), text(found["reason"]))


def added_body(person: str, name: str | None, kind: Kind = Kind.PERSON) -> dict[str, Body]:
    return {
        "person": person,
        "kind": kind.value,
        "name": None if name is None else Private(name, "name", person),
    }


def read_added(body: Json) -> Added:
    found = object_with(body, "person", "kind", "name")
    kind = choice(Kind, found["kind"])
    if kind is Kind.SOFTWARE:
        raise StatementError("software takes no person's slot")
    return Added(text(found["person"]), kind, optional(_commitment, found["name"]))


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


def read_model(body: Json) -> ModelUse:
    found = object_with(
        body, "model", "name", "source", "revision", "license", "training", "attribution", "files"
    )
    return ModelUse(
        name=text(found["name"]),
        source=text(found["source"]),
        revision=text(found["revision"]),
        license=text(found["license"]),
        training=text(found["training"]),
        digest=digest(found["model"]),
        files={path: digest(each) for path, each in text_map(found["files"]).items()},
        attribution=text(found["attribution"]),
    )


def created_body(ledger: str, key: str) -> dict[str, Body]:
    return {"ledger": ledger, "key": key}


def read_created(body: Json) -> Created:
    found = object_with(body, "ledger", "key")
    return Created(text(found["ledger"]), text(found["key"]))


def erased_body(about: str, erased: Sequence[tuple[int, str]]) -> dict[str, Body]:
    return {"about": about, "erased": [{"entry": entry, "field": field} for entry, field in erased]}


def read_erased(body: Json) -> Erased:
    found = object_with(body, "about", "erased")
    return Erased(text(found["about"]), tuple(list_of(_read_gone, found["erased"])))


def commitments(body: Json) -> list[str]:
    """The commitments in a body, in the order in which `seal` made their openings."""
    if isinstance(body, list):
        return [each for value in body for each in commitments(value)]
    if isinstance(body, dict):
        if set(body) == {"private"}:
            return [_commitment(body)]
        return [each for value in body.values() for each in commitments(value)]
    return []


def _input_body(each: Input) -> dict[str, Body]:
    return {
        "role": each.role.value,
        "relation": each.relation.value,
        "picture": each.picture,
        **_resource_body(each.resource),
    }


def _resource_body(resource: Resource) -> dict[str, Body]:
    return {
        "digest": str(resource.digest),
        "media_type": resource.media_type,
        "size": resource.size,
        "width": resource.width,
        "height": resource.height,
        "pixels": None if resource.pixels is None else str(resource.pixels),
    }


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


def _read_credit(value: Json) -> tuple[Role, str]:
    found = object_with(value, "role", "person")
    return choice(Role, found["role"]), text(found["person"])


def _read_input(value: Json) -> Input:
    found = object_with(value, "role", "relation", "picture", *_RESOURCE)
    return Input(
        choice(InputRole, found["role"]),
        choice(Relation, found["relation"]),
        _read_resource(found),
        optional(text, found["picture"]),
    )


def _read_resource(found: Mapping[str, Json]) -> Resource:
    return Resource(
        digest=digest(found["digest"]),
        media_type=text(found["media_type"]),
        size=whole(found["size"]),
        width=optional(whole, found["width"]),
        height=optional(whole, found["height"]),
        pixels=optional(digest, found["pixels"]),
    )


def _read_prompt(value: Json) -> tuple[str, str, Disclosure]:
    found = object_with(value, "text", "negative", "disclosure")
    return (
        _commitment(found["text"]),
        _commitment_or_empty(found["negative"]),
        choice(Disclosure, found["disclosure"]),
    )


def _read_gone(value: Json) -> tuple[int, str]:
    found = object_with(value, "entry", "field")
    return whole(found["entry"]), text(found["field"])


def _commitment(value: Json) -> str:
    return digest(f"sha256:{text(object_with(value, 'private')['private'])}").hex


def _commitment_or_empty(value: Json) -> str:
    return "" if value == "" else _commitment(value)
