"""Pictures as painting programs leave them: each program's own form, and every place where it may stand.

The forms are those of the programs' sources (docs/decisions/0130, 0240). The films and the HEIC of data/generators were
written by ffmpeg's muxers and by libheif, with the tags that ComfyUI's SaveVideo, SaveWEBM and VideoHelperSuite set.
"""

import gzip
import io
import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.media.generators.generator_text import look_at
from provenance.media.generators.generator_trace import makers_of
from provenance.statement.vocabulary import BY_AI, BY_HAND, Maker

GENERATORS = Path(__file__).parent / "data" / "generators"
RDF = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" {attributes}>{elements}</rdf:Description></rdf:RDF>'
    "</x:xmpmeta>"
)
CODE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# What a file is said to be.
A, S, H, U = "by AI", "by AI over a picture", "by a hand or a camera", "nothing"
LINE = "a house\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: m1"
JOB = "Job ID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


def said(data):
    """What a file's text says of it, and which models it names."""
    found = look_at(data).traces
    makers = makers_of(found)
    first = next((each for each in makers if each in BY_AI), None)
    named = " ".join(model for each in found for model in each.models)
    if first is None:
        return (H if BY_HAND & {*makers} else U), named
    return (S if first is Maker.AI_ASSISTED else A), named


def graph(**nodes):
    """A ComfyUI prompt: name=(class, inputs)."""
    return json.dumps(
        {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}
    )


_SAMPLED = {"seed": 7, "steps": 20, "model": ["4", 0], "latent_image": ["2", 0]}
_LOADER = ("CheckpointLoaderSimple", {"ckpt_name": "sdxl.safetensors"})
COMFY_WORDS = graph(
    n1=("KSampler", {**_SAMPLED, "latent_image": ["n2", 0]}), n2=("EmptyLatentImage", {}), n4=_LOADER
)
COMFY_OVER = graph(
    n1=("KSampler", {**_SAMPLED, "latent_image": ["n2", 0]}),
    n2=("VAEEncode", {"pixels": ["n3", 0]}),
    n3=("LoadImage", {"image": "layout.png"}),
    n4=_LOADER,
)


@dataclass(frozen=True)
class Form:
    """A program's text, and what it says. `fields`: PNG keywords; "XMP" a packet."""

    fields: dict
    tool: str
    maker: Maker
    model: str | None = None
    writer: str = ""

    @property
    def whole_text(self):
        """The one text, where the form is one that may stand anywhere."""
        return self.fields.get("parameters") if len(self.fields) == 1 else None


def _line(more, model="v1-5", begin="Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, "):
    return {
        "parameters": f"a house by the sea\nNegative prompt: people\n{begin}{more}".replace("{model}", model)
    }


def _krita(mode, strength=""):
    return _line(f"Model hash: unknown, Model: sdxl{strength}, Mode: {mode}")


