"""What painting programs leave in a picture: unsigned text, so a hint that anybody can write or remove.

    AUTOMATIC1111, Forge, SD.Next, Draw Things, krita-ai-diffusion    a line of settings (a1111.py)
    ComfyUI             prompt, workflow: the graph of nodes, in PNG text, in EXIF Model and Make, in a film's tags
    InvokeAI            invokeai.py
    Fooocus             fooocus_scheme (in EXIF: MakerNote), with either form in parameters
    NovelAI             Software, Source, and a request in Comment
    Tensor.Art          generation_data
    Samsung             genAIType, in what its editor leaves behind a JPEG
    SwarmUI             swarmui.py        Easy Diffusion   use_stable_diffusion_model
    mflux               mflux_version, in EXIF UserComment
    WanGP               type "WanGP v12 by DeepBeepMeep - …", in a film's comment, in EXIF UserComment
    Midjourney          a description that ends with a Job ID
    krita-ai-diffusion  its state in a .kra (layered_text.py)
    any program         Software, Make or CreatorTool names one (generator_names.py)
    XMP                 IPTC's fields, credits, the AIGC label (generator_xmp.py)

A form counts, never a word: a painter's note "Steps: 5 washes" is none of these. docs/decisions/0130 says where each
form was learnt, and why no library reads them.

>>> [trace] = read_parameters("a house\\nSteps: 20, Sampler: Euler a, Seed: 7, Denoising strength: 0.5, Model: v1-5")
>>> trace.maker, trace.models
(<Maker.AI_ASSISTED: 'ai-assisted'>, ('v1-5',))
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from PIL import Image

from provenance.media.container_text import container_fields
from provenance.media.formats import HEAD, HEIF, of_bytes
from provenance.media.generators import invokeai, swarmui
from provenance.media.generators.a1111 import read_settings
from provenance.media.generators.comfyui import read_graph, read_workflow
from provenance.media.generators.generator_marks import marks
from provenance.media.generators.generator_names import program_named
from provenance.media.generators.generator_trace import (
    MODELS,
    NAME,
    TIKTOK,
    Trace,
    by_ai,
    first_text,
    object_of,
)
from provenance.media.generators.generator_xmp import JOB, is_broken, read_credit, read_label, read_xmp
from provenance.media.generators.hidden_text import HIDDEN, hidden_text
from provenance.media.generators.layered_text import FIELD as KRITA_STATE
from provenance.media.generators.layered_text import layered_fields, read_state
from provenance.media.heic import MEDIA_TYPE, is_heic, stated_size
from provenance.media.picture import Picture
from provenance.media.scanned_text import fields_unopened, pictures_in, scanned_fields
from provenance.media.text_fields import DAMAGED, LONGEST, SAMSUNG, XMP, TextField, shortened, text_fields
from provenance.media.xmp_packet import text_of
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import BY_AI, Maker

_ORIENTATION = 0x0112
_WANGP = re.compile(r"(?:WanGP v[\d.]+|Wan2\.1GP) by DeepBeepMeep - ")
# Fields by which a program names itself, and those that may hold a generator's own text.
_NAMES = frozenset(
    {"Software", "software", "EXIF Software", "EXIF Make", "EXIF ProcessingSoftware", "IPTC Program"}
)
_HIDING = frozenset({"PNG", "WEBP"})
_EASY_MODELS = ("use_stable_diffusion_model", "Stable Diffusion model")
_TEXTS = frozenset(
    {
        HIDDEN,
        "parameters", "Comment", "comment", "Description", "EXIF UserComment", "EXIF ImageDescription", "EXIF Model",
        "EXIF XPComment", "EXIF XPTitle", "EXIF XPSubject", "EXIF XPKeywords", "IPTC Caption", "IPTC Instructions",
    }
)  # fmt: skip


class Glance(NamedTuple):
    """What is seen of a file without decoding it: kind and size, hints, and what of its text was not read."""

    picture: Picture | None
    traces: tuple[Trace, ...]
    unread: tuple[str, ...] = ()  # "XMP is damaged", "its texts are more than 500"


def traces(data: bytes) -> tuple[Trace, ...]:
    """The hints in a file's metadata; none where it cannot be read."""
    return look_at(data).traces


def glance(data: bytes) -> Picture | None:
    """Kind and size by the header alone, without the bytes; None where Pillow cannot tell."""
    return look_at(data).picture


