"""What other painting programs leave behind is noticed, as a hint and no more."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.media.generator_text import read_parameters, traces
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
        ({"workflow": '{"nodes": []}'}, "ComfyUI", Maker.AI, None),
        ({"invokeai_metadata": '{"generation_mode": "img2img"}'}, "InvokeAI", Maker.AI_ASSISTED, None),
        ({"fooocus_scheme": "fooocus"}, "Fooocus", Maker.AI, None),
        ({"Software": "NovelAI", "Comment": "{}"}, "NovelAI", Maker.AI, None),
    ],
)
def test_a_programs_text_in_a_png_is_noticed(texts, tool, maker, model):
    [trace] = traces(png(**texts))
    assert (trace.tool, trace.maker, trace.model) == (tool, maker, model)
    assert "unsigned" in str(trace)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"Comment": "hello"},
        {"Software": "Krita"},
        {"parameters": "the steps to my house"},
        {"prompt": "a house"},
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
    for trace in read_parameters(f"Steps: 1, Model: {text}"):
        assert "\x1b" not in str(trace) and "\u202e" not in str(trace)
