"""What other painting programs leave behind is noticed, as a hint and no more."""

import io
import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.media.generators.generator_text import read_parameters, traces
from provenance.media.text_fields import text_fields
from provenance.statement.vocabulary import Maker

A1111 = (
    "a house\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: v1-5-pruned"
)
COMFY = {"4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl.safetensors"}}}
LOADED = {**COMFY, "5": {"class_type": "LoadImage", "inputs": {}}}


def png(**texts):
    info = PngInfo()
    for key, value in texts.items():
        info.add_text(key, value)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize(
    ("texts", "tool", "maker", "model"),
    [
        ({"parameters": A1111}, "AUTOMATIC1111", Maker.AI, "v1-5-pruned"),
        (
            {"parameters": A1111 + ", Denoising strength: 0.5"},
            "AUTOMATIC1111",
            Maker.AI_ASSISTED,
            "v1-5-pruned",
        ),
        (
            {"parameters": A1111 + ", Denoising strength: 0.5, Hires upscale: 2"},
            "AUTOMATIC1111",
            Maker.AI,
            "v1-5-pruned",
        ),
        ({"parameters": '{"sui_image_params": {"model": "flux"}}'}, "SwarmUI", Maker.AI, "flux"),
        ({"prompt": json.dumps(COMFY)}, "ComfyUI", Maker.AI, "sdxl.safetensors"),
        ({"prompt": json.dumps(LOADED)}, "ComfyUI", Maker.AI_ASSISTED, "sdxl.safetensors"),
        ({"workflow": '{"nodes": [{"id": 3, "type": "KSampler"}]}'}, "ComfyUI", Maker.AI, None),
        ({"invokeai_metadata": '{"generation_mode": "img2img"}'}, "InvokeAI", Maker.AI_ASSISTED, None),
        ({"fooocus_scheme": "fooocus"}, "Fooocus", Maker.AI, None),
        ({"Software": "NovelAI", "Comment": "{}"}, "NovelAI", Maker.AI, None),
    ],
)
def test_a_programs_text_in_a_png_is_noticed(texts, tool, maker, model):
    [trace] = traces(png(**texts))
    assert (trace.tool, trace.maker, trace.models) == (tool, maker, (model,) if model else ())
    assert "unsigned" in str(trace)


SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: m"
CIVITAI = (
    "Steps: 25, CFG scale: 3.5, Sampler: Euler, Seed: 7, Size: 832x1216, Clip skip: 2, Civitai resources: []"
)
FORGE = (
    "Steps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 7, "
    "Size: 896x1152, Model hash: 275ef623d3, Model: flux1-dev-fp8, Version: f2.0.1v1.10.1-previous-659-gc055f2d4"
)
SDNEXT = (
    "Steps: 20, Size: 1024x1024, Seed: 7, Sampler: UniPC, CFG scale: 6, Model: j, App: SD.Next, Operations: "
)
DRAW_THINGS = (
    "Steps: 8, Sampler: Euler A Trailing, Guidance Scale: 1.0, Seed: 7, Size: 1024x1024, "
    "Model: flux_1_schnell_q8p.ckpt, Seed Mode: Scale Alike, Strength: "
)


