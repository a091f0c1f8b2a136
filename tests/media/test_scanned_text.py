"""Text in files that no decoder here opens, in further pages and in pictures within a file, is read where it lies."""

import base64
import json
import struct

import pytest
from generator_samples import CODE, COMFY_OVER, FORMS, RDF, png
from PIL import Image, TiffImagePlugin

from provenance.media.generators.generator_text import look_at, traces
from provenance.media.scanned_text import PICTURES
from provenance.statement.vocabulary import Maker

LINE = FORMS["a1111"].whole_text
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def packet(kind="trainedAlgorithmicMedia"):
    return RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}{kind}"', elements="")


def box(kind, body):
    return struct.pack(">I", 8 + len(body)) + kind + body


def film(*inside):
    return box(b"ftyp", b"isom\0\0\0\0isom") + b"".join(inside) + box(b"mdat", bytes(20))


def exr(**texts):
    named = {
        "compression": ("compression", b"\0"),
        **{key: ("string", text.encode()) for key, text in texts.items()},
    }
    head = b"".join(
        name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<I", len(value)) + value
        for name, (kind, value) in named.items()
    )
    return b"v/1\x01" + struct.pack("<I", 2) + head + b"\0" + bytes(40)


def svg(*pictures, metadata=""):
    images = "".join(
        f'<image href="data:image/png;base64,{base64.b64encode(each).decode()}"/>' for each in pictures
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{metadata}</metadata>{images}</svg>'.encode()


def pages(tmp_path, tags):
    """A TIFF of two pages; the second one has these texts."""
    path = tmp_path / "pages.tif"
    Image.new("RGB", (16, 16), "teal").save(path)
    told = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, text in tags.items():
        told[tag] = text
    with TiffImagePlugin.AppendingTiffWriter(str(path)) as target:
        Image.new("RGB", (16, 16), "red").save(target, "TIFF", tiffinfo=told)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("data", "maker"),
    [
        (b"%PDF-1.5\n4 0 obj<</Type/Metadata>>stream\n" + packet().encode() + b"\nendstream", Maker.AI),
        (b"%PDF-1.5\n" + (packet("digitalCapture") + packet()).encode(), Maker.AI_ASSISTED),
        (b"8BPS\0\2" + bytes(40) + packet().encode() + bytes(40), Maker.AI),
        (b"%!PS-Adobe-3.1 EPSF-3.0\n" + packet("compositeSynthetic").encode(), Maker.AI_ASSISTED),
        (svg(metadata=packet()), Maker.AI),
        (svg(png({}), png({"parameters": LINE})), Maker.AI_ASSISTED),
        (exr(parameters=LINE), Maker.AI),
        (exr(comments="comp v3", prompt=COMFY_OVER), Maker.AI_ASSISTED),
        (film(box(b"uuid", XMP_UUID + packet().encode())), Maker.AI),
        (film(box(b"moov", box(b"udta", box(b"XMP_", packet().encode())))), Maker.AI),
        (box(b"jP  ", b"\r\n\x87\n") + box(b"uuid", XMP_UUID + packet().encode()), Maker.AI),
    ],
)
def test_text_is_read_where_it_lies_open(data, maker):
    found = {each.maker for each in traces(data)} - {Maker.CAMERA}
    assert found == {maker}


def test_a_further_page_of_a_tiff_speaks_of_that_page_alone(tmp_path):
    for tags in ({270: LINE}, {700: packet().encode()}):
        [trace] = traces(pages(tmp_path, tags))
        assert trace.maker is Maker.AI_ASSISTED and "(page 2)" in trace.field
        assert "begun from a picture" not in str(trace)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.5\n<x:xmpmeta without an end " + packet().encode()[:80],
        svg(png({})),
        svg(b"\x89PNG"),
        exr(comments="Steps: of the temple"),
        exr()[:14],
        b"v/1\x01" + b"a" * 600,
        b"RIFF" + bytes(4) + b"AVI " + bytes(60),
        film(box(b"uuid", bytes(16) + packet().encode())),
    ],
)
def test_what_only_looks_like_it_gives_no_hint(data):
    assert traces(data) == ()


@pytest.mark.parametrize(
    "mark", [b"<rdf:RDF ", b"<x:xmpmeta ", b"data:image/png;base64,", b"data:image/png;base64,AAAA "]
)
def test_a_file_of_nothing_but_beginnings_is_passed_through_once(mark):
    assert traces(b"<svg " + mark * 200_000) == ()


def test_no_more_pictures_of_an_svg_are_looked_at_than_so_many():
    many = svg(*[png({})] * PICTURES, png({"parameters": LINE}))
    assert look_at(many).traces == ()


@pytest.mark.parametrize(
    ("said", "maker"),
    [
        (
            {"type": "WanGP v12.60 by DeepBeepMeep - LTX-2 Distilled 19B", "model_type": "ltx2_distilled"},
            Maker.AI,
        ),
        ({"type": "Wan2.1GP by DeepBeepMeep - image2video"}, Maker.AI_ASSISTED),
        (
            {"type": "WanGP v11 by DeepBeepMeep - Wan", "model_type": "i2v", "image_prompt_type": "S"},
            Maker.AI_ASSISTED,
        ),
    ],
)
def test_wangp_s_settings_in_a_film_s_comment_are_known(said, maker):
    text = json.dumps({"prompt": "the mill turns", "seed": 4, **said}).encode()
    tag = box(b"\xa9cmt", box(b"data", bytes(8) + text))
    meta = box(b"meta", bytes(4) + box(b"hdlr", bytes(20)) + box(b"ilst", tag))
    [trace] = traces(film(box(b"moov", box(b"udta", meta))))
    assert (trace.tool, trace.maker) == ("WanGP", maker)
