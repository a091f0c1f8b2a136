"""Unsigned text in HEIC and AVIF, as today's tools and phones write it; the truth of each was written first."""

import json
import struct
import time
import zlib

import brotli
import pytest
from generator_samples import CODE, COMFY_OVER, COMFY_WORDS, JOB, LINE, RDF, A, H, S, U, exif_of, png, said
from heif_samples import OTHER, Text, avif, box, exif, full, heif

from provenance.inspection.translated import in_language
from provenance.media.generators.generator_text import look_at

OVER = LINE.replace("Size", "Denoising strength: 0.5, Size")
SDNEXT = "a\nSteps: 20, Size: 8x8, Seed: 7, CFG scale: 6, App: SD.Next, Operations: img2img, Model: m1"
UNICODE = b"UNICODE\0"


def xmp(attributes="", elements="", **more):
    return Text(RDF.format(attributes=attributes, elements=elements).encode(), **more)


def source(code, **more):
    return xmp(f'Iptc4xmpExt:DigitalSourceType="{CODE}{code}"', **more)


def described(text):
    return xmp("", f"<dc:description><rdf:Alt><rdf:li>{text}</rdf:li></rdf:Alt></dc:description>")


def tags(outer=None, inner=None, **more):
    return exif(exif_of(outer or {}, inner), **more)


def commented(text, **more):
    """As AUTOMATIC1111, Forge and SD.Next write it: EXIF's UserComment, in UTF-16."""
    return tags(None, {0x9286: UNICODE + text.encode("utf-16-be")}, **more)


def both(prompt, workflow="{}"):
    return json.dumps({"prompt": json.loads(prompt), "workflow": json.loads(workflow)})


def samsung(kind):
    """What its editor leaves in a HEIC: the list that stands behind a JPEG, in a box of its own."""
    noted = json.dumps({"originalPath": "/data/a.heic", "genAIType": kind}).encode()
    return box(b"sefd", b"\0\0\xa1\x0bPhotoEditor_Re_Edit_Data" + noted + b"SEFH" + bytes(12) + b"SEFT")


def deflated(body):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


MADE, EDITED = 'photoshop:Credit="Made with Google AI"', 'photoshop:Credit="Edited with Google AI"'
LABEL = 'TC260:AIGC=\'{"Label":"%d"}\''
PHONE = {0x010F: "Apple", 0x0110: "iPhone 17 Pro", 0x0131: "26.1"}
AI = RDF.format(attributes=MADE, elements="").encode()
BEGIN, END = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>', b'<?xpacket end="w"?>'
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
MIF = {"brands": (b"mif1", b"mif1", b"avif", b"miaf")}

