"""A name stands in a PDF as its bearer writes it, in any script that a font is here for."""

import io
import shutil
import subprocess
import unicodedata
from itertools import pairwise

import pytest

from provenance.exports.pdf_text import paragraph


def told(words, tmp_path):
    """The text of a PDF with these words, as poppler reads it, in plain letters."""
    from reportlab.platypus import SimpleDocTemplate

    out = io.BytesIO()
    SimpleDocTemplate(out).build([paragraph(words, 12)])
    (tmp_path / "a.pdf").write_bytes(out.getvalue())
    read = subprocess.run(["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout
    assert out.getvalue().count(b"/FontFile2") <= 2
    return unicodedata.normalize("NFKC", read.decode())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh",
        "Андрей Платонов",
        "Ελληνικά Ἀθήνα",
        "Őrségi Ünőke",
        "Հայաստան",
        "ქართული",
        "حبر",
        "صورة المحطة",
        "שלום",
        "สมชาย ใจดี",
    ],
)
def test_a_name_is_written_in_its_own_letters(name, tmp_path):
    assert unicodedata.normalize("NFKC", name) in told(name, tmp_path)


@pytest.mark.parametrize("name", ["สมชาย ใจดี", "ที่นี่", "น้ำ"])
def test_thai_is_written_in_its_own_letters(name):
    frags = paragraph(f"layout: {name}", 12).frags
    assert "".join(each.text for each in frags) == f"layout: {name}"
    assert {each.fontName for each in frags if "ก" <= each.text[0] <= "๛"} == {"ArundinaSans"}


def test_a_letter_that_no_font_has_is_written_by_its_number():
    assert "".join(each.text for each in paragraph("क🎨", 12).frags) == "‹U+0915›‹U+1F3A8›"


def test_arabic_letters_take_the_form_that_their_neighbours_ask_for():
    [font] = {each.fontName for each in paragraph("حبر", 12).frags}
    shown = "".join(each.text for each in paragraph("حبر", 12).frags)
    assert font == "DejaVuSans" and [unicodedata.name(each).rsplit(" ", 2)[-2] for each in shown] == [
        "FINAL", "MEDIAL", "INITIAL",
    ]  # fmt: skip
    assert "".join(each.text for each in paragraph("مُحَمَّد", 12).frags).count("\u064f") == 1


def test_what_runs_from_right_to_left_over_several_lines_begins_in_the_first_one():
    words = [f"كلمة{letter}" for letter in "ابتثجحخدذرزس"]
    found = paragraph(" ".join(words), 12)
    found.wrap(150, 1_000)
    lines = ["".join(each.text for each in frags) for frags in _lines(found)]
    shown = [unicodedata.normalize("NFKC", each)[::-1].split() for each in lines]
    assert len(shown) > 2 and [each for line in shown for each in line] == words


def _lines(found):
    """The pieces of text of each line, as they were laid out."""
    for line in found.blPara.lines:
        yield getattr(line, "words", None) or [line]


RECEIPTS = (
    "受領証（receipts/*.tlog-proof、genzu certificate が書き出す）は、「これらの項目」が台帳にあったことを示します。"
    "後に台帳の内容が変わった場合は、genzu receipt compare FILE が訂正、またはやっぱり書き換えられたことを示します。"
    "Content Credentials の digitalSourceType・AISystemUsed・AIPromptWriterName。"
)


@pytest.mark.parametrize("width", range(120, 480, 30))
def test_japanese_with_latin_words_is_broken_as_a_typesetter_breaks_it(width):
    """No line begins with a mark or a small kana, none ends with an opening bracket, and no Latin word is cut."""
    found = paragraph(RECEIPTS, 9)
    found.wrap(width, 1_000)
    lines = ["".join(each.text for each in frags).strip() for frags in _lines(found)]
    assert "".join(lines).replace(" ", "") == RECEIPTS.replace(" ", "") and len(lines) > 2
    assert not [each for each in lines if each[0] in "、。）」・っゃー" or each[-1] in "（「"]
    assert not [
        one for one, after in pairwise(lines) if one[-1].isascii() and f"{one[-4:]}{after[:4]}" in RECEIPTS
    ]


def test_a_word_that_is_longer_than_its_column_is_cut_and_fills_it():
    digest = "sha256:" + "0123456789abcdef" * 4
    found = paragraph(f"要約値 {digest}。", 9)
    found.wrap(100, 1_000)
    lines = ["".join(each.text for each in frags).strip() for frags in _lines(found)]
    assert "".join(lines) == f"要約値{digest}。" and lines[-1] != "。"
    assert all(60 < _wide(each) <= 100 for each in lines[1:-1])


def _wide(line):
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(stringWidth(each.text, each.fontName, 9) for each in paragraph(line, 9).frags)
