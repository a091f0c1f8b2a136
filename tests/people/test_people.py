"""People: names in any script, identifiers, merging and splitting, a table of them, and the command line over it."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from provenance.commands.people import people as people_command
from provenance.errors import NotRecorded, ProvenanceError, StatementError
from provenance.ledger import Ledger
from provenance.people.csv_import import parse_table
from provenance.people.person import Person, check_digit, clean_contact, clean_reading, parse_identifier
from provenance.people.register import register_of
from provenance.people.roster import add_people, change_person, merge, unmerge
from provenance.settings import Settings
from provenance.statement.credit import Kind
from provenance.statement.vocabulary import Scheme

HEADING = "name,kind,reading,romaji,orcid,contact\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3", key=tmp_path / "ledger.key") as opened:
        yield opened


def add(ledger: Ledger, *people: Person) -> None:
    add_people(ledger, register_of(ledger), people)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("orcid:0000-0002-1825-0097", "orcid:0000-0002-1825-0097"),
        ("ORCID: https://orcid.org/0000-0001-5109-3700", "orcid:0000-0001-5109-3700"),
        ("isni:0000 0001 2103 2683", "isni:0000000121032683"),
        ("isni:000000012146438x", "isni:000000012146438X"),
        ("site:https://example.org/~aoi", "site:https://example.org/~aoi"),
        ("social:aoi@mastodon.example", "social:@aoi@mastodon.example"),
    ],
)
def test_an_identifier_has_one_written_form(given: str, kept: str) -> None:
    assert str(parse_identifier(given)) == kept
    assert parse_identifier(kept) == parse_identifier(given)


@pytest.mark.parametrize(
    "text",
    [
        "orcid:0000-0002-1825-0098",
        "orcid:0000-0002-1825-009",
        "orcid:０000-0002-1825-0097",
        "isni:X000000121032683",
        "passport:123",
        "orcid",
        "site:javascript:alert(1)",
        "site:https://user:secret@example.org",
        'site:https://example.org/"onload=x',
        "site:https://[broken",
        "social:aoi",
        "site:https://example.org/" + "a" * 400,
    ],
)
def test_an_identifier_that_cannot_be_true_is_refused(text: str) -> None:
    with pytest.raises(StatementError):
        parse_identifier(text)


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(digits: str, place: int, by: int) -> None:
    whole = digits + check_digit(digits)
    parse_identifier(f"isni:{whole}")
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    with pytest.raises(StatementError):
        parse_identifier(f"isni:{wrong}")


@given(st.text(max_size=400))
def test_any_text_is_an_identifier_or_a_sentence(text: str) -> None:
    for scheme in Scheme:
        try:
            identifier = parse_identifier(f"{scheme}:{text}")
        except StatementError:
            continue
        assert parse_identifier(str(identifier)) == identifier


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200eb", "a\x00b", "x" * 10_000, "\u2066left"])
def test_marks_and_floods_are_refused_everywhere(text: str) -> None:
    for clean in (clean_contact, clean_reading):
        with pytest.raises(StatementError):
            clean(text)


def test_a_reading_may_sound_like_software() -> None:
    assert clean_reading("アイ") == "アイ"
    assert clean_reading("Ai") == "Ai"


def test_software_is_no_person() -> None:
    with pytest.raises(StatementError):
        Person("per-1", Kind.SOFTWARE, "Brush")


def test_a_person_comes_back_as_written(ledger: Ledger) -> None:
    aoi = Person(
        "per-aoi",
        name="森 あおい",
        reading="もり あおい",
        romaji="Mori Aoi",
        also=("Aoi M.", "蒼"),
        identifiers=(parse_identifier("orcid:0000-0002-1825-0097"),),
        contact="aoi@example.org",
    )
    add(ledger, aoi)
    assert register_of(ledger).person("per-aoi") == replace(aoi, added=1)
    for name in ("森 あおい", "Mori Aoi", "もり あおい", "蒼", "orcid:0000-0002-1825-0097", "per-aoi"):
        assert register_of(ledger).only(name).person == "per-aoi"
    assert aoi.shown("ja") == "森 あおい"
    assert aoi.shown("en") == "Mori Aoi"


def test_nothing_personal_stands_in_an_entry(ledger: Ledger) -> None:
    add(
        ledger,
        Person("per-1", name="Mori Aoi", behind="Sato Hana", contact="hana@example.org", reading="もり"),
    )
    written = b"".join(entry.leaf for entry in ledger.entries())
    for secret in ("Mori Aoi", "Sato Hana", "hana@example.org", "もり"):
        assert secret.encode() not in written


def test_a_pseudonym_keeps_the_identifiers_in(ledger: Ledger) -> None:
    orcid = parse_identifier("orcid:0000-0002-1825-0097")
    add(ledger, Person("per-1", name="Kumo", behind="Sato Hana", identifiers=(orcid,)))
    found = register_of(ledger).only("Sato Hana")
    assert found.shown() == "Kumo"
    assert found.public_identifiers == ()


def test_a_new_name_is_shown_by_the_ledger_itself(ledger: Ledger) -> None:
    add(ledger, Person("per-1", name="Mori Aio"))
    register = register_of(ledger)
    change_person(ledger, register, replace(register.person("per-1"), name="Mori Aoi"))
    assert ledger.person("per-1").name == "Mori Aoi"
    assert [each.person for each in ledger.people_named("Mori Aoi")] == ["per-1"]
    assert change_person(ledger, register_of(ledger), register_of(ledger).person("per-1")) is None


def test_a_merge_counts_two_records_as_one_and_is_taken_back(ledger: Ledger) -> None:
    add(ledger, Person("per-a", name="Aoi"), Person("per-b", name="Mori Aoi"), Person("per-k", name="Keeper"))
    merge(ledger, register_of(ledger), "per-a", "per-b", "per-k", "the same hand")
    register = register_of(ledger)
    assert register.person("per-a").person == "per-b"
    assert [each.person for each in register.everybody()] == ["per-b", "per-k"]
    assert register.only("Aoi").person == "per-b"
    unmerge(ledger, register, "per-a", "per-k", "")
    assert register_of(ledger).person("per-a").person == "per-a"


def test_a_circle_of_merges_is_refused(ledger: Ledger) -> None:
    add(ledger, *(Person(f"per-{letter}", name=letter.upper()) for letter in "abc"))
    merge(ledger, register_of(ledger), "per-a", "per-b", "per-c", "")
    merge(ledger, register_of(ledger), "per-b", "per-c", "per-c", "")
    for person, into in (("per-c", "per-a"), ("per-a", "per-c"), ("per-b", "per-b"), ("per-c", "per-c")):
        with pytest.raises(StatementError):
            merge(ledger, register_of(ledger), person, into, "per-c", "")


def test_an_identifier_belongs_to_one_person(ledger: Ledger) -> None:
    orcid = parse_identifier("orcid:0000-0002-1825-0097")
    add(ledger, Person("per-a", name="A", identifiers=(orcid,)))
    with pytest.raises(StatementError, match="per-a"):
        add(ledger, Person("per-b", name="B", identifiers=(orcid,)))
    with pytest.raises(StatementError):
        add(ledger, Person("per-c", name="C"), Person("per-d", name="D", identifiers=(orcid,)))
    assert len(register_of(ledger).everybody()) == 1


def test_two_people_of_one_name_are_told_apart_by_id(ledger: Ledger) -> None:
    add(ledger, Person("per-a", name="Sato Yuki"), Person("per-b", name="Sato Yuki"))
    with pytest.raises(StatementError, match="per-b"):
        register_of(ledger).only("Sato Yuki")
    with pytest.raises(NotRecorded):
        register_of(ledger).only("Nobody")


def test_a_bad_cell_is_named_by_line_and_column(ledger: Ledger) -> None:
    table = parse_table(
        HEADING
        + "森 あおい,,もり あおい,Mori Aoi,0000-0002-1825-0097,aoi@example.org\n"
        + '"Sato\n Yuki",robot,,,,\n'
        + "Kai,,,,0000-0002-1825-0098,\n"
        + "ChatGPT,,,,,\n"
        + "\n"
        + "Rin,,,,0000-0002-1825-0097,\n"
        + "a\u202eb,person,,,,\n"
        + "-,organisation,,,,\n"
        + ",,,,,x\n"
        + "One,person,,,,,,too,many\n",
        register_of(ledger),
    )
    assert [each.name for each in table.people] == ["森 あおい", None]
    assert [(each.line, each.column) for each in table.bad] == [
        (3, "kind"),
        (5, "orcid"),
        (6, "name"),
        (8, "orcid"),
        (9, "name"),
        (11, "name"),
        (12, ""),
    ]


@pytest.mark.parametrize("text", ["", "surname\nMori", "name,name\na,b", "name,\nMori,"])
def test_a_table_without_its_headings_is_refused(ledger: Ledger, text: str) -> None:
    with pytest.raises(StatementError, match="first line"):
        parse_table(text, register_of(ledger))


@given(st.text(max_size=300))
def test_any_text_is_a_table_or_a_sentence(text: str) -> None:
    from provenance.people.register import Register

    with contextlib.suppress(ProvenanceError):
        parse_table("name,contact\n" + text, Register())


def genzu(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(people_command, words, obj=settings, catch_exceptions=True)


def test_good_rows_go_in_only_when_asked(settings: Settings, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,contact\nMori Aoi,a@example.org\nStable Diffusion,\n", encoding="utf-8-sig")
    refused = genzu(settings, "import", str(table))
    assert refused.exit_code == 1
    assert "line 3, column name" in refused.stderr
    assert genzu(settings, "list", "--json").stdout.strip() == "[]"
    taken = genzu(settings, "import", str(table), "--partial")
    assert taken.exit_code == 1
    assert "added: 1; faults: 1" in taken.stdout
    assert "Mori Aoi" in genzu(settings, "list").stdout


def test_the_command_line_keeps_private_what_is_private(settings: Settings) -> None:
    added = genzu(settings, "add", "Sato Hana", "--pseudonym", "Kumo", "--contact", "hana@example.org")
    assert added.exit_code == 0
    for words in (("list",), ("list", "--json"), ("show", "Kumo"), ("show", "Kumo", "--json")):
        told = genzu(settings, *words).stdout
        assert "Kumo" in told
        assert "Sato" not in told
        assert "hana@" not in told
    assert "hana@example.org" in genzu(settings, "show", "Kumo", "--private").stdout


def test_somebody_of_the_same_name_is_added_only_on_purpose(settings: Settings) -> None:
    genzu(settings, "add", "Sato Yuki")
    again = genzu(settings, "add", "Sato Yuki")
    assert isinstance(again.exception, StatementError)
    assert genzu(settings, "add", "Sato Yuki", "--same-name").exit_code == 0
