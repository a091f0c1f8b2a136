"""A statement as a C2PA manifest, signed into the picture.

What a painted picture says (C2PA 2.4, CAWG metadata 1.1; our own names begin with `org.genzu`):

    c2pa.actions.v2   opened the layout, edited with a model: source type, software, time, settings
    ingredients       the layout with its own history, the prompt, the model, references, each with a digest
    cawg.metadata     who, in which role; the prompt's writer apart: IPTC does not count them as the creator
    org.genzu.record  which ledger, which entry, its leaf hash, the picture's id

Titles are neutral and there are no thumbnails: file names and private layouts do not leak. Signing goes from
memory to memory, so a failure leaves nothing on disk; a last reading makes sure that what goes out validates.
"""

import contextlib
import io
import json
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import c2pa

from provenance.canonical import Json
from provenance.credentials.assertions import (
    RECORD,
    actions_of,
    data_mining_of,
    disclosure_of,
    iptc_fields,
    metadata_of,
    record_of,
    wishes_of,
)
from provenance.credentials.identity import Identity
from provenance.credentials.ingredients import (
    EntryRef,
    Part,
    Source,
    picture_parts,
    without_folders,
    word_parts,
)
from provenance.credentials.privacy import without_private
from provenance.credentials.publication import USUAL, Publication
from provenance.credentials.trust import Trust, context
from provenance.credentials.xmp import parameters_text, with_parameters, with_xmp, xmp_packet
from provenance.errors import ManifestError
from provenance.statement import Statement
from provenance.vocabulary import Disclosure, Step

__all__ = ["EntryRef", "Signed", "Source", "embed", "has_manifest"]