TOOLS = {
    "Forge, from words": (avif(commented(LINE)), A),
    "Forge, over a picture": (avif(commented(OVER)), S),
    "SD.Next": (avif(commented(SDNEXT)), S),
    "a UserComment in the first directory": (avif(tags({0x9286: both(COMFY_WORDS)})), A),
    "ComfyUI, Extended Image Formats": (avif(tags({0x9286: both(COMFY_OVER)})), S),
    "ComfyUI, Save Image Extended": (avif(tags({0x010F: f"Prompt: {COMFY_WORDS}", 0x010E: "Workflow: {}"})), A),
    "ComfyUI, Save Image Extended, over": (avif(tags({0x010F: f"Prompt: {COMFY_OVER}", 0x010E: "Workflow: {}"})), S),
    "ComfyUI's own form": (avif(tags({0x0110: f"prompt:{COMFY_OVER}", 0x010F: 'workflow:{"nodes": []}'})), S),
    "FLUX": (avif(tags({0x0131: "AI generated;txt2img;flux", 0x010F: "Black Forest Labs"})), A),
    "FLUX over a picture": (avif(tags({0x0131: "AI generated;img2img;flux", 0x010F: "Black Forest Labs"})), S),
    "Grok": (avif(tags({0x010E: "Signature: " + "Ab3+" * 20, 0x013B: JOB.removeprefix("Job ID: ")})), A),
    "Mochi Diffusion": (heif(tags({0x010E: "a; Model: m1; Steps: 25; Seed: 1; Generator: Mochi Diffusion 5.1"})), A),
    "Midjourney": (avif(described(f"a house --v 7 {JOB}")), A),
    "a program's name": (heif(tags({0x0131: "Midjourney"})), A),
    "Firefly": (avif(xmp('xmp:CreatorTool="Adobe Firefly"')), A),
    "Firefly over a picture": (
        avif(xmp('xmp:CreatorTool="Adobe Firefly" '
                 'Iptc4xmpExt:DigitalSourceType="compositeWithTrainedAlgorithmicMedia"')), S),
    "Photoshop's generative fill": (
        avif(xmp(f'xmp:CreatorTool="Adobe Photoshop 27.0" Iptc4xmpExt:DigitalSourceType="{CODE}'
                 'compositeWithTrainedAlgorithmicMedia"')), S),
    "Clean Up": (heif(tags(PHONE), xmp('photoshop:Credit="Apple Photos Clean Up"')), S),
    "Clean Up by its source type": (heif(tags(PHONE), source("compositeWithTrainedAlgorithmicMedia")), S),
    "Image Playground": (heif(xmp('photoshop:Credit="Apple Image Playground"')), A),
    "Pixel's editor": (heif(tags({0x010F: "Google", 0x0110: "Pixel 10"}), xmp(EDITED)), S),
    "Gemini": (heif(xmp(MADE)), A),
    "Gemini in AVIF": (avif(xmp(MADE)), A),
    "Galaxy AI": (heif(tags({0x010F: "samsung"}), after=samsung(1)), S),
    "Galaxy AI, another number": (heif(tags({0x010F: "samsung"}), after=samsung(5)), S),
    "Galaxy AI in a film": (box(b"ftyp", b"mp42" + bytes(4)) + box(b"mdat", bytes(64)) + samsung(1), S),
    "Galaxy AI in a PNG": (png({}) + samsung(1)[8:], S),
    "China's label in XMP": (heif(xmp(LABEL % 1)), A),
    "China's label in EXIF": (heif(tags(PHONE, {0x9286: b'ASCII\0\0\0{"AIGC":{"Label":"1"}}'})), A),
    "IPTC's system": (heif(xmp('Iptc4xmpExt:AISystemUsed="Gemini 2.5 Flash Image"')), A),
    "several source types": (
        heif(xmp("", "<Iptc4xmpExt:DigitalSourceType><rdf:Bag>"
                 f"<rdf:li>{CODE}digitalCapture</rdf:li><rdf:li>{CODE}compositeWithTrainedAlgorithmicMedia</rdf:li>"
                 "</rdf:Bag></Iptc4xmpExt:DigitalSourceType>")), S),
}  # fmt: skip

LAYOUTS = {
    "with what goes round a packet": avif(Text(BEGIN + AI + END)),
    "in UTF-16": heif(Text(b"\xff\xfe" + AI.decode().encode("utf-16-le"))),
    "in UTF-16, AVIF": avif(Text(b"\xff\xfe" + AI.decode().encode("utf-16-le"))),
    "with a mark of its bytes' order": heif(Text(b"\xef\xbb\xbf" + AI)),
    "in the head": heif(Text(AI, in_meta=True)),
    "in the head, AVIF": avif(Text(AI, in_meta=True)),
    "EXIF in the head": heif(commented(LINE, in_meta=True)),
    "EXIF in the head, AVIF": avif(commented(LINE, in_meta=True)),
    "in pieces": heif(Text(AI, pieces=3)),
    "in pieces, AVIF": avif(Text(AI, pieces=3)),
    "EXIF in pieces": heif(commented(LINE, pieces=4)),
    "zlib": heif(Text(zlib.compress(AI), packed=b"compress_zlib")),
    "deflate": heif(Text(deflated(AI), packed=b"deflate")),
    "deflate as zlib": heif(Text(zlib.compress(AI), packed=b"deflate")),
    "brotli": heif(Text(brotli.compress(AI), packed=b"br")),
    "packed, AVIF": avif(Text(zlib.compress(AI), packed=b"deflate")),
    "the oldest table of places": heif(Text(AI), iloc=0),
    "wide numbers": heif(commented(LINE), wide=True, iloc=2),
    "a word before EXIF's header": heif(commented(LINE, before=6)),
    "a word before EXIF's header, AVIF": avif(commented(LINE, before=6)),
    "of nothing in particular": heif(Text(AI, about=None)),
    "of nothing in particular, AVIF": avif(Text(AI, about=None)),
    "of the tiles": heif(Text(AI, about=OTHER), link="dimg"),
    "in a box of its own": heif(after=box(b"uuid", XMP_BOX + AI)),
    "cut off behind its texts": avif(commented(LINE), cut=True),
    "cut off, XMP": avif(Text(AI), cut=True),
    "by its common brand": avif(commented(LINE), **MIF),
    "by its common brand, XMP": avif(Text(AI), **MIF),
    "another media type's capitals": heif(Text(AI, media=b"application/RDF+XML")),
    "beside broken EXIF": heif(exif(b"II*\0" + b"\xff" * 40), Text(AI)),
    "beside a gain map that says a camera": heif(
        Text(AI), source("computationalCapture", about=OTHER), link="auxl"
    ),
}  # fmt: skip

