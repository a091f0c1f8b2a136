"""IPTC fields go into the packet that a file has: everything else in it stays, and other programs read the result."""

import hashlib
import io
import json
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provenance.commands.people import people as people_command
from provenance.credentials.sign.disclosure import Publication
from provenance.media.containers import jpeg, png, riff, tiff
from provenance.media.generators.generator_text import traces
from provenance.media.privacy import without_private
from provenance.media.readback import difference
from provenance.media.xmp import NO_ROOM, NOT_READ, with_fields
from provenance.media.xmp_packet import Packet
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.reissue import reissue
from provenance.release.release import record, retouch
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import Maker, SourceType

AI = SourceType.TRAINED_ALGORITHMIC_MEDIA.uri
FIELDS = {
    "Iptc4xmpExt:DigitalSourceType": SourceType.DIGITAL_CREATION.uri,
    "dc:creator": ["Mori Aoi", "Ōtomo <&> 葵"],
    "photoshop:Credit": "Studio Kita",
}
INSIDE = (
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:my="http://example.org/my/1.0/" xmp:CreatorTool="Adobe Photoshop 27.0" my:note="kept &amp; whole">'
    "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>夕景</rdf:li></rdf:Alt></dc:title>"
    "<my:deep rdf:parseType='Resource'><my:inner>kept too</my:inner></my:deep>"
)
WHOLE = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>{}<?xpacket end='w'?>"
)
PHOTOSHOP = WHOLE.format(INSIDE, " " * 500).encode()
NAMED = WHOLE.format(
    INSIDE + "<dc:creator><rdf:Seq><rdf:li>Old Name</rdf:li></rdf:Seq></dc:creator>", ""
).encode()
RENAMED = NAMED.replace(b"dc:", b"ns1:").replace(b"xmlns:dc=", b"xmlns:ns1=")
BARE = PHOTOSHOP[PHOTOSHOP.index(b"<rdf:RDF") : PHOTOSHOP.index(b"</x:xmpmeta>")]
KINDS = {"jpeg": jpeg, "png": png, "webp": riff, "tiff": tiff}


