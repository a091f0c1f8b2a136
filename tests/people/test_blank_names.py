"""A name in which nothing is seen is no name: on every way in, while what is on record stays readable."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from generation.cli import genzu
from provenance.errors import StatementError
from provenance.ledger import Ledger
from provenance.ledger.entries.sealed import check_text
from provenance.people.accounts import Account
from provenance.people.csv_import import parse_table
from provenance.people.dispute import need_claim
from provenance.people.disputes import need_contact
from provenance.people.person import Person, clean_optional, clean_reading
from provenance.people.register import Register, register_of
from provenance.people.roster import add_people, named_or_new
from provenance.release.override import Override
from provenance.settings import Settings
from provenance.statement.blank import is_blank
from provenance.statement.credit import Credit, Role, clean_name, parse_credit

BLANK = [
    "\u3164",
    "\u115f\u1160",
    "\u2800 \u2800",
    "\uffa0",
    "\u200c\u200d",
    "\u034f",
    "\ufe0f",
    "\u17b4",
    "\u3000",
]


@pytest.mark.parametrize("name", BLANK)
def test_nothing_that_is_seen_is_no_name(name: str) -> None:
    assert is_blank(name)
    for read in (clean_name, need_claim, need_contact, lambda text: Override(text, "late")):
        with pytest.raises(StatementError):
            read(name)
    with pytest.raises(StatementError, match="nobody is named as 'layout': write who it was after the colon"):
        parse_credit(f"layout: {name}")
    with pytest.raises(StatementError):
        Override("Mori Aoi", name)
    assert clean_optional(name) == clean_reading(name) == ""
    assert Account.of("ren-t", name) == Account("ren-t", "ren-t")


@pytest.mark.parametrize("name", ["Ｍori\u200dX", "ㅤ김", "王", "\u2800a", "👩\u200d🎨"])
def test_a_name_with_something_seen_is_one(name: str) -> None:
    assert not is_blank(name) and clean_name(name)


@pytest.mark.parametrize("name", BLANK)
def test_a_table_names_the_cell(name: str) -> None:
    [bad] = parse_table(f"name,reading\n{name},もり\n", Register()).bad
    assert (bad.line, bad.column) == (2, "name") and "the name is empty" in bad.words


@pytest.mark.parametrize("name", BLANK[:-1])
def test_the_ledger_takes_none_and_reads_those_it_has(tmp_path: Path, name: str) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite3", key=tmp_path / "ledger.key") as ledger:
        register = register_of(ledger)
        with pytest.raises(StatementError, match="a name is empty"):
            add_people(ledger, register, [replace(Person("3f" * 16), name=name)])
        with pytest.raises(StatementError, match="a name is empty"):
            named_or_new(register, name)
    check_text("name", name)
    assert Credit(Role.LAYOUT, name).name == name


@pytest.mark.parametrize(
    "words",
    [
        ("record", "a.png", "--source", "print", "--by", "layout: \u3164", "--out", "out.png"),
        ("people", "add", "\u3164"),
        ("people", "add", "Mori Aoi", "--pseudonym", "\u2800"),
    ],
)
def test_the_command_line_refuses_it(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (32, 32), "red").save("a.png")
    told = CliRunner().invoke(genzu, words, obj=settings)
    assert isinstance(told.exception, StatementError) or "nobody is named as 'layout'" in told.output
    assert not Path("out.png").exists()


def test_a_credit_takes_the_colon_of_a_japanese_keyboard() -> None:
    assert parse_credit("layout：森 あおい") == parse_credit("layout: 森 あおい")
    assert parse_credit("layout: Studio：Kita").name == "Studio：Kita"
    with pytest.raises(StatementError, match="is written 'role: NAME'"):
        parse_credit("森 あおい")