@pytest.mark.parametrize(
    ("settings", "tool", "maker", "model"),
    [
        (SETTINGS, "AUTOMATIC1111", Maker.AI, "m"),
        (SETTINGS + ", Denoising strength: 0.75, Mask blur: 4", "AUTOMATIC1111", Maker.AI_ASSISTED, "m"),
        (
            SETTINGS + ", Denoising strength: 0.7, Hires upscale: 2, Hires steps: 10",
            "AUTOMATIC1111",
            Maker.AI,
            "m",
        ),
        (SETTINGS + ", Denoising strength: 0.7, First pass size: 0x0", "AUTOMATIC1111", Maker.AI, "m"),
        (SETTINGS + ", Init image hash: 0a1b2c3d", "AUTOMATIC1111", Maker.AI_ASSISTED, "m"),
        (SETTINGS + ", Version: Fooocus v2.5.5", "Fooocus", Maker.AI, "m"),
        (CIVITAI, "AUTOMATIC1111", Maker.AI, None),
        (FORGE, "Forge", Maker.AI, "flux1-dev-fp8"),
        (FORGE + ", Denoising strength: 0.4", "Forge", Maker.AI_ASSISTED, "flux1-dev-fp8"),
        (SDNEXT + "txt2img", "SD.Next", Maker.AI, "j"),
        (SDNEXT + "inpaint", "SD.Next", Maker.AI_ASSISTED, "j"),
        (DRAW_THINGS + "1.0", "Draw Things", Maker.AI, "flux_1_schnell_q8p.ckpt"),
        (DRAW_THINGS + "0.6", "Draw Things", Maker.AI_ASSISTED, "flux_1_schnell_q8p.ckpt"),
    ],
)
def test_a_line_of_settings_says_which_program_and_whether_over_a_picture(settings, tool, maker, model):
    # The prompt's own words decide nothing: "Hires" and a strength may stand in it.
    [trace] = read_parameters(f"a Hires photo, Denoising strength: high\nNegative prompt: text\n{settings}")
    assert (trace.tool, trace.maker, trace.models) == (tool, maker, (model,) if model else ())


def graph(**nodes):
    return json.dumps(
        {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}
    )


SAMPLED = {"latent_image": ["2", 0], "seed": 7, "steps": 20}


@pytest.mark.parametrize(
    ("prompt", "maker"),
    [
        ({"1": ("KSampler", SAMPLED), "2": ("EmptyLatentImage", {})}, Maker.AI),
        (
            {"1": ("KSampler", SAMPLED), "2": ("VAEEncode", {"pixels": ["3", 0]}), "3": ("LoadImage", {})},
            Maker.AI_ASSISTED,
        ),
        (
            {
                "1": ("SamplerCustomAdvanced", {"latent_image": ["2", 0], "noise": ["9", 0]}),
                "2": ("VAEEncode", {"pixels": ["3", 0]}),
                "3": ("ImageScale", {"image": ["4", 0]}),
                "4": ("LoadImage", {}),
            },
            Maker.AI_ASSISTED,
        ),
        # A second pass over its own picture, steered by a ControlNet's picture: nothing of that is in it.
        (
            {
                "1": ("KSampler", {**SAMPLED, "positive": ["5", 0]}),
                "2": ("VAEEncode", {"pixels": ["3", 0]}),
                "3": ("VAEDecode", {"samples": ["4", 0]}),
                "4": ("KSampler", {"latent_image": ["7", 0], "positive": ["5", 0]}),
                "5": ("ControlNetApply", {"image": ["6", 0]}),
                "6": ("LoadImage", {}),
                "7": ("EmptyLatentImage", {}),
            },
            Maker.AI,
        ),
        (
            {
                "1": ("KSampler", {**SAMPLED, "positive": ["5", 0]}),
                "2": ("EmptySD3LatentImage", {}),
                "5": ("TextEncodeQwenImageEditPlus", {"image1": ["6", 0], "prompt": "make it night"}),
                "6": ("LoadImage", {}),
            },
            Maker.AI_ASSISTED,
        ),
        (
            {"1": ("LoadImage", {}), "2": ("ImageCrop", {"image": ["1", 0]}), "3": ("SaveImage", {})},
            Maker.UNKNOWN,
        ),
        (
            {"1": ("OpenAIGPTImage1", {"prompt": "a house", "image": ["2", 0]}), "2": ("LoadImage", {})},
            Maker.AI_ASSISTED,
        ),
        ({"1": ("FluxProUltraImageNode", {"prompt": "a house"})}, Maker.AI),
    ],
)
def test_a_graph_says_whether_its_latent_came_from_a_picture(prompt, maker):
    assert [trace.maker for trace in traces(png(prompt=graph(**prompt)))] == [maker]


