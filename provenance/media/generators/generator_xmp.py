"""What an XMP packet says of AI, by IPTC's fields and by the marks that programs leave there.

    Iptc4xmpExt:DigitalSourceType      how it was made, in IPTC's words
    Iptc4xmpExt:AISystemUsed           with AISystemVersionUsed, AIPromptInformation, AIPromptWriterName (IPTC 2025.1)
    photoshop:Credit, IPTC 2:110       Made with Google AI, Edited with Google AI, Apple Photos Clean Up
    xmp:CreatorTool                    a program that does nothing but generate
    dc:description, dc:title, exif:UserComment   a generator's own text: Midjourney, Draw Things
    TC260:AIGC                         the label that China prescribes (GB 45438-2025)

A property is asked for its value: the same words in a description are a description. Only of a packet that is no
XML are the words themselves searched. A source type may be IPTC's code, its address or its name, in any case; where
there are several, each counts. A field that denies ("AI was not used", in a few languages) says nothing of AI.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from provenance.errors import StatementError
from provenance.media.generators.a1111 import read_settings
from provenance.media.generators.generator_names import program_named
from provenance.media.generators.generator_trace import AIGC, IPTC, NAME, Trace, by_ai, object_of
from provenance.media.xmp_packet import Packet
from provenance.statement.vocabulary import BY_AI, Maker, SourceType

JOB = re.compile(r"\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:.*digitalsourcetype/|(?:digitalsourcetype|digsrctype):)?([A-Za-z]{3,60})/?",
    re.DOTALL | re.IGNORECASE,
)
_CODES = {each.value.casefold(): each for each in SourceType}
# IPTC's names of the codes that tell of AI, today's and earlier ones, for somebody who filled the field by hand.
_NAMED_SOURCES = {
    "created using generative ai": SourceType.TRAINED_ALGORITHMIC_MEDIA,
    "trained algorithmic media": SourceType.TRAINED_ALGORITHMIC_MEDIA,
    "edited using generative ai": SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    "composite with trained algorithmic media": SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
}
_CREDIT = re.compile(r"(Made|Edited) with Google AI")
_SMALL = 16_000  # characters of a packet that is remembered
_APPLE = {
    "Apple Image Playground": ("Image Playground", Maker.AI),
    "Apple Photos Clean Up": ("Apple Photos Clean Up", Maker.AI_ASSISTED),
}
# Somebody who fills the field to say that there was none.
_NO_SYSTEM = re.compile(
    r"(?:no|nil|null|false|0|n\.?/?a\.?|human|hand|sin|sem|sans|aucune?|pas|nessun[ao]?|ningun[ao]|nenhuma?)\b.*"
    r"|.*\b(?:not|none|never|without|nothing|unused|nicht|kein\w{0,2}|ohne|senza)\b.*"
    r"|[\W_]*|なし.*|無し?|否|无|無|.*(?:不使用|未使用|ません|していない|使わない|没有|沒有|않|없음|미사용).*",
    re.IGNORECASE | re.DOTALL,
)
_BROKEN_SOURCE = re.compile(r"digitalsourcetype/([A-Za-z]{3,60})")
_BROKEN_CREDIT = re.compile(r"Credit[^<>]{0,9}[=>][\"']?(Made|Edited) with Google AI\b")
_BROKEN_LABEL = re.compile(
    r"<TC260:AIGC>(.{2,4000}?)</TC260:AIGC>|TC260:AIGC=[\"'](.{2,4000}?)[\"']", re.DOTALL
)
_BROKEN_TOOL = re.compile(r"CreatorTool(?:=[\"']|>)([^\"'<]{2,80})")
_PROPERTIES = {
    "source": "Iptc4xmpExt:DigitalSourceType",
    "older": "Iptc4xmpExt:DigitalSourcefileType",
    "system": "Iptc4xmpExt:AISystemUsed",
    "version": "Iptc4xmpExt:AISystemVersionUsed",
    "prompt": "Iptc4xmpExt:AIPromptInformation",
    "writer": "Iptc4xmpExt:AIPromptWriterName",
    "credit": "photoshop:Credit",
    "tool": "xmp:CreatorTool",
    "label": "TC260:AIGC",
    "description": "dc:description",
    "title": "dc:title",
    "comment": "exif:UserComment",
}


def read_xmp(text: str) -> tuple[Trace, ...]:
    """The traces in a packet, whole or broken. Those of a delivery are mostly the same ones."""
    return _remembered(text)[0] if len(text) <= _SMALL else tuple(_read(text, _packet_of(text)))


def is_broken(text: str) -> bool:
    """Whether a packet is no XML that can be read, so that it was only searched for a few words."""
    if not text.strip():
        return False
    return _remembered(text)[1] if len(text) <= _SMALL else _packet_of(text) is None


@lru_cache(maxsize=256)
def _remembered(text: str) -> tuple[tuple[Trace, ...], bool]:
    packet = _packet_of(text)
    return tuple(_read(text, packet)), packet is None


def _packet_of(text: str) -> Packet | None:
    return Packet.parse(text.encode("utf-8", "replace"))


def _read(text: str, packet: Packet | None) -> Iterator[Trace]:
    said = (
        _searched(text) if packet is None else {key: packet.texts(name) for key, name in _PROPERTIES.items()}
    )
    yield from _iptc(said)
    for credit in said["credit"]:
        yield from read_credit(credit, "XMP Credit")
    written = [
        found
        for key in ("description", "title", "comment")
        for each in said[key]
        for found in _written(each, f"XMP {key}")
    ]
    for tool in said["tool"]:
        program = program_named(tool)
        # A name says nothing of how; its own text says it better.
        if program is not None and all(each.tool != program for each in written):
            yield Trace(program, "XMP CreatorTool", Maker.AI)
    for label in said["label"]:
        yield from read_label(label.replace("&quot;", '"'), "XMP AIGC")
    yield from written


def read_credit(text: str, field: str) -> Iterator[Trace]:
    """A credit line as Google and Apple write it: in XMP, and in IPTC's older form."""
    found = _CREDIT.fullmatch(text.strip().rstrip("."))
    if found is not None:
        yield Trace("Google AI", field, by_ai(found.group(1) == "Edited"))
    if text.strip() in _APPLE:
        tool, maker = _APPLE[text.strip()]
        yield Trace(tool, field, maker)


