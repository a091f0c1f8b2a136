"""Hours and shares: shown wherever a credit is, always as claimed, and by whom confirmed when."""

import json
from html import unescape
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from provenance.commands.credits import credits_command
from provenance.commands.log import show_command
from provenance.commands.people import people
from provenance.commands.who import who_command
from provenance.exports.certificate import certify, files_of
from provenance.exports.site import site_files
from provenance.inspection.translated import in_language
from provenance.people.register import register_of
from provenance.statement.credit import NOT_NAMED


@pytest.fixture
def claimed(film, settings):
    """A layout whose artist claims hours and a share, confirmed by the director."""
    picture = film.chain()[0].record.picture
    film.archive.close()
    for by, figures in (("森 あおい", ("--hours", "6.5 h", "--share", "about a third")), ("Kai O'Neil", ())):
        words = ("confirm", picture, "森 あおい", "--role", "layout", "--by", by, *figures)
        done = CliRunner().invoke(people, words, obj=settings)
        assert done.exit_code == 0, done.output
    return picture


def said(command, settings, *words):
    done = CliRunner().invoke(command, words, obj=settings)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_terminal_tells_what_was_claimed_and_who_confirmed_it(claimed, settings):
    for told in (
        said(credits_command, settings, "森 あおい"),
        said(credits_command, settings, claimed),
        said(show_command, settings, claimed),
    ):
        one_line = " ".join(told.split())
        assert "claimed 6.5 h, about a third, by 森 あおい" in one_line
        assert "confirmed by Kai O'Neil" in one_line
    told = json.loads(said(credits_command, settings, "森 あおい", "--json"))
    claims = told["people"][0]["credits"][0]["claims"]
    assert [(each["by"], each["confirms"]) for each in claims] == [("森 あおい", False), ("Kai O'Neil", True)]
    assert claims[0]["claimed"] == {"hours": "6.5 h", "share": "about a third"}
    for command in (show_command, credits_command):
        told = json.loads(said(command, settings, claimed, "--json"))
        assert told["claims"]["layout, 森 あおい"] == claims


def test_claims_about_two_who_are_shown_by_one_name_are_all_told(film, settings):
    picture = film.layout("layout: Rin", "layout: Ren").record.picture
    film.archive.close()
    for who, hours in (("Rin", "2 h"), ("Ren", "3 h")):
        said(people, settings, "confirm", picture, who, "--role", "layout", "--by", who, "--hours", hours)
    for who in ("Rin", "Ren"):
        said(people, settings, "erase", who, "--yes")
    told = json.loads(said(show_command, settings, picture, "--json"))["claims"]
    assert [each["claimed"]["hours"] for claims in told.values() for each in claims] == ["2 h", "3 h"]


def test_whoever_asks_with_the_file_is_told_what_was_claimed(claimed, film, settings):
    signed = [str(each) for each in film.folder.glob("signed-*.png")]
    record = {each: json.loads(said(who_command, settings, each, "--json"))["record"] for each in signed}
    (path,) = (each for each in signed if record[each]["picture"] == claimed)
    for command in (credits_command, who_command):
        in_words = " ".join(said(command, settings, path).split())
        assert "claimed 6.5 h, about a third, by 森 あおい" in in_words
        told = json.loads(said(command, settings, path, "--json"))["claims"]["layout, 森 あおい"]
        assert told[0]["claimed"] == {"hours": "6.5 h", "share": "about a third"}


def test_a_claim_is_told_in_japanese_on_every_surface(claimed, settings):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from gradio.context import LocalContext

    from provenance.release.opening import open_archive
    from provenance.tabs.told.credit_answers import by_name

    figures = "6.5 h、about a thirdを申告：森 あおい、"
    for asked in ("森 あおい", claimed):
        assert figures in said(credits_command, settings, asked, "--lang", "ja")
    before = LocalContext.request.get(None)
    LocalContext.request.set(SimpleNamespace(query_params={"lang": "ja"}, cookies={}, headers={}))
    try:
        with open_archive(settings) as archive:
            page = unescape(by_name(archive, "森 あおい"))
    finally:
        LocalContext.request.set(before)
    assert f"レイアウト、森 あおい：{figures}" in page
    assert "レイアウト、森 あおい：確認：Kai O'Neil、" in page


def test_who_is_not_named_is_told_so_in_the_words_of_the_language_wherever_a_name_would_stand():
    stands_in = in_language(f"claimed by {NOT_NAMED}, 2026-11-23 (entry 41)", "ja")
    assert stands_in == "申告：（名前を出さないことを希望）、2026-11-23（項目 41）"
    assert in_language("changed by entries 4, 5", "ja") == "項目4、5による変更"


def test_the_credit_page_and_the_certificate_tell_the_same(claimed, settings):
    from provenance.release.opening import open_archive

    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        page = site_files(archive.ledger, register)[f"pictures/{claimed}.html"].decode()
        certificate = certify(archive.ledger, register, register.only("森 あおい"))
        files = files_of(archive.ledger, certificate)
    for html in (page, files["certificate.html"].decode()):
        assert "claimed 6.5 h, about a third" in html
        assert "confirmed by Kai O&#39;Neil" in html
    held = json.loads(files["certificate.json"])["credits"][0]
    assert held["claims"][1]["confirms"] is True


def test_a_credit_about_which_nobody_said_anything_says_nothing(film):
    register = register_of(film.archive.ledger)
    film.layout("layout: Rin")
    register = register_of(film.archive.ledger)
    certificate = certify(film.archive.ledger, register, register.only("Rin"))
    assert certificate.held[0].claims == ()
    assert b"claimed" not in files_of(film.archive.ledger, certificate)["certificate.html"]


def test_a_picture_of_no_production_has_a_heading_on_its_page(film):
    from pathlib import Path

    from provenance.release.job import Job
    from provenance.release.release import record
    from provenance.statement.vocabulary import SourceType

    job = Job(film.credits(("layout: Rin",)), Path(film.out()))
    made = record(film.archive, film.draw(), job, source_type=SourceType.DIGITAL_CREATION)
    files = site_files(film.archive.ledger, register_of(film.archive.ledger))
    assert b"<h1><bdi>One picture</bdi></h1>" in files[f"pictures/{made.record.picture}.html"]