@pytest.mark.parametrize(
    ("texts", "tool", "maker", "model"),
    [
        (
            {"Dream": '"a house" -s 50 -S 7 -W 512 -H 512 -C 7.5 -A k_lms -I layout.png -f 0.6'},
            "InvokeAI",
            Maker.AI_ASSISTED,
            None,
        ),
        ({"Dream": '"a house" -s 50 -S 7 -W 512 -H 512'}, "InvokeAI", Maker.AI, None),
        (
            {"sd-metadata": json.dumps({"model_weights": "w", "image": {"type": "img2img", "prompt": "x"}})},
            "InvokeAI",
            Maker.AI_ASSISTED,
            "w",
        ),
        (
            {"invokeai_metadata": json.dumps({"generation_mode": "flux_inpaint", "model": {"name": "FLUX"}})},
            "InvokeAI",
            Maker.AI_ASSISTED,
            "FLUX",
        ),
        (
            {
                "parameters": json.dumps(
                    {"base_model": "jugger", "guidance_scale": 4, "metadata_scheme": "fooocus"}
                )
            },
            "Fooocus",
            Maker.AI,
            "jugger",
        ),
        (
            {
                "Software": "NovelAI",
                "Source": "NovelAI Diffusion V4.5 C02D4F98",
                "Comment": json.dumps({"request_type": "Img2ImgRequest", "strength": 0.7}),
            },
            "NovelAI",
            Maker.AI_ASSISTED,
            "NovelAI Diffusion V4.5 C02D4F98",
        ),
        (
            {
                "Software": "NovelAI",
                "Comment": json.dumps({"request_type": "PromptGenerateRequest", "strength": 0.7}),
            },
            "NovelAI",
            Maker.AI,
            None,
        ),
        (
            {"parameters": json.dumps({"sui_image_params": {"model": "flux", "initimagecreativity": 0.6}})},
            "SwarmUI",
            Maker.AI_ASSISTED,
            "flux",
        ),
        (
            {"use_stable_diffusion_model": "sd-v1-5", "num_inference_steps": "25", "prompt_strength": "0.8"},
            "Easy Diffusion",
            Maker.AI_ASSISTED,
            "sd-v1-5",
        ),
        ({"Stable Diffusion model": "sd-v1-5", "Steps": "25"}, "Easy Diffusion", Maker.AI, "sd-v1-5"),
        (
            {"Description": "a house --v 6.1 Job ID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
            "Midjourney",
            Maker.AI,
            None,
        ),
        ({"Software": "Adobe Firefly 3"}, "Adobe Firefly", Maker.AI, None),
        ({"AIGC": '{"Label":"1","ContentProducer":"x"}'}, "the AIGC label of GB 45438", Maker.AI, None),
        ({"AIGC": '{"Label":"3"}'}, "the AIGC label of GB 45438", Maker.UNKNOWN, None),
    ],
)
def test_every_program_s_own_form_is_noticed_and_told_apart(texts, tool, maker, model):
    [trace] = traces(png(**texts))
    assert (trace.tool, trace.maker, trace.models) == (tool, maker, (model,) if model else ())


def after_the_picture(data, kind, body):
    """The PNG with one chunk between its pixels and its end."""
    end = data.rindex(b"IEND") - 4
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return data[:end] + chunk + data[end:]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"tEXt", b"parameters\0" + A1111.encode()),
        (b"zTXt", b"parameters\0\0" + zlib.compress(A1111.encode())),
        (b"iTXt", b"parameters\0\0\0\0\0" + A1111.encode()),
        (b"iTXt", b"parameters\0\1\0en\0key\0" + zlib.compress(A1111.encode())),
    ],
)
def test_text_after_a_pngs_pixels_counts_as_much_as_before_them(kind, body):
    [trace] = traces(after_the_picture(png(), kind, body))
    assert (trace.tool, trace.models) == ("AUTOMATIC1111", ("v1-5-pruned",))


def test_exif_and_xmp_after_a_pngs_pixels_are_read_too():
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(COMFY)
    [trace] = traces(after_the_picture(png(), b"eXIf", exif.tobytes()[6:]))
    assert (trace.tool, trace.models) == ("ComfyUI", ("sdxl.safetensors",))
    packet = b"XML:com.adobe.xmp\0\0\0\0\0<x>digitalsourcetype/trainedAlgorithmicMedia</x>"
    assert [trace.maker for trace in traces(after_the_picture(png(), b"iTXt", packet))] == [Maker.AI]


