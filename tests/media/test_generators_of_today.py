"""Forms of today's generators, nodes, phones and films, and what only looks like them; truth was written first."""

import io
import json
import struct

import pytest
from generator_samples import (
    CODE,
    LINE,
    RDF,
    A,
    H,
    S,
    U,
    _saved,
    _with_exif,
    exif_of,
    graph,
    png,
    said,
    stealth,
)
from PIL import Image, TiffImagePlugin

from provenance.media.generators.generator_names import program_named
from provenance.media.generators.generator_text import traces
from provenance.statement.vocabulary import Maker

HAND = RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}digitalCreation"', elements="")


def xmp(attributes="", elements=""):
    return png({"XMP": RDF.format(attributes=attributes, elements=elements)})


def jpeg_with(*segments):
    data = _saved("JPEG", None)
    held = b"".join(bytes([0xFF, kind]) + struct.pack(">H", len(body) + 2) + body for kind, body in segments)
    return data[:2] + held + data[2:]


def iim(*records):
    return b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text for number, text in records
    )


def resource(number, body):
    return b"8BIM" + struct.pack(">HHI", number, 0, len(body)) + body + b"\0" * (len(body) % 2)


def psd(*resources):
    held = b"".join(resource(*each) for each in resources)
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHHI", 3, 4, 4, 8, 3, 0)
    return head + struct.pack(">I", len(held)) + held + bytes(6 + 4 * 4 * 3)


def tiff_with_iim(text):
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[33723] = iim((120, text))
    directory.tagtype[33723] = 7
    return _saved("TIFF", None, tiffinfo=directory)


def gif(*comments, last=()):
    def block(text):
        body = text.encode()
        pieces = [body[at : at + 255] for at in range(0, len(body), 255)]
        return b"\x21\xfe" + b"".join(bytes([len(each)]) + each for each in pieces) + b"\0"

    data = _saved("GIF", None)
    at = 13 + 3 * (2 << (data[10] & 7))
    before, after = (b"".join(map(block, each)) for each in (comments, last))
    return data[:at] + before + data[at:-1] + after + data[-1:]


def box(kind, content):
    return struct.pack(">I", 8 + len(content)) + kind + content


def value(text):
    return box(b"data", struct.pack(">II", 1, 0) + text.encode())


def film(*, keys=None, own=None):
    """An MP4 with tags by number of a key, and with tags that bring their own name."""
    keys, own = keys or {}, own or {}
    named = box(
        b"keys", struct.pack(">II", 0, len(keys)) + b"".join(box(b"mdta", each.encode()) for each in keys)
    )
    listed = [box(struct.pack(">I", at), value(text)) for at, text in enumerate(keys.values(), 1)]
    for name, text in own.items():
        listed.append(
            box(b"----", box(b"mean", bytes(4)) + box(b"name", bytes(4) + name.encode()) + value(text))
        )
    meta = box(b"meta", box(b"hdlr", bytes(25)) + named + box(b"ilst", b"".join(listed)))
    return box(b"ftyp", b"isom" + bytes(8)) + box(b"mdat", bytes(64)) + box(b"moov", meta)


def matroska(name, text):
    def element(kind, content):
        return kind + b"\x01" + struct.pack(">Q", len(content))[1:] + content

    tag = element(b"\x45\xa3", name.encode()) + element(b"\x44\x87", text.encode())
    tags = element(b"\x12\x54\xc3\x67", element(b"\x73\x73", element(b"\x67\xc8", tag)))
    return element(b"\x1a\x45\xdf\xa3", b"") + element(b"\x18\x53\x80\x67", tags)


def samsung(kind):
    noted = json.dumps({"originalPath": "/data/a.jpg", "genAIType": kind}).encode()
    return (
        _saved("JPEG", None) + b"\0\0\xa1\x0bPhotoEditor_Re_Edit_Data" + noted + b"SEFH" + bytes(12) + b"SEFT"
    )


def comfy(**nodes):
    return png({"prompt": graph(**nodes)})


def nodes(**named):
    return named


def table(*kinds, **more):
    listed = [{"id": at, "type": kind} for at, kind in enumerate(kinds)]
    return png({"workflow": json.dumps({"nodes": listed, **more})})


