"""Every program's own form is noticed wherever it may stand, and what only looks like one is not."""

import io
import json
import struct
import zipfile
import zlib

import brotli
import pytest
from generator_samples import FORMS, GENERATORS, HUMAN_TEXTS, PLACES, RDF, png
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.media.container_text import container_fields
from provenance.media.generators.generator_text import look_at, traces
from provenance.media.text_fields import LONGEST
from provenance.statement.vocabulary import Maker

WHOLE = {name: form for name, form in FORMS.items() if form.whole_text}


def told(found):
    return {(each.tool, each.maker, each.models, each.writer) for each in found}


@pytest.mark.parametrize("name", FORMS)
def test_each_program_s_form_in_a_png_says_who_with_what_and_over_what(name):
    form = FORMS[name]
    assert told(traces(png(form.fields))) == {
        (form.tool, form.maker, (form.model,) if form.model else (), form.writer)
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", WHOLE)
def test_a_text_is_the_same_hint_in_every_container(name, place):
    form = FORMS[name]
    [trace] = traces(PLACES[place](form.whole_text))
    assert (trace.tool, trace.maker, trace.models) == (form.tool, form.maker, (form.model,))


@pytest.mark.parametrize("texts", HUMAN_TEXTS)
def test_words_about_ai_are_not_a_generator_s_form(texts):
    assert [each for each in traces(png(texts)) if each.maker is not Maker.HUMAN] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_person_s_description_is_no_hint_in_any_container(place):
    text = "Steps: 5, then ink. Sampler of stones. Made without AI, not by Midjourney. 原図は手描き"
    assert traces(PLACES[place](text)) == ()


@pytest.mark.parametrize("name", ["comfy.mp4", "comfy.mov", "comfy.webm", "vhs.mp4", "vhs.mkv"])
def test_a_film_from_comfyui_says_that_it_began_from_a_picture(name):
    found = traces((GENERATORS / name).read_bytes())
    assert told(found) == {("ComfyUI", Maker.AI_ASSISTED, ("wan2.2.safetensors",), "")}


def test_a_film_with_a_comment_of_its_own_says_nothing():
    assert traces((GENERATORS / "plain.mp4").read_bytes()) == ()


def test_exif_and_xmp_of_a_heic_are_read_although_its_pixels_are_not():
    found = {each.field: each for each in traces((GENERATORS / "a1111.heic").read_bytes())}
    assert found["EXIF UserComment"].models == ("v1-5",)
    assert found["XMP AISystemUsed"].writer == "Abe Rin"


@pytest.mark.parametrize("name", ["comfy.mp4", "comfy.webm", "vhs.mkv", "a1111.heic"])
def test_a_container_that_is_cut_off_or_lies_is_read_without_an_error(name):
    data = (GENERATORS / name).read_bytes()
    for end in range(0, len(data), 37):
        traces(data[:end])
    for at in range(0, min(len(data), 900), 7):
        traces(data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :])