def look_at(data: bytes) -> Glance:
    """All of it, by opening the picture once. A decoder may trip over a stranger's metadata in any way."""
    seen: Picture | None = None
    fields: tuple[TextField, ...] = ()
    try:
        held = container_fields(data)
        held = layered_fields(data) if held is None else held
        if held is not None:
            return Glance(_sized(data), read_fields(held), unread_of(held))
        # By its own decoder where its first bytes tell it: Pillow tries one that takes any file before most others.
        kind = of_bytes(data[:HEAD])
        decoders = kind.decoders if kind is not None and HEIF not in kind.decoders else ()
        with Image.open(io.BytesIO(data), formats=decoders or None) as image:
            seen = _header(image)
            fields = text_fields(image, data)
            if not decoders:  # Pillow knows its pixels, and nobody here its metadata
                fields = (*fields, *scanned_fields(data))
            found = read_fields(fields)
            # It means decoding the picture: where nothing else speaks of AI. That a hand made it anybody can write.
            if image.format in _HIDING and all(each.maker not in BY_AI for each in found):
                hidden = hidden_text(image)
                fields, found = (*fields, hidden), (*found, *read_fields((hidden,)))
    except Exception:  # noqa: BLE001  (picture.py judges the picture itself)
        fields = fields or fields_unopened(data)
        return Glance(seen, (*read_fields(fields), *_within(data)), unread_of(fields))
    return Glance(seen, found, unread_of(fields))


def _within(data: bytes) -> Iterator[Trace]:
    """The hints in the pictures that lie in an SVG."""
    kind = of_bytes(data[:HEAD])
    if kind is not None and kind.name == "SVG":
        for number, each in enumerate(pictures_in(data), 1):
            yield from _of_part(look_at(each).traces, f"picture {number} in it")


def beside_traces(packet: bytes) -> tuple[Trace, ...]:
    """The hints in the XMP file beside a picture; none where it cannot be read."""
    found = read_fields((shortened(XMP, text_of(packet)),))
    return tuple(replace(each, beside=True) for each in found)


def unread_beside(packet: bytes) -> tuple[str, ...]:
    """What of the XMP file beside a picture was not read, each as a clause."""
    unread = unread_of((shortened("the XMP file beside it", text_of(packet)),))
    broken = is_broken(text_of(packet)[:LONGEST])
    return unread or ((f"the XMP file beside it {DAMAGED}",) if broken else ())


def unread_of(fields: tuple[TextField, ...]) -> tuple[str, ...]:
    """What of these texts was not read, each as a clause."""
    told = [f"{plain(each.name, 60)} {each.unread}" for each in fields if each.unread]
    told += [
        f"{XMP} {DAMAGED}" for each in fields if each.name == XMP and not each.unread and is_broken(each.text)
    ]
    return tuple(dict.fromkeys(told))


def read_fields(fields: tuple[TextField, ...]) -> tuple[Trace, ...]:
    """The hints in these texts, each program and field once; those of a part of the file as such."""
    found: list[Trace] = []
    for part in dict.fromkeys(each.part for each in fields):
        found += _of_part(_read_together([each for each in fields if each.part == part]), part)
    return tuple({(each.tool, each.field): each for each in reversed(found)}.values())[::-1]


def _read_together(fields: Sequence[TextField]) -> list[Trace]:
    by_name = {each.name: each.text for each in reversed(fields)}
    found = [trace for each in fields for trace in _unharmed(partial(_of_field, each, by_name))]
    return found + _unharmed(partial(marks, by_name))


def _of_part(found: Iterable[Trace], part: str) -> list[Trace]:
    """Hints of a part of the file: what is AI there is a part of the whole."""
    if not part:
        return [*found]
    return [
        replace(
            each,
            field=f"{each.field} ({part})",
            maker=Maker.AI_ASSISTED if each.maker is Maker.AI else each.maker,
            part=part,
        )
        for each in found
    ]


def _unharmed(read: Callable[[], Iterable[Trace]]) -> list[Trace]:
    """The hints in one text; none where it trips the reader: the other texts are read all the same."""
    try:
        return [*read()]
    except Exception:  # noqa: BLE001
        return []


def read_parameters(text: str, field: str = "parameters") -> Iterator[Trace]:
    """The trace in a `parameters` text, where it is one of the forms that such a text has."""
    said = object_of(text)
    if said is not None:
        yield from _from_object(said, field, text)
    else:
        yield from read_settings(text, field)