FORMS = {
    "a1111": Form(_line("Model: v1-5"), "AUTOMATIC1111", Maker.AI, "v1-5"),
    "a1111-over": Form(
        _line("Model: v1-5, Denoising strength: 0.5"), "AUTOMATIC1111", Maker.AI_ASSISTED, "v1-5"
    ),
    "a1111-inpaint": Form(
        _line("Model: v1-5, Denoising strength: 0.75, Mask blur: 4"),
        "AUTOMATIC1111",
        Maker.AI_ASSISTED,
        "v1-5",
    ),
    "a1111-hires": Form(
        _line("Model: v1-5, Denoising strength: 0.5, Hires upscale: 2"), "AUTOMATIC1111", Maker.AI, "v1-5"
    ),
    "forge": Form(_line("Model: flux1-dev, Version: f2.0.1v1.10.1"), "Forge", Maker.AI, "flux1-dev"),
    "forge-neo": Form(
        _line("Model: flux1-dev, Denoising strength: 0.4, Version: neo"),
        "Forge",
        Maker.AI_ASSISTED,
        "flux1-dev",
    ),
    "sdnext": Form(_line("Model: j, App: SD.Next, Operations: inpaint"), "SD.Next", Maker.AI_ASSISTED, "j"),
    "krita-words": Form(_krita("Generate"), "krita-ai-diffusion", Maker.AI, "sdxl"),
    "krita-refine": Form(
        _krita("Refine", ", Denoising strength: 0.4"), "krita-ai-diffusion", Maker.AI_ASSISTED, "sdxl"
    ),
    "krita-fill": Form(_krita("Inpaint (Fill)"), "krita-ai-diffusion", Maker.AI_ASSISTED, "sdxl"),
    "comfy": Form(
        {"prompt": COMFY_WORDS, "workflow": '{"nodes": []}'}, "ComfyUI", Maker.AI, "sdxl.safetensors"
    ),
    "comfy-over": Form({"prompt": COMFY_OVER}, "ComfyUI", Maker.AI_ASSISTED, "sdxl.safetensors"),
    "invokeai": Form(
        {
            "invokeai_metadata": json.dumps(
                {"generation_mode": "sdxl_txt2img", "model": {"name": "juggernaut"}}
            )
        },
        "InvokeAI",
        Maker.AI,
        "juggernaut",
    ),
    "invokeai-over": Form(
        {"invokeai_metadata": json.dumps({"generation_mode": "flux_img2img", "model": {"name": "FLUX"}})},
        "InvokeAI",
        Maker.AI_ASSISTED,
        "FLUX",
    ),
    "invokeai-graph": Form(
        {"invokeai_graph": json.dumps({"nodes": {"a": {"type": "i2l"}, "b": {"type": "denoise_latents"}}})},
        "InvokeAI",
        Maker.AI_ASSISTED,
    ),
    "invokeai-2": Form(
        {"sd-metadata": json.dumps({"model_weights": "w", "image": {"type": "txt2img"}})},
        "InvokeAI",
        Maker.AI,
        "w",
    ),
    "invokeai-1": Form({"Dream": '"a house" -s 50 -S 7 -W 512 -I layout.png'}, "InvokeAI", Maker.AI_ASSISTED),
    "fooocus-json": Form(
        {
            "parameters": json.dumps(
                {"base_model": "jugger", "guidance_scale": 4, "metadata_scheme": "fooocus"}
            )
        },
        "Fooocus",
        Maker.AI,
        "jugger",
    ),
    "fooocus-line": Form(_line("Model: jugger, Version: Fooocus v2.5.5"), "Fooocus", Maker.AI, "jugger"),
    "novelai": Form(
        {
            "Software": "NovelAI",
            "Source": "NovelAI Diffusion V4.5",
            "Comment": json.dumps({"request_type": "PromptGenerateRequest", "strength": 0.7}),
        },
        "NovelAI",
        Maker.AI,
        "NovelAI Diffusion V4.5",
    ),
    "novelai-over": Form(
        {
            "Software": "NovelAI",
            "Source": "NovelAI Diffusion V4.5",
            "Comment": json.dumps({"request_type": "Img2ImgRequest", "strength": 0.7}),
        },
        "NovelAI",
        Maker.AI_ASSISTED,
        "NovelAI Diffusion V4.5",
    ),
    "swarm": Form(
        {"parameters": json.dumps({"sui_image_params": {"model": "flux"}})}, "SwarmUI", Maker.AI, "flux"
    ),
    "swarm-over": Form(
        {"parameters": json.dumps({"sui_image_params": {"model": "flux", "initimagecreativity": 0.6}})},
        "SwarmUI",
        Maker.AI_ASSISTED,
        "flux",
    ),
    "easy": Form(
        {"use_stable_diffusion_model": "sd-v1-5", "num_inference_steps": "25"},
        "Easy Diffusion",
        Maker.AI,
        "sd-v1-5",
    ),
    "easy-json": Form(
        {
            "parameters": json.dumps(
                {"use_stable_diffusion_model": "sd-v1-5", "num_inference_steps": 25, "prompt_strength": 0.8}
            )
        },
        "Easy Diffusion",
        Maker.AI_ASSISTED,
        "sd-v1-5",
    ),
    "sd.cpp": Form(
        _line("Model: v1-5, RNG: cuda, Version: stable-diffusion.cpp"),
        "stable-diffusion.cpp",
        Maker.AI,
        "v1-5",
    ),
    "mflux": Form(
        {
            "parameters": json.dumps(
                {"mflux_version": "0.18.0", "model": "dev", "seed": 3, "image_path": None}
            )
        },
        "mflux",
        Maker.AI,
        "dev",
    ),
    "mflux-over": Form(
        {
            "parameters": json.dumps(
                {"mflux_version": "0.18.0", "model": "dev", "seed": 3, "image_paths": ["a.png"]}
            )
        },
        "mflux",
        Maker.AI_ASSISTED,
        "dev",
    ),
    "midjourney": Form({"Description": f"a house --v 6.1 {JOB}"}, "Midjourney", Maker.AI),
    "firefly": Form({"Software": "Adobe Firefly 3"}, "Adobe Firefly", Maker.AI),
    "dalle": Form({"Software": "DALL-E 3"}, "DALL-E", Maker.AI),
    "openai": Form({"Software": "OpenAI gpt-image-1"}, "OpenAI", Maker.AI),
    "iptc": Form(
        {
            "XMP": RDF.format(
                attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}trainedAlgorithmicMedia"'
                ' Iptc4xmpExt:AISystemUsed="Firefly Image" Iptc4xmpExt:AISystemVersionUsed="4"'
                ' Iptc4xmpExt:AIPromptWriterName="Abe Rin"',
                elements="",
            )
        },
        "IPTC",
        Maker.AI,
        "Firefly Image 4",
        "Abe Rin",
    ),
    "iptc-composite": Form(
        {
            "XMP": RDF.format(
                attributes="",
                elements=f'<Iptc4xmpExt:DigitalSourceType rdf:resource="{CODE}compositeWithTrainedAlgorithmicMedia"/>',
            )
        },
        "IPTC",
        Maker.AI_ASSISTED,
    ),
    "iptc-system": Form(
        {"XMP": RDF.format(attributes='Iptc4xmpExt:AISystemUsed="Seedream"', elements="")},
        "IPTC",
        Maker.AI,
        "Seedream",
    ),
    "google": Form(
        {"XMP": RDF.format(attributes='photoshop:Credit="Edited with Google AI"', elements="")},
        "Google AI",
        Maker.AI_ASSISTED,
    ),
    "midjourney-xmp": Form(
        {
            "XMP": RDF.format(
                attributes="",
                elements=f"<dc:description><rdf:Alt><rdf:li>a house {JOB}</rdf:li></rdf:Alt></dc:description>",
            )
        },
        "Midjourney",
        Maker.AI,
    ),
    "aigc": Form({"AIGC": '{"Label":"1"}'}, "the AIGC label of GB 45438", Maker.AI),
}

