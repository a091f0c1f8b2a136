"""The certificate to print: page and PDF, in English and Japanese, with names in many scripts."""

import json
import re

import pytest
from click.testing import CliRunner
from japanese_marks import half_width

from provenance.commands.credits import credits_command
from provenance.commands.publish import certificate_command
from provenance.errors import StatementError
from provenance.exports.certificate import certify, for_strangers, to_html, to_json
from provenance.exports.certificate_pdf import to_pdf
from provenance.people.disputes import answer_by_name, open_dispute
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.statement.vocabulary import Outcome

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


def everything_taken_away(film, who, folder):
    """What a certificate says, by the file: the command's and those of the page, in both languages."""
    told = {}
    for language in ("en", "ja"):
        out = folder / language
        result = CliRunner().invoke(
            certificate_command, [who, "-o", str(out), "--lang", language], obj=film.archive.settings
        )
        assert result.exit_code == 0, result.exception
        told |= {f"{language} {each.name}": each.read_bytes() for each in out.iterdir() if each.is_file()}
    strangers = for_strangers(certificate(film, who))
    told["page"] = to_html(strangers).encode()
    told["page json"] = json.dumps(to_json(strangers)).encode()
    return told


def disputed(film, **about):
    return open_dispute(
        film.archive.ledger,
        film.archive.vault,
        claim="a claim for the keeper",
        contact="rin@example.org",
        **about,
    )


def test_an_open_dispute_of_a_picture_or_one_before_it_is_on_the_certificate_without_its_words(
    film, tmp_path
):
    first = film.chain()[0]
    opened = disputed(film, picture=first.record.picture)
    said = {
        "en": f"The record of {first.record.picture} is disputed: a dispute is open (entry {opened.seq})",
        "ja": f"{first.record.picture} の記録には異議が出ています",
    }
    private = ("a claim for", "rin@", opened.dispute)
    for who in ("森 あおい", "Sato Hana"):  # who drew it, and who made the next one from it
        told = everything_taken_away(film, who, tmp_path / who)
        drawn = re.sub(
            rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), told.pop("ja certificate.pdf")
        )
        assert "異議".encode("utf-16-be") in drawn
        for name in (
            "en certificate.html",
            "ja certificate.html",
            "en certificate.json",
            "page",
            "page json",
        ):
            text = re.sub("<[^>]*>", "", told[name].decode())
            assert (said["ja"] if name.startswith("ja") else said["en"]) in text, name
        assert not any(each.encode() in data for each in private for data in told.values())
    answer_by_name(
        film.archive.ledger, opened.dispute, outcome=Outcome.DECLINED, words="no", by="Kumo", corrections=()
    )
    assert "disputed" not in to_html(certificate(film, "森 あおい"))


def test_an_open_dispute_about_a_person_is_on_their_certificate_and_tells_nobody_who_is_behind_a_name(film):
    film.layout("layout: 森 あおい")
    people = [Person("per-kumo", name="Kumo", behind="Sato Hana"), Person("per-quiet", behind="Rin")]
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)
    film.layout("layout: Kumo", "retouch: per-quiet")
    for who in ("森 あおい", "Kumo", "per-quiet"):
        person = register_of(film.archive.ledger).only(who).person
        assert certificate(film, who).disputes == ()
        opened = disputed(film, person=person)
        told = f"The record of {person} is disputed: a dispute is open (entry {opened.seq}), and not decided yet."
        public = who != "per-quiet"  # whose id is not shown either
        found = certificate(film, who)
        assert found.disputes == ((told,) if public else ())
        assert (told in to_html(found)) is public
        assert to_json(found)["disputes"] == list(found.disputes)
        asked = CliRunner().invoke(credits_command, [who], obj=film.archive.settings).stdout
        assert (told in " ".join(asked.split())) is public


def test_the_page_tells_with_a_name_that_the_record_of_its_person_is_disputed(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.text.language import translated
    from provenance.tabs.told.credit_answers import by_name

    film.layout("layout: 森 あおい")
    opened = disputed(film, person=register_of(film.archive.ledger).only("森 あおい").person)
    told = by_name(film.archive, "森 あおい")
    assert f"{opened.person} is disputed: a dispute is open (entry {opened.seq})" in told
    assert f"{opened.person} の記録には異議が出ています" in translated(told, "ja")