SAMPLER = ("KSampler", {"latent_image": ["l", 0], "model": ["c", 0]})
CHECKPOINT = ("CheckpointLoaderSimple", {"ckpt_name": "m1.safetensors"})
ENCODED = ("VAEEncode", {"pixels": ["i", 0]})
NOVELAI = json.dumps({"Software": "NovelAI", "Source": "NovelAI m1", "Comment": "{}"})
GROUP = {"extra": {"groupNodes": {"G": {"nodes": [{"type": "VAEEncode"}, {"type": "KSampler"}]}}}}
SMALL = {"extra": {"groupNodes": {"G": {"nodes": [{"type": "ImageScale"}]}}}}

PLACES = {
    "the first of two comments of a JPEG": jpeg_with((0xFE, LINE.encode()), (0xFE, b"CREATOR: gd-jpeg v1.0")),
    "the second of two comments of a GIF": gif("cut 14", LINE),
    "a GIF's comment behind its picture": gif(last=[LINE]),
    "Windows' title": _with_exif("JPEG", 0x9C9B, LINE.encode("utf-16-le"), None),
    "IPTC's instructions": jpeg_with(
        (0xED, b"Photoshop 3.0\0" + resource(1028, iim((25, b"a"), (40, LINE.encode()))))
    ),
    "IPTC in a TIFF": tiff_with_iim(LINE.encode()),
    "EXIF of a PSD": psd((1058, exif_of({0x010E: LINE})[6:])),
    "IPTC in a PSD": psd((1028, iim((120, LINE.encode())))),
    "XMP's title": xmp("", f"<dc:title><rdf:Alt><rdf:li>{LINE}</rdf:li></rdf:Alt></dc:title>"),
    "QuickTime's comment": film(keys={"com.apple.quicktime.comment": LINE}),
    "a film's tag of its own name": film(
        own={"prompt": graph(k=SAMPLER, l=("EmptyLatentImage", {}), c=CHECKPOINT)}
    ),
    "a keyword in capitals": png({"Prompt": graph(k=SAMPLER, l=("EmptyLatentImage", {}), c=CHECKPOINT)}),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_form_counts_wherever_a_program_puts_it(place):
    answer, named = said(PLACES[place])
    assert answer == A and "m1" in named


GRAPHS = [
    ("a film from a picture", S, nodes(k=("WanVideoSampler", {"image_embeds": ["e", 0], "model": ["m", 0]}),
     m=("WanVideoModelLoader", {"model": "m1.safetensors"}), i=("LoadImage", {}),
     e=("WanVideoImageToVideoEncode", {"start_image": ["i", 0]}))),
    ("a film from words", A, nodes(k=("WanVideoSampler", {"image_embeds": ["e", 0], "model": ["m", 0]}),
     m=("WanVideoModelLoader", {"model": "m1.safetensors"}), e=("WanVideoEmptyEmbeds", {}))),
    ("a film over a film", S, nodes(k=SAMPLER, c=CHECKPOINT, l=ENCODED, i=("VHS_LoadVideo", {}))),
    ("WAS", S, nodes(k=SAMPLER, c=CHECKPOINT, l=ENCODED, i=("Image Load", {"image_path": "a.png"}))),
    ("Impact", S, nodes(k=SAMPLER, c=CHECKPOINT, l=ENCODED, i=("ImageReceiver", {}))),
    ("a pipe over a picture", S, nodes(k=("easy kSampler", {"pipe": ["p", 0]}),
     p=("easy preSampling", {"pipe": ["f", 0], "image_to_latent": ["i", 0]}),
     f=("easy fullLoader", {"ckpt_name": "m1.safetensors"}), i=("LoadImage", {}))),
    ("a pipe that a picture steers", A, nodes(k=("easy kSampler", {"pipe": ["n", 0]}),
     n=("easy controlnetLoader", {"pipe": ["f", 0], "image": ["i", 0]}),
     f=("easy fullLoader", {"ckpt_name": "m1.safetensors"}), i=("LoadImage", {}))),
    ("Efficiency", A, nodes(k=("KSampler SDXL (Eff.)", {"latent_image": ["f", 1]}),
     f=("Eff. Loader SDXL", {"base_ckpt_name": "m1.safetensors", "refiner_ckpt_name": "None"}))),
    ("a loader that shows a picture of its model", A, nodes(k=SAMPLER, l=("EmptyLatentImage", {}),
     c=("CheckpointLoader|pysssss", {"ckpt_name": {"content": "m1.safetensors", "image": None}}))),
    ("a stack of LoRAs", A, nodes(k=SAMPLER, l=("EmptyLatentImage", {}),
     c=("Power Lora Loader (rgthree)", {"lora_1": {"on": True, "lora": "m1.safetensors"}}))),
    ("a maker's server", A, nodes(g=("GeminiImageNode", {"prompt": "a house", "model": "m1"}))),
    ("nodes that nobody knows, and no picture", A, nodes(g=("NewMakerPicture", {"model": "m1"}),
     s=("SaveImage", {"images": ["g", 0]}))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "nodes"), [each[1:] for each in GRAPHS], ids=[each[0] for each in GRAPHS])
def test_a_graph_of_any_pack_of_nodes_says_what_it_began_from_and_with_which_model(answer, nodes):
    found, named = said(comfy(**nodes))
    assert found == answer
    assert "m1" in named


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (table("LoadImage", "workflow>G", **GROUP), S),
        (table("LoadImage", "workflow>G", **SMALL), U),
        (comfy(i=("LoadImage", {}), f=("LayerColor: Levels", {"image": ["i", 0]}), s=("SaveImage", {})), U),
        (comfy(i=("LoadImage", {}), f=("GeminiNode", {"images": ["i", 0]}), s=("ShowText", {})), U),
        (table("ShaderNodeBsdfPrincipled", "ShaderNodeTexImage"), U),
        (table("Read", "Merge", "Write"), U),
        (table("inject", "debug"), U),
        (png({"prompt": json.dumps({"q": {"class_type": "Painting 101", "inputs": {"week": 3}}})}), U),
        (png({"parameters": LINE, "prompt": graph(k=SAMPLER, l=ENCODED, i=("LoadImage", {}))}), S),
    ],
)  # fmt: skip
def test_a_graph_is_read_for_what_its_nodes_do(data, answer):
    assert said(data)[0] == answer


