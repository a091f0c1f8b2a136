"""A name that is missing is told as missing: it was not erased, and nobody may say that nobody is called so."""

import json
import sqlite3

import pytest
from click.testing import CliRunner, Result
from film_chain import PRODUCTION, Film

from provenance.commands.credits import credits_command
from provenance.commands.people import people as people_command
from provenance.commands.roll import roll_command
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.release.opening import open_archive


def genzu(film: Film, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    result = CliRunner().invoke(command, words, obj=film.archive.settings)
    assert result.exception is None, result.exception
    return result


def lose(film: Film, field: str) -> None:
    """Takes one kind of private text away, as a careless hand with a database browser would."""
    with sqlite3.connect(film.archive.settings.ledger) as database:
        assert database.execute("DELETE FROM private WHERE field = ?", (field,)).rowcount


@pytest.fixture
def aoi(film: Film) -> Film:
    people = [Person("per-aoi", name="Mori Aoi"), Person("per-kumo", name="Kumo", behind="Sato Hana")]
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)
    film.layout("layout: Mori Aoi")
    return film


def test_credits_by_name_say_that_a_name_is_missing_and_not_that_it_was_erased(aoi):
    lose(aoi, "name")
    told = genzu(aoi, credits_command, "Mori Aoi").stdout
    assert "may not be whole" in told
    assert "per-aoi" in told
    assert "erased)" not in told
    data = json.loads(genzu(aoi, credits_command, "Mori Aoi", "--json").stdout)
    assert data["people"] == []
    assert len(data["doubts"]) == 1
    assert "may not be whole" in genzu(aoi, people_command, "list").stdout


def test_a_whole_ledger_raises_no_doubts_and_neither_does_an_erased_name(aoi):
    assert json.loads(genzu(aoi, credits_command, "Mori Aoi", "--json").stdout)["doubts"] == []
    genzu(aoi, people_command, "erase", "Mori Aoi", "--yes")
    assert "may not be whole" not in genzu(aoi, credits_command, "Mori Aoi").stdout


def test_a_pseudonym_whose_name_behind_is_missing_stays_one(aoi):
    lose(aoi, "behind")
    with open_archive(aoi.archive.settings) as archive:
        kumo = register_of(archive.ledger).only("Kumo")
    assert kumo.behind == "(missing)"
    assert kumo.public_identifiers == ()
    assert register_of(aoi.archive.ledger).named("(missing)") == []


def test_the_page_says_that_its_answer_may_not_be_whole(aoi):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name

    assert "may not be whole" not in by_name(aoi.archive, "Mori Aoi")
    lose(aoi, "name")
    with open_archive(aoi.archive.settings) as archive:
        assert "may not be whole" in by_name(archive, "Mori Aoi")


def test_a_roll_says_that_a_name_is_missing_and_not_that_no_gap_was_found(aoi):
    words = ("--production", PRODUCTION)
    assert "no gap was found" in genzu(aoi, roll_command, *words).stdout
    lose(aoi, "name")
    told = genzu(aoi, roll_command, *words).stdout
    assert "no gap was found" not in told
    assert "is missing from the ledger" in told


@pytest.mark.parametrize("field", ["name", "reading", "romaji", "behind", "also"])
def test_that_nobody_is_called_so_is_not_said_while_a_name_of_any_kind_is_missing(film, field):
    ledger = film.archive.ledger
    whole = Person("per-1", name="森 葵", reading="もり あおい", romaji="Mori Aoi", also=("Aoi M.",))
    add_people(ledger, register_of(ledger), [whole, Person("per-2", name="Kumo", behind="Sato Hana")])
    assert "Nobody called Aoki is in this ledger" in genzu(film, credits_command, "Aoki").stdout
    lose(film, field)
    told = genzu(film, credits_command, "Aoki").stdout
    assert "is in this ledger" not in told
    assert "not every name here can be read" in told


def test_a_name_that_was_lost_after_it_was_replaced_is_no_doubt(film):
    ledger = film.archive.ledger
    add_people(ledger, register_of(ledger), [Person("per-1", name="Mori Aio")])
    genzu(film, people_command, "set", "Mori Aio", "--name", "Mori Aoi")
    with sqlite3.connect(film.archive.settings.ledger) as database:
        assert database.execute("DELETE FROM private WHERE value = 'Mori Aio'").rowcount
    assert "may not be whole" not in genzu(film, credits_command, "Mori Aoi").stdout
