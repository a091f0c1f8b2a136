"""What a file tells of its owner is gone before it is signed; everything else is as it was."""

import io

import pytest
from credential_samples import drawing, file, png_chunk, record, trust
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_samples import seen
from PIL import Image

from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import Publication
from provenance.media.privacy import without_private
from provenance.media.xmp import with_fields

XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" exif:GPSLatitude="35,41.HIDE" aux:SerialNumber="HIDE">'
    b"<exif:GPSLongitude>HIDE</exif:GPSLongitude><dc:creator><rdf:Seq><rdf:li>NAMED</rdf:li></rdf:Seq></dc:creator>"
    b"<dc:title>kept</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)
FORMS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}


def photograph(form: str, *, order: str = "<") -> bytes:
    """A picture full of what cameras write."""
    exif = Image.Exif()
    exif.endian = order
    exif[0x013B], exif[0x010F], exif[0x013C], exif[0x0112] = "NAMED", "Maker kept", "HIDE-host", 6
    camera = exif.get_ifd(0x8769)
    camera[0xA430], camera[0xA431], camera[0x927C] = "HIDE-owner", "HIDE-serial", b"HIDE-note"
    camera[0x9003] = "2026:01:01 00:00:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (35.0, 41.0, 22.1), "E", (139.0, 41.0, 30.0)
    place[29] = "HIDE-date"
    target = io.BytesIO()
    extra = {"xmp": XMP} if form in {"JPEG", "WEBP", "AVIF"} else {}
    drawing().save(target, form, exif=exif, icc_profile=b"profile" * 30, **extra)
    return target.getvalue()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("form", list(FORMS))
def test_place_and_owner_are_gone_and_the_rest_is_there(form: str, order: str) -> None:
    before = photograph(form, order=order)
    assert b"HIDE" in before
    after = without_private(before, FORMS[form])
    assert b"HIDE" not in after and len(after) == len(before)
    with Image.open(io.BytesIO(after)) as image:
        exif = image.getexif()
        assert not exif.get_ifd(0x8825)
        assert set(exif.get_ifd(0x8769)) <= {0x9003}
        assert (exif[0x010F], exif[0x0112], exif[0x013B]) == ("Maker kept", 6, "NAMED")
        assert image.info["icc_profile"] == b"profile" * 30
    assert seen(after) == seen(before)


@pytest.mark.parametrize("form", list(FORMS))
def test_where_somebody_asked_not_to_be_named_names_go_too(form: str) -> None:
    after = without_private(photograph(form), FORMS[form], keep_names=False)
    assert b"NAMED" not in after and b"Maker kept" in after
    assert seen(after) == seen(photograph(form))


def with_iptc(form: str) -> bytes:
    """By-line, city and caption as IPTC IIM has them, in a JPEG's APP13 or a TIFF's tag."""
    datasets = [(0x50, b"NAMED"), (0x5A, b"HIDE-city"), (0x5C, b"HIDE-street"), (0x78, b"caption kept")]
    iptc = b"".join(b"\x1c\x02" + bytes([kind]) + len(text).to_bytes(2) + text for kind, text in datasets)
    target = io.BytesIO()
    if form == "TIFF":
        drawing().save(target, form, tiffinfo={0x83BB: iptc})
        return target.getvalue()
    drawing().save(target, form)
    data = target.getvalue()
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(iptc).to_bytes(4) + iptc
    return data[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2) + body + data[2:]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_iptcs_place_is_gone_and_its_names_where_that_is_asked(form: str) -> None:
    before = with_iptc(form)
    after = without_private(before, FORMS[form])
    assert b"HIDE" not in after and b"NAMED" in after and b"caption kept" in after
    assert b"NAMED" not in without_private(before, FORMS[form], keep_names=False)
    assert len(after) == len(before) and seen(after) == seen(before)


@pytest.mark.parametrize("form", list(FORMS))
def test_a_recorded_photograph_goes_out_without_its_place(form: str) -> None:
    original = photograph(form)
    signed = record(original, FORMS[form]).data
    assert b"HIDE" not in signed and seen(signed) == seen(original)
    assert read_chain(signed, trust=trust()).verdict is Verdict.INTACT_KNOWN


def test_who_asks_for_it_keeps_everything() -> None:
    signed = record(photograph("JPEG"), "image/jpeg", publication=Publication(keep_private=True)).data
    assert signed.count(b"HIDE") == photograph("JPEG").count(b"HIDE")


def test_texts_that_wrap_a_whole_exif_are_dropped_and_others_kept() -> None:
    plain = file()
    texts = png_chunk(b"tEXt", b"Raw profile type exif\0HIDE") + png_chunk(b"tEXt", b"parameters\0a house")
    named = png_chunk(b"tEXt", b"Author\0NAMED")
    noted = plain[:33] + texts + named + plain[33:]
    after = without_private(noted, "image/png")
    assert b"HIDE" not in after and b"parameters\0a house" in after and b"NAMED" in after
    assert b"NAMED" not in without_private(noted, "image/png", keep_names=False)


def test_a_file_that_tells_nothing_is_given_back_as_it_is() -> None:
    for media_type in FORMS.values():
        data = file(media_type)
        assert without_private(data, media_type) is data
    clean = without_private(photograph("JPEG"), "image/jpeg")
    assert without_private(clean, "image/jpeg") is clean


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(FORMS)), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8)
)
def test_damaged_metadata_never_stops_it(form: str, hits: list[tuple[int, int]]) -> None:
    data = bytearray(photograph(form))
    for place, value in hits:
        data[place % len(data)] = value
    out = without_private(bytes(data), FORMS[form], keep_names=False)
    assert with_fields(out, FORMS[form], {"photoshop:Credit": "Studio Kita"}).data
