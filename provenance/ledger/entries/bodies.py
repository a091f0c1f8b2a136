"""What each kind of entry says, read back from its JSON body; wording.py writes it.

Names, prompts and notes are `Private` on the way in and `{"private": "<64 hex>"}` in the entry. Reading is
strict: every field is there, none beside it, each of its type; anything else is a StatementError, because a
body that cannot be true was not written by this program.

    picture.requested   picture, step, source_type, software, credits, inputs, prompt, model, parameters,
                        project, note; adapters where there are some
    picture.released    picture, requested, output, signer, manifest, time_stamped, facts
    picture.cancelled   picture, requested, reason             (and picture.failed)
    person.added        person, kind, name
    model.recorded      model, name, source, revision, license, training, attribution, files
    ledger.created      ledger, key
    private.erased      about, erased
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from provenance.errors import StatementError
from provenance.ledger.entries.strict import (
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
from provenance.statement.canonical import Digest, Json
from provenance.statement.credit import Credit, Kind, Role
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
)
from provenance.statement.vocabulary import Disclosure, Relation, SourceType, Stage, Step

_RESOURCE = ("digest", "media_type", "size", "width", "height", "pixels")


@dataclass(frozen=True, slots=True)
class Requested:
    """A picture.requested body as it stands in the entry: people and model by reference, private text sealed.

    `prompt` and `negative` and `note` are commitments (64 hex digits), or "" where nothing was said; so is the third
    of a credit, the name that the file shows instead.
    """

    picture: str
    step: Step
    source_type: SourceType
    software: Software
    credits: tuple[tuple[Role, str, str], ...]
    inputs: tuple[Input, ...]
    prompt: tuple[str, str, Disclosure] | None
    model: Digest | None
    parameters: Mapping[str, Scalar]
    project: Project
    note: str
    adapters: tuple[tuple[Digest, float], ...] = ()

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
            credits=tuple(
                Credit(role, name(person), person, opened(shown) or None)
                for role, person, shown in self.credits
            ),
            inputs=self.inputs,
            prompt=prompt,
            model=None if self.model is None else model(self.model),
            parameters=self.parameters,
            project=self.project,
            note=opened(self.note),
            adapters=tuple(AdapterUse(model(digest), scale) for digest, scale in self.adapters),
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


def read_requested(body: Json) -> Requested:
    given = dict(an_object(body))
    adapters = list_of(_read_adapter, given.pop("adapters")) if "adapters" in given else []
    found = object_with(
        given, "picture", "step", "source_type", "software", "credits", "inputs", "prompt", "model",
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
        adapters=tuple(adapters),
    )


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


def read_closed(body: Json) -> Closed:
    found = object_with(body, "picture", "requested", "reason")
    return Closed(text(found["picture"]), whole(found["requested"]), text(found["reason"]))


def read_added(body: Json) -> Added:
    found = object_with(body, "person", "kind", "name")
    kind = choice(Kind, found["kind"])
    if kind is Kind.SOFTWARE:
        raise StatementError("software takes no person's slot")
    return Added(text(found["person"]), kind, optional(_commitment, found["name"]))


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


def read_created(body: Json) -> Created:
    found = object_with(body, "ledger", "key")
    return Created(text(found["ledger"]), text(found["key"]))


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


def _read_credit(value: Json) -> tuple[Role, str, str]:
    given = dict(an_object(value))
    shown = _commitment(given.pop("shown")) if "shown" in given else ""
    found = object_with(given, "role", "person")
    return choice(Role, found["role"]), text(found["person"]), shown


def _read_adapter(value: Json) -> tuple[Digest, float]:
    found = object_with(value, "model", "scale")
    scale = found["scale"]
    if isinstance(scale, bool) or not isinstance(scale, int | float):
        raise StatementError(f"an adapter's scale is a number, not {str(scale)[:40]!r}")
    return digest(found["model"]), float(scale)


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
