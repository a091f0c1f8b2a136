"""One step of a chain out of one manifest: what it says, who signed it, what went into it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import c2pa

from provenance.credentials.identity.trust import Trust
from provenance.credentials.own_labels import INGREDIENT, MODEL, PROMPT, UNREAD
from provenance.credentials.read import contents
from provenance.credentials.read.chain import ChainStep, IdentityClaim, Named, Reason, Signer, Verdict
from provenance.credentials.read.contents import PROMPT_LIMIT
from provenance.credentials.read.cose import signatures
from provenance.credentials.read.jumbf import embedded
from provenance.credentials.read.making import Making, is_model, made, types_of
from provenance.credentials.read.values import listing, mapping, text
from provenance.credentials.read.verdicts import (
    MISSING_INPUT,
    REDACTED,
    UNKNOWN_SIGNER,
    UNREAD_INPUT,
    UNSIGNED_INPUT,
    Judged,
    changes_first,
    verdict_of,
)
from provenance.statement.json_value import Json
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Maker, Relation

_PICTURES = ("image/", "video/", "audio/", "application/pdf", "application/vnd.adobe")


@dataclass(slots=True)
class Store:
    """A file's manifests as the library gives them, our judgement on each, and what is being made of them."""

    reader: "c2pa.Reader"
    manifests: Mapping[str, object]
    active: str
    judged: Mapping[str, Judged]
    trust: Trust
    data: bytes = b""  # the store as it lies in the file
    vouched: frozenset[str] = frozenset()  # labels whose certificate was asked about, and stands
    steps: dict[str, ChainStep] = field(default_factory=dict)


def add_step(store: Store, label: str) -> None:
    """Puts the step of one manifest into the store; what went into it has been put there before."""
    manifest = mapping(store.manifests[label])
    parents, masks, words, models = _inputs(store, label, manifest)
    told = made(manifest)
    record = contents.record(manifest)
    judged = store.judged[label]
    if judged.update and told.maker is Maker.UNKNOWN:
        told = _as_before(told, [store.steps[each] for each, _ in parents if each in store.steps])
    signer = _signer(store, label)
    verdict, reasons = _verdict(tuple(judged.against.values()), signer)
    taken = [each.rsplit("/", 1)[-1] for each in map(text, listing(manifest.get("redactions"))) if each]
    if taken:
        reasons += (Reason(REDACTED, f"it took out what an earlier step said: {', '.join(taken[:8])}"),)
    at = record.get("at") if record else None
    store.steps[label] = ChainStep(
        id=label[:200],
        title=text(manifest.get("title"), 400) or "untitled",
        maker=told.maker,
        source_type=told.source_type,
        actions=told.actions,
        verdict=verdict,
        reasons=reasons,
        signer=signer,
        software=told.software,
        people=_people(manifest, judged.identities),
        prompt=words.get("text") or contents.prompt_information(manifest),
        prompt_digest=words.get("digest"),
        negative=words.get("negative"),
        given=words.get("given"),
        models=tuple(models),
        when=told.when or text(at, 64) or (signer.time if signer else None),
        record=record,
        wishes=contents.wishes(manifest),
        parents=tuple(dict.fromkeys(parents)),
        run=told.run,
        masks=frozenset(masks),
        shares=told.shares,
        edited_by_hand=told.edited_by_hand,
        agent=told.agent,
        ai=told.ai,
        both=told.both,
        update=judged.update,
        identities=judged.identities,
    )


def _as_before(told: Making, parents: Sequence[ChainStep]) -> Making:
    """An update leaves the picture as it was: whoever made that made this."""
    if len(parents) != 1:
        return told
    (below,) = parents
    return replace(told, maker=below.maker, source_type=below.source_type, shares=below.shares)


def _people(manifest: Mapping[str, object], identities: Iterable[IdentityClaim]) -> tuple[Named, ...]:
    """Everybody who is credited, and who vouches for themselves with a proof that holds."""
    proved = (Named(each.name, f"{contents.IDENTITY}{each.kind}") for each in identities if each.holds)
    return tuple(dict.fromkeys((*contents.people(manifest), *proved)))


def _verdict(reasons: tuple[Reason, ...], signer: Signer | None) -> tuple[Verdict, tuple[Reason, ...]]:
    verdict, reasons = verdict_of(each.code for each in reasons), changes_first(reasons)
    if verdict is Verdict.INTACT_KNOWN and (signer is None or not signer.known):
        return Verdict.INTACT_UNKNOWN, (*reasons, UNKNOWN_SIGNER)
    return verdict, reasons


def _inputs(
    store: Store, label: str, manifest: Mapping[str, object]
) -> tuple[list[tuple[str, Relation]], list[str], dict[str, str], list[Mapping[str, Json]]]:
    """What went in: pictures as steps with their relation, which of them are masks, the prompt's words, the models."""
    parents: list[tuple[str, Relation]] = []
    masks: list[str] = []
    words: dict[str, str] = {}
    models: list[Mapping[str, Json]] = []
    for number, each in enumerate(listing(manifest.get("ingredients"))):
        ingredient = mapping(each)
        if _is_model(ingredient):
            models.append(_model(ingredient))
        elif _is_prompt(ingredient):
            words.update(_prompt(store, ingredient))
        else:
            parent = _picture(store, label, ingredient, number)
            if parent is not None:
                parents.append((parent, _relation(ingredient)))
                masks += [parent] if _is_mask(ingredient) else []
    return parents, masks, words, models


