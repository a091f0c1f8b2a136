"""One person in several spellings: found, offered, asked about; never a stranger, and never past their no."""

import json
import unicodedata

import pytest
from click.testing import CliRunner, Result
from film_chain import Film

from provenance.commands.credits import credits_command
from provenance.commands.dispute import dispute as dispute_command
from provenance.commands.people import people as people_command
from provenance.errors import ConsentError, NotRecorded, StatementError
from provenance.people.consent import Answer, Consent
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people, known_credits, named_or_new
from provenance.people.stated import state_consent
from provenance.release.permission import check_consent
from provenance.statement.credit import parse_credit

NAMES = (
    ("Işık İnce", ("ışık ince", "IŞIK İNCE", "isik ince", "Işık")),
    ("Yûzo Ōshima", ("Yuzo Oshima", "yuuzo ooshima", "Yuzo Ohshima")),
    ("محمد الفنان", ("مُحَمَّد الفنان", "محمد")),
    ("髙橋 雪", ("高橋 雪", "髙橋雪", "髙橋")),
    ("ﾔﾏﾀﾞ ﾊﾅ", ("ヤマダ ハナ", "やまだ はな", "ヤマダハナ")),
    ("O’Brien Seán", ("O'Brien Sean", "obrien sean", "Seán O’Brien")),
    ("Jean‐Luc", ("Jean-Luc", "Jean Luc")),
    ("Ḥasan Çelik", ("Hasan Celik", "HASAN ÇELIK")),
)


def genzu(film: Film, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, words, obj=film.archive.settings)


def add(film: Film, *names: str) -> None:
    for name in names:
        done = genzu(film, people_command, "add", name, "--same-name")
        assert done.exit_code == 0, done.exception


