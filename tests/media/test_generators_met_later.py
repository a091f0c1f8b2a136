"""Forms of 2025 that were met after the others, and texts that only look like one; the truth was written down first."""

import io
import json
import struct

import pytest
from generator_samples import RDF, png
from PIL import Image

from provenance.media.generators.generator_text import traces
from provenance.statement.vocabulary import Maker

SUBGRAPH = "8f2a3c10-7f53-4bb1-9f63-b36a7e9a4d01"


def workflow(*inner: tuple[str, list[str]], mode: int = 0) -> bytes:
    """A PNG with ComfyUI's table, on which one node stands for a subgraph of these nodes."""
    nodes = [
        {"id": 1, "type": "LoadImage", "mode": 0},
        {"id": 2, "type": SUBGRAPH, "mode": mode},
        {"id": 3, "type": "SaveImage", "mode": 0},
    ]
    held = [{"id": 4 + at, "type": kind, "widgets_values": more} for at, (kind, more) in enumerate(inner)]
    defined = {"subgraphs": [{"id": SUBGRAPH, "name": "Mine", "nodes": held}]}
    return png({"workflow": json.dumps({"nodes": nodes, "definitions": defined})})


def credit_line(words: bytes) -> bytes:
    """A JPEG whose IPTC data of the older form has this credit line."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "JPEG")
    record = b"\x1c\x02\x6e" + struct.pack(">H", len(words)) + words
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    segment = b"Photoshop 3.0\0" + resource
    data = out.getvalue()
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def test_a_subgraph_is_what_lies_in_it() -> None:
    painted = workflow(("UNETLoader", ["z_image_turbo.safetensors"]), ("VAEEncode", []), ("KSampler", []))
    [found] = traces(painted)
    assert (found.tool, found.maker) == ("ComfyUI", Maker.AI_ASSISTED)
    assert found.models == ("z_image_turbo.safetensors",)
    made_small = workflow(("ImageScale", []), ("ImageCrop", []))
    assert not any(each.maker in {Maker.AI, Maker.AI_ASSISTED} for each in traces(made_small))


def test_a_subgraph_that_is_switched_off_and_one_that_holds_itself_are_no_trouble() -> None:
    off = traces(workflow(("KSampler", []), mode=4))
    assert not any(each.maker in {Maker.AI, Maker.AI_ASSISTED} for each in off)
    [itself] = traces(workflow((SUBGRAPH, []), ("KSampler", [])))
    assert itself.maker is Maker.AI


@pytest.mark.parametrize(
    ("words", "maker"), [(b"Made with Google AI", Maker.AI), (b"Edited with Google AI", Maker.AI_ASSISTED)]
)
def test_googles_credit_line_is_read_in_the_older_form_too(words: bytes, maker: Maker) -> None:
    [found] = traces(credit_line(words))
    assert (found.tool, found.maker, found.field) == ("Google AI", maker, "IPTC Credit")
    assert not traces(credit_line(b"Not Made with Google AI"))


def test_a_programs_own_text_says_how_and_its_name_says_nothing_against_it() -> None:
    said = json.dumps(
        {"model": "flux_1_dev_q8p.ckpt", "sampler": "Euler A", "seed": 5, "steps": 20, "strength": 0.7}
    )
    escaped = said.replace('"', "&quot;")
    packet = RDF.format(attributes=f'exif:UserComment="{escaped}" xmp:CreatorTool="Draw Things"', elements="")
    [found] = traces(png({"XMP": packet}))
    assert (found.tool, found.maker) == ("Draw Things", Maker.AI_ASSISTED)
    [named] = traces(png({"XMP": RDF.format(attributes='xmp:CreatorTool="Draw Things"', elements="")}))
    assert (named.tool, named.maker) == ("Draw Things", Maker.AI)


@pytest.mark.parametrize(
    "fields",
    [
        {"Title": "Steps: 39", "Description": "Steps: 39. A film of stairs."},
        {"Description": "Steps: 39, Sampler: cross-stitch alphabet, Size: 40x60, Model: Anna"},
        {"Description": "She counted the steps: 20, a sampler of teas in her bag, and the seed: of a doubt."},
        {"workflow": json.dumps({"nodes": [{"type": "sketch"}, {"type": "ink"}, {"type": "scan"}]})},
        {"Description": "Poster proof, Job ID: 0047-11, machine 3"},
        {"EXIF Make": "Firefly", "Software": "Gemini Observatory DRAGONS 3.2"},
        {"XMP": RDF.format(attributes='Iptc4xmpExt:AISystemUsed="not used; drawn in Krita"', elements="")},
    ],
)
def test_what_only_looks_like_a_generators_text_is_none(fields: dict[str, str]) -> None:
    assert not traces(png(fields))


@pytest.mark.parametrize(
    ("fields", "painters"),
    [
        ({"AIGC": '{"Label":"1"}'}, ()),
        ({"parameters": "a house\nSteps: 25, Sampler: Euler a, CFG scale: 4, Seed: 3, Size: 832x1216"}, ()),
        ({"Software": "Midjourney"}, ("Midjourney",)),
        ({"Software": "ChatGPT"}, ("ChatGPT",)),
    ],
)
def test_a_form_that_many_programs_write_is_no_painter(
    fields: dict[str, str], painters: tuple[str, ...]
) -> None:
    [found] = traces(png(fields))
    assert found.maker is Maker.AI and found.painters == painters