def reference(kind):
    refs = [{"isEnabled": True, "config": {"type": kind}}]
    return {"generation_mode": "flux_txt2img", "model": {"name": "m1"}, "ref_images": refs}


FORMS = [
    ({"generation_data": {"prompt": "a", "seed": "1", "baseModel": {"modelFileName": "m1"}}}, A),
    ({"parameters": {"Prompt": "a", "Base Model": "m1", "Metadata Scheme": "simple", "Version": "SimpleSDXL 2.1"}}, A),
    ({"sui_image_params": {"prompt": "a", "model": "m1"}}, A),
    ({"parameters": {"Prompt": "a", "Stable Diffusion model": "m1", "Steps": 25}}, A),
    ({"Comment": {"prompt": "m1", "request_type": "Img2ImgRequest", "signed_hash": "x"}}, S),
    ({"invokeai_metadata": reference("flux_kontext_reference_image")}, S),
    ({"invokeai_metadata": reference("ip_adapter")}, A),
    ({"parameters": "a\nSteps: 20, Size: 8x8, Seed: 7, CFG scale: 6, App: SD.Next, Operations: img2img, Model: m1"}, S),
    ({"Comment": "Live set. Steps: 16, Sampler: Akai S950, Seed: 4, BPM: 120"}, U),
    ({"generation_data": {"generation": "3rd"}}, U),
    ({"Prompt": "draw your house"}, U),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "answer"), FORMS)