def _sized(data: bytes) -> Picture | None:
    """Of a film nothing is told but its texts; of a HEIC and an AVIF their size, too."""
    if is_heic(data):
        size = stated_size(data)
        return None if size is None else Picture(b"", MEDIA_TYPE, *size)
    kind = of_bytes(data[:HEAD])
    if kind is None or not kind.decoders:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=kind.decoders) as image:
            return _header(image)
    except Exception:  # noqa: BLE001
        return None


def _header(image: Image.Image) -> Picture:
    # Of a PNG the EXIF data is read only where it stands before the pixels: for it, Pillow would decode them all.
    told = image.format != "PNG" or "exif" in image.info
    turned = told and image.getexif().get(_ORIENTATION, 1) in {5, 6, 7, 8}
    width, height = image.size[::-1] if turned else image.size
    several = bool(getattr(image, "is_animated", False))
    return Picture(b"", Image.MIME[str(image.format)], width, height, several)


def _of_field(each: TextField, fields: Mapping[str, str]) -> Iterator[Trace]:
    """What one text tells; some programs write several that belong together."""
    name, text = each.name, each.text
    if name == XMP:
        yield from read_xmp(text)
        return
    special = _SPECIAL.get(name)
    if special is not None:
        yield from special(text, fields)
    elif name in _TEXTS:
        yield from read_parameters(text, name)
        if JOB.search(text):
            yield Trace("Midjourney", name, Maker.AI)
    if name in _NAMES:
        yield from _named(text, name, fields)
    if name.startswith("EXIF "):
        yield from _in_exif(text, name)


def _from_object(said: Mapping[str, object], field: str, text: str) -> Iterator[Trace]:
    """The forms that are JSON, wherever a program puts them."""
    swarm = said.get("sui_image_params")
    if isinstance(swarm, dict):
        yield from swarmui.of_params(swarm, field, text)
    elif "base_model" in said and ("metadata_scheme" in said or "guidance_scale" in said):
        yield Trace("Fooocus", field, Maker.AI, first_text(said, "base_model"))
    elif "Base Model" in said and "Metadata Scheme" in said:
        tool = "SimpleSDXL" if "SimpleSDXL" in str(said.get("Version")) else "Fooocus"
        yield Trace(tool, field, Maker.AI, first_text(said, "Base Model"))
    elif str(said.get("software", "")).startswith(("Fooocus", "RuinedFooocus")):
        yield Trace("Fooocus", field, Maker.AI, first_text(said, "base_model_name", "base_model"))
    elif said.keys() & _EASY_MODELS and said.keys() & {"num_inference_steps", "Steps"}:
        over = bool(said.keys() & {"prompt_strength", "Prompt Strength", "init_image"})
        yield Trace("Easy Diffusion", field, by_ai(over), first_text(said, *_EASY_MODELS))
    elif _WANGP.match(str(said.get("type", ""))) and "prompt" in said:
        kind = f"{said.get('type')} {said.get('model_type')}"
        over = bool(said.get("image_prompt_type")) or "i2v" in kind or "image2video" in kind
        yield Trace("WanGP", field, by_ai(over), first_text(said, "model_type", "type"))
    elif "mflux_version" in said and "seed" in said:
        over = any(said.get(key) for key in ("image_path", "image_paths", "masked_image_path"))
        yield Trace("mflux", field, by_ai(over), first_text(said, "model"))
    elif "request_type" in said and "signed_hash" in said:  # the request alone, where a program kept no more
        yield _novelai(field, text, "")
    elif said.get("Software") == "NovelAI" or str(said.get("Source", "")).startswith("NovelAI"):
        comment = said.get("Comment")
        yield _novelai(field, comment if isinstance(comment, str) else "", str(said.get("Source", "")))
    elif isinstance(said.get("AIGC"), dict):
        yield from read_label(text, field)
    elif "prompt" in said or "workflow" in said:
        yield from _comfy_comment(said, field)
    else:
        # Civitai: the graph itself, beside what it adds.
        yield from _graph(text, "prompt", field)


def _comfy_comment(said: Mapping[str, object], field: str) -> Iterator[Trace]:
    """ComfyUI's VideoHelperSuite: both graphs, as one object, in a film's comment."""
    ran, table = said.get("prompt"), said.get("workflow")
    ran = object_of(ran) if isinstance(ran, str) else ran
    table = object_of(table) if isinstance(table, str) else table
    found = read_graph(ran) if isinstance(ran, dict) else None
    if found is None and isinstance(table, dict):
        found = read_workflow(table)
    if found is not None:
        yield Trace("ComfyUI", field, found.maker, found.models[:MODELS])


