"""Forms that were thought of to catch the readers of unsigned text out; each from a program's source, or like one."""

import io
import json
import random
import struct
import zlib

import pytest
from generator_samples import CODE, RDF, _with_exif, exif_of, graph, png, stealth
from PIL import Image

from provenance.media.generators.generator_text import traces
from provenance.statement.vocabulary import Maker

A, S, U = "by AI", "by AI over a picture", "nothing"
PLAIN = png({})
A1 = "a house\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: v1-5"
KS = json.loads(
    graph(
        n1=("KSampler", {"latent_image": ["n2", 0], "seed": 1}),
        n2=("EmptyLatentImage", {}),
        n4=("CheckpointLoaderSimple", {"ckpt_name": "m.safetensors"}),
    )
)
OV = json.loads(
    graph(
        n1=("KSampler", {"latent_image": ["n2", 0]}),
        n2=("VAEEncode", {"pixels": ["n3", 0]}),
        n3=("LoadImage", {"image": "x.png"}),
        n4=("UNETLoader", {"unet_name": "flux.safetensors"}),
    )
)


def chunk(data, kind, body):
    end = data.rindex(b"IEND") - 4
    return (
        data[:end]
        + struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
        + data[end:]
    )


def uc(text, encoding="utf-16-be"):
    return _with_exif("JPEG", 0x9286, b"UNICODE\0" + text.encode(encoding), None, inner=True)


def rawprofile(kind, blob):
    digits = blob.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return png({f"Raw profile type {kind}": f"\n{kind}\n{len(blob):8}\n{lines}\n"})


def grok():
    out = io.BytesIO()
    tags = {0x010E: "Signature: " + "QUJD" * 40, 0x013B: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}
    Image.new("RGB", (16, 16)).save(out, "JPEG", exif=exif_of(tags))
    return out.getvalue()


def noise():
    out = io.BytesIO()
    Image.frombytes("RGBA", (256, 256), random.Random(3).randbytes(256 * 256 * 4)).save(out, "PNG")
    return out.getvalue()


