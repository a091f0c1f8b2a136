"""A statement as a C2PA manifest, signed into the picture.

What a painted picture says (C2PA 2.4, CAWG metadata 1.1; our own names begin with `org.genzu`):

    c2pa.actions.v2   opened the layout, edited with a model: source type, software, time, settings
    ingredients       the layout with its own history, the prompt, the model, references, each with a digest
    cawg.metadata     who, in which role; the prompt's writer apart: IPTC does not count them as the creator
    org.genzu.record  which ledger, which entry, its leaf hash, the picture's id
    org.genzu.mark    which faint mark is in the pixels, where there is one

Titles are neutral and there are no thumbnails: file names and private layouts do not leak.
"""

import io
import uuid
from collections.abc import Sequence
from dataclasses import replace

import c2pa

from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.own_labels import AI_FIELDS, MARK, RECORD
from provenance.credentials.sign.assertions import (
    actions_of,
    data_mining_of,
    disclosure_of,
    iptc_fields,
    mark_of,
    metadata_of,
    record_of,
    soft_binding_of,
    wishes_of,
)
from provenance.credentials.sign.disclosure import Publication
from provenance.credentials.sign.ingredients import (
    IngredientPart,
    picture_parts,
    word_parts,
)
from provenance.credentials.sign.order import Order
from provenance.credentials.sign.signing import Signed, Unsigned, sign
from provenance.errors import ManifestError
from provenance.media.formats import HEAD, OPAQUE, media_type_of_bytes
from provenance.media.privacy import without_private
from provenance.media.readback import difference
from provenance.media.xmp import Written, parameters_text, with_fields, with_parameters
from provenance.statement.json_value import Json
from provenance.statement.mark_form import form_of
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import Disclosure, Step

__all__ = ["Order", "Signed", "embed", "has_manifest", "sign_beside"]

BESIDE_INSTEAD = (
    "other programs could not read this file with credentials inside, so they lie beside it; pass on both"
)
SPEC_VERSION = "2.4.0"
TITLES = {Step.PAINT: "Painted picture", Step.RECORD: "Recorded picture", Step.RETOUCH: "Retouched picture"}


def embed(picture: bytes, media_type: str, order: Order, identity: Identity) -> Signed:
    """The picture with its credentials in it; a time-stamp authority that is down is done without.

    Where other programs would not read the signed file as they read the picture, the credentials go beside it.
    """
    signed = has_manifest(picture, media_type)
    parts = picture_parts(
        picture, media_type, order.statement, order.sources, signed=signed, beside=order.beside
    )
    definition, parts = _defined(media_type, parts, order)
    dressed = _dressed(picture, media_type, order.statement, order.publication)
    notes = (dressed.trouble,) if dressed.trouble else ()
    unsigned = Unsigned(definition, parts, dressed.data, media_type, artist=order.artist, trust=order.trust)
    inside = sign(unsigned, identity, order.tsa_url)
    if difference(picture, inside.data) is None:
        return replace(inside, notes=notes)
    changed = difference(picture, dressed.data)
    if changed is not None:
        raise ManifestError(f"the picture cannot be prepared for signing: {changed}")
    return replace(_beside(unsigned, identity, order.tsa_url), notes=(*notes, BESIDE_INSTEAD))


def sign_beside(picture: bytes, media_type: str, order: Order, identity: Identity) -> Signed:
    """The credentials as a `.c2pa` file of their own, for a container that holds none; the picture stays as it is."""
    # What lies in it already is looked for by what it is, not by the name that it is bound under.
    received = media_type_of_bytes(picture[:HEAD]) or media_type
    signed = has_manifest(picture, received)
    parts = picture_parts(
        picture, received, order.statement, order.sources, signed=signed, beside=order.beside
    )
    definition, parts = _defined(media_type, parts, order)
    return _beside(
        Unsigned(definition, parts, picture, media_type, artist=order.artist, trust=order.trust),
        identity,
        order.tsa_url,
    )