def plain(kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    draw_house().save(target, kind.upper(), **options)
    return target.getvalue()


def with_packet(kind: str, packet: bytes) -> bytes:
    out = KINDS[kind].with_xmp(plain(kind), packet)
    assert out is not None
    return bytes(out)


def exiftool(data: bytes, ending: str, folder: Path) -> dict[str, object]:
    """What another program reads; and that it has nothing to complain about."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    path = folder / f"seen.{ending}"
    path.write_bytes(data)
    asked = ["exiftool", "-j", "-G1", "-n", "-XMP:all", "-Warning", "-Error", path]
    answer = subprocess.run(asked, capture_output=True, check=True).stdout
    return {name.rpartition(":")[2]: value for name, value in json.loads(answer)[0].items()}


def words(data: bytes, kind: str) -> Packet:
    packet = Packet.parse(KINDS[kind].xmp_of(data))
    assert packet is not None
    return packet


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_join_what_another_program_wrote(kind: str, tmp_path: Path) -> None:
    before = with_packet(kind, PHOTOSHOP)
    out = with_fields(before, f"image/{kind}", FIELDS)
    told = exiftool(out.data, kind, tmp_path)
    assert out.trouble == "" and "Warning" not in told and "Error" not in told
    assert told["DigitalSourceType"] == FIELDS["Iptc4xmpExt:DigitalSourceType"]
    assert (told["Creator"], told["Credit"]) == (["Mori Aoi", "Ōtomo <&> 葵"], "Studio Kita")
    assert (told["CreatorTool"], told["Title"]) == ("Adobe Photoshop 27.0", "夕景")
    assert b"kept &amp; whole" in out.data and b"kept too" in out.data
    assert difference(before, out.data) is None


@pytest.mark.parametrize(
    ("kind", "ending"), [("jpeg", ".jpg"), ("png", ".png"), ("webp", ".webp"), ("tiff", ".tif")]
)
def test_a_recorded_file_of_photoshop_says_who_made_it(
    archive: Archive, tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"photoshop{ending}"
    path.write_bytes(with_packet(kind, PHOTOSHOP))
    terms = Terms(Publication(credit_line="Studio Kita"))
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / f"signed{ending}", terms=terms)
    released = record(archive, path, job, source_type=SourceType.DIGITAL_CREATION)
    told = exiftool(released.path.read_bytes(), ending[1:], tmp_path)
    assert (told["Creator"], told["Credit"], told["CreatorTool"]) == (
        "Mori Aoi",
        "Studio Kita",
        "Adobe Photoshop 27.0",
    )
    assert told["DigitalSourceType"] == SourceType.DIGITAL_CREATION.uri


ODD = {
    "bare": BARE,
    "utf-16": b"\xff\xfe" + WHOLE.format(INSIDE, "").replace("\ufeff", "").encode("utf-16-le"),
    "utf-16-be": WHOLE.format(INSIDE, "").replace("\ufeff", "").encode("utf-16-be"),
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>' + PHOTOSHOP,
    "zeros": PHOTOSHOP + bytes(40),
    "read-only": PHOTOSHOP.replace(b"end='w'", b"end='r'"),
    "two descriptions": PHOTOSHOP.replace(
        b"</rdf:Description></rdf:RDF>",
        b'</rdf:Description><rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'photoshop:Credit="Old"/></rdf:RDF>',
    ),
    "prefix taken": PHOTOSHOP.replace(b"xmlns:my=", b"xmlns:photoshop='http://example.org/other/' xmlns:my="),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", ODD)
def test_a_packet_of_any_legal_form_is_joined(kind: str, odd: str, tmp_path: Path) -> None:
    out = with_fields(with_packet(kind, ODD[odd]), f"image/{kind}", FIELDS)
    told = exiftool(out.data, kind, tmp_path)
    assert out.trouble == "" and "Warning" not in told
    assert (told["Creator"], told["Credit"]) == (["Mori Aoi", "Ōtomo <&> 葵"], "Studio Kita")
    assert told["CreatorTool"] == "Adobe Photoshop 27.0"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
BROKEN = {
    "not xml": b"this is <not xml",
    "cut off": PHOTOSHOP[:300],
    "latin-1": PHOTOSHOP.replace("夕景".encode(), b"\xe9t\xe9"),
    "entities": BOMB + PHOTOSHOP[PHOTOSHOP.index(b"<x:xmpmeta") :],
    "other xml": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_packet_that_cannot_be_read_stays_as_it_is_and_that_is_said(kind: str, broken: str) -> None:
    before = with_packet(kind, BROKEN[broken])
    out = with_fields(before, f"image/{kind}", FIELDS)
    assert (out.data, out.trouble) == (before, NOT_READ)


def test_that_nothing_was_written_is_told_to_whoever_records(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(with_packet("jpeg", b"not <xml"))
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "out.jpg")
    released = record(archive, tmp_path / "a.jpg", job, source_type=SourceType.DIGITAL_CREATION)
    assert released.notes == (NOT_READ,)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_of_either_byte_order_and_width_takes_the_fields(
    order: str, big: bool, tmp_path: Path
) -> None:
    if order == ">" and big:
        pytest.skip("Pillow writes no such file")
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "Maker"
    data = plain("tiff", exif=exif, big_tiff=big)
    first = tiff.with_xmp(data, PHOTOSHOP)
    assert first is not None
    out = with_fields(first, "image/tiff", FIELDS)
    told = exiftool(out.data, "tif", tmp_path)
    assert (told["Credit"], told["CreatorTool"]) == ("Studio Kita", "Adobe Photoshop 27.0")
    assert difference(data, out.data) is None


def test_only_the_packet_of_a_tiff_is_blanked_whatever_else_has_the_same_bytes() -> None:
    target = io.BytesIO()
    Image.new("RGB", (20, 20)).save(target, "TIFF", tiffinfo={700: bytes(40)})
    out = with_fields(target.getvalue(), "image/tiff", FIELDS)
    assert out.trouble == "" and difference(target.getvalue(), out.data) is None


def test_a_packed_packet_of_a_png_is_joined_wherever_it_stands(tmp_path: Path) -> None:
    content = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(PHOTOSHOP)
    whole = plain("png")
    late = whole[:-12] + png.chunk(b"iTXt", content) + whole[-12:]
    for data in (png.with_chunk(whole, b"iTXt", content), late):
        out = with_fields(data, "image/png", FIELDS)
        told = exiftool(out.data, "png", tmp_path)
        assert (told["Credit"], told["CreatorTool"]) == ("Studio Kita", "Adobe Photoshop 27.0")
        assert difference(whole, out.data) is None


def test_a_packed_packet_that_is_a_bomb_is_not_unpacked_whole() -> None:
    for packed in (zlib.compress(bytes(200_000_000)), zlib.compress(PHOTOSHOP)[:-20], b"no zlib"):
        content = b"XML:com.adobe.xmp\0\1\0\0\0" + packed
        before = png.with_chunk(plain("png"), b"iTXt", content)
        out = with_fields(before, "image/png", FIELDS)
        assert (out.data, out.trouble) == (before, NOT_READ)


# -- extended XMP


def extended(inside: str) -> bytes:
    """A JPEG whose second part says `inside`, over two segments."""
    body = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" {inside}'
        f"<dc:description>{'x' * 90_000}</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    digest = hashlib.md5(body).hexdigest().upper()
    note = f'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{digest}" '
    return jpeg.with_extended_xmp(with_packet("jpeg", WHOLE.format(note + INSIDE, "").encode()), body)


def test_extended_xmp_stays_and_the_fields_stand_in_the_main_part(tmp_path: Path) -> None:
    before = extended('dc:source="a scan">')
    out = with_fields(before, "image/jpeg", FIELDS)
    told = exiftool(out.data, "jpg", tmp_path)
    assert (told["Credit"], told["Source"], len(str(told["Description"]))) == (
        "Studio Kita",
        "a scan",
        90_000,
    )
    assert jpeg.extended_xmp_of(out.data) == jpeg.extended_xmp_of(before)


def test_a_creator_in_extended_xmp_stands_beside_ours_once(tmp_path: Path) -> None:
    before = extended("><dc:creator><rdf:Seq><rdf:li>Old Name</rdf:li></rdf:Seq></dc:creator>")
    out = with_fields(before, "image/jpeg", FIELDS)
    told = exiftool(out.data, "jpg", tmp_path)
    assert "Warning" not in told
    assert (
        told["Creator"] == ["Old Name", "Mori Aoi", "Ōtomo <&> 葵"]
        and len(str(told["Description"])) == 90_000
    )


def test_a_packet_that_no_segment_can_hold_is_said() -> None:
    before = with_packet("jpeg", PHOTOSHOP.replace(b"kept too", b"k" * 64_000))
    assert with_fields(before, "image/jpeg", {"photoshop:Credit": "x" * 3_000}).trouble == NO_ROOM


# -- who is named


def test_a_retouch_names_the_reviser_beside_those_before(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(with_packet("jpeg", NAMED))
    first = record(
        archive, tmp_path / "a.jpg", Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "1.jpg"),
        source_type=SourceType.DIGITAL_CREATION,
    )  # fmt: skip
    edited = jpeg.with_xmp(plain("jpeg", quality=30), jpeg.xmp_of(first.path.read_bytes()) or b"")
    (tmp_path / "edited.jpg").write_bytes(edited or b"")
    second = retouch(
        archive,
        first.path,
        tmp_path / "edited.jpg",
        Job((Credit(Role.RETOUCH, "Abe Rin"),), tmp_path / "2.jpg"),
    )
    told = exiftool(second.path.read_bytes(), "jpg", tmp_path)
    assert told["Creator"] == ["Old Name", "Mori Aoi", "Abe Rin"]


def test_a_reissue_names_nobody_whom_it_was_corrected_away_from(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(with_packet("jpeg", NAMED))
    terms = Terms(Publication(credit_line="Wrong Name for Kita"))
    job = Job((Credit(Role.LAYOUT, "Wrong Name"),), tmp_path / "1.jpg", terms=terms)
    first = record(archive, tmp_path / "a.jpg", job, source_type=SourceType.DIGITAL_CREATION)
    told = exiftool(first.path.read_bytes(), "jpg", tmp_path)
    assert (told["Creator"], told["Credit"]) == (["Old Name", "Wrong Name"], "Wrong Name for Kita")
    renamed = CliRunner().invoke(
        people_command, ["set", "Wrong Name", "--name", "Right Name"], obj=archive.settings
    )
    assert renamed.exit_code == 0, renamed.output
    again = reissue(archive, first.record.picture, tmp_path / "2.jpg").path.read_bytes()
    told = exiftool(again, "jpg", tmp_path)
    assert told["Creator"] == ["Old Name", "Right Name"] and "Credit" not in told
    assert b"Wrong Name" not in jpeg.xmp_of(again)  # type: ignore[operator]


def test_a_word_for_ai_is_never_replaced_by_one_for_people() -> None:
    source = f'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="{AI}" '
    before = with_packet("png", WHOLE.format(source + INSIDE, "").encode())
    out = with_fields(before, "image/png", FIELDS)
    assert words(out.data, "png").texts("Iptc4xmpExt:DigitalSourceType") == [AI]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "packet",
    [NAMED, RENAMED, b"\xfe\xff" + NAMED.decode().replace("\ufeff", "").encode("utf-16-be")],
    ids=["plain", "renamed", "utf-16"],
)
def test_names_go_from_any_packet_where_somebody_is_not_named(
    kind: str, packet: bytes, tmp_path: Path
) -> None:
    out = without_private(with_packet(kind, packet), f"image/{kind}", keep_names=False)
    told = exiftool(out, kind, tmp_path)
    assert "Creator" not in told and told["CreatorTool"] == "Adobe Photoshop 27.0"


def test_names_go_from_packed_and_from_extended_xmp(tmp_path: Path) -> None:
    content = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(NAMED)
    packed = without_private(png.with_chunk(plain("png"), b"iTXt", content), "image/png", keep_names=False)
    parts = extended("><dc:creator><rdf:Seq><rdf:li>Old Name</rdf:li></rdf:Seq></dc:creator>")
    apart = without_private(parts, "image/jpeg", keep_names=False)
    for data, ending in ((packed, "png"), (apart, "jpg")):
        told = exiftool(data, ending, tmp_path)
        assert "Creator" not in told and "Warning" not in told and told["Title"] == "夕景"
    assert b"Old Name" not in apart


@pytest.mark.parametrize("kind", KINDS)
def test_a_packet_that_cannot_be_read_goes_where_somebody_is_not_named(kind: str) -> None:
    broken = NAMED.replace(b"</rdf:RDF>", b"<oops>").replace(b"dc:creator", b"dc:author")
    before = with_packet(kind, broken)
    assert without_private(before, f"image/{kind}") == before
    after = without_private(before, f"image/{kind}", keep_names=False)
    assert b"Old Name" not in after and difference(before, after) is None


def test_a_word_for_ai_is_found_in_utf_16_in_extended_and_in_photoshops_own_xmp() -> None:
    said = f'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="{AI}" '
    text = WHOLE.format(said + INSIDE, "")
    utf_16 = with_packet("jpeg", text.replace("\ufeff", "").encode("utf-16-be"))
    resource = b"8BIM" + struct.pack(">HHI", 1060, 0, len(text.encode())) + text.encode()
    resource += b"\0" * (len(resource) % 2)
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 4, 4, 8, 3) + struct.pack(">I", 0)
    psd = header + struct.pack(">I", len(resource)) + resource + struct.pack(">IH", 0, 0) + bytes(48)
    for data in (utf_16, extended(said + ">"), psd):
        assert [trace.maker for trace in traces(data)] == [Maker.AI]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_can_be_read_back(words_: str, name: str) -> None:
    packet = Packet.new()
    packet.set("photoshop:Credit", words_)
    packet.set("dc:creator", [name])
    again = Packet.parse(packet.to_bytes(0))
    assert again is not None
    legal = "".join(each for each in words_ if each >= " " or each in "\t\n\r")
    if legal.isprintable() and legal.strip():
        assert again.texts("photoshop:Credit") == [legal]


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200))
def test_any_bytes_as_a_packet_stop_nothing(kind: str, packet: bytes) -> None:
    made = KINDS[kind].with_xmp(plain(kind), packet)
    assert made is None or with_fields(made, f"image/{kind}", FIELDS).data
