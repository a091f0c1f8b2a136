"""The certificate to print: page and PDF, in English and Japanese, with names in many scripts."""

import re

import pytest
from click.testing import CliRunner
from japanese_marks import half_width

from provenance.commands.credits import credits_command
from provenance.errors import StatementError
from provenance.exports.certificate import certify, to_html
from provenance.exports.certificate_pdf import to_pdf
from provenance.people.register import register_of

pytest.importorskip("reportlab")


def certificate(film, who, language="en"):
    register = register_of(film.archive.ledger)
    return certify(film.archive.ledger, register, register.only(who), language)


def test_the_page_speaks_japanese_and_keeps_what_the_record_says(film):
    film.chain()
    told = to_html(certificate(film, "森 あおい", "ja"))
    for words in (
        'lang="ja"',
        "クレジット証明書",
        "レイアウト",
        "手描き",
        "後工程のAI",
        "genzu-house",
        "チェックポイント",
    ):
        assert words in told
    assert half_width(re.sub("<style.*?</style>|<[^>]*>", " ", told, flags=re.DOTALL)) == []
    assert "Certificate of credits" in to_html(certificate(film, "森 あおい"))
    with pytest.raises(StatementError, match="en, ja"):
        certificate(film, "森 あおい", "de")


def test_the_pdf_has_its_fonts_its_code_and_nothing_private(film):
    film.chain()
    pdf = to_pdf(certificate(film, "森 あおい", "ja"))
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
    assert b"/HeiseiMin-W3" in pdf and b"DejaVuSans" in pdf
    drawn = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), pdf)
    assert "森".encode("utf-16-be") in drawn
    assert drawn.count(b" re ") + drawn.count(b" re\n") > 200  # the cells of the QR code
    assert b"secret" not in drawn
    assert pdf == to_pdf(certificate(film, "森 あおい", "ja"))


@pytest.mark.parametrize(
    "name", ["Łukasz Ñandú", "한국 사람", "马云", "Ωmega", "محمد", "<b>&amp;</b> Rin", "𠮷田 はな"]
)
def test_any_name_gives_a_certificate(film, name):
    film.layout(f"layout: {name}")
    assert to_pdf(certificate(film, name)).startswith(b"%PDF-")


def test_a_long_list_of_credits_runs_over_pages(film):
    base = film.layout("layout: Rin")
    for _ in range(40):
        film.retouch(base.path, "retouch: Rin")
    assert to_pdf(certificate(film, "Rin")).count(b"/Type /Page\n") > 1


def test_the_command_writes_a_file_and_refuses_another_kind_or_one_that_is_there(film, settings, tmp_path):
    film.chain()
    film.archive.close()

    def ask(name, *words):
        wanted = ["森 あおい", "--certificate", str(tmp_path / name), *words]
        return CliRunner().invoke(credits_command, wanted, obj=settings)

    assert ask("out.pdf", "--lang", "ja").exit_code == 0
    assert ask("out.html").exit_code == 0
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    assert "Certificate of credits" in (tmp_path / "out.html").read_text()
    for name in ("out.pdf", "out.txt"):
        assert ask(name).exit_code != 0
