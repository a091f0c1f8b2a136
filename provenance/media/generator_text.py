"""What painting programs leave in a picture: unsigned text, so a hint that anybody can write or remove.

    AUTOMATIC1111, Forge, SD.Next, Draw Things    a line of settings: Steps: 20, Sampler: Euler a, Seed: 7, …
    ComfyUI             prompt, workflow: the graph of nodes, in PNG text or (WebP, AVIF, JPEG) in EXIF Model and Make
    InvokeAI            invokeai_metadata; before that sd-metadata, and at first a command line in Dream
    Fooocus             fooocus_scheme, with either form in parameters
    NovelAI             Software, Source, and a request in Comment
    SwarmUI             sui_image_params            Easy Diffusion   use_stable_diffusion_model
    Midjourney          Description ends with a Job ID
    any program         Software, Make or CreatorTool names one; IPTC DigitalSourceType and Credit in XMP;
                        the AIGC label that China prescribes (GB 45438-2025)

A form counts, never a word: a painter's note "Steps: 5 washes" is none of these. docs/decisions/0130 says where each
form was learnt, and why no library reads them.

>>> [trace] = read_parameters("a house\\nSteps: 20, Sampler: Euler a, Seed: 7, Denoising strength: 0.5, Model: v1-5")
>>> trace.maker, trace.models
(<Maker.AI_ASSISTED: 'ai-assisted'>, ('v1-5',))
>>> list(read_parameters("Steps: 5 washes, then ink"))
[]
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PIL import Image

from provenance.errors import StatementError
from provenance.media.generator_graph import read_graph, read_workflow
from provenance.media.picture import Picture
from provenance.media.text_fields import XMP, TextField, text_fields
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Maker, SourceType

LINE_LIMIT = 50_000  # characters of a settings line
MODELS = 12
_ORIENTATION = 0x0112
_SETTING = re.compile(r'([A-Za-z][\w /()-]{0,60}): ("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)')
_JOB = re.compile(r"\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_DREAM = re.compile(r'^\s*".*".*\s-s\s*\d+\b.*\s-S\s*\d+\b|^\s*".*".*\s-S\s*\d+\b.*\s-s\s*\d+\b', re.DOTALL)
_XMP_SOURCE = re.compile(r"digitalsourcetype/([A-Za-z]{3,60})")
_XMP_CREDIT = re.compile(r"\b(Made|Edited) with Google AI\b")
_XMP_LABEL = re.compile(r"<TC260:AIGC>(.{2,4000}?)</TC260:AIGC>|TC260:AIGC=[\"'](.{2,4000}?)[\"']", re.DOTALL)
_XMP_TOOL = re.compile(r"CreatorTool(?:=[\"']|>)([^\"'<]{2,80})")
# Programs that make pictures by AI and nothing else, as they write their own name. No plain editor is among them.
_PROGRAMS = (
    "Adobe Firefly", "ComfyUI", "DALL-E", "DALL·E", "Draw Things", "Easy Diffusion", "Fooocus", "GPT-4o", "Ideogram",
    "InvokeAI", "Leonardo.Ai", "Midjourney", "NovelAI", "OpenAI", "SD.Next", "Stable Diffusion", "SwarmUI",
)  # fmt: skip
# Fields by which a program names itself, and those that may hold a generator's own text.
_NAMES = frozenset({"Software", "software", "EXIF Software", "EXIF Make", "EXIF ProcessingSoftware"})
_TEXTS = frozenset(
    {"parameters", "Comment", "Description", "EXIF UserComment", "EXIF ImageDescription", "EXIF Model"}
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One hint: which program, in which field, and who it says made the picture, with which models."""

    tool: str
    field: str
    maker: Maker
    models: tuple[str, ...] = ()
    words: str = ""

    def __str__(self) -> str:
        named = ", ".join(plain(each, 100) for each in self.models[:4])
        model = f", model {named}" if named else ""
        return f"{self.field} as {self.tool} writes it{model} (unsigned: anybody can write or remove it)"