def read_label(text: str, field: str) -> Iterator[Trace]:
    """China's label: 1 says that AI made it, 2 that it may have, 3 that somebody suspects it."""
    said = object_of(text)
    inner = said.get("AIGC") if said is not None else None
    said = inner if isinstance(inner, dict) else said
    value = str(said.get("Label", "")) if said is not None else ""
    if value in {"1", "2", "3"}:
        maker = Maker.AI if value == "1" else Maker.UNKNOWN
        yield Trace(AIGC, f"{field} {value}", maker)


def _iptc(said: Mapping[str, list[str]]) -> Iterator[Trace]:
    """IPTC's own fields: the source type says how, the system with what."""
    system, prompt, writer = (_filled(said[key]) for key in ("system", "prompt", "writer"))
    version = next((each.strip() for each in said["version"] if each.strip() not in system), "")
    models = (f"{system} {version}".strip()[:NAME],) if system else ()
    told = False
    for code in dict.fromkeys(_code_of(each) for each in [*said["source"], *said["older"]]):
        maker = _maker_of_code(code)
        by_ai = maker in BY_AI
        told = told or by_ai
        if code:
            field = f"XMP DigitalSourceType {code}"
            yield Trace(IPTC, field, maker, models if by_ai else (), writer=writer if by_ai else "")
    if told:
        return
    # IPTC: "the name of the AI engine used to generate this image", "the information that was given to the generative
    # AI service"; what it began from is not said.
    for key, value in (
        ("AISystemUsed", system),
        ("AIPromptInformation", prompt),
        ("AIPromptWriterName", writer),
    ):
        if value:
            yield Trace(IPTC, f"XMP {key}", Maker.AI, models, writer=writer)
            return


def _filled(values: list[str]) -> str:
    """The first value that says more than that there was none."""
    return next((each.strip()[:NAME] for each in values if not _NO_SYSTEM.fullmatch(each.strip())), "")


def _code_of(text: str) -> str:
    """The code of a source type, by its address, itself or its name; "" of what is none."""
    named = _NAMED_SOURCES.get(text.strip().casefold())
    found = _SOURCE.fullmatch(text.strip())
    if named is not None or found is None:
        return named.value if named is not None else ""
    known = _CODES.get(found.group(1).casefold())
    return known.value if known is not None else found.group(1)


def _written(text: str, field: str) -> Iterator[Trace]:
    """A generator's own text, where a program puts it into a description."""
    if JOB.search(text):
        yield Trace("Midjourney", field, Maker.AI)
    said = object_of(text)
    if (
        said is not None
        and "sampler" in said
        and all(isinstance(said.get(key), int) for key in ("steps", "seed"))
    ):
        strength = said.get("strength", 1)
        begun = isinstance(strength, int | float) and strength < 1
        model = said.get("model")
        yield Trace("Draw Things", field, by_ai(begun), (model[:NAME],) if isinstance(model, str) else ())
    yield from read_settings(text, field)


def _searched(text: str) -> dict[str, list[str]]:
    """The same of a packet that cannot be read as one."""
    said: dict[str, list[str]] = {key: [] for key in _PROPERTIES}
    source, credit = _BROKEN_SOURCE.search(text), _BROKEN_CREDIT.search(text)
    tool, label = _BROKEN_TOOL.search(text), _BROKEN_LABEL.search(text)
    said["source"] = [source.group(1)] if source else []
    said["credit"] = [f"{credit.group(1)} with Google AI"] if credit else []
    said["tool"] = [tool.group(1)] if tool else []
    said["label"] = [label.group(1) or label.group(2)] if label else []
    if "Draw Things" in text:
        said["description"] = [_unescaped(text)]
    return said


def _unescaped(text: str) -> str:
    return re.sub(r"<[^>]*>", "\n", text).replace("&quot;", '"').replace("&#xA;", "\n").replace("&amp;", "&")


def _maker_of_code(code: str) -> Maker:
    try:
        return SourceType.parse(code).maker
    except StatementError:
        return Maker.UNKNOWN
