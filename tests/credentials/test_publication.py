"""What goes out with a picture, as it was chosen: names, wishes, IPTC fields, the text that other tools read."""

import io
from dataclasses import astuple

import pytest
from credential_samples import (
    FORMATS,
    GENZU,
    MODEL,
    NIGHT,
    drawing,
    every_kind,
    file,
    paint,
    record,
    source,
    trust,
)
from hypothesis import given
from hypothesis import strategies as st
from manifest_samples import description, second_opinion, seen
from PIL import Image

from provenance.credentials.read.chain import Named, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.assertions import data_mining_of
from provenance.credentials.sign.disclosure import Publication, no_training, parse_pseudonyms, public_lines
from provenance.errors import StatementError
from provenance.media.xmp import NO_ROOM, with_fields
from provenance.media.xmp_packet import Packet
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Prompt, Statement
from provenance.statement.vocabulary import Disclosure, SourceType, Step, Use, Wish

WITH_XMP = FORMATS
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>TITLE</dc:title>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
PEOPLE = [
    Credit(Role.LAYOUT, "Mori Aoi"),
    Credit(Role.PROMPT, "Abe Rin"),
    Credit(Role.BACKGROUND, "Ōtomo <&> 葵"),
]


@pytest.mark.parametrize("media_type", WITH_XMP)
def test_the_fields_of_iptc_stand_in_the_file(media_type: str) -> None:
    drawn = file(media_type, 3)
    signed = paint(record(file()).data, drawn, media_type, people=PEOPLE).data
    told = description(signed)
    assert told["AISystemUsed"] == "house"
    assert told["AISystemVersionUsed"] == str(MODEL.digest)
    assert str(told["AIPromptInformation"]).split() == ["night", "sky,", "snow", "Excluded:", "text"]
    assert told["AIPromptWriterName"] == "Abe Rin"
    assert told["DigitalSourceType"] == SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    assert told["creator"] == {"Seq": {"li": ["Mori Aoi", "Ōtomo <&> 葵"]}}
    assert seen(signed) == seen(drawn)
    assert second_opinion(signed, media_type) == ("Trusted", set())


def test_the_fields_of_iptc_can_be_left_out() -> None:
    signed = paint(record(file()).data, file(seed=3), publication=Publication(xmp=False)).data
    assert b"xmpmeta" not in signed


def test_an_avif_never_keeps_words_of_ours_that_were_replaced() -> None:
    first = with_fields(file("image/avif"), "image/avif", {"photoshop:Credit": "Old Name"}).data
    assert b"Old Name" in first and len(first) == len(file("image/avif"))
    again = with_fields(first, "image/avif", {"photoshop:Credit": "New Name"}).data
    assert b"Old Name" not in again and description(again)["Credit"] == "New Name"
    full, trouble = astuple(with_fields(again, "image/avif", {"photoshop:Credit": "x" * 9_000}))
    assert trouble == NO_ROOM
    assert b"New Name" not in full and "Credit" not in str(description(full))
    assert seen(full) == seen(file("image/avif"))


def test_a_file_keeps_the_xmp_that_it_came_with() -> None:
    target = io.BytesIO()
    packet = XMP.replace(b"TITLE", b"theirs")
    drawing().save(target, "JPEG", xmp=packet)
    signed = record(target.getvalue(), "image/jpeg").data
    assert signed.count(b"<x:xmpmeta") == 1 and b"theirs" in signed


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_adding_xmp_leaves_profile_orientation_and_pixels(form: str, mode: str) -> None:
    if form == "JPEG" and mode in {"RGBA", "P"}:
        pytest.skip("JPEG has no such mode")
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    image = drawing().convert(mode)
    image.save(target, form, exif=exif, icc_profile=b"profile" * 40)
    out = with_fields(target.getvalue(), f"image/{form.lower()}", {"photoshop:Credit": "Studio Kita"}).data
    with Image.open(io.BytesIO(out)) as after, Image.open(io.BytesIO(target.getvalue())) as before:
        assert after.info["icc_profile"] == b"profile" * 40
        assert after.getexif()[0x0112] == 6
        assert after.tobytes() == before.tobytes()
        assert after.getxmp()["xmpmeta"]["RDF"]["Description"]["Credit"] == "Studio Kita"


@given(st.text(max_size=60))
def test_any_words_make_an_xmp_packet_that_can_be_read(words: str) -> None:
    from defusedxml import ElementTree

    packet = Packet.new()
    packet.set("Iptc4xmpExt:AIPromptInformation", words)
    packet.set("dc:creator", [words])
    ElementTree.fromstring(packet.to_bytes(0))


def test_a_signed_file_of_sixteen_bits_keeps_them_with_its_profile() -> None:
    target = io.BytesIO()
    Image.new("I;16", (20, 10), 40_000).save(target, "PNG", icc_profile=b"p" * 200)
    with Image.open(io.BytesIO(record(target.getvalue()).data)) as image:
        assert (image.mode, image.getpixel((3, 3))) == ("I;16", 40_000)
        assert image.info["icc_profile"] == b"p" * 200