def traces(data: bytes) -> tuple[Trace, ...]:
    """The hints in a picture's metadata; none where it cannot be read."""
    return look_at(data)[1]


def glance(data: bytes) -> Picture | None:
    """Kind and size by the header alone, without the bytes; None where Pillow cannot tell."""
    return look_at(data)[0]


def look_at(data: bytes) -> tuple[Picture | None, tuple[Trace, ...]]:
    """Both, by opening the picture once. A decoder may trip over a stranger's metadata in any way."""
    seen: Picture | None = None
    try:
        with Image.open(io.BytesIO(data)) as image:
            seen = _header(image)
            fields = text_fields(image, data)
    except Exception:  # noqa: BLE001  (picture.py judges the picture itself)
        return seen, ()
    return seen, read_fields(fields)


def read_fields(fields: tuple[TextField, ...]) -> tuple[Trace, ...]:
    """The hints in these texts, each program and field once."""
    by_name = {each.name: each.text for each in reversed(fields)}
    found = [trace for each in fields for trace in _of_field(each, by_name)]
    return tuple({(each.tool, each.field): each for each in reversed(found)}.values())[::-1]


def read_parameters(text: str, field: str = "parameters") -> Iterator[Trace]:
    """The trace in a `parameters` text, where it is one of the forms that such a text has."""
    said = _object(text)
    if said is not None:
        yield from _from_object(said, field, text)
    else:
        yield from _from_settings(text, field)


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
        yield from _from_xmp(text)
        return
    special = _SPECIAL.get(name)
    if special is not None:
        yield from special(text, fields)
    elif name in _TEXTS:
        yield from read_parameters(text, name)
    if name in _NAMES:
        yield from _named(text, name, fields)
    if name == "Description" and _JOB.search(text):
        yield Trace("Midjourney", name, Maker.AI)
    if name.startswith("EXIF "):
        yield from _in_exif(text, name)


def _from_settings(text: str, field: str) -> Iterator[Trace]:
    """The line of settings below a prompt: a count of steps, a sampler, and one thing more."""
    for line in reversed(text.splitlines()):
        said = dict(_SETTING.findall(line[:LINE_LIMIT]))
        if _is_settings(said):
            models = [
                said[key].strip().strip('"') for key in ("Model", "Base model") if said.get(key, "").strip()
            ]
            yield Trace(
                _writer(said), field, _maker(_over_a_picture(said)), tuple(models[:MODELS]), plain(text, 200)
            )
            return


def _is_settings(said: Mapping[str, str]) -> bool:
    if not said.get("Steps", "").strip().isdecimal() or not said.get("Sampler", "").strip():
        return False
    return (
        said.get("Seed", "").strip().lstrip("-").isdecimal()
        or any(
            _is_number(said.get(key, "")) for key in ("CFG scale", "Guidance Scale", "Distilled CFG Scale")
        )
        or re.fullmatch(r"\d{2,5}x\d{2,5}", said.get("Size", "").strip()) is not None
        or re.fullmatch(r"[0-9a-f]{8,64}", said.get("Model hash", "").strip().lower()) is not None
        or bool(said.get("Model", "").strip())
    )


def _over_a_picture(said: Mapping[str, str]) -> bool:
    """Whether a run began from a picture: a denoising strength that is not that of a second pass over its own."""
    operations = said.get("Operations", "").lower()
    if operations:
        return "img2img" in operations or "inpaint" in operations
    own_second_pass = any(key.startswith("Hires") or key == "First pass size" for key in said)
    from_picture = "Init image hash" in said or "Mask blur" in said or "Inpaint area" in said
    strength = said.get("Denoising strength", "").strip()
    return from_picture or _drawn_over(said) or (_is_number(strength) and not own_second_pass)


def _drawn_over(said: Mapping[str, str]) -> bool:
    """Draw Things writes its strength always: at 1.0 nothing of a picture was there."""
    strength = said.get("Strength", "")
    return "Seed Mode" in said and _is_number(strength) and float(strength) < 1