@pytest.mark.parametrize(("name", "spellings"), NAMES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_name_is_found_or_offered_in_every_spelling(film, name, spellings):
    add(film, name, "Somebody Else")
    for asked in (*spellings, unicodedata.normalize("NFD", name), f"  {name} "):
        told = genzu(film, credits_command, "--name", asked).stdout
        assert name in told
        assert "Somebody Else" not in told


def test_a_name_that_was_offered_is_data_too(film):
    add(film, "Mori Aoi")
    told = json.loads(genzu(film, credits_command, "Mori Aio", "--json").stdout)
    assert told["people"] == []
    assert [each["name"] for each in told["near"]] == ["Mori Aoi"]


@pytest.mark.parametrize(
    ("asked", "found", "other"),
    [
        ("Mori Aoi", "Mori Aoi", "Mori Aio"),  # of whom no picture is on record
        ("MORI AOI", "Mori Aoi", "Mori Aio"),
        ("Mori Aio", "Mori Aio", "Mori Aoi"),
    ],
)
def test_who_was_found_is_not_offered_as_who_may_have_been_meant(film, asked, found, other):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import said_of_name

    add(film, "Mori Aoi", "Mori Aio")
    film.layout("layout: Mori Aio")
    told = json.loads(genzu(film, credits_command, asked, "--json").stdout)
    assert [each["person"]["name"] for each in told["people"]] == [found]
    assert [each["name"] for each in told["near"]] == [other]
    assert said_of_name(film.archive, asked).near == [other]


def test_a_pseudonym_is_offered_as_it_would_be_whatever_the_name_behind_it_is(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import said_of_name

    people = [Person("per-kumo", name="Mori Aio", behind="Mori Aoi")]
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)
    said = said_of_name(film.archive, "Mori Aoi")
    assert (said.groups, said.near) == ([], ["Mori Aio"])


def test_nobody_is_offered_where_no_name_is_near(film):
    add(film, "Mori Aoi")
    assert "Did you mean" not in genzu(film, credits_command, "Tanaka Ren").stdout


@pytest.mark.parametrize("typed", ["MORI AOI", "mori aoi", "Mori Aói", "Ｍｏｒｉ Ａｏｉ", "Mori-Aoi"])
def test_a_credit_in_another_spelling_is_a_question(film, typed):
    add(film, "Mori Aoi")
    with pytest.raises(StatementError, match="another spelling of Mori Aoi"):
        film.layout(f"layout: {typed}")
    assert [each.name for each in register_of(film.archive.ledger).everybody()] == ["Mori Aoi"]


def test_a_decomposed_name_is_the_same_person(film):
    add(film, "Björk Guðmundsdóttir")
    record = film.layout("layout: " + unicodedata.normalize("NFD", "Björk Guðmundsdóttir")).record
    assert record.statement.credits[0].name == "Björk Guðmundsdóttir"
    assert len(register_of(film.archive.ledger).everybody()) == 1


def test_a_person_who_was_added_on_purpose_is_credited_by_their_own_spelling(film):
    add(film, "Mori Aoi", "MORI AOI")
    for name in ("Mori Aoi", "MORI AOI"):
        assert film.layout(f"layout: {name}").record.statement.credits[0].name == name


def test_two_new_spellings_of_one_name_in_one_picture_are_a_question(film):
    with pytest.raises(StatementError, match="spellings of one name"):
        film.layout("layout: Rin Kita", "concept: RIN KITA")


@pytest.mark.parametrize("typed", ["MORI AOI", "mori aoi", "Móri Aoi"])
def test_a_no_holds_for_the_name_in_every_spelling(film, typed):
    add(film, "Mori Aoi", typed)
    ledger = film.archive.ledger
    one = register_of(ledger).written("Mori Aoi")[0]
    state_consent(ledger, Consent(one.person, Answer.NO, Answer.NO))
    statement, source = film.statement(film.layout(f"layout: {typed}").path, "prompt: Sato Hana")
    with pytest.raises(ConsentError, match=f"Mori Aoi \\({one.person}\\) does not allow"):
        check_consent(film.archive, statement, (source,))
    unrecorded, source = film.statement(film.draw(), f"layout: {typed}", "prompt: Sato Hana")
    with pytest.raises(ConsentError):
        check_consent(film.archive, unrecorded, (source,))


def test_a_no_of_a_namesake_under_a_pseudonym_names_no_pseudonym(film):
    ledger = film.archive.ledger
    people = [Person("per-kumo", name="Kumo", behind="Sato Hana"), Person("per-open", name="SATO HANA")]
    add_people(ledger, register_of(ledger), people)
    state_consent(ledger, Consent("per-kumo", Answer.NO, Answer.NO))
    statement, source = film.statement(film.layout("layout: per-open").path, "prompt: Rin")
    with pytest.raises(ConsentError) as stopped:
        check_consent(film.archive, statement, (source,))
    assert all("Kumo" not in f"{each.who} {each.publicly}" for each in stopped.value.objections)


def test_somebody_elses_no_stops_nothing(film):
    add(film, "Mori Aoi", "Mori Aio")
    ledger = film.archive.ledger
    state_consent(ledger, Consent(register_of(ledger).only("Mori Aio").person, Answer.NO, Answer.NO))
    statement, source = film.statement(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    assert check_consent(film.archive, statement, (source,)) == []


def test_a_command_takes_a_name_in_another_spelling_but_forgets_nobody_by_one(film):
    add(film, "Müller Jo")
    assert genzu(film, people_command, "consent", "MULLER JO", "--ai-use", "no").exit_code == 0
    refused = genzu(film, people_command, "erase", "Muller Jo", "--yes")
    assert isinstance(refused.exception, NotRecorded)
    assert "Did you mean Müller Jo" in str(refused.exception)
    assert genzu(film, people_command, "erase", "Müller Jo", "--yes").exit_code == 0


def test_adding_a_known_name_in_another_spelling_or_behind_a_pseudonym_is_a_question(film, tmp_path):
    add(film, "Sato Hana")
    for words in (("SATO HANA",), ("Sató Hana", "--pseudonym", "Kumo"), ("sato hana", "--not-named")):
        assert "is on record as Sato Hana" in str(genzu(film, people_command, "add", *words).exception)
    table = tmp_path / "people.csv"
    table.write_text("name,behind\nsato hana,\nKumo,SATO HANA\nRin,\nRÍN,\n", encoding="utf-8")
    told = genzu(film, people_command, "import", str(table)).stderr
    for place in ("line 2, column name", "line 3, column behind", "line 5, column name"):
        assert place in told


def test_whoever_chooses_or_corrects_in_another_spelling_is_asked(film):
    add(film, "Mori Aoi")
    with pytest.raises(StatementError, match="another spelling"):
        named_or_new(register_of(film.archive.ledger), "MORI AOI")
    picture = film.layout("layout: Rin").record.picture
    words = ("correct", picture, "--role", "layout", "--was", "Rin", "--is", "mori aoi", "--by", "Rin")
    assert "another spelling" in str(genzu(film, dispute_command, *words).exception)
    moved = ("split", "Rin", "--picture", picture, "--to", "mori aoi", "--by", "Rin")
    assert "another spelling" in str(genzu(film, people_command, *moved).exception)


def test_the_page_finds_a_shown_name_in_another_spelling(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name

    film.layout("layout: Björk Guðmundsdóttir")
    for asked in (
        "BJÖRK GUÐMUNDSDÓTTIR",
        "bjork gudmundsdottir",
        unicodedata.normalize("NFD", "Björk Guðmundsdóttir"),
    ):
        assert 'data-total="1"' in by_name(film.archive, asked)
    offered = by_name(film.archive, "Björk Gudmundsdotir")
    assert 'data-total="0"' in offered
    assert "Did you mean Björk Guðmundsdóttir?" in offered


def test_strangers_stay_as_typed(film):
    given = (parse_credit("layout: Nobody Known"),)
    assert known_credits(film.archive.ledger, given) == given