def _comfy_prompt(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    yield from _graph(text, "prompt", "prompt")


def _comfy_workflow(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    # What ran stands in the prompt; the workflow is what lay on the table.
    if read_graph(object_of(fields.get("prompt", "")) or {}) is None:
        yield from _graph(text, "workflow", "workflow")


def _graph(text: str, kind: str, field: str) -> Iterator[Trace]:
    said = object_of(text)
    found = None
    if said is not None:
        found = read_graph(said) if kind == "prompt" else read_workflow(said)
    if found is not None:
        yield Trace("ComfyUI", field, found.maker, found.models[:MODELS])


def _in_exif(text: str, name: str) -> Iterator[Trace]:
    """ComfyUI's form in files that have no text chunks: `prompt:{…}` and `workflow:{…}`."""
    kind, separator, body = text.partition(":")
    if separator and kind.lower() in {"prompt", "workflow"}:
        yield from _graph(body.strip(), kind.lower(), name)


def _fooocus(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    if text.strip() in {"fooocus", "a1111"}:
        said = [*read_parameters(fields.get("parameters") or fields.get("EXIF UserComment", ""))]
        yield Trace("Fooocus", "fooocus_scheme", Maker.AI, said[0].models if said else ())


def _samsung(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    """Its editor notes each edit; this number is not 0 where a generative one was among them (by reports)."""
    kind = (object_of(text) or {}).get("genAIType")
    if isinstance(kind, int) and kind:
        yield Trace("Galaxy AI", SAMSUNG, Maker.AI_ASSISTED)


def _tensor_art(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    said = object_of(text) or {}
    base = said.get("baseModel")
    if isinstance(base, dict) and "prompt" in said and "seed" in said:
        named = first_text(base, "modelFileName", "label")
        yield Trace("Tensor.Art", "generation_data", Maker.AI, named)


def _aigc(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    yield from read_label(text, "AIGC")


def _tiktok(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    """The label that TikTok gives: 1 by whoever put the film there, 2 by itself (by reports)."""
    if (object_of(text) or {}).get("aigc_label_type") in {1, 2}:
        yield Trace(TIKTOK, "AigcInfo", Maker.AI)


def _novelai(field: str, comment: str, source: str) -> Trace:
    said = object_of(comment) or {}
    over = said.get("request_type") in {"Img2ImgRequest", "NativeInfillingRequest", "InpaintRequest"}
    return Trace("NovelAI", field, by_ai(over), (source.strip()[:NAME],) if source.strip() else ())


def _named(text: str, field: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    """A program that names itself, where it is one that does nothing but generate."""
    name = text.strip()
    if program_named(name) == "NovelAI":
        yield _novelai(field, fields.get("Comment", ""), fields.get("Source", ""))
        return
    tool = program_named(name)
    if tool is not None:
        yield Trace(tool, field, Maker.AI)


def _easy_diffusion(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    steps = fields.get("num_inference_steps") or fields.get("Steps") or ""
    if steps.strip().isdecimal() and text.strip():
        over = "prompt_strength" in fields or "Prompt Strength" in fields
        yield Trace("Easy Diffusion", "use_stable_diffusion_model", by_ai(over), (text.strip()[:NAME],))


_SPECIAL: Mapping[str, Callable[[str, Mapping[str, str]], Iterator[Trace]]] = {
    "prompt": _comfy_prompt,
    "workflow": _comfy_workflow,
    "invokeai_metadata": invokeai.of_metadata,
    "invokeai_graph": invokeai.of_graph,
    "sd-metadata": invokeai.of_before,
    "Dream": invokeai.of_dream,
    "fooocus_scheme": _fooocus,
    "generation_data": _tensor_art,
    "sui_image_params": swarmui.of_text,
    "use_stable_diffusion_model": _easy_diffusion,
    "Stable Diffusion model": _easy_diffusion,
    "AIGC": _aigc,
    "AigcInfo": _tiktok,
    "EXIF MakerNote": _fooocus,
    "IPTC Credit": lambda text, _: read_credit(text, "IPTC Credit"),
    SAMSUNG: _samsung,
    KRITA_STATE: read_state,
}
