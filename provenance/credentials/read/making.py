"""How one manifest says that its picture was made: every statement of it counts, never the first one that is found.

    c2pa.created  trainedAlgorithmicMedia  \\  a model made it, then a hand went over it: both speak,
    c2pa.edited   humanEdits               /  and the step is AI-assisted

    c2pa.created  digitalCreation          \\  made by hand, and a model had a part: the file says both,
    c2pa.ai-disclosure  modelName: sd      /  and the contradiction is told

Beside the source types AI speaks in `c2pa.ai-disclosure`, in an ingredient that is a model, a prompt or a seed, in the
IPTC fields about AI, and in what makers wrote before there was a standard: Adobe's `com.adobe.generative-ai`, and the
action of Microsoft's image creator, which has no source type at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provenance.credentials.own_labels import AI_FIELDS, RUN
from provenance.credentials.read.chain import AIWord
from provenance.credentials.read.contents import (
    CREATIVE_WORK,
    METADATA,
    assertions,
    plain,
)
from provenance.credentials.read.values import listing, mapping, text
from provenance.errors import StatementError
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import BY_AI, BY_HAND, Maker, SourceType

DISCLOSURE = "c2pa.ai-disclosure"
ADOBE = "com.adobe.generative-ai"
IMAGE_CREATOR = "the action of an image creator"
_IPTC_EXT = "Iptc4xmpExt:"
_CREATED = "c2pa.created"
_OPENED, _PLACED = "c2pa.opened", "c2pa.placed"
_STARTS_OVER_A_PICTURE = frozenset({_OPENED, _PLACED})
# Ingredients that only a generator has. A classifier or a regressor makes no picture.
_GENERATORS = ("c2pa.types.model", "c2pa.types.generator")
_PROMPT, _SEED = "c2pa.types.generator.prompt", "c2pa.types.generator.seed"
# Microsoft's manifests of 2023 and 2024: an action without a source type, by one of these programs.
_MICROSOFT = ("Bing Image Creator", "Image Creator from", "Microsoft Designer")
_MICROSOFT_SAYS = "ai generated image"


@dataclass(frozen=True, slots=True)
class Making:
    """How a picture came to be: the decisive source type, who or what had a share, what acted, with which settings."""

    maker: Maker
    source_type: str | None
    actions: tuple[str, ...]
    software: str | None
    agent: str | None  # the program that the decisive action names, if it names one
    when: str | None
    run: Mapping[str, Json]
    shares: frozenset[Maker] = frozenset()
    edited_by_hand: bool = False
    ai: tuple[AIWord, ...] = ()
    both: bool = False


@dataclass(frozen=True, slots=True)
class _Typed:
    """One source type: in an action, or (without a name) in a word about the whole picture."""

    maker: Maker
    uri: str
    action: str = ""
    data: Mapping[str, object] | None = None


def made(manifest: Mapping[str, object]) -> Making:
    """What all of it tells, over actions, metadata, disclosures and ingredients."""
    actions = [*_actions(manifest)]
    names = tuple(text(each.get("action"), 200) or "?" for each in actions)
    typed = [*_typed_actions(actions), *_typed_whole(manifest)]
    words = tuple(dict.fromkeys(_ai_words(manifest, actions)))
    decisive = _graver(typed)
    action = decisive.data if decisive is not None and decisive.data else (actions[-1] if actions else {})
    agent = _software(action.get("softwareAgent"))
    return Making(
        maker=_maker(typed, words, names),
        source_type=decisive.uri if decisive is not None else None,
        actions=names,
        software=agent or _generator(manifest),
        agent=agent,
        when=text(action.get("when"), 64),
        run=_run(actions),
        shares=frozenset(each.maker for each in typed),
        edited_by_hand=any(each.maker in BY_HAND and each.action not in {_CREATED, ""} for each in typed),
        ai=words,
        both=_contradicts(typed, words),
    )


def maker_of(source_type: str) -> Maker:
    """Who made it, by one source type in whichever scheme; UNKNOWN for words that we do not know."""
    code = source_type.rstrip("/").rsplit("/", 1)[-1]
    if code == "trainedAlgorithmicData":  # c2pa.org's own word for what a model gave
        return Maker.AI
    try:
        return SourceType.parse(code).maker
    except StatementError:
        return Maker.UNKNOWN


def types_of(ingredient: Mapping[str, object]) -> list[str]:
    """The data types of an ingredient that is not a picture."""
    return [text(mapping(each).get("type"), 200) or "" for each in listing(ingredient.get("data_types"))]


def is_model(ingredient: Mapping[str, object]) -> bool:
    """Whether an ingredient is a model that makes pictures, by its data types."""
    return any(each.startswith(_GENERATORS) and each not in {_PROMPT, _SEED} for each in types_of(ingredient))


def _actions(manifest: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for data in assertions(manifest, "c2pa.actions", "c2pa.actions.v2"):
        templates = {
            text(mapping(each).get("action")): mapping(each) for each in listing(data.get("templates"))
        }
        for each in listing(data.get("actions")):
            action = mapping(each)
            # What a template says holds for every action of its name, or of all names.
            shared = {**templates.get("*", {}), **templates.get(text(action.get("action")), {})}
            yield {**shared, **action}


def _typed_actions(actions: list[Mapping[str, object]]) -> Iterator[_Typed]:
    for action in actions:
        source = text(action.get("digitalSourceType")) or text(
            mapping(action.get("parameters")).get("digitalSourceType")
        )
        if source is not None:
            yield _Typed(maker_of(source), source, text(action.get("action"), 200) or "?", action)


def _typed_whole(manifest: Mapping[str, object]) -> Iterator[_Typed]:
    for data in assertions(manifest, CREATIVE_WORK, *METADATA):
        source = text(data.get("digitalSourceType")) or text(data.get(_IPTC_EXT + "DigitalSourceType"))
        if source is not None:
            yield _Typed(maker_of(source), source)


def _ai_words(manifest: Mapping[str, object], actions: list[Mapping[str, object]]) -> Iterator[AIWord]:
    """Everything beside the source types by which the manifest says that AI had a part."""
    for data in assertions(manifest, DISCLOSURE):
        yield AIWord(DISCLOSURE, text(data.get("modelName"), 200) or "")
    for data in assertions(manifest, ADOBE):
        named = (text(data.get("description"), 200), text(data.get("version"), 60))
        yield AIWord(ADOBE, " ".join(each for each in named if each))
    for each in listing(manifest.get("ingredients")):
        ingredient = mapping(each)
        if is_model(ingredient):
            yield AIWord("an ingredient that is a model", text(ingredient.get("title"), 200) or "")
        elif {_PROMPT, _SEED} & set(types_of(ingredient)):
            yield AIWord("an ingredient that is a prompt or a seed for a model")
    for data in assertions(manifest, *METADATA):
        for name in AI_FIELDS:
            if data.get(name):
                model = text(data.get(name), 200) if name.endswith("AISystemUsed") else None
                yield AIWord(f"the field {name}", model or "")
    for action in actions:
        # Only where no source type is given: a program's name decides nothing beside one.
        if text(action.get("action")) != _CREATED or text(action.get("digitalSourceType")) is not None:
            continue
        agent = _software(action.get("softwareAgent")) or ""
        says = (text(action.get("description"), 200) or "").casefold()
        if agent.startswith(_MICROSOFT) or says == _MICROSOFT_SAYS:
            yield AIWord(IMAGE_CREATOR, agent)


def _maker(typed: list[_Typed], words: tuple[AIWord, ...], names: tuple[str, ...]) -> Maker:
    """Who made the step as a whole. AI anywhere is told; a hand or camera beside it makes it AI-assisted."""
    makers = {each.maker for each in typed}
    if Maker.AI in makers:
        # A picture that a model created stays the model's after a hand went over it; `shares` tells of the hand.
        begun = {each.maker for each in typed if each.action in {_CREATED, ""}}
        # What was placed in a picture that was opened is a part of it.
        by_model = {each.action for each in typed if each.maker is Maker.AI}
        in_part = _OPENED in names and by_model == {_PLACED}
        return Maker.AI_ASSISTED if begun & BY_HAND or in_part else Maker.AI
    if Maker.AI_ASSISTED in makers:
        return Maker.AI_ASSISTED
    if words:
        # Only makers' own older words, on a picture that was begun with them, say that AI made all of it.
        whole = any(each.where in {ADOBE, IMAGE_CREATOR} for each in words)
        started = _CREATED in names and not _STARTS_OVER_A_PICTURE & set(names)
        return Maker.AI if whole and started and not makers & BY_HAND else Maker.AI_ASSISTED
    best = _graver(typed)
    return best.maker if best is not None else Maker.UNKNOWN


def _graver(typed: list[_Typed]) -> _Typed | None:
    """The source type that weighs most: what AI did, then a camera, a hand, a program."""
    order = (Maker.AI, Maker.AI_ASSISTED, Maker.CAMERA, Maker.HUMAN, Maker.SOFTWARE, Maker.UNKNOWN)
    return min(typed, key=lambda each: order.index(each.maker), default=None)


def _contradicts(typed: list[_Typed], words: tuple[AIWord, ...]) -> bool:
    """Whether two things are said that do not go together: all by hand or camera, and AI had a part."""
    ai = any(each.maker in BY_AI for each in typed)
    hands_alone = any(each.maker in BY_HAND for each in typed) and not ai
    if hands_alone and words:
        return True
    acted = [each for each in typed if each.action]
    # A word about the whole picture that leaves out the AI which an action tells of, or the other way round.
    whole_by_hand = any(each.maker in BY_HAND for each in typed if not each.action)
    acted_by_hand = bool(acted) and all(each.maker in BY_HAND for each in acted)
    whole_by_ai = any(each.maker in BY_AI for each in typed if not each.action)
    return (whole_by_hand and ai) or (acted_by_hand and whole_by_ai)


def _run(actions: list[Mapping[str, object]]) -> Mapping[str, Json]:
    run: dict[str, Json] = {}
    for action in actions:
        said = mapping(mapping(action.get("parameters")).get(RUN))
        run.update({key[:200]: plain(value) for key, value in said.items()})
    return run


def _software(agent: object) -> str | None:
    if isinstance(agent, str):
        return text(agent, 400)
    name, version = text(mapping(agent).get("name"), 200), text(mapping(agent).get("version"), 200)
    return " ".join(part for part in (name, version) if part) or None


def _generator(manifest: Mapping[str, object]) -> str | None:
    """The program that wrote the claim; the library that it was written with only where nothing else is said."""
    found = [_software(each) for each in listing(manifest.get("claim_generator_info"))]
    found.append(text(manifest.get("claim_generator"), 400))
    named = [each for each in found if each is not None]
    return next(
        (each for each in named if not each.startswith(("c2pa-rs", "c2pa_rs"))), named[0] if named else None
    )