def _beside(unsigned: Unsigned, identity: Identity, tsa_url: str | None) -> Signed:
    unsigned = replace(unsigned, beside=True)
    try:
        return sign(unsigned, identity, tsa_url)
    except ManifestError:
        if unsigned.media_type == OPAQUE:
            raise
        # A PDF or HEIC that the library cannot take apart is bound by its bytes, like a kind that it does not know.
        return sign(replace(unsigned, media_type=OPAQUE), identity, tsa_url)


def _defined(
    media_type: str, pictures: Sequence[IngredientPart], order: Order
) -> tuple[dict[str, Json], list[IngredientPart]]:
    """The manifest's definition, and every ingredient."""
    parts = [*pictures, *word_parts(order.statement, order.entry)]
    software = order.statement.software
    definition: dict[str, Json] = {
        "claim_version": 2,
        "label": f"urn:c2pa:{uuid.uuid4()}",
        "title": TITLES[order.statement.step],
        "format": media_type,
        "claim_generator_info": [
            {"name": software.name, "version": software.version, "specVersion": SPEC_VERSION}
        ],
        "assertions": _assertions(parts, order),
    }
    return definition, parts


def _assertions(parts: Sequence[IngredientPart], order: Order) -> list[Json]:
    statement, publication = order.statement, order.publication
    actions = actions_of(statement, parts, order.when, order.facts)
    assertions: list[Json] = [
        {
            "label": "c2pa.actions.v2",
            "created": True,
            "data": {"actions": actions, "allActionsIncluded": True},
        },
        {"label": "cawg.metadata", "kind": "Json", "data": metadata_of(statement, publication)},
        {"label": RECORD, "created": True, "data": record_of(statement, order.entry, order.when)},
    ]
    if form_of(order.facts):
        data = mark_of(statement, order.entry, order.facts)
        assertions.append({"label": MARK, "created": True, "data": data})
    binding = soft_binding_of(order.facts)
    if binding is not None:
        assertions.append({"label": "c2pa.soft-binding", "created": True, "data": binding})
    if publication.wishes:
        assertions.append({"label": "cawg.training-mining", "data": wishes_of(publication.wishes)})
    disclosure = disclosure_of(statement)
    if disclosure is not None:
        assertions.append({"label": "c2pa.ai-disclosure", "data": disclosure})
    return assertions


def _dressed(picture: bytes, media_type: str, statement: Statement, publication: Publication) -> Written:
    """The file as it will be signed: without what is private, with what other programs read."""
    named = all(each.name and publication.shown(each) == each for each in statement.credits)
    data = picture if publication.keep_private else without_private(picture, media_type, keep_names=named)
    prompt, model = statement.prompt, statement.model
    if publication.parameters_text and prompt and model and prompt.disclosure is Disclosure.FULL:
        about: dict[str, Json] = {"name": model.public.name, "digest": str(model.digest)}
        words = parameters_text(prompt.text, prompt.negative, dict(statement.parameters), about)
        data = with_parameters(data, media_type, words)
    if not publication.xmp:
        return Written(data)
    mining = data_mining_of(publication.wishes)
    fields = iptc_fields(statement, publication) | ({"plus:DataMining": mining} if mining else {})
    # A file of ours that is signed again, after a correction, keeps what was said of the model, not of people.
    return with_fields(data, media_type, fields, keep=AI_FIELDS, adds=statement.step is Step.RETOUCH)


def has_manifest(data: bytes, media_type: str) -> bool:
    """Whether the bytes hold C2PA credentials, sound or not."""
    try:
        reader = c2pa.Reader.try_create(media_type, io.BytesIO(data), context=context(Trust()))
    except (c2pa.C2paError.NotSupported, c2pa.C2paError.Io):
        return False
    except c2pa.C2paError:
        return True
    if reader is None:
        return False
    reader.close()
    return True