def _writer(said: Mapping[str, str]) -> str:
    """Which of the programs that share this form wrote it, as its version says."""
    version = said.get("Version", "").strip()
    if said.get("App", "").strip() == "SD.Next":
        return "SD.Next"
    if version.startswith("Fooocus"):
        return "Fooocus"
    if "Seed Mode" in said:
        return "Draw Things"
    return "Forge" if re.match(r"f\d|neo", version) else "AUTOMATIC1111"


def _from_object(said: Mapping[str, object], field: str, text: str) -> Iterator[Trace]:
    """The forms that are JSON, wherever a program puts them."""
    swarm = said.get("sui_image_params")
    if isinstance(swarm, dict):
        over = any(str(key).startswith("initimage") for key in swarm)
        yield Trace("SwarmUI", field, _maker(over), _texts(swarm, "model"), plain(text, 200))
    elif "base_model" in said and ("metadata_scheme" in said or "guidance_scale" in said):
        yield Trace("Fooocus", field, Maker.AI, _texts(said, "base_model"))
    elif str(said.get("software", "")).startswith(("Fooocus", "RuinedFooocus")):
        yield Trace("Fooocus", field, Maker.AI, _texts(said, "base_model_name", "base_model"))
    elif "use_stable_diffusion_model" in said and "num_inference_steps" in said:
        over = "prompt_strength" in said or "init_image" in said
        yield Trace("Easy Diffusion", field, _maker(over), _texts(said, "use_stable_diffusion_model"))
    elif said.get("Software") == "NovelAI" or str(said.get("Source", "")).startswith("NovelAI"):
        comment = said.get("Comment")
        yield _novelai(field, comment if isinstance(comment, str) else "", str(said.get("Source", "")))