def test_a_program_s_own_object_is_told_from_another_s(fields, answer):
    texts = {key: text if isinstance(text, str) else json.dumps(text) for key, text in fields.items()}
    assert said(png(texts))[0] == answer


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (xmp('photoshop:Credit="Apple Photos Clean Up"'), S),
        (xmp('photoshop:Credit="Clean Up: Abe Rin"'), U),
        (samsung(1), S),
        (samsung(0), U),
        (film(keys={"AigcInfo": '{"aigc_label_type":2}'}), A),
        (film(keys={"AigcInfo": '{"aigc_label_type":0}'}), U),
        (film(own={"AIGC": '{"Label":"1"}'}), A),
        (matroska("AIGC", '{"Label":"1"}'), A),
        (film(keys={"com.apple.quicktime.software": "ComfyUI"}), A),
        (xmp("exif:UserComment='{\"steps\":3,\"sampler\":\"cello\",\"seed\":\"pea\"}'"), U),
    ],
)  # fmt: skip
def test_what_phones_and_films_say(data, answer):
    assert said(data)[0] == answer


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("digsrctype:trainedAlgorithmicMedia", A),
        ("Created using Generative AI", A),
        ("Edited using Generative AI", S),
        ("HTTP://CV.IPTC.ORG/newscodes/digitalsourcetype/trainedalgorithmicmedia", A),
        (f"{CODE}algorithmicallyEnhanced", U),
        (f"{CODE}compositeSynthetic", S),
        (f"{CODE}minorHumanEdits", H),
    ],
)
def test_a_source_type_is_known_by_its_code_its_address_and_its_name(value, answer):
    assert said(xmp(f'Iptc4xmpExt:DigitalSourceType="{value}"'))[0] == answer


def test_of_several_source_types_none_hides_another():
    both = "".join(
        f"<rdf:li>{CODE}{each}</rdf:li>" for each in ("digitalCreation", "trainedAlgorithmicMedia")
    )
    found = traces(
        xmp("", f"<Iptc4xmpExt:DigitalSourceType><rdf:Bag>{both}</rdf:Bag></Iptc4xmpExt:DigitalSourceType>")
    )
    assert {each.maker for each in found} == {Maker.HUMAN, Maker.AI}


@pytest.mark.parametrize("field", ["AISystemUsed", "AIPromptInformation", "AIPromptWriterName"])
def test_a_field_on_ai_that_denies_it_says_nothing_of_it(field):
    denials = (
        "AI was not used|Keine KI|0|false|Aucun|no AI|n/a|AIは使用していません|没有使用|없음|Sin IA|-".split(
            "|"
        )
    )
    for words in denials:
        assert said(xmp(f'Iptc4xmpExt:{field}="{words}"'))[0] == U, words
    assert said(xmp(f'Iptc4xmpExt:{field}="Notion of a house"'))[0] == A


def test_text_hidden_in_a_picture_is_looked_for_where_a_hand_is_claimed():
    with Image.open(io.BytesIO(stealth(NOVELAI))) as picture:
        found = traces(png({"XMP": HAND}, picture.copy()))
    assert {each.maker for each in found} == {Maker.HUMAN, Maker.AI}


def test_a_name_counts_where_it_is_a_generator_s_and_no_everyday_word():
    names = (
        "Imagen 4 Ultra|GPT Image 1|Google Nano Banana Pro|Gemini 2.5 Flash Image|xAI Grok Imagine|ideogram.ai|"
        "Leonardo.Ai Phoenix 1.0|Recraft V3 SVG|Stable Image Ultra|Dreamina|niji journey 6|Qwen-Image-Edit|"
        "Bing Image Creator from Designer|Adobe Firefly Image 4 Ultra|Stable Diffusion 3.5 Large|FLUX.1 Kontext [pro]|"
        "flux-pro-1.1-ultra|Runway Gen-3 Alpha|Kling 2.1|Playground v2.5|Tensor.Art|AUTOMATIC1111"
    )
    for name in names.split("|"):
        assert program_named(name) is not None, name
    others = (
        "Sora|Grok|Aurora|Imagine Communications Nexio|Sora Scanner 2.1|Klingon fonts|f.lux|Flux Render Server 3|"
        "Leonardo 1.2|Craft 3|Autodesk Forge 2.0|Topaz Photo AI 3.0.1|Dall|Microsoft Designer|diffusers"
    )
    for name in others.split("|"):
        assert program_named(name) is None, name
