"""Forgetting a person forgets the disputes about them, and names every other text that may still name them."""

import re
import shlex
import sqlite3

import pytest
from click.testing import CliRunner
from film_chain import Film
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.commands.legacy import import_command as legacy_command
from provenance.commands.people import people as people_command
from provenance.commands.project import project as project_command
from provenance.commands.publish import publish_command
from provenance.ledger.check.verify import verify
from provenance.people.consent import Answer, Consent
from provenance.people.dispute import Outcome, Reply
from provenance.people.disputes import answer_dispute, open_dispute
from provenance.people.person import Person, parse_identifier
from provenance.people.register import register_of
from provenance.people.roster import add_people, merge
from provenance.people.stated import state_consent
from provenance.release.override import Override
from provenance.release.permission import check_consent

HERS = ("Mori Aoi", "aoi@example.org", "もり あおい", "0000-0002-1825-0097")


@pytest.fixture
def aoi(film: Film) -> Film:
    orcid = parse_identifier("orcid:0000-0002-1825-0097")
    people = [
        Person("per-aoi", name=HERS[0], reading=HERS[2], contact=HERS[1], identifiers=(orcid,)),
        Person("per-keeper", name="Keeper"),
    ]
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)
    return film


def erase(film: Film, who: str = "Mori Aoi") -> str:
    result = CliRunner().invoke(people_command, ["erase", who, "--yes"], obj=film.archive.settings)
    assert result.exit_code == 0, result.exception
    return result.stdout


def on_disk(film: Film, text: str) -> bool:
    """Whether the bytes stand in the database or its write-ahead log."""
    ledger = film.archive.settings.ledger
    files = [ledger, *ledger.parent.glob(f"{ledger.name}-*")]
    return any(text.encode() in file.read_bytes() for file in files)


def dispute(film: Film, claim: str, contact: str, **about: str) -> str:
    opened = open_dispute(film.archive.ledger, film.archive.vault, claim=claim, contact=contact, **about)
    return opened.dispute


def test_a_dispute_about_a_person_is_forgotten_with_them(aoi):
    which = open_dispute(
        aoi.archive.ledger, aoi.archive.vault, claim="Mori Aoi is written 森 葵", contact=HERS[1],
        person="per-aoi", evidence=b"her passport",
    )  # fmt: skip
    register = register_of(aoi.archive.ledger)
    answer_dispute(
        aoi.archive.ledger, register, which.dispute, Reply(Outcome.NOTED, "Mori Aoi, we look", "per-keeper")
    )
    told = erase(aoi)
    assert which.dispute in told
    assert "may name them" not in told
    assert which.evidence not in aoi.archive.vault
    for text in (*HERS, "森 葵"):
        assert not on_disk(aoi, text)


def test_a_dispute_about_a_record_that_was_merged_into_hers_is_hers(aoi):
    ledger = aoi.archive.ledger
    add_people(ledger, register_of(ledger), [Person("per-other", name="Aoi M.")])
    which = dispute(aoi, "Aoi M. is not my name", "x@example.org", person="per-other")
    merge(ledger, register_of(ledger), "per-other", "per-aoi", "per-keeper", "the same")
    assert which in erase(aoi)
    assert not on_disk(aoi, "Aoi M.")


@pytest.mark.parametrize(
    ("claim", "contact"),
    [
        ("MORI AOI drew this", "x@example.org"),
        ("this is mine", "Aoi@Example.org"),
        ("もりあおい と書いてください", "x@example.org"),
    ],
)
def test_a_dispute_about_a_picture_that_names_her_is_told_with_the_way_out(aoi, claim, contact):
    picture = aoi.layout("layout: Mori Aoi").record.picture
    which = dispute(aoi, claim, contact, picture=picture)
    told = erase(aoi)
    assert "may name them" in told
    assert f"genzu dispute erase {which}" in told