def _comfy_prompt(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    yield from _graph(text, "prompt", "prompt")


def _comfy_workflow(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    # What ran stands in the prompt; the workflow is what lay on the table.
    if read_graph(_object(fields.get("prompt", "")) or {}) is None:
        yield from _graph(text, "workflow", "workflow")


def _graph(text: str, kind: str, field: str) -> Iterator[Trace]:
    said = _object(text)
    found = None
    if said is not None:
        found = read_graph(said) if kind == "prompt" else read_workflow(said)
    if found is not None:
        yield Trace("ComfyUI", field, found.maker, found.models[:MODELS])


def _in_exif(text: str, name: str) -> Iterator[Trace]:
    """ComfyUI's form in files that have no text chunks: `prompt:{…}` and `workflow:{…}`."""
    kind, separator, body = text.partition(":")
    if separator and kind in {"prompt", "workflow"}:
        yield from _graph(body, kind, name)


def _invokeai(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    said = _object(text)
    if said is None or not said.keys() & {
        "generation_mode",
        "positive_prompt",
        "model",
        "app_version",
        "seed",
    }:
        return
    mode = str(said.get("generation_mode", ""))
    over = any(word in mode for word in ("img2img", "inpaint", "outpaint"))
    model = said.get("model")
    named = _texts(model, "name", "model_name", "key") if isinstance(model, dict) else _texts(said, "model")
    yield Trace("InvokeAI", "invokeai_metadata", _maker(over), named)


def _invokeai_before(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    said = _object(text)
    image = said.get("image") if said is not None else None
    if said is not None and isinstance(image, dict):
        over = image.get("type") in {"img2img", "inpaint", "outpaint"} or bool(image.get("init_image_path"))
        yield Trace("InvokeAI", "sd-metadata", _maker(over), _texts(said, "model_weights", "model"))


def _dream(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    if _DREAM.search(text[:LINE_LIMIT]):
        yield Trace("InvokeAI", "Dream", _maker(re.search(r"\s-(?:I|-init_img)\s*\S", text) is not None))


def _fooocus(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    if text.strip() in {"fooocus", "a1111"}:
        said = [*read_parameters(fields.get("parameters", ""))]
        yield Trace("Fooocus", "fooocus_scheme", Maker.AI, said[0].models if said else ())


def _aigc(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    yield from _label(text, "AIGC")


def _label(text: str, field: str) -> Iterator[Trace]:
    """China's label: 1 says that AI made it, 2 that it may have, 3 that somebody suspects it."""
    said = _object(text)
    value = str(said.get("Label", "")) if said is not None else ""
    if value in {"1", "2", "3"}:
        yield Trace(
            "the AIGC label of GB 45438", f"{field} {value}", Maker.AI if value == "1" else Maker.UNKNOWN
        )


def _novelai(field: str, comment: str, source: str) -> Trace:
    said = _object(comment) or {}
    over = said.get("request_type") in {"Img2ImgRequest", "NativeInfillingRequest", "InpaintRequest"}
    return Trace("NovelAI", field, _maker(over), (source.strip()[:200],) if source.strip() else ())


def _named(text: str, field: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    """A program that names itself, where it is one that does nothing but generate."""
    name = text.strip()
    if name.startswith("NovelAI"):
        yield _novelai(field, fields.get("Comment", ""), fields.get("Source", ""))
        return
    tool = next((each for each in _PROGRAMS if name.casefold().startswith(each.casefold())), None)
    if tool is not None:
        yield Trace(tool, field, Maker.AI)


def _easy_diffusion(text: str, fields: Mapping[str, str]) -> Iterator[Trace]:
    steps = fields.get("num_inference_steps") or fields.get("Steps") or ""
    if steps.strip().isdecimal() and text.strip():
        over = "prompt_strength" in fields or "Prompt Strength" in fields
        yield Trace("Easy Diffusion", "use_stable_diffusion_model", _maker(over), (text.strip()[:200],))


def _from_xmp(text: str) -> Iterator[Trace]:
    source = _XMP_SOURCE.search(text)
    if source is not None:
        yield Trace("IPTC", f"XMP DigitalSourceType {source.group(1)}", _maker_of_code(source.group(1)))
    credit = _XMP_CREDIT.search(text)
    if credit is not None:
        yield Trace("Google AI", "XMP Credit", _maker(credit.group(1) == "Edited"))
    tool = _XMP_TOOL.search(text)
    if tool is not None:
        yield from _named(tool.group(1), "XMP CreatorTool", {})
    label = _XMP_LABEL.search(text)
    if label is not None:
        yield from _label((label.group(1) or label.group(2)).replace("&quot;", '"'), "XMP AIGC")
    if "Draw Things" in text:
        yield from (each for each in _from_settings(_unescaped(text), "XMP description"))


def _unescaped(text: str) -> str:
    return re.sub(r"<[^>]*>", "\n", text).replace("&quot;", '"').replace("&#xA;", "\n").replace("&amp;", "&")


def _maker_of_code(code: str) -> Maker:
    try:
        return SourceType.parse(code).maker
    except StatementError:
        return Maker.UNKNOWN


def _maker(over: bool) -> Maker:
    return Maker.AI_ASSISTED if over else Maker.AI


def _object(text: str) -> Mapping[str, object] | None:
    """The JSON object that a text is, else None."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _texts(said: Mapping[str, object], *keys: str) -> tuple[str, ...]:
    """The first of these fields that holds a text, as the one model; none where none does."""
    found = next((value for key in keys if isinstance(value := said.get(key), str) and value.strip()), None)
    return (found.strip()[:200],) if found else ()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*\d{1,6}(?:\.\d{1,12})?\s*", text) is not None


_SPECIAL: Mapping[str, Callable[[str, Mapping[str, str]], Iterator[Trace]]] = {
    "prompt": _comfy_prompt,
    "workflow": _comfy_workflow,
    "invokeai_metadata": _invokeai,
    "sd-metadata": _invokeai_before,
    "Dream": _dream,
    "fooocus_scheme": _fooocus,
    "use_stable_diffusion_model": _easy_diffusion,
    "Stable Diffusion model": _easy_diffusion,
    "AIGC": _aigc,
}
