"""Forms that one program each leaves, and that need no more than a look.

    Stability Matrix      parameters-json: {"PositivePrompt": …, "Sampler": …, "Seed": …, "ModelName": …}
    sd-scripts (kohya)    prompt, sampler, steps, scale and seed, each a text of its own
    Mochi Diffusion       "…; Model: …; Steps: 25; …; Generator: Mochi Diffusion 4.0"
    NovelAI               Title "NovelAI generated image", Source "NovelAI Diffusion V4 37442FCA"
    FLUX (its own CLI)    Software "AI generated;txt2img;flux", Make "Black Forest Labs"
    Grok                  ImageDescription "Signature: " and base64, Artist a UUID

The first three are those of the programs' sources; the others' are by reports of their pictures: none was made here.
"""

import re
from collections.abc import Iterator, Mapping

from provenance.media.generators.generator_trace import NAME, Trace, by_ai, first_text, object_of
from provenance.statement.vocabulary import Maker

_MOCHI = re.compile(r"; Model: ([^;]{1,200}); Steps: \d+;.*; Generator: Mochi Diffusion\b", re.DOTALL)
_NOVELAI_TITLE = "NovelAI generated image"
_NOVELAI_SOURCE = re.compile(r"NovelAI Diffusion V\d[\w. ]{0,40}(?: [0-9A-F]{8})?")
_FLUX = re.compile(r"AI generated;(txt2img|img2img|[a-z0-9-]{2,20});flux[\w.-]*")
_GROK = re.compile(r"Signature: [A-Za-z0-9+/]{60,}={0,2}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERS = ("steps", "scale", "seed")


def marks(fields: Mapping[str, str]) -> Iterator[Trace]:
    """The traces in all texts of one file, by their names."""
    yield from _stability_matrix(fields.get("parameters-json", ""))
    yield from _sd_scripts(fields)
    yield from _novelai(fields)
    yield from _flux(fields)
    for name in ("EXIF ImageDescription", "IPTC Caption", "EXIF UserComment"):
        found = _MOCHI.search(fields.get(name, ""))
        if found is not None:
            yield Trace("Mochi Diffusion", name, Maker.AI, (found.group(1)[:NAME],))
    artist = fields.get("EXIF Artist", "").strip()
    if _GROK.fullmatch(fields.get("EXIF ImageDescription", "").strip()) and _UUID.fullmatch(artist):
        yield Trace("Grok", "EXIF ImageDescription", Maker.AI)


def _stability_matrix(text: str) -> Iterator[Trace]:
    said = object_of(text) if text else None
    if said is not None and {"PositivePrompt", "Sampler", "Seed"} <= said.keys():
        yield Trace("Stability Matrix", "parameters-json", Maker.AI, first_text(said, "ModelName"))


def _sd_scripts(fields: Mapping[str, str]) -> Iterator[Trace]:
    if not fields.get("prompt", "").strip() or not fields.get("sampler", "").strip():
        return
    if all(re.fullmatch(r"\d{1,20}(?:\.\d+)?", fields.get(name, "").strip()) for name in _NUMBERS):
        over = re.fullmatch(r"0?\.\d+|1(?:\.0)?", fields.get("strength", "").strip()) is not None
        yield Trace("sd-scripts", "sampler", by_ai(over))


def _novelai(fields: Mapping[str, str]) -> Iterator[Trace]:
    """What is left of NovelAI's texts where a program kept some: the whole set names itself in Software."""
    if "Software" in fields:
        return
    source = fields.get("Source", "").strip()
    model = (source[:NAME],) if _NOVELAI_SOURCE.fullmatch(source) else ()
    if fields.get("Title", "").strip() == _NOVELAI_TITLE or model:
        yield Trace("NovelAI", "Source" if model else "Title", Maker.AI, model)


def _flux(fields: Mapping[str, str]) -> Iterator[Trace]:
    found = _FLUX.fullmatch(fields.get("EXIF Software", "").strip())
    model = fields.get("EXIF Model", "").strip()[:NAME]
    if found is not None:
        yield Trace("FLUX", "EXIF Software", by_ai(found.group(1) != "txt2img"), (model,) if model else ())
    elif fields.get("EXIF Make", "").strip() == "Black Forest Labs":
        yield Trace("FLUX", "EXIF Make", Maker.AI, (model,) if model else ())