@pytest.mark.parametrize("kind", ["WEBP", "JPEG", "TIFF"])
def test_comfyui_s_exif_is_read_in_files_without_text_chunks(kind):
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(COMFY)
    exif[0x010F] = 'workflow:{"nodes": [{"type": "KSampler"}]}'
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind, exif=exif)
    found = {trace.field: trace for trace in traces(out.getvalue())}
    assert found["EXIF Model"].models == ("sdxl.safetensors",)
    assert all(trace.maker is Maker.AI for trace in found.values())


def test_a_text_that_unpacks_to_a_gigabyte_is_cut():
    bomb = zlib.compress(b"\0" * 50_000_000, 9)
    began = len(
        text_fields(Image.new("RGB", (1, 1)), after_the_picture(png(), b"zTXt", b"parameters\0\0" + bomb))
    )
    assert began == 1


@pytest.mark.parametrize(
    ("packet", "tool", "maker"),
    [
        ("photoshop:Credit='Made with Google AI'", "Google AI", Maker.AI),
        ("photoshop:Credit='Edited with Google AI'", "Google AI", Maker.AI_ASSISTED),
        (
            "<TC260:AIGC>{&quot;Label&quot;:&quot;1&quot;}</TC260:AIGC>",
            "the AIGC label of GB 45438",
            Maker.AI,
        ),
        ("xmp:CreatorTool='Draw Things'", "Draw Things", Maker.AI),
    ],
)
def test_what_xmp_says_of_ai_is_noticed(packet, tool, maker):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "WEBP", xmp=f"<x {packet}/>".encode())
    assert [(trace.tool, trace.maker) for trace in traces(out.getvalue())] == [(tool, maker)]


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"Comment": "hello"},
        {"Software": "Krita"},
        {"parameters": "the steps to my house"},
        {"prompt": "a house"},
        # A painter's notes in the words of a generator, but not in its form.
        {"parameters": "Steps: 5 washes"},
        {"parameters": "Steps: 5, then ink. Size: A4, Seed: none, Sampler: -"},
        {"parameters": "My process\nSteps: 5\nModel: my sister"},
        {"Comment": "Steps: 3, Sampler: my brush"},
        {"parameters": "Steps: 4, Model: Anna, Size: 300x200"},
        {"Description": "Job ID: 4711, layout for cut 14"},
        {"prompt": '{"text": "a house"}'},
        {"workflow": '{"steps": ["sketch", "ink"]}'},
        {"Software": "Adobe Photoshop 27.0"},
        {"Software": "Krita", "Comment": '{"strength": 0.5}'},
        {"Dream": "I dreamt of a house -s"},
        {"invokeai_metadata": "{}"},
        {"invokeai_metadata": "null"},
        {"fooocus_scheme": "of my own"},
        {"sd-metadata": '{"image": "house.png"}'},
        {"use_stable_diffusion_model": "no, never"},
        {"AIGC": "no"},
    ],
)
def test_other_text_is_no_trace(texts):
    assert traces(png(**texts)) == ()


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_the_same_text_in_a_jpegs_exif_is_noticed(encoding):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + A1111.encode(encoding)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)
    assert [trace.tool for trace in traces(out.getvalue())] == ["AUTOMATIC1111"]


@pytest.mark.parametrize(
    ("word", "maker"),
    [("trainedAlgorithmicMedia", Maker.AI), ("digitalCreation", Maker.HUMAN), ("nonsense", Maker.UNKNOWN)],
)
def test_the_iptc_word_in_xmp_is_noticed(word, maker):
    xmp = f"<x>http://cv.iptc.org/newscodes/digitalsourcetype/{word}</x>".encode()
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "WEBP", xmp=xmp)
    assert [trace.maker for trace in traces(out.getvalue())] == [maker]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(data):
    traces(data)


@given(st.text(max_size=300))
def test_a_hint_with_hostile_text_is_shown_as_text(text):
    for trace in read_parameters(f"Steps: 1, Sampler: x, Seed: 1, Model: {text}"):
        assert "\x1b" not in str(trace) and "\u202e" not in str(trace)