SPEC_VERSION = "2.4.0"
TSA_PATIENCE = 10.0  # seconds
_TITLES = {Step.PAINT: "Painted picture", Step.RECORD: "Recorded picture", Step.RETOUCH: "Retouched picture"}


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed file, the label (URN) of its manifest, and whether a time stamp went in."""

    data: bytes
    label: str
    time_stamped: bool


def embed(
    picture: bytes,
    media_type: str,
    statement: Statement,
    sources: Sequence[Source],
    entry: EntryRef,
    identity: Identity,
    *,
    at: datetime,
    tsa_url: str | None = None,
    facts: Mapping[str, Json] = {},
    publication: Publication = USUAL,
) -> Signed:
    """The picture with its credentials in it; a time-stamp authority that is down is done without."""
    parts = picture_parts(
        picture, media_type, statement, sources, signed=has_manifest(picture, media_type)
    ) + word_parts(statement, entry)
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    software = statement.software
    definition: dict[str, Json] = {
        "claim_version": 2,
        "label": f"urn:c2pa:{uuid.uuid4()}",
        "title": _TITLES[statement.step],
        "format": media_type,
        "claim_generator_info": [
            {"name": software.name, "version": software.version, "specVersion": SPEC_VERSION}
        ],
        "assertions": _assertions(statement, parts, entry, when, facts, publication),
    }
    dressed = _dressed(picture, media_type, statement, publication)
    return _signed(definition, parts, dressed, media_type, identity, tsa_url)


def _assertions(
    statement: Statement,
    parts: Sequence[Part],
    entry: EntryRef,
    when: str,
    facts: Mapping[str, Json],
    publication: Publication,
) -> list[Json]:
    actions = actions_of(statement, parts, when, facts)
    assertions: list[Json] = [
        {
            "label": "c2pa.actions.v2",
            "created": True,
            "data": {"actions": actions, "allActionsIncluded": True},
        },
        {"label": "cawg.metadata", "kind": "Json", "data": metadata_of(statement, publication)},
        {"label": RECORD, "created": True, "data": record_of(statement, entry, when)},
    ]
    if publication.wishes:
        assertions.append({"label": "cawg.training-mining", "data": wishes_of(publication.wishes)})
    disclosure = disclosure_of(statement)
    if disclosure is not None:
        assertions.append({"label": "c2pa.ai-disclosure", "data": disclosure})
    return assertions


def _dressed(picture: bytes, media_type: str, statement: Statement, publication: Publication) -> bytes:
    """The file as it will be signed: without what is private, with what other programs read."""
    named = all(each.name and publication.shown(each) == each for each in statement.credits)
    data = picture if publication.keep_private else without_private(picture, media_type, keep_names=named)
    prompt, model = statement.prompt, statement.model
    if publication.parameters_text and prompt and model and prompt.disclosure is Disclosure.FULL:
        about: dict[str, Json] = {"name": without_folders(model.name), "digest": str(model.digest)}
        words = parameters_text(prompt.text, prompt.negative, dict(statement.parameters), about)
        data = with_parameters(data, media_type, words)
    if not publication.xmp:
        return data
    fields = iptc_fields(statement, publication)
    mining = data_mining_of(publication.wishes)
    return with_xmp(data, media_type, xmp_packet(fields | ({"plus:DataMining": mining} if mining else {})))


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


def _signed(
    definition: dict[str, Json],
    parts: Sequence[Part],
    picture: bytes,
    media_type: str,
    identity: Identity,
    tsa_url: str | None,
) -> Signed:
    data = None
    if tsa_url is not None:
        signer = identity.signer(tsa_url)
        data = _in_time(lambda: _sign(definition, parts, picture, media_type, signer))
    stamped = data is not None
    if data is None:
        data = _sign(definition, parts, picture, media_type, identity.signer())
    return Signed(data, _label(data, media_type, definition), stamped)


def _in_time(sign: Callable[[], bytes]) -> bytes | None:
    """What `sign` gives; None where it fails or the authority keeps us waiting: painting never hangs on it.

    The library has no time limit of its own, so the waiting is left behind in a thread that ends with us.
    """
    given: list[bytes] = []

    def ask() -> None:
        with contextlib.suppress(ManifestError):  # said in `time_stamped`, and so in the ledger
            given.append(sign())

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(TSA_PATIENCE)
    return given[0] if given else None


def _sign(
    definition: Mapping[str, Json],
    parts: Sequence[Part],
    picture: bytes,
    media_type: str,
    signer: "c2pa.Signer",
) -> bytes:
    unread = [part.definition for part in parts if part.media_type == ""]
    target = io.BytesIO()
    try:
        builder = c2pa.Builder(json.dumps({**definition, "ingredients": unread}), context(Trust()))
        for number, part in enumerate(parts):
            if part.data is None:
                continue
            if part.media_type == "":
                builder.add_resource(part.label, io.BytesIO(part.data))
                continue
            try:
                builder.add_ingredient(json.dumps(part.definition), part.media_type, io.BytesIO(part.data))
            except c2pa.C2paError:
                # A container that c2pa cannot take apart: named and bound by our digest, nothing looked into.
                opaque = [*parts[:number], Part(part.definition), *parts[number + 1 :]]
                return _sign(definition, opaque, picture, media_type, signer)
        builder.sign(signer, media_type, io.BytesIO(picture), target)
    except c2pa.C2paError as error:
        raise ManifestError(f"the picture could not be signed as {media_type}: {error}") from error
    return target.getvalue()


def _label(data: bytes, media_type: str, definition: Mapping[str, Json]) -> str:
    """The label of the new manifest, once it has been read back: what goes out validates."""
    label = str(definition["label"])
    try:
        with c2pa.Reader(media_type, io.BytesIO(data), context=context(Trust())) as reader:
            active, results = reader.get_active_manifest() or {}, reader.get_validation_results() or {}
    except c2pa.C2paError as error:
        raise ManifestError(f"the signed picture could not be read back: {error}") from error
    failures = {str(each.get("code")) for each in results.get("activeManifest", {}).get("failure", [])}
    failures.discard("signingCredential.untrusted")  # no root is given here: who knows us is not the question
    if failures or active.get("label") != label:
        raise ManifestError(f"the signed picture does not validate: {', '.join(sorted(failures)) or label}")
    return label
