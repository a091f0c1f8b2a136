"""What a program wrote of a picture into a file beside it, and which picture it speaks of."""

import pytest
from generator_samples import FORMS

from provenance.media.generators.generator_text import beside_traces, unread_beside
from provenance.media.xmp_beside import LIMIT, noted_beside, picture_of, place_of_xmp, xmp_beside
from provenance.statement.vocabulary import Maker

PACKET = FORMS["iptc"].fields["XMP"]


@pytest.fixture
def folder(tmp_path):
    """Puts empty files and packets there, by name."""

    def put(*names):
        for name in names:
            (tmp_path / name).write_text(PACKET if name.lower().endswith(".xmp") else "")
        return tmp_path

    return put


@pytest.mark.parametrize(
    ("names", "picture", "xmp"),
    [
        (("a.png", "a.png.xmp"), "a.png", "a.png.xmp"),
        (("a.png", "a.xmp"), "a.png", "a.xmp"),
        (("a.png", "a.XMP"), "a.png", "a.XMP"),
        (("a.png", "a.png.xmp", "a.xmp"), "a.png", "a.png.xmp"),
        (("a.png", "a.xmp", "a.png.c2pa", "a.c2pa"), "a.png", "a.xmp"),
        (("a.v2.png", "a.v2.xmp"), "a.v2.png", "a.v2.xmp"),
    ],
)
def test_a_picture_and_the_file_beside_it_find_each_other(folder, names, picture, xmp):
    here = folder(*names)
    assert place_of_xmp(here / picture) == here / xmp
    assert picture_of(here / xmp) == here / picture
    assert xmp_beside(here / picture) == PACKET.encode()


@pytest.mark.parametrize(
    ("names", "picture", "xmp"),
    [
        (("a.png", "a.jpg", "a.xmp"), "a.png", "a.xmp"),
        (("a.png", "b.xmp"), "a.png", "b.xmp"),
        (("a.png", "a.xmp.png"), "a.png", "a.xmp"),
    ],
)
def test_a_file_that_may_speak_of_another_picture_counts_for_none(folder, names, picture, xmp):
    here = folder(*names)
    assert place_of_xmp(here / picture) is None and xmp_beside(here / picture) is None
    assert picture_of(here / xmp) is None


def test_a_file_that_is_too_large_or_empty_is_not_read(folder):
    here = folder("a.png", "a.png.xmp", "b.png")
    with (here / "a.png.xmp").open("wb") as file:
        file.truncate(LIMIT + 1)
    (here / "b.png.xmp").touch()
    assert xmp_beside(here / "a.png") is None and xmp_beside(here / "b.png") is None
    assert (
        "is larger than" in noted_beside(here / "a.png").unread and noted_beside(here / "b.png").unread == ""
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_its_hints_say_where_they_lie(encoding):
    data = PACKET.encode(encoding)
    [trace] = beside_traces(data)
    assert trace.beside and trace.maker is Maker.AI and trace.writer == "Abe Rin"
    assert trace.place == f"{trace.field} (beside it)"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\xff", b"<x:xmpmeta no end", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"]
)
def test_a_broken_one_gives_no_hint_and_is_told_to_be_broken(data):
    assert beside_traces(data) == ()
    assert unread_beside(data) == (("the XMP file beside it is damaged",) if data else ())