# What people write who used none of these, or who write about them.
HUMAN_TEXTS = (
    {"Comment": "Steps: 5 washes, then ink. Sampler: none"},
    {"Description": "made without AI"},
    {"Description": "Not generated by Midjourney; painted in gouache. Job ID: cut 14"},
    {"Software": "Midjourney was not used"},
    {"Software": "OpenAI-free brush pack"},
    {"Software": "Stable Diffusion is not in this pipeline"},
    {"Software": "Krita 5.2.9"},
    {"Software": "Clip Studio Paint", "Comment": '{"steps": "ink, then colour"}'},
    {"parameters": "the steps to my house: sampler of stones, seed of doubt"},
    {"prompt": '{"text": "a house", "for": "the painter"}'},
    {"workflow": '{"sketch": 1, "ink": 2}'},
    {"invokeai_graph": '{"nodes": {"a": {"type": "note"}}}'},
    {"XMP": RDF.format(attributes='Iptc4xmpExt:AISystemUsed="none"', elements="")},
    {"XMP": RDF.format(attributes='Iptc4xmpExt:AISystemUsed="No AI was used"', elements="")},
    {"XMP": RDF.format(attributes='photoshop:Credit="Not Made with Google AI"', elements="")},
    {
        "XMP": RDF.format(
            attributes="",
            elements="<dc:description><rdf:Alt><rdf:li>see digitalsourcetype/trainedAlgorithmicMedia, "
            "which this is not</rdf:li></rdf:Alt></dc:description>",
        )
    },
    {"XMP": RDF.format(attributes='xmp:CreatorTool="ComfyUI was never opened"', elements="")},
    {"XMP": RDF.format(attributes='xmp:CreatorTool="Adobe Photoshop 27.0"', elements="")},
)


