"""What went into a picture, as C2PA ingredients: pictures with their own history, the prompt, the model.

C2PA binds an ingredient without credentials by nothing. So each picture carries our SHA-256 of its bytes in
its metadata, under a name of our own:

    "org.genzu.ingredient": {"digest": "sha256:…", "size": 81234, "role": "layout", "picture": "pic-…"}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provenance.credentials.own_labels import INGREDIENT, MODEL, MODEL_TYPE, PROMPT, UNREAD
from provenance.errors import ManifestError
from provenance.statement.json_value import Json
from provenance.statement.statement import (
    AdapterUse,
    Input,
    InputRole,
    ModelUse,
    Prompt,
    Statement,
)
from provenance.statement.vocabulary import AdapterKind, Disclosure, Relation

_LABELS = {
    AdapterKind.LORA: "lora",
    AdapterKind.CONTROL: "controlnet",
    AdapterKind.STYLE: "ip-adapter",
    AdapterKind.WORD: "embedding",
    AdapterKind.DEPTH: "depth-estimator",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one input picture, and what it was for; `beside`: its credentials, where they lie apart."""

    data: bytes
    input: Input
    beside: bytes | None = None


@dataclass(frozen=True, slots=True)
class EntryRef:
    """The ledger's `picture.requested` entry. `prompt` is its commitment to the prompt (HMAC-SHA256, hex)."""

    ledger: str
    seq: int
    leaf_hash: str
    prompt: str | None = None
    checkpoint: str | None = None  # a signed note of the ledger: anyone with the file then holds one


@dataclass(frozen=True, slots=True)
class IngredientPart:
    """One ingredient: its JSON definition and, where there are bytes to look into, those. `beside` as of a Source."""

    definition: dict[str, Json]
    media_type: str = ""
    data: bytes | None = None
    beside: bytes | None = None

    @property
    def label(self) -> str:
        return str(self.definition["label"])

    def unread(self, *, damaged: bool) -> "IngredientPart":
        """The same ingredient, bound by our digest and not looked into; `damaged` credentials are said to be there."""
        definition = dict(self.definition)
        about = definition.get("metadata")
        bound = about.get(INGREDIENT) if isinstance(about, dict) else None
        if damaged:
            definition["metadata"] = {
                INGREDIENT: {**(bound if isinstance(bound, dict) else {}), UNREAD: True}
            }
        return IngredientPart(definition, self.media_type)


def picture_parts(
    picture: bytes,
    media_type: str,
    statement: Statement,
    sources: Sequence[Source],
    *,
    signed: bool,
    beside: bytes | None = None,
) -> list[IngredientPart]:
    """The input pictures; and the picture itself where it is `signed` already, or has credentials `beside` it: no
    history is lost.
    """
    parts = [_source(source, number) for number, source in enumerate(sources)]
    at_hand = {source.input.resource.digest for source in sources}
    # A recorded original is no ingredient: it is the picture itself.
    inputs = [each for each in statement.inputs if each.role is not InputRole.ORIGINAL]
    missing = sum(1 for each in inputs if each.resource.digest not in at_hand)
    if missing:
        raise ManifestError(f"the bytes of {missing} input pictures are missing; their history would be lost")
    if signed or beside is not None:
        # As the parent, or beside the one that it has.
        relation = Relation.INPUT if statement.parent else Relation.PARENT
        received: dict[str, Json] = {
            "title": "As received",
            "label": "received",
            "format": media_type,
            "relationship": relation.value,
        }
        parts.append(IngredientPart(received, media_type, picture, beside))
    return parts


def word_parts(statement: Statement, entry: EntryRef) -> list[IngredientPart]:
    """The prompt, as far as it may be said, and the model."""
    parts = []
    if statement.prompt is not None:
        parts += _prompt(statement.prompt, entry)
    if statement.model is not None:
        parts.append(_model(statement.model))
    for number, adapter in enumerate(statement.adapters):
        parts.append(_adapter(adapter, number))
    return parts


def _source(source: Source, number: int) -> IngredientPart:
    what = source.input
    # C2PA binds an unsigned ingredient by nothing; this, and the ledger, do.
    bound: dict[str, Json] = {
        "digest": str(what.resource.digest),
        "size": what.resource.size,
        "role": what.role.value,
    }
    if what.resource.pixels:
        bound["pixels"] = str(what.resource.pixels)
    if what.picture:
        bound["picture"] = what.picture
    definition: dict[str, Json] = {
        "title": what.role.value.capitalize(),
        "label": f"{what.role.value}-{number}",
        "format": what.resource.media_type,
        "relationship": what.relation.value,
        "metadata": {INGREDIENT: bound},
    }
    return IngredientPart(definition, what.resource.media_type, source.data, source.beside)


def _prompt(prompt: Prompt, entry: EntryRef) -> list[IngredientPart]:
    """The prompt as an input, by the choice made for this run."""
    definition: dict[str, Json] = {
        "title": "Prompt",
        "label": "prompt",
        "format": "text/plain",
        "relationship": Relation.INPUT.value,
        "data_types": [{"type": "c2pa.types.generator.prompt"}],
    }
    if prompt.disclosure is Disclosure.FULL and prompt.text:
        definition["data"] = {"format": "text/plain", "identifier": "prompt"}
        beside = {"negative": prompt.negative, "given": prompt.given}
        said: dict[str, Json] = {name: words for name, words in beside.items() if words}
        if said:
            definition["metadata"] = {PROMPT: said}
        return [IngredientPart(definition, "", prompt.text.encode())]
    if prompt.disclosure is Disclosure.DIGEST and entry.prompt:
        # The ledger's salted commitment: anyone with the text and the salt can show what was asked.
        definition["metadata"] = {PROMPT: {"commitment": entry.prompt, "scheme": "HMAC-SHA256"}}
        return [IngredientPart(definition)]
    return []


def _adapter(adapter: AdapterUse, number: int) -> IngredientPart:
    """A work beside the model, credited by itself."""
    about: dict[str, Json] = {"adapter": adapter.kind.value, "scale": adapter.scale}
    if adapter.about:
        about["about"] = adapter.about
    if (adapter.start, adapter.end) != (0.0, 1.0):
        about["start"], about["end"] = adapter.start, adapter.end
    return _model(adapter.model, f"{_LABELS[adapter.kind]}-{number}", about)


def _model(model: ModelUse, label: str = "model", use: Mapping[str, Json] | None = None) -> IngredientPart:
    """A model; `use` says of a work beside it what it is and how it was used."""
    model = model.public
    about: dict[str, Json] = {
        "name": model.name,
        "digest": str(model.digest),
        "revision": model.revision,
        "license": model.license,
        "training": model.training,
    }
    if model.attribution:
        about["attribution"] = model.attribution
    about |= use or {}
    definition: dict[str, Json] = {
        "title": model.name,
        "label": label,
        "format": "application/octet-stream",
        "relationship": Relation.INPUT.value,
        "data_types": [{"type": MODEL_TYPE}],
        "metadata": {MODEL: about},
    }
    if model.source.startswith(("https://", "http://")):
        definition["informational_URI"] = model.source
    else:
        about["source"] = model.source
    return IngredientPart(definition)