def test_fooocus_s_note_in_the_first_directory_of_exif_is_read():
    exif = Image.Exif()
    exif[0x9286] = '{"base_model": "jugger", "guidance_scale": 4, "metadata_scheme": "fooocus"}'
    exif[0x0131] = "Fooocus v2.5.5"
    exif[0x927C] = "fooocus"
    for kind in ("JPEG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, kind, exif=exif)
        found = traces(out.getvalue())
        assert {each.tool for each in found} == {"Fooocus"}
        assert ("jugger",) in {each.models for each in found}


def test_a_hint_says_that_it_began_from_a_picture_and_who_wrote_the_prompt():
    packet = RDF.format(
        attributes='Iptc4xmpExt:DigitalSourceType="compositeWithTrainedAlgorithmicMedia"'
        ' Iptc4xmpExt:AISystemUsed="Flux" Iptc4xmpExt:AIPromptWriterName="Abe Rin"',
        elements="",
    )
    [trace] = traces(png({"XMP": packet}))
    assert str(trace) == (
        "XMP DigitalSourceType compositeWithTrainedAlgorithmicMedia as IPTC writes it, model Flux, "
        "begun from a picture, prompt by Abe Rin (unsigned: anybody can write or remove it)"
    )


def layered(kind, members):
    """A layered file that is a zip, as Krita and OpenRaster write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def plugin_state(*, in_use, kind="diffusion"):
    params = {"name": "a house", "metadata": {"checkpoint": "sdxl.safetensors"}}
    result = {"id": "a", "slot": 0, "offsets": [0], "params": params, "kind": kind, "in_use": {"0": in_use}}
    return json.dumps({"version": 1, "history": [result]})


@pytest.mark.parametrize("place", ["ai_diffusion/ui.json", "ai_diffusion%2Fui.json"])
def test_a_result_that_was_put_into_a_krita_document_is_told(place):
    members = {f"house/annotations/{place}": plugin_state(in_use=True)}
    found = traces(layered("application/x-krita", members))
    assert told(found) == {("krita-ai-diffusion", Maker.AI_ASSISTED, ("sdxl.safetensors",), "")}


@pytest.mark.parametrize(
    "state",
    [plugin_state(in_use=False), plugin_state(in_use=True, kind="control_layer"), "{}", "no JSON", "[]"],
)
def test_a_plugin_that_put_nothing_into_the_document_says_nothing(state):
    assert traces(layered("application/x-krita", {"house/annotations/ai_diffusion/ui.json": state})) == ()


def test_the_merged_picture_of_a_layered_file_is_asked_for_its_texts():
    merged = png(FORMS["a1111"].fields)
    [trace] = traces(layered("image/openraster", {"stack.xml": "<image/>", "mergedimage.png": merged}))
    assert trace.tool == FORMS["a1111"].tool
    assert traces(layered("application/zip", {"mergedimage.png": merged})) == ()


def test_the_packet_of_a_gif_is_read():
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "GIF")
    packet = _packet("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia")
    block = b"\x21\xff\x0bXMP DataXMP" + packet + bytes([1]) + bytes(range(255, -1, -1)) + b"\0"
    [trace] = traces(out.getvalue()[:-1] + block + b"\x3b")
    assert trace.maker is Maker.AI and trace.tool == "IPTC"


def _packet(source):
    """The shortest packet that states a source type."""
    space = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    said = f'<rdf:Description xmlns:Iptc4xmpExt="{space}" Iptc4xmpExt:DigitalSourceType="{source}"/>'
    rdf = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{said}</rdf:RDF>'
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>'.encode()


def jxl(*inside):
    """A JPEG XL of boxes, each a kind and its content."""
    boxes = ((b"JXL ", b"\r\n\x87\n"), (b"ftyp", b"jxl \0\0\0\0jxl "), *inside, (b"jxlc", b"\xff\x0a"))
    return b"".join(struct.pack(">I", 8 + len(content)) + kind + content for kind, content in boxes)


def test_text_of_a_jpeg_xl_is_read_as_it_is_and_packed_by_brotli():
    packet = _packet("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia")
    exif = Image.Exif()
    exif[0x0131] = "DALL-E 3"
    body = bytes(4) + exif.tobytes()
    for boxes in (
        [(b"xml ", packet), (b"Exif", body)],
        [(b"brob", b"xml " + brotli.compress(packet)), (b"brob", b"Exif" + brotli.compress(body))],
    ):
        assert {(each.tool, each.maker) for each in traces(jxl(*boxes))} == {
            ("IPTC", Maker.AI),
            ("DALL-E", Maker.AI),
        }


@pytest.mark.parametrize(
    ("packed", "told"),
    [
        (b"", ()),
        (b"xml", ()),
        (b"xml \xff\xff\xff", ("XMP packed in a box brob is damaged",)),
        (b"Exif\xff\xff\xff", ("EXIF packed in a box brob is damaged",)),
        (b"jbrd" + brotli.compress(b"x"), ()),
        (b"xml " + brotli.compress(_packet("digitalArt"))[:-9], ("XMP packed in a box brob is damaged",)),
    ],
)
def test_a_packed_box_that_is_broken_gives_no_hint_and_is_told_to_be_broken(packed, told):
    seen = look_at(jxl((b"brob", packed)))
    assert seen.traces == () and seen.unread[:1] == told


def test_a_text_that_cannot_be_read_is_told_and_hides_no_other():
    info = PngInfo()
    info.add_text("parameters", FORMS["a1111"].whole_text)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG", pnginfo=info)
    whole = picture.getvalue()
    packed = zlib.compress(b"a long note " * 90)
    for kind, body, told in (
        (b"eXIf", b"MM\0*\0\0\xff\xff\xff\xff" + bytes(40), "EXIF is damaged"),
        (b"zTXt", b"Comment\0\0" + packed[:-9], "Comment is damaged"),
        (b"iTXt", b"Comment\0\1\0\0\0\xff\xff", "Comment is damaged"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta no end", "XMP is damaged"),
        (b"tEXt", b"Raw profile type exif\0\nexif\n 9\nzz", "Raw profile type exif is damaged"),
        (
            b"zTXt",
            b"Note\0\0" + zlib.compress(b" " * (LONGEST + 9)),
            f"Note is longer than {LONGEST:,} characters",
        ),
    ):
        chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        seen = look_at(whole[:33] + chunk + whole[33:])
        assert [each.tool for each in seen.traces] == ["AUTOMATIC1111"], kind
        assert seen.unread == (told,), kind
    assert look_at(whole).unread == ()


def test_a_packed_box_is_unpacked_no_further_than_a_text_is_read():
    fields = container_fields(jxl((b"brob", b"xml " + brotli.compress(b" " * 60_000_000))))
    assert fields is not None and len(fields[0].text) <= LONGEST


def test_quicktime_s_own_comment_is_read():
    comment = json.dumps({"prompt": FORMS["comfy-over"].fields["prompt"]}).encode()

    def box(kind, content):
        return struct.pack(">I", 8 + len(content)) + kind + content

    own = box(b"\xa9cmt", struct.pack(">HH", len(comment), 0) + comment)
    film = box(b"ftyp", b"qt  \0\0\0\0") + box(b"mdat", b"x" * 50) + box(b"moov", box(b"udta", own))
    [trace] = traces(film)
    assert trace.tool == "ComfyUI" and trace.maker is Maker.AI_ASSISTED