TRAPS = {
    "a photograph": (heif(tags(PHONE)), U),
    "a screenshot": (heif(tags(PHONE, {0x9286: b"ASCII\0\0\0Screenshot"})), U),
    "a photograph that says so": (heif(tags(PHONE), source("digitalCapture")), H),
    "several pictures at once": (heif(tags(PHONE), source("computationalCapture")), H),
    "drawn by hand": (avif(source("digitalCreation")), H),
    "enlarged by sums": (avif(source("algorithmicallyEnhanced")), U),
    "Galaxy's editor without AI": (heif(tags({0x010F: "samsung"}), after=samsung(0)), U),
    "its words in a description": (heif(described('PhotoEditor_Re_Edit_Data{"genAIType":1} SEFT')), U),
    "its words in another box": (heif(after=box(b"free", samsung(1))), U),
    "its words in a text without a list": (heif(after=box(b"sefd", b'PhotoEditor_Re_Edit_Data{"genAIType":1}')), U),
    "a credit that tells of a credit": (heif(xmp('photoshop:Credit="Not Edited with Google AI"')), U),
    "a studio of that name": (heif(xmp('photoshop:Credit="Made with Google AI Studio, by hand"')), U),
    "a description of an edit": (heif(described("Edited with Google AI? No.")), U),
    "a prompt that is a wish": (avif(tags({0x010F: "Prompt: draw every day"})), U),
    "a workflow on paper": (avif(tags({0x010E: 'Workflow: {"sketch": 1, "ink": 2}'})), U),
    "a list of steps": (avif(commented("Steps: 5 washes, then ink. Sampler: none")), U),
    "a maker's camera": (heif(tags({0x010F: "Google", 0x0110: "Pixel 10 Pro", 0x0131: "HDR+ 1.0"})), U),
    "a name that is denied": (heif(tags({0x0131: "Midjourney was not used"})), U),
    "a system that is denied": (heif(xmp('Iptc4xmpExt:AISystemUsed="none"')), U),
    "a label that suspects": (heif(xmp(LABEL % 3)), U),
    "Photoshop": (avif(xmp('xmp:CreatorTool="Adobe Photoshop 27.0"')), U),
    "Photos": (heif(xmp('xmp:CreatorTool="Photos 11.0"')), U),
    "credentials, which are read elsewhere": (
        heif(after=box(b"uuid", C2PA + b"trainedAlgorithmicMedia" + AI)), U),
    "a packet within a description": (
        avif(tags({0x010E: (BEGIN + AI + END).decode()}), source("digitalCreation")), H),
    "a thumbnail's own words": (heif(Text(AI, about=OTHER), source("digitalCreation"), link="thmb"), H),
}  # fmt: skip


@pytest.mark.parametrize("name", TOOLS)
def test_what_tools_and_phones_write_is_read(name):
    data, answer = TOOLS[name]
    assert said(data)[0] == answer


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_text_is_read_however_a_container_holds_it(name):
    assert said(LAYOUTS[name])[0] == A


@pytest.mark.parametrize("name", TRAPS)
def test_text_that_only_looks_like_it_says_nothing_of_ai(name):
    data, answer = TRAPS[name]
    assert said(data)[0] == answer


@pytest.mark.parametrize("make", [heif, avif])
def test_a_second_picture_in_the_file_speaks_of_its_part_alone(make):
    [trace] = look_at(make(tags(PHONE), Text(AI, about=OTHER), link="beside")).traces
    assert trace.part == "another picture in it" and trace.maker.value == "ai-assisted"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (heif(Text(AI, packed=b"rot13")), "XMP"),
        (heif(Text(b"no zlib at all", packed=b"deflate")), "XMP"),
        (avif(exif(b"II*\0" + b"\xff" * 40)), "EXIF"),
        (heif(Text(zlib.compress(bytes(5_000_000)), packed=b"deflate")), "XMP"),
    ],
)
def test_a_text_that_could_not_be_read_is_told(data, words):
    seen = look_at(data)
    assert not seen.traces and any(each.startswith(words) for each in seen.unread)


