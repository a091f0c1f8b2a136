"""When two spellings are one name: folding is stable, and says the same however a letter is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.statement.names import folded, near

LETTERS = st.text(st.characters(categories=["L", "M", "N", "Zs", "Pd"]), max_size=30)

ONE_NAME = [
    ("Işık İnce", "ışık ince", "IŞIK İNCE", "isik ince"),
    ("Yûzo Ōshima", "Yuzo Oshima", "YŪZO ŌSHIMA"),
    ("Nguyễn Thị Ánh", "Nguyen Thi Anh", "nguyễn thị ánh"),
    ("محمد الفنان", "مُحَمَّد الفنان"),
    ("髙橋 雪", "髙橋雪", "髙橋\u3000雪"),
    ("ﾔﾏﾀﾞ ﾊﾅ", "ヤマダ ハナ", "やまだ はな", "ヤマダハナ"),
    ("O’Brien Seán", "O'Brien Sean", "obrien sean"),
    ("Björk Guðmundsdóttir", "BJÖRK GUÐMUNDSDÓTTIR", "Bjork Gudmundsdottir"),
    ("Łukasz Żółw", "Lukasz Zolw"),
    ("Æon Strauß", "Aeon Strauss", "ÆON STRAUSS"),
    ("Jean‐Luc", "Jean-Luc", "Jean Luc", "Jean–Luc"),
    ("อรุณ ศรี", "อรุณศรี"),
    ("ヴィクトル", "う゛ぃくとる"),
    ("김 민준", "김민준"),
    ("Ṣọlá Adéyẹmí", "sola adeyemi"),
    ("Ｍｏｒｉ Ａｏｉ", "MORI AOI", "Mori\u00a0Aoi"),
    ("Ионеско Фёдор", "ионеско федор"),
]
TWO_NAMES = [
    ("か", "が"), ("はな", "ばな"), ("Mori Aoi", "Mori Aio"), ("雪", "由紀"), ("Ann", "Anne"), ("มา", "มี"),
    ("高橋 雪", "髙橋 雪"), ("-", "…"), ("Sato Hana", "Hana Sato"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", ONE_NAME, ids=lambda each: each[0])
def test_every_spelling_of_a_name_folds_to_one(spellings):
    assert len({folded(each) for each in spellings}) == 1
    assert len({folded(unicodedata.normalize("NFD", each)) for each in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_another_name_stays_another(one, other):
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Işık", "Işık İnce"), ("yuuzo ooshima", "Yûzo Ōshima"), ("Yuzo Ohshima", "Yûzo Ōshima"),
        ("محمد", "محمد الفنان"), ("高橋 雪", "髙橋 雪"), ("髙橋", "髙橋 雪"), ("渡辺 美咲", "渡邉 美咲"),
        ("渡邊美咲", "渡邉 美咲"), ("Seán O’Brien", "O’Brien Seán"), ("Björk", "Björk Guðmundsdóttir"),
        ("王", "王 芳"), ("ビクトル", "ヴィクトル"), ("Mori Aio", "Mori Aoi"), ("Elin Lindqvst", "Elin Lindqvist"),
        ("斉藤 花", "齋藤 花"), ("Ito Jun", "Itoh Jun"), ("Mueller", "Müller"),
    ],
)  # fmt: skip
def test_a_name_that_was_nearly_written_is_offered(asked, name):
    assert near(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [("Sato", "Mori Aoi"), ("", "Mori Aoi"), ("-", "Mori Aoi"), ("Jo", "Al"), ("森", "林"), ("Anna", "Hans")],
)
def test_a_name_that_is_not_alike_is_not_offered(asked, name):
    assert not near(asked, name)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@given(LETTERS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_unicode_composes_a_letter_makes_no_difference(text, form):
    assert folded(unicodedata.normalize(form, text)) == folded(text)


@given(LETTERS)
def test_case_makes_no_difference(text):
    for other in (text.upper(), text.lower(), text.title(), text.casefold()):
        assert folded(other) == folded(text)


@given(LETTERS)
def test_a_name_is_near_itself_and_nothing_is_lost_to_a_name_without_letters(text):
    assert near(text, text)
    assert bool(folded(text)) == bool(text.split())
