"""What an XMP packet says of AI, by IPTC's fields and by the marks that programs leave there.

    Iptc4xmpExt:DigitalSourceType      how it was made, in IPTC's words
    Iptc4xmpExt:AISystemUsed           with AISystemVersionUsed, AIPromptWriterName (IPTC 2025.1)
    photoshop:Credit, IPTC 2:110       Made with Google AI, Edited with Google AI
    xmp:CreatorTool                    a program that does nothing but generate
    dc:description, exif:UserComment   a generator's own text: Midjourney, Draw Things
    TC260:AIGC                         the label that China prescribes (GB 45438-2025)

A property is asked for its value: the same words in a description are a description. Only of a packet that is no
XML are the words themselves searched.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from provenance.errors import StatementError
from provenance.media.generator_names import program_named
from provenance.media.generator_settings import read_settings
from provenance.media.generator_trace import AIGC, IPTC, NAME, Trace, by_ai, object_of
from provenance.media.xmp_packet import Packet
from provenance.statement.vocabulary import Maker, SourceType

JOB = re.compile(r"\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_SOURCE = re.compile(r"(?:.*digitalsourcetype/)?([A-Za-z]{3,60})/?", re.DOTALL)
_CREDIT = re.compile(r"(Made|Edited) with Google AI")
_SMALL = 16_000  # characters of a packet that is remembered
_PLAYGROUND = "Apple Image Playground"
# Somebody who fills the field to say that there was none.
_NO_SYSTEM = re.compile(
    r"(?:no|none|not|never|without|nil|null|n\.?/?a\.?|nothing|human|hand)\b.*|[\W_]*|なし.*|無し?|不使用.*|未使用.*",
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
    "system": "Iptc4xmpExt:AISystemUsed",
    "version": "Iptc4xmpExt:AISystemVersionUsed",
    "writer": "Iptc4xmpExt:AIPromptWriterName",
    "credit": "photoshop:Credit",
    "tool": "xmp:CreatorTool",
    "label": "TC260:AIGC",
    "description": "dc:description",
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
        for key in ("description", "comment")
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
    if text.strip() == _PLAYGROUND:
        yield Trace("Image Playground", field, Maker.AI)


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
    system = next((each.strip() for each in said["system"] if not _NO_SYSTEM.fullmatch(each.strip())), "")
    version = next((each.strip() for each in said["version"] if each.strip() not in system), "")
    models = (f"{system} {version}".strip()[:NAME],) if system else ()
    writer = next((each.strip()[:NAME] for each in said["writer"]), "")
    found = next((_SOURCE.fullmatch(each.strip()) for each in said["source"]), None)
    if found is not None:
        maker = _maker_of_code(found.group(1))
        field = f"XMP DigitalSourceType {found.group(1)}"
        told = maker in {Maker.AI, Maker.AI_ASSISTED}
        yield Trace(IPTC, field, maker, models if told else (), writer=writer if told else "")
        if told:
            return
    if system:
        # IPTC: "the name of the AI engine used to generate this image"; what it began from is not said.
        yield Trace(IPTC, "XMP AISystemUsed", Maker.AI, models, writer=writer)


def _written(text: str, field: str) -> Iterator[Trace]:
    """A generator's own text, where a program puts it into a description."""
    if JOB.search(text):
        yield Trace("Midjourney", field, Maker.AI)
    said = object_of(text)
    if said is not None and {"steps", "sampler", "seed"} <= said.keys():
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
