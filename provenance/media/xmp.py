"""IPTC 2025.1 as XMP, and the `parameters` text, put into a finished file before it is signed.

    <rdf:Description Iptc4xmpExt:AISystemUsed="house" Iptc4xmpExt:AIPromptWriterName="Abe Rin" …>
      <dc:creator><rdf:Seq><rdf:li>Mori Aoi</rdf:li></rdf:Seq></dc:creator>

Pixels are not decoded: a chunk, a segment or a tag is added, or the one that is there is written anew. A packet that
somebody else wrote keeps everything that is not ours to say. Where a packet cannot be written, that is said: the same
words stand in the signed `cawg.metadata`.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from provenance.errors import StatementError
from provenance.media.containers import avif, jpeg, png, riff, tiff
from provenance.media.xmp_packet import Packet, text_of, texts_of
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Maker, SourceType

_CONTAINERS: Mapping[str, ModuleType] = MappingProxyType(
    {
        "image/png": png,
        "image/jpeg": jpeg,
        "image/webp": riff,
        "image/tiff": tiff,
        "image/avif": avif,
    }
)
_PADDING = 2_048  # bytes of white space in a merged packet, as programs leave them for one another
_CREATOR, _SOURCE_TYPE = "dc:creator", "Iptc4xmpExt:DigitalSourceType"
# Fields that hold names. What we wrote of them is noted in the packet, to be found again when a name is corrected.
_NAMING = (_CREATOR, "Iptc4xmpExt:AIPromptWriterName", "photoshop:Credit")
_WROTE = "genzu:wrote"
_EXTENSION = "xmpNote:HasExtendedXMP"

NOT_READ = "its XMP packet cannot be read, so the IPTC fields stand in the signed credentials alone"
NO_ROOM = "its XMP has no room for the IPTC fields, so they stand in the signed credentials alone"


@dataclass(frozen=True, slots=True)
class Written:
    """The file with its fields; `trouble` says why they could not be written, and then it is as it was."""

    data: bytes
    trouble: str = ""


def with_fields(
    data: bytes,
    media_type: str,
    fields: Mapping[str, Json],
    *,
    keep: tuple[str, ...] = (),
    adds: bool = False,
) -> Written:
    """The file with these IPTC fields in its XMP packet.

    `adds`: a step on top of others, whose people are named beside the earlier ones. Else what we wrote of people
    before is replaced; of a packet that is all ours only the fields to `keep` stay.
    """
    try:
        return _with_fields(data, media_type, texts_of(fields), keep, adds=adds)
    except (struct.error, IndexError):  # a container odder than its decoder minds
        return Written(data, NOT_READ)


def _with_fields(
    data: bytes, media_type: str, fields: dict[str, str | list[str]], keep: tuple[str, ...], *, adds: bool
) -> Written:
    container = _CONTAINERS.get(media_type)
    if container is None:
        return Written(data, NO_ROOM)
    raw = container.xmp_of(data)
    empty = raw is None or not raw.strip(b"\0 \r\n\t")
    found = Packet.new() if empty else Packet.parse(raw)
    if found is None:
        return Written(data, NOT_READ)
    packet, padding = found, 0 if found.is_ours else _PADDING
    if found.is_ours and not adds and not found.texts(_WROTE):
        packet = Packet.new()
        kept = {name: found.texts(name) for name in keep}
        fields = {**{name: texts[0] for name, texts in kept.items() if texts}, **fields}
    extension = _extension(data, media_type)
    moved = _merge(packet, extension, fields, adds=adds)
    prepared = _with_extension(data, packet, extension) if extension is not None and moved else data
    for room in (padding, 0):
        out = container.with_xmp(prepared, packet.to_bytes(room))
        if out is not None:
            return Written(out)
    # Old words of ours that were replaced are never left standing.
    bare = container.with_xmp(data, Packet.new().to_bytes(0)) if found.is_ours and not empty else None
    return Written(data if bare is None else bare, NO_ROOM)


def _merge(
    packet: Packet, extension: Packet | None, fields: dict[str, str | list[str]], *, adds: bool
) -> bool:
    """Our fields into a packet: makers beside those named there; a word for AI is not replaced by another one.

    Whether something moved out of the extension.
    """
    if not adds:
        _forget_our_names(packet)
    creators = packet.texts(_CREATOR) + (extension.texts(_CREATOR) if extension else [])
    ours = fields.get(_CREATOR, [])
    wrote = packet.texts(_WROTE)
    moved = extension is not None and extension.remove(list(fields))
    for name, value in fields.items():
        if (
            name == _SOURCE_TYPE
            and isinstance(value, str)
            and _says_ai(packet.texts(name))
            and not _says_ai([value])
        ):
            continue
        packet.set(name, value)
    makers = list(dict.fromkeys([*creators, *ours]))
    if makers:
        packet.set(_CREATOR, makers)
    noted = [f"{name}={each}" for name in _NAMING for each in _as_list(fields.get(name))]
    if (not packet.is_ours or creators) and noted:
        packet.set(_WROTE, list(dict.fromkeys([*wrote, *noted])))
    return moved


def _forget_our_names(packet: Packet) -> None:
    """Takes out the names that a file of ours was signed with before."""
    wrote = packet.texts(_WROTE)
    for name in _NAMING:
        others = [each for each in packet.texts(name) if f"{name}={each}" not in wrote]
        packet.remove([name])
        if others:
            packet.set(name, others if name == _CREATOR else others[0])
    packet.remove([_WROTE])


def _as_list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _says_ai(words: list[str]) -> bool:
    for each in words:
        try:
            if SourceType.parse(each).maker in (Maker.AI, Maker.AI_ASSISTED):
                return True
        except StatementError:
            continue
    return False


# -- extended XMP of a JPEG


def _extension(data: bytes, media_type: str) -> Packet | None:
    raw = jpeg.extended_xmp_of(data) if media_type == "image/jpeg" else None
    return None if raw is None else Packet.parse(raw)


def _with_extension(data: bytes, packet: Packet, extension: Packet) -> bytes:
    """The file with changed extended XMP, which the main packet names by its digest."""
    content = extension.body()
    packet.set(_EXTENSION, jpeg.digest_of(content))
    return jpeg.with_extended_xmp(data, content)


# -- others' packets


def edited(data: bytes, media_type: str, edit: Callable[[Packet], bool]) -> bytes:
    """The file with its XMP as `edit` leaves it; the same object where that says that it changed nothing."""
    container = _CONTAINERS.get(media_type)
    if container is None:
        return data
    try:
        raw = container.xmp_of(data)
        packet = None if raw is None else Packet.parse(raw)
        extension = _extension(data, media_type)
        changed = packet is not None and edit(packet)
        extended = extension is not None and edit(extension)
        if packet is None or not (changed or extended):
            return data
        out = _with_extension(data, packet, extension) if extended and extension is not None else data
        written = container.with_xmp(out, packet.to_bytes(0))
        return data if written is None else bytes(written)
    except (struct.error, IndexError):
        return data


def packets_in(data: bytes, media_type: str) -> list[str]:
    """Every packet of the file as text, UTF-16 and extended ones too; no matter whether it is XML."""
    container = _CONTAINERS.get(media_type)
    if container is None:
        return []
    try:
        found = [container.xmp_of(data)]
        if media_type == "image/jpeg":
            found.append(jpeg.extended_xmp_of(data))
    except (struct.error, IndexError):
        return []
    return [text_of(raw) for raw in found if raw]


def without_unreadable(data: bytes, media_type: str) -> bytes:
    """The file with an empty packet in place of one that cannot be read: nobody can say whom it names."""
    container = _CONTAINERS.get(media_type)
    if container is None:
        return data
    try:
        raw = container.xmp_of(data)
        if raw is None or not raw.strip(b"\0 \r\n\t") or Packet.parse(raw) is not None:
            return data
        emptied = container.with_xmp(data, Packet.new().to_bytes(0))
        return data if emptied is None else bytes(emptied)
    except (struct.error, IndexError):
        return data


def room_for_xmp() -> bytes:
    """An empty packet of ours with room in it, for a container that can only be written over in place."""
    return avif.filled(Packet.new().to_bytes(0), avif.ROOM)


# -- the text that other programs read


def with_parameters(data: bytes, media_type: str, words: str) -> bytes:
    """A PNG with the text that A1111's family reads; other formats as they are."""
    if media_type != "image/png":
        return data
    try:
        return png.with_chunk(data, b"tEXt", b"parameters\0" + words.encode("latin-1"))
    except UnicodeEncodeError:
        return png.with_chunk(data, b"iTXt", b"parameters\0\0\0\0\0" + words.encode())


def parameters_text(prompt: str, negative: str, run: Mapping[str, Json], model: Mapping[str, Json]) -> str:
    """The settings in A1111's own words and order, so that its readers find them."""
    names = {
        "steps": "Steps", "num_inference_steps": "Steps", "scheduler": "Sampler", "guidance_scale": "CFG scale",
        "guidance": "CFG scale", "seed": "Seed", "strength": "Denoising strength",
    }  # fmt: skip
    told = {names[name]: str(value) for name, value in run.items() if name in names and value is not None}
    told |= {
        "Model hash": str(model.get("digest", "")).removeprefix("sha256:")[:10],
        "Model": str(model.get("name")),
    }
    order = ["Steps", "Sampler", "CFG scale", "Seed", "Model hash", "Model", "Denoising strength"]
    settings = ", ".join(f"{name}: {told[name]}" for name in order if name in told)
    return "\n".join(
        line for line in (prompt, f"Negative prompt: {negative}" if negative else "", settings) if line
    )
