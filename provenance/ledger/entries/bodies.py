"""What each kind of entry says: one shape a kind, for writing, import, reading and `verify` alike.

Names, prompts and notes are `Private` on the way in and `{"private": "<64 hex>"}` in the entry. Reading is strict:
every field is there, none beside it, each of its type and vocabulary; anything else is a StatementError. A field that
came with a later version is left out where it says nothing, so that older entries stay what they are.

    picture.requested   picture, step, source_type, software, credits, inputs, prompt, model, parameters,
                        project, note; adapters where there are some
    picture.released    picture, requested, output, signer, manifest, time_stamped, facts
    picture.cancelled   picture, requested, reason             (and picture.failed)
    person.added        person, kind, name
    model.recorded      model, name, source, revision, license, training, attribution, files
    ledger.created      ledger, key
    private.erased      about, erased

The kinds about people, consents, choices and disputes are in people_bodies.py; codec.py reads all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, structs

from provenance.errors import StatementError
from provenance.ledger.entries.adapter_said import AdapterSaid
from provenance.ledger.entries.shape import Hash, Id, Sealed, Shape, Text, Whole, hex_of
from provenance.statement.canonical import Digest
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import Credit, Kind, Role
from provenance.statement.json_value import Json
from provenance.statement.statement import (
    AdapterUse,
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Scalar,
    Software,
    Statement,
    refuse_step,
)
from provenance.statement.vocabulary import AdapterKind, Disclosure, Relation, SourceType, Stage, Step


class SoftwareSaid(Shape, frozen=True):
    """The program that acted."""

    name: str
    version: str


class ProjectSaid(Shape, frozen=True):
    """Where a picture belongs."""

    production: str
    episode: str
    shot: str
    stage: Stage


IN_FILE = "name in the file"  # what the sealed name of a credit is called, that its file shows instead


class CreditSaid(Shape, frozen=True):
    """One credit: the person by id, and where the file shows another name, that name."""

    role: Role
    person: Id
    shown: Sealed | UnsetType = UNSET


class InputSaid(Shape, frozen=True):
    """A picture that went in, with its file."""

    role: InputRole
    relation: Relation
    picture: str | None
    digest: Hash
    media_type: str
    size: Whole
    width: Whole | None
    height: Whole | None
    pixels: Hash | None

    def value(self) -> Input:
        return Input(self.role, self.relation, _resource(self), self.picture)


class PromptSaid(Shape, frozen=True):
    """The words that went in, sealed, and how much of them the file says."""

    text: Sealed
    negative: Text
    disclosure: Disclosure
    given: Sealed | UnsetType = UNSET


class Requested(Shape, frozen=True):
    """picture.requested: what is about to be made. People and models stand by reference, private text sealed."""

    picture: Id
    step: Step
    source_type: SourceType
    software: SoftwareSaid
    credits: list[CreditSaid]
    inputs: list[InputSaid]
    prompt: PromptSaid | None
    model: Hash | None
    parameters: dict[str, Scalar]
    project: ProjectSaid
    note: Text
    adapters: list[AdapterSaid] | UnsetType = UNSET

    def __post_init__(self) -> None:
        refuse_step(
            self.step,
            [(each.role, each.relation) for each in self.inputs],
            model=self.model is not None,
            prompt=self.prompt is not None,
            adapters=self.adapters is not UNSET,
        )

    def statement(
        self,
        name: Callable[[str], str | None],
        model: Callable[[Digest], ModelUse],
        opened: Callable[[str], str],
    ) -> Statement:
        """The statement that was written down, with people, models and private texts looked up.

        `opened` is asked with a commitment, or with "" where nothing was said.
        """
        prompt = None
        if self.prompt is not None:
            text, negative = opened(self.prompt.text.private), opened(hex_of(self.prompt.negative))
            given = opened(hex_of(self.prompt.given))
            prompt = Prompt(text, negative, self.prompt.disclosure, given)
        project = self.project
        return Statement(
            picture=self.picture,
            step=self.step,
            source_type=self.source_type,
            software=Software(self.software.name, self.software.version),
            credits=tuple(
                Credit(each.role, name(each.person), each.person, opened(hex_of(each.shown)) or None)
                for each in self.credits
            ),
            inputs=tuple(each.value() for each in self.inputs),
            prompt=prompt,
            model=None if self.model is None else model(Digest.parse(self.model)),
            parameters=self.parameters,
            project=Project(project.production, project.episode, project.shot, project.stage),
            note=opened(hex_of(self.note)),
            adapters=tuple(adapter_of(each, model) for each in self.adapters or ()),
        )


class OutputSaid(Shape, frozen=True):
    """The file that came out."""

    digest: Hash
    media_type: str
    size: Whole
    width: Whole | None
    height: Whole | None
    pixels: Hash | None


class PictureReleased(Shape, frozen=True):
    """picture.released: what came out, written down before it leaves."""

    picture: Id
    requested: Whole
    output: OutputSaid
    signer: Hash
    manifest: str
    time_stamped: bool
    facts: dict[str, Any]

    @property
    def file(self) -> Resource:
        return _resource(self.output)


class Closed(Shape, frozen=True):
    """picture.cancelled and picture.failed: there is no picture, and why."""

    picture: Id
    requested: Whole
    reason: str


class Added(Shape, frozen=True):
    """person.added; `name` None for somebody who asked not to be named."""

    person: Id
    kind: Kind
    name: Sealed | None

    def __post_init__(self) -> None:
        if self.kind is Kind.SOFTWARE:
            raise StatementError("software takes no person's slot")


class Recorded(Shape, frozen=True):
    """model.recorded: a model, its licence and what it was trained on."""

    model: Hash
    name: str
    source: str
    revision: str
    license: Annotated[str, Meta(min_length=1)]
    training: Annotated[str, Meta(min_length=1)]
    attribution: str
    files: dict[str, Hash]

    @property
    def use(self) -> ModelUse:
        return ModelUse(
            name=self.name,
            source=self.source,
            revision=self.revision,
            license=self.license,
            training=self.training,
            digest=Digest.parse(self.model),
            files={path: Digest.parse(each) for path, each in self.files.items()},
            attribution=self.attribution,
        )


class Created(Shape, frozen=True):
    """ledger.created: the ledger's id and its public key, in the signed-note form."""

    ledger: str
    key: str