def _picture(store: Store, label: str, ingredient: Mapping[str, object], number: int) -> str | None:
    """The step that a picture among the ingredients is; None where it is none that can be shown."""
    child = text(ingredient.get("active_manifest"))
    digest = text(mapping(mapping(ingredient.get("metadata")).get(INGREDIENT)).get("digest"), 71)
    if child is not None and child in store.steps:
        step = store.steps[child]
        store.steps[child] = replace(step, digest=step.digest or digest)
        return child[:200]
    kind = text(ingredient.get("format"), 200) or ""
    if child is None and not kind.startswith(_PICTURES) and _relation(ingredient) is Relation.INPUT:
        return None
    name = f"{label}#{text(ingredient.get('label'), 200) or number}"[:400]
    about = mapping(mapping(ingredient.get("metadata")).get(INGREDIENT))
    missing, unread = child is not None, about.get(UNREAD) is True
    store.steps[name] = ChainStep(
        id=name,
        title=text(ingredient.get("title"), 400) or "untitled",
        maker=Maker.UNKNOWN,
        source_type=None,
        actions=(),
        verdict=Verdict.NOT_CHECKED if missing or unread else Verdict.NO_CREDENTIALS,
        reasons=(MISSING_INPUT if missing else UNREAD_INPUT if unread else UNSIGNED_INPUT,),
        digest=digest,
    )
    return name


def _signer(store: Store, label: str) -> Signer | None:
    """The signer as judged, and whether somebody was asked about the certificate."""
    signer = store.judged[label].signer
    if signer is None or not signer.fingerprint:
        return signer
    asked, vouched = label == store.active and bool(store.trust.hosts), label in store.vouched
    brought = vouched and (not asked or _brings_an_answer(store, label))
    return replace(signer, asked=asked, vouched=vouched, brought=brought) if asked or vouched else signer


def _brings_an_answer(store: Store, label: str) -> bool:
    """Whether an answer about its certificate lies beside the signature, or in an assertion of the file."""
    signature = signatures(store.data).get(label)
    return b"c2pa.certificate-status" in store.data or (signature is not None and "rVals" in signature.header)


def _relation(ingredient: Mapping[str, object]) -> Relation:
    try:
        return Relation(text(ingredient.get("relationship"), 64) or "")
    except ValueError:
        return Relation.COMPONENT


def _is_model(ingredient: Mapping[str, object]) -> bool:
    return MODEL in mapping(ingredient.get("metadata")) or is_model(ingredient)


def _is_mask(ingredient: Mapping[str, object]) -> bool:
    about = mapping(mapping(ingredient.get("metadata")).get(INGREDIENT))
    return about.get("role") == InputRole.MASK.value and _relation(ingredient) is Relation.INPUT


def _is_prompt(ingredient: Mapping[str, object]) -> bool:
    about = mapping(ingredient.get("metadata"))
    return PROMPT in about or "c2pa.types.generator.prompt" in types_of(ingredient)


def _model(ingredient: Mapping[str, object]) -> Mapping[str, Json]:
    about = mapping(mapping(ingredient.get("metadata")).get(MODEL))
    told = {name[:200]: contents.plain(value) for name, value in list(about.items())[:32]}
    told.setdefault("name", text(ingredient.get("title"), 400) or "untitled")
    address = text(ingredient.get("informational_URI"))
    return told | ({"address": address} if address else {})


def _prompt(store: Store, ingredient: Mapping[str, object]) -> dict[str, str]:
    about = mapping(mapping(ingredient.get("metadata")).get(PROMPT))
    place = text(mapping(ingredient.get("data")).get("identifier"))
    found = {
        "text": _resource(store, place) if place else text(ingredient.get("description"), PROMPT_LIMIT),
        "negative": text(about.get("negative"), PROMPT_LIMIT),
        "given": text(about.get("given"), PROMPT_LIMIT),
        "digest": text(about.get("commitment"), 200),
    }
    return {name: value for name, value in found.items() if value}


class _Capped(io.BytesIO):
    """Takes what it is given and keeps the beginning."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: "bytes | bytearray | memoryview[int]", /) -> int:  # type: ignore[override]
        room = self._limit - self.tell()
        if room > 0:
            super().write(bytes(data)[:room])
        return len(data)


def resource_bytes(reader: "c2pa.Reader", place: str, limit: int) -> bytes:
    """The beginning of a resource in the store, up to `limit` bytes; nothing where it is not there."""
    target = _Capped(limit)
    try:
        reader.resource_to_stream(place, target)
    except c2pa.C2paError:
        return b""
    return target.getvalue()


def _resource(store: Store, place: str) -> str | None:
    # Out of the bytes that are at hand; asking the library takes as long as all the rest of a step.
    words = embedded(store.data, place)
    if words is None:
        words = resource_bytes(store.reader, place, 4 * PROMPT_LIMIT)
    return words.decode("utf-8", "replace")[:PROMPT_LIMIT] or None


def store_bytes(reader: "c2pa.Reader", label: str, limit: int) -> bytes:
    """The manifest store as it lies in the file, which the library gives for the place of a manifest."""
    return resource_bytes(reader, f"self#jumbf=/c2pa/{label}", limit)