def png(fields, picture=None, *, after=False):
    """A PNG with these texts, before its pixels or after them."""
    info, out = PngInfo(), io.BytesIO()
    for key, value in fields.items():
        keyword = "XML:com.adobe.xmp" if key == "XMP" else key
        if not after:
            info.add_itxt(keyword, value)
    (picture or Image.new("RGB", (16, 16), "teal")).save(out, "PNG", pnginfo=info)
    data = out.getvalue()
    if after:
        for key, value in fields.items():
            data = _behind(data, key.encode() + b"\0\0" + zlib.compress(value.encode()))
    return data


def _behind(data, body):
    end = data.rindex(b"IEND") - 4
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return data[:end] + chunk + data[end:]


def _with_exif(kind, tag, value, picture, *, inner=False):
    exif, out = Image.Exif(), io.BytesIO()
    place = exif.get_ifd(0x8769) if inner else exif
    place[tag] = value
    (picture or Image.new("RGB", (16, 16), "teal")).save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def _saved(kind, picture, **options):
    out = io.BytesIO()
    (picture or Image.new("RGB", (16, 16), "teal")).save(out, kind, **options)
    return out.getvalue()


def exif_of(tags, inner=None):
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    for tag, value in (inner or {}).items():
        exif.get_ifd(0x8769)[tag] = value
    return exif.tobytes()


def stealth(text, comp=True, size=(256, 256)):
    """NovelAI's: the lowest bits of the transparency, column by column."""
    body = gzip.compress(text.encode()) if comp else text.encode()
    said = (b"stealth_pngcomp" if comp else b"stealth_pnginfo") + struct.pack(">I", len(body) * 8) + body
    bits = "".join(f"{each:08b}" for each in said).ljust(size[0] * size[1], "0")
    alpha = Image.new("L", size[::-1])
    alpha.putdata([254 | int(bit) for bit in bits])
    picture, out = Image.new("RGB", size, "teal"), io.BytesIO()
    picture.putalpha(alpha.transpose(Image.Transpose.TRANSPOSE))
    picture.save(out, "PNG")
    return out.getvalue()


# Where one text may stand, by the file that holds it.
PLACES = {
    "after.png": lambda text, picture=None: png({"parameters": text}, picture, after=True),
    "usercomment-be.jpg": lambda text, picture=None: _with_exif(
        "JPEG", 0x9286, b"UNICODE\0" + text.encode("utf-16-be"), picture, inner=True
    ),
    "usercomment-le.jpg": lambda text, picture=None: _with_exif(
        "JPEG", 0x9286, b"UNICODE\0" + text.encode("utf-16-le"), picture, inner=True
    ),
    "usercomment-ascii.jpg": lambda text, picture=None: _with_exif(
        "JPEG", 0x9286, b"ASCII\0\0\0" + text.encode(), picture, inner=True
    ),
    "usercomment-outer.jpg": lambda text, picture=None: _with_exif("JPEG", 0x9286, text.encode(), picture),
    "xpcomment.jpg": lambda text, picture=None: _with_exif("JPEG", 0x9C9C, text.encode("utf-16-le"), picture),
    "comment.jpg": lambda text, picture=None: _saved("JPEG", picture, comment=text.encode()),
    "comment.gif": lambda text, picture=None: _saved("GIF", picture, comment=text.encode()),
    "exif.webp": lambda text, picture=None: _with_exif(
        "WEBP", 0x9286, b"UNICODE\0" + text.encode("utf-16-be"), picture, inner=True
    ),
    "exif.avif": lambda text, picture=None: _with_exif(
        "AVIF", 0x9286, b"UNICODE\0" + text.encode("utf-16-be"), picture, inner=True
    ),
    "description.tif": lambda text, picture=None: _with_exif("TIFF", 0x010E, text, picture),
}
