"""Every program's own form is noticed wherever it may stand, and what only looks like one is not."""

import io

import pytest
from generator_samples import FORMS, GENERATORS, HUMAN_TEXTS, PLACES, RDF, png
from PIL import Image

from provenance.media.generator_text import traces
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