EXIF = exif_of({}, {0x9286: b"UNICODE\0" + A1.encode("utf-16-be")})
xml = RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}trainedAlgorithmicMedia"', elements="")
MET = [
    ("comfy SaveAnimatedPNG comf chunk", chunk(PLAIN, b"comf", b"prompt\0" + json.dumps(KS).encode()), A),
    ("comfy comf chunk over", chunk(PLAIN, b"comf", b"prompt\0" + json.dumps(OV).encode()), S),
    (
        "civitai comfy UserComment graph",
        uc(json.dumps({**KS, "extra": {"airs": []}, "extraMetadata": "{}"})),
        A,
    ),
    ("civitai comfy over", uc(json.dumps({**OV, "extraMetadata": "{}"})), S),
    (
        "WAS exif Workflow:",
        _with_exif(
            "WEBP",
            0x010E,
            "Workflow: "
            + json.dumps(
                {"nodes": [{"id": 1, "type": "KSampler"}, {"id": 2, "type": "CheckpointLoaderSimple"}]}
            ),
            None,
        ),
        A,
    ),
    ("exif Prompt: capital", _with_exif("WEBP", 0x010F, "Prompt: " + json.dumps(OV), None), S),
    (
        "stability matrix json",
        png(
            {
                "parameters-json": json.dumps(
                    {
                        "PositivePrompt": "a house",
                        "NegativePrompt": "",
                        "Steps": 20,
                        "Sampler": "Euler a",
                        "CfgScale": 7.0,
                        "Seed": 1,
                        "Width": 512,
                        "Height": 512,
                        "ModelHash": "abc",
                        "ModelName": "v1-5",
                    }
                )
            }
        ),
        A,
    ),
    (
        "mochi caption",
        _with_exif(
            "JPEG",
            0x010E,
            "Include in Image: a house; Exclude from Image: people; Model: sd-2.1; Steps: 25; "
            "Guidance Scale: 11.0; Seed: 42; Size: 512x512; Scheduler: DPM-Solver++; ML Compute Unit: CPU & "
            "Neural Engine; Generator: Mochi Diffusion 4.0",
            None,
        ),
        A,
    ),
    ("diffusionbee software", png({"Software": "DiffusionBee 2.5.3"}), A),
    (
        "GB nested UserComment",
        uc(json.dumps({"AIGC": {"Label": "1", "ContentProducer": "001191", "ProduceID": "x"}})),
        A,
    ),
    ("GB nested in PNG AIGC", png({"AIGC": json.dumps({"AIGC": {"Label": "1"}})}), A),
    ("GB number label", png({"AIGC": json.dumps({"Label": 1})}), A),
    ("GB description", _with_exif("JPEG", 0x010E, json.dumps({"AIGC": {"Label": "1"}}), None), A),
    ("novelai title only", png({"Title": "NovelAI generated image"}), A),
    ("novelai source only", png({"Source": "NovelAI Diffusion V4 Full 37442FCA"}), A),
    (
        "kohya gen_img",
        png(
            {
                "prompt": "a house by the sea",
                "negative_prompt": "people",
                "seed": "42",
                "sampler": "ddim",
                "steps": "50",
                "scale": "7.5",
                "original_height": "1024",
            }
        ),
        A,
    ),
    ("raw profile exif (ImageMagick)", rawprofile("exif", EXIF), A),
    ("raw profile APP1", rawprofile("APP1", EXIF), A),
    ("raw profile xmp", rawprofile("xmp", xml.encode()), A),
    ("grok signature", grok(), A),
    (
        "stealth novelai",
        stealth(
            json.dumps(
                {
                    "Software": "NovelAI",
                    "Source": "NovelAI Diffusion V4",
                    "Comment": json.dumps({"request_type": "PromptGenerateRequest"}),
                }
            )
        ),
        A,
    ),
    ("stealth a1111", stealth(A1, comp=False), A),
    ("stealth over", stealth(A1 + ", Denoising strength: 0.5"), S),
    ("A1111 Parameters capital", png({"Parameters": A1}), A),
    (
        "A1111 in UserComment utf8",
        _with_exif("JPEG", 0x9286, b"UNICODE\0" + A1.encode("utf-8"), None, inner=True),
        A,
    ),
    ("A1111 CRLF", png({"parameters": A1.replace("\n", "\r\n")}), A),
    ("A1111 tiff description", _with_exif("TIFF", 0x010E, A1, None), A),
    (
        "Civitai onsite",
        uc(
            "a house\nNegative prompt: x\nSteps: 25, Sampler: Euler a, CFG scale: 7.0, Seed: 5, Size: 832x1216, "
            "Clip skip: 2, Created Date: 2025-01-01T00:00:00Z, Civitai resources: "
            '[{"type":"checkpoint","modelVersionId":1}], Civitai metadata: {}'
        ),
        A,
    ),
    (
        "Civitai img2img",
        uc(
            "a house\nSteps: 25, Sampler: Euler a, CFG scale: 7.0, Seed: 5, Size: 832x1216, "
            "Denoising strength: 0.6, Civitai resources: []"
        ),
        S,
    ),
    (
        "SwarmUI eta jpg",
        uc(
            json.dumps(
                {
                    "sui_image_params": {
                        "prompt": "x",
                        "model": "flux",
                        "initimage": "data:..",
                        "initimagecreativity": 0.5,
                    },
                    "sui_extra_data": {},
                }
            )
        ),
        S,
    ),
    (
        "InvokeAI canvas v2",
        png(
            {
                "invokeai_metadata": json.dumps(
                    {
                        "app_version": "6.12.0",
                        "generation_mode": "flux_inpaint",
                        "canvas_v2_metadata": {},
                        "model": {"name": "FLUX dev"},
                    }
                )
            }
        ),
        S,
    ),
    (
        "InvokeAI upscale",
        png(
            {
                "invokeai_metadata": json.dumps(
                    {
                        "app_version": "6.0",
                        "upscale_model": {"name": "x4"},
                        "positive_prompt": "a",
                        "upscale_initial_image": {"image_name": "x.png"},
                        "model": {"name": "j"},
                        "seed": 1,
                    }
                )
            }
        ),
        S,
    ),
    (
        "Apple playground credit",
        png({"XMP": RDF.format(attributes='photoshop:Credit="Apple Image Playground"', elements="")}),
        A,
    ),
    (
        "XMP CreatorTool DALL-E",
        png({"XMP": RDF.format(attributes='xmp:CreatorTool="DALL-E 3"', elements="")}),
        A,
    ),
    ("Software Google Gemini", png({"Software": "Google Gemini"}), A),
    ("Software Imagen 3", png({"Software": "Imagen 3"}), A),
    ("Software Recraft", png({"Software": "Recraft V3"}), A),
    ("Software Krea", png({"Software": "Krea AI"}), A),
    ("Software FLUX.1", png({"Software": "FLUX.1 [dev]"}), A),
    ("Software Black Forest", _with_exif("JPEG", 0x0131, "AI generated;txt2img;flux", None), A),
    ("BFL exif over", _with_exif("JPEG", 0x0131, "AI generated;img2img;flux", None), S),
    ("BFL Make", _with_exif("JPEG", 0x010F, "Black Forest Labs", None), A),
    (
        "Comfy api node only",
        png({"prompt": graph(a=("OpenAIDalle3", {"prompt": "x"}), b=("SaveImage", {"images": ["a", 0]}))}),
        A,
    ),
    (
        "Comfy gemini edit",
        png(
            {
                "prompt": graph(
                    a=("GeminiImageNode", {"images": ["c", 0]}),
                    c=("LoadImage", {"image": "x"}),
                    b=("SaveImage", {"images": ["a", 0]}),
                )
            }
        ),
        S,
    ),
    (
        "Comfy custom sampler",
        png(
            {
                "prompt": graph(
                    a=("SamplerCustomAdvanced", {"latent_image": ["e", 0]}),
                    e=("EmptySD3LatentImage", {}),
                    b=("SaveImage", {"images": ["a", 0]}),
                )
            }
        ),
        A,
    ),
    ("H empty workflow", png({"workflow": '{"nodes": []}'}), U),
    (
        "H n8n workflow",
        png(
            {
                "workflow": json.dumps(
                    {
                        "nodes": [
                            {
                                "parameters": {},
                                "name": "Start",
                                "type": "n8n-nodes-base.start",
                                "typeVersion": 1,
                                "position": [1, 2],
                            }
                        ],
                        "connections": {},
                    }
                )
            }
        ),
        U,
    ),
    (
        "H comfy upscale only",
        png(
            {
                "prompt": graph(
                    a=("UpscaleModelLoader", {"model_name": "x4"}),
                    c=("LoadImage", {"image": "x"}),
                    d=("ImageUpscaleWithModel", {"image": ["c", 0]}),
                    b=("SaveImage", {"images": ["d", 0]}),
                )
            }
        ),
        U,
    ),
    (
        "H comfy lineart only",
        png(
            {
                "prompt": graph(
                    c=("LoadImage", {"image": "x"}),
                    d=("CannyEdgePreprocessor", {"image": ["c", 0]}),
                    b=("SaveImage", {"images": ["d", 0]}),
                )
            }
        ),
        U,
    ),
    ("H label in words", uc(json.dumps({"Label": "1", "box": "cut 14"})), U),
    ("H AIGC 0", png({"AIGC": json.dumps({"Label": "0"})}), U),
    ("H AIGC text", png({"AIGC": "not used"}), U),
    ("H kohya-like words", png({"prompt": "draw the house first", "steps": "ink, wash", "scale": "1:10"}), U),
    ("H signature", _with_exif("JPEG", 0x010E, "Signature: Mori Aoi", None), U),
    ("H title", png({"Title": "Why I left NovelAI"}), U),
    ("H source", png({"Source": "NovelAI is not my source"}), U),
    ("H gemini", png({"Software": "Gemini Print Server"}), U),
    ("H gen desc", _with_exif("JPEG", 0x0131, "AI generated nothing here", None), U),
    (
        "H A1111 tutorial",
        png({"Comment": "Write it like this: Steps: 20, Sampler: Euler a (this is an example, not mine)"}),
        U,
    ),
    ("H stealth random", noise(), U),
    ("H exif prompt:", _with_exif("WEBP", 0x010F, "Prompt: paint what you see", None), U),
    ("H json", uc(json.dumps({"prompt": "week 3", "workflow": "ink, colour"})), U),
    ("H imagen", png({"Software": "Imagenomic Portraiture 3"}), U),
    ("H recraft", png({"Software": "Recrafted brushes"}), U),
    (
        "H playground",
        png({"XMP": RDF.format(attributes='photoshop:Credit="Photo: Playground Studio"', elements="")}),
        U,
    ),
]


@pytest.mark.parametrize(("name", "data", "says"), MET, ids=[each[0] for each in MET])
def test_what_a_text_says_of_ai(name, data, says):
    makers = {each.maker for each in traces(data)}
    found = S if Maker.AI_ASSISTED in makers else A if Maker.AI in makers else U
    assert found == says, name


def test_text_in_the_transparency_that_lies_of_its_length_is_read_without_an_error():
    data = stealth("x" * 40, comp=False, size=(64, 64))
    with Image.open(io.BytesIO(data)) as picture:
        alpha = bytearray(picture.getchannel("A").transpose(Image.Transpose.TRANSPOSE).tobytes())
        for bit in range(32):
            alpha[120 + bit] |= 1
        changed = Image.frombytes("L", (64, 64), bytes(alpha)).transpose(Image.Transpose.TRANSPOSE)
        picture.putalpha(changed)
        out = io.BytesIO()
        picture.save(out, "PNG")
    assert traces(out.getvalue()) == ()