class Gone(Shape, frozen=True):
    """A field of an entry whose text was forgotten."""

    entry: Whole
    field: str


class Erased(Shape, frozen=True):
    """private.erased: which texts about whom or what were forgotten."""

    about: str
    erased: list[Gone]


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
        if statement.prompt.given:
            prompt["given"] = Private(statement.prompt.given, "given prompt", about)
    body: dict[str, Body] = {
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
        "parameters": {name: _seed_as_text(name, value) for name, value in statement.parameters.items()},
        "project": {
            "production": statement.project.production,
            "episode": statement.project.episode,
            "shot": statement.project.shot,
            "stage": statement.project.stage.value,
        },
        "note": _private_or_empty(statement.note, "note", about),
    }
    if statement.adapters:
        body["adapters"] = [adapter_body(each) for each in statement.adapters]
    return body


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


def added_body(person: str, name: str | None) -> dict[str, Body]:
    sealed = None if name is None else Private(name, "name", person)
    return {"person": person, "kind": Kind.PERSON.value, "name": sealed}


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


def adapter_body(adapter: AdapterUse) -> dict[str, Body]:
    """A LoRA has these two fields alone, as before there were others."""
    more: dict[str, Body] = {} if adapter.kind is AdapterKind.LORA else {"kind": adapter.kind.value}
    if adapter.about:
        more["about"] = adapter.about
    if (adapter.start, adapter.end) != (0.0, 1.0):
        more |= {"start": adapter.start, "end": adapter.end}
    return {"model": str(adapter.model.digest), "scale": adapter.scale, **more}


def adapter_of(said: AdapterSaid, model: Callable[[Digest], ModelUse]) -> AdapterUse:
    """What was written down, with the model of that digest looked up."""
    told = {name: value for name, value in structs.asdict(said).items() if value is not UNSET}
    return AdapterUse(**told | {"model": model(Digest.parse(said.model))})


def _credit_body(credit: Credit, person: str) -> dict[str, Body]:
    body: dict[str, Body] = {"role": credit.role.value, "person": person}
    if credit.shown is not None:
        # About the person, so that it is forgotten together with them.
        body["shown"] = Private(credit.shown, IN_FILE, person)
    return body


def _seed_as_text(name: str, value: Scalar) -> Scalar:
    """Canonical JSON loses integers above 2**53, and a seed goes up to 2**64: seeds are text, always."""
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


def _private_or_empty(text: str, field: str, about: str) -> Body:
    return Private(text, field, about) if text else ""


def _resource(file: InputSaid | OutputSaid) -> Resource:
    return Resource(
        digest=Digest.parse(file.digest),
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        pixels=None if file.pixels is None else Digest.parse(file.pixels),
    )