def test_wishes_about_training_are_said_and_read_back() -> None:
    signed = paint(record(file()).data, file(seed=3), publication=Publication(wishes=no_training())).data
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.wishes == {wish.value: "notAllowed" for wish in Wish}
    assert str(description(signed)["DataMining"]).endswith("DMI-PROHIBITED")
    assert second_opinion(signed, "image/png") == ("Trusted", set())


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({}, None),
        (dict.fromkeys(Wish, Use.ALLOWED), "DMI-ALLOWED"),
        ({Wish.TRAINING: Use.NOT_ALLOWED}, "DMI-PROHIBITED-AIMLTRAINING"),
        ({Wish.GENERATIVE_TRAINING: Use.NOT_ALLOWED}, "DMI-PROHIBITED-GENAIMLTRAINING"),
        ({Wish.MINING: Use.CONSTRAINED}, "DMI-PROHIBITED-SEECONSTRAINT"),
        ({Wish.MINING: Use.ALLOWED}, None),
    ],
)
def test_a_wish_has_its_nearest_word_in_plus(wishes: dict[Wish, Use], word: str | None) -> None:
    found = data_mining_of(wishes)
    assert (found or "").rsplit("/", 1)[-1] == (word or "")


def test_a_pseudonym_stands_in_the_file_and_the_name_does_not() -> None:
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Mori Aoi"
    drawing().save(target, "PNG", exif=exif)
    signed = record(target.getvalue(), publication=Publication(pseudonyms={"Mori Aoi": "Kitsune"})).data
    assert b"Mori" not in signed
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.people == (Named("Kitsune", "layout"),)


def test_many_prompt_writers_are_told_once_each_whatever_their_names() -> None:
    people = [
        Credit(Role.PROMPT, name) for name in ("Zoe; Max", "Ann", *(f"Somebody {n:030}" for n in range(20)))
    ]
    step = read_chain(paint(None, file(), people=people).data, trust=trust()).file
    assert step is not None and [each.name for each in step.people] == [each.name for each in people]


def test_a_pseudonym_for_nobody_who_is_credited_is_refused() -> None:
    credits = (Credit(Role.LAYOUT, "Mori Aoi"),)
    assert parse_pseudonyms(["Mori Aoi=Kitsune"], credits) == {"Mori Aoi": "Kitsune"}
    with pytest.raises(StatementError, match="Mori Aio"):
        parse_pseudonyms(["Mori Aio=Kitsune"], credits)


def test_a_pseudonym_is_a_name_like_any_other() -> None:
    with pytest.raises(StatementError, match="names software"):
        Publication(pseudonyms={"Mori Aoi": "Stable Diffusion"})


def test_the_text_that_other_tools_read_is_written_on_request() -> None:
    parameters = {
        "strength": 0.6,
        "seed": 7,
        "num_inference_steps": 8,
        "guidance_scale": 7.5,
        "scheduler": "DDIM",
    }
    wanted = Publication(parameters_text=True)
    signed = paint(record(file()).data, file(seed=3), parameters=parameters, publication=wanted).data
    with Image.open(io.BytesIO(signed)) as image:
        assert image.info["parameters"].splitlines() == [
            "night sky, snow",
            "Negative prompt: text",
            f"Steps: 8, Sampler: DDIM, CFG scale: 7.5, Seed: 7, Model hash: {MODEL.digest.hex[:10]}, Model: house, "
            "Denoising strength: 0.6",
        ]
    assert b"parameters\0" not in paint(record(file()).data, file(seed=3), parameters=parameters).data


def test_a_prompt_in_any_script_reaches_other_tools() -> None:
    signed = paint(
        record(file()).data,
        file(seed=3),
        prompt=Prompt("夜空 🌨"),
        publication=Publication(parameters_text=True),
    ).data
    with Image.open(io.BytesIO(signed)) as image:
        assert image.info["parameters"].startswith("夜空 🌨")


@pytest.mark.parametrize("disclosure", [Disclosure.DIGEST, Disclosure.ABSENT])
def test_a_secret_prompt_is_in_no_text_of_the_file(disclosure: Disclosure) -> None:
    signed = paint(
        record(file()).data,
        file(seed=3),
        prompt=Prompt("the butler", "spoiler", disclosure),
        publication=Publication(parameters_text=True),
    ).data
    assert b"butler" not in signed and b"spoiler" not in signed


def test_what_will_be_public_is_told_beforehand_and_is_all_that_is() -> None:
    before = source(record(file()).data)
    statement = Statement(
        "pic-2",
        Step.PAINT,
        SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        GENZU,
        (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, None)),
        (before.input,),
        Prompt("the butler", disclosure=Disclosure.DIGEST),
        MODEL,
        {"strength": 0.6},
    )
    lines = public_lines(statement, Publication(wishes=no_training(), pseudonyms={"Mori Aoi": "Kitsune"}))
    assert ("credit, layout", "Kitsune") in lines and ("credit, prompt", "(asked not to be named)") in lines
    assert ("settings", "strength 0.6") in lines
    assert (
        "wish",
        "not for training generative AI, training AI, use as an input of AI, data mining",
    ) in lines
    assert not any("butler" in words or "Mori" in words for _, words in lines)
    assert dict(public_lines(statement, Publication()))["credit, layout"] == "Mori Aoi"


def test_every_kind_of_file_still_reads_as_intact_with_all_of_it() -> None:
    everything = Publication(wishes=no_training(), credit_line="Studio Kita / Genzu", parameters_text=True)
    signed = paint(every_kind("image/png")["record"], file(seed=3), prompt=NIGHT, publication=everything).data
    assert read_chain(signed, trust=trust()).verdict is Verdict.INTACT_KNOWN
    assert description(signed)["Credit"] == "Studio Kita / Genzu"