def test_the_words_of_a_picture_that_name_her_are_told_and_can_be_forgotten(aoi):
    record = aoi.retouch(aoi.layout("layout: Mori Aoi").path, "retouch: Keeper").record
    statement, _ = aoi.statement(aoi.draw(), "prompt: Keeper")
    from dataclasses import replace

    from provenance.statement.statement import Prompt
    from provenance.statement.vocabulary import Disclosure

    named = replace(statement, prompt=Prompt("a hill as mori aoi draws it", "", Disclosure.ABSENT))
    aoi.archive.ledger.request(named)
    told = erase(aoi)
    assert f"genzu people erase {named.picture}" in told
    assert record.picture not in told  # its note names nobody
    assert on_disk(aoi, "as mori aoi draws")
    assert "forgotten" in erase(aoi, named.picture)
    assert not on_disk(aoi, "as mori aoi draws")
    assert "no private words" in erase(aoi, named.picture)


def test_an_objection_that_names_her_is_forgotten_with_her(aoi):
    state_consent(aoi.archive.ledger, Consent("per-aoi", Answer.NO, Answer.NO))
    statement, source = aoi.statement(aoi.layout("layout: Mori Aoi").path, "prompt: Keeper")
    check_consent(aoi.archive, statement, (source,), Override("Keeper", "agreed by phone"))
    assert "may name them" not in erase(aoi)
    assert not on_disk(aoi, "Mori Aoi does not allow")


@pytest.mark.parametrize(
    "claim",
    [
        "by (Mori Aoi)",
        "that is Mori Aoi’s hill!",
        "see cuts/Mori Aoi/c014",
        "MoriAoi_c014.png",
        '"Mori Aoi"',
        "A: Mori Aoi",
    ],
)
def test_a_name_is_seen_whatever_stands_around_it(aoi, claim):
    which = dispute(aoi, claim, "x@example.org", picture=aoi.layout("layout: Keeper").record.picture)
    assert f"genzu dispute erase {which}" in erase(aoi)


@pytest.mark.parametrize("claim", ["Mori Aoila drew it", "the memori aoi"])
def test_a_longer_word_is_not_the_name(aoi, claim):
    dispute(aoi, claim, "x@example.org", picture=aoi.layout("layout: Keeper").record.picture)
    assert "may name them" not in erase(aoi)


def test_each_text_that_may_name_her_goes_by_the_command_that_is_told(aoi, tmp_path):
    name = "Mori Aoi, hill.png"
    Image.new("RGB", (40, 30), "navy").save(tmp_path / name, pnginfo=_hint())
    for command, words in (
        (legacy_command, ["--names", str(tmp_path / name)]),
        (project_command, ["new", "Snow Film", "--preset", "plain"]),
        (project_command, ["set", "Snow Film", "--approval", "letter of Mori Aoi, 2026-03-01"]),
    ):
        done = CliRunner().invoke(command, words, obj=aoi.archive.settings)
        assert done.exit_code == 0, (done.output, done.exception)
    told = erase(aoi)
    ways = re.findall(r"genzu people erase (.*)", told)
    assert len(ways) == 2 and on_disk(aoi, "Mori Aoi")
    for way in ways:
        assert "forgotten: the private words of" in erase(aoi, *shlex.split(way))
        assert "no private words" in erase(aoi, *shlex.split(way))
    assert not on_disk(aoi, "Mori Aoi")
    assert not verify(aoi.archive.settings.ledger, thorough=True).faults


def _hint() -> PngInfo:
    text = PngInfo()
    text.add_text(
        "parameters", "a hill\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 40x30, Model: m"
    )
    return text


def test_somebody_elses_texts_stay(aoi):
    picture = aoi.layout("layout: Keeper").record.picture
    which = dispute(aoi, "The morning light is wrong", "x@example.org", picture=picture)
    assert "may name them" not in erase(aoi)
    assert register_of(aoi.archive.ledger).disputes[which].claim == "The morning light is wrong"


def test_what_was_forgotten_is_in_no_copy_that_is_made_later(aoi, tmp_path):
    aoi.layout("layout: Mori Aoi")
    erase(aoi)
    done = CliRunner().invoke(publish_command, [str(tmp_path / "site")], obj=aoi.archive.settings)
    assert done.exit_code == 0
    for file in (tmp_path / "site").rglob("*"):
        if file.is_file():
            assert all(text.encode() not in file.read_bytes() for text in HERS)
    with sqlite3.connect(aoi.archive.settings.ledger) as database:
        assert database.execute("SELECT count(*) FROM private WHERE about = 'per-aoi'").fetchone() == (0,)