def test_an_avif_by_its_common_brand_is_an_avif():
    seen = look_at(avif(**MIF)).picture
    assert (seen.media_type, seen.width, seen.height) == ("image/avif", 64, 64)


EDITOR = {"model": "qwen-image-edit-2511", "prompt": "make it night"}
SWARM = [
    ({"initimage": "raw/layout.png", "initimagecreativity": 0.6}, S),
    ({"initimagecreativity": "0.6"}, S),
    ({"promptimages": ["raw/layout.png"]}, S),
    ({**EDITOR, "promptimages": ["raw/layout.png"]}, S),
    (EDITOR, S),
    ({"model": "flux1-dev-kontext_fp8_scaled"}, S),
    ({"model": "Boogu/boogu_image_edit_fp8_scaled"}, S),
    ({"promptimages": ["a.png"], "useipadapterforrevision": "faceid", "ipadapterweight": 1}, A),
    ({"promptimages": ["a.png"], "revisionstrength": "1"}, A),
    ({"promptimages": ["a.png"], "usestylemodel": "redux"}, A),
    ({"promptimages": ["a.png"], "usereferenceonly": True}, A),
    ({"promptimages": ["a.png"], "revisionstrength": 0}, S),
    ({"promptimages": []}, A),
    ({"controlnetimageinput": "a.png", "controlnetmodel": "canny"}, A),
    ({"model": "edited-anime-v3"}, A),
    ({"prompt": "image edit, kontext"}, A),
]


@pytest.mark.parametrize(("more", "answer"), SWARM)
def test_swarmui_names_the_pictures_that_an_edit_began_from(more, answer):
    text = json.dumps({"sui_image_params": {"prompt": "a house", "model": "m1", **more}})
    assert said(png({"parameters": text}))[0] == answer


def test_a_table_of_places_that_tells_of_many_pieces_of_nothing_ends_soon():
    rows = b"".join(struct.pack(">HHH", item, 0, 0xFFFF) for item in range(20_000))
    places = full(b"iloc", 0, bytes(2), struct.pack(">H", 20_000), rows)
    items = full(b"iinf", 0, b"\0\1", full(b"infe", 2, struct.pack(">HH", 5, 0), b"Exif\0"))
    began = time.process_time()
    look_at(box(b"ftyp", b"heic", bytes(4)) + full(b"meta", 0, full(b"hdlr", 0, bytes(20)), places, items))
    assert time.process_time() - began < 5  # more than 100 seconds without a bound


def test_texts_that_unpack_to_more_than_is_looked_at_are_told():
    packed = zlib.compress(b"a" * 3_999_000)
    chunks = [b"zTXt" + b"k%d\0\0" % number + packed for number in range(40)]
    held = b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )
    whole = png({"parameters": LINE})
    seen = look_at(whole[:-12] + held + whole[-12:])
    assert seen.traces and seen.unread == ("its texts are longer than 16,000,000 characters together",)


def test_what_of_a_file_a_hint_speaks_of_is_said_in_japanese_too():
    [trace] = look_at(heif(Text(AI, about=OTHER), link="beside")).traces
    assert in_language(str(trace), "ja").startswith("XMP Credit（中の別の画像） に Google AI の形式")
    [told] = look_at(heif(Text(AI, packed=b"rot13"))).unread
    assert in_language(told, "ja") == "XMP はここでは読めない形で入っています"


def test_a_picture_s_size_is_read_beside_texts_of_any_layout():
    for data in (heif(Text(AI, in_meta=True)), heif(Text(AI), iloc=0), heif(Text(AI), wide=True, iloc=2)):
        seen = look_at(data).picture
        assert (seen.width, seen.height) == (16, 16)


def test_a_head_that_lies_ends_in_no_error():
    data = heif(
        commented(LINE, pieces=3), Text(zlib.compress(AI), packed=b"deflate", in_meta=True), link="beside"
    )
    for at in range(8, data.index(b"mdat"), 3):
        look_at(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        look_at(data[:at] + struct.pack(">I", 0xFFFFFFFF) + data[at + 4 :])
