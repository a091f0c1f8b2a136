"""An imported ledger that is withdrawn: asked no more, kept as a witness, and never in our way."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from ledger_samples import open_ledger, painted, recorded, release, resource

from provenance.commands import credits, ledger, people
from provenance.errors import ConsistencyError, LedgerError, NotRecorded, Objection
from provenance.ledger import foreign
from provenance.ledger.foreign import foreign_ledgers
from provenance.ledger.log import Ledger
from provenance.release.opening import open_archive
from provenance.release.permission import objections_elsewhere
from provenance.settings import Settings
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Relation

GIVEN = Input(InputRole.LAYOUT, Relation.PARENT, resource("signed pic-a"))


def genzu(home: Path, *words: str | Path) -> Result:
    group = click.Group(commands=[*ledger.COMMANDS, *credits.COMMANDS, *people.COMMANDS])
    return CliRunner().invoke(group, [str(each) for each in words], obj=Settings(home=home))


def objections(home: Path) -> list[Objection]:
    """What the imported ledgers have against painting over the given picture."""
    with open_archive(Settings(home=home)) as archive:
        return objections_elsewhere(archive, [GIVEN], "", datetime.now(UTC).date())


def take_in(home: Path, file: Path) -> Result:
    return genzu(home, "ledger", "import", file)


def holding(home: Path, text: str) -> list[Path]:
    """The files of an archive in which these bytes stand."""
    return [each for each in home.rglob("*") if each.is_file() and text.encode() in each.read_bytes()]


def asked(home: Path) -> list[str]:
    with foreign_ledgers(home / "foreign") as ledgers:
        return [each.id for each in ledgers]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Our archive, and beside it `theirs`, with an export of it."""
    with open_ledger(tmp_path / "theirs") as theirs:
        theirs.request(painted("pic-a"))
        release(theirs, "pic-a")
        theirs.export(tmp_path / "log.jsonl", names=True)
    with open_archive(Settings(home=tmp_path / "home")):
        pass
    assert take_in(tmp_path / "home", tmp_path / "log.jsonl").exit_code == 0
    return tmp_path / "home"


@pytest.mark.parametrize("by", ["id", "name of the copy"])
def test_a_withdrawn_ledger_is_asked_no_more_and_its_copy_is_kept(home: Path, tmp_path: Path, by: str):
    (origin,) = asked(home)
    (copy,) = (home / "foreign").glob("*.sqlite3")
    with foreign_ledgers(home / "foreign") as (theirs,):
        before = list(theirs.entries())
    assert "Mori Aoi" in genzu(home, "credits", "Mori Aoi").output
    assert origin in genzu(home, "ledger", "import", "--list").output
    done = genzu(home, "ledger", "import", "--withdraw", origin if by == "id" else copy.stem)
    assert done.exit_code == 0, done.exception
    assert origin in done.output
    assert asked(home) == []
    assert "no other ledger" in genzu(home, "ledger", "import", "--list").output
    assert origin not in genzu(home, "credits", "Mori Aoi").output
    (kept,) = (home / "foreign" / "withdrawn").glob("*.sqlite3")
    with Ledger.open(kept, key=kept, read_only=True) as witness:
        assert list(witness.entries()) == before
    assert (
        "without the names and words" in done.output and b"Mori Aoi" in (tmp_path / "log.jsonl").read_bytes()
    )
    assert holding(home, "Mori Aoi") == []


def test_a_copy_that_was_withdrawn_with_its_names_loses_them_at_the_next_import_and_stays_a_witness(
    home: Path, tmp_path: Path
):
    (origin,) = asked(home)
    (copy,) = (home / "foreign").glob("*.sqlite3")
    kept = home / "foreign" / "withdrawn" / f"{copy.stem}-20250101T000000000000Z.sqlite3"
    kept.parent.mkdir()
    copy.rename(kept)  # as Genzu 0.9 withdrew it
    left = kept.with_name(f".{kept.name}.part")
    shutil.copy(kept, left)  # as a kill in the middle of it leaves it
    assert len(holding(home, "Mori Aoi")) == 2
    with open_ledger(tmp_path / "theirs") as theirs:
        theirs.erase(theirs.people_named("Mori Aoi")[0].person)
        theirs.export(tmp_path / "later.jsonl", names=True)
    assert take_in(home, tmp_path / "later.jsonl").exit_code == 0
    assert asked(home) == [origin] and holding(home, "Mori Aoi") == []
    with Ledger.open(kept, key=kept, read_only=True) as witness:
        assert len(witness)


def test_what_a_killed_import_left_of_a_copy_goes_when_it_is_withdrawn(home: Path):
    (origin,) = asked(home)
    (copy,) = (home / "foreign").glob("*.sqlite3")
    shutil.copy(copy, copy.with_name(f".{copy.name}.part"))
    assert genzu(home, "ledger", "import", "--withdraw", origin).exit_code == 0
    assert holding(home, "Mori Aoi") == []


def test_of_a_copy_that_cannot_be_read_it_is_told_that_it_keeps_its_names(home: Path):
    (copy,) = (home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database, and Mori Aoi" * 100)
    done = genzu(home, "ledger", "import", "--withdraw", copy.stem)
    assert done.exit_code == 0 and "names and all, because it cannot be read" in done.output
    assert len(holding(home, "Mori Aoi")) == 1


def test_whoever_erases_a_name_is_told_which_imported_ledger_has_it_too(home: Path):
    (origin,) = asked(home)
    added = genzu(home, "people", "add", "Mori Aoi", "--same-name")
    assert added.exit_code == 0, added.exception
    told = genzu(home, "people", "erase", "Mori Aoi", "--yes").output
    assert f"the ledger {origin} of another studio" in told and f"--withdraw {origin}" in told
    assert genzu(home, "ledger", "import", "--withdraw", origin).exit_code == 0
    assert holding(home, "Mori Aoi") == []
    genzu(home, "people", "add", "Mori Aoi")
    assert origin not in genzu(home, "people", "erase", "Mori Aoi", "--yes").output


def test_a_copy_that_cannot_be_opened_is_withdrawn_by_its_name(home: Path):
    (copy,) = (home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database" * 100)
    with pytest.raises(LedgerError, match=copy.stem):
        objections(home)
    listed = genzu(home, "ledger", "import", "--list").output
    assert f"--withdraw {copy.stem}" in listed
    assert genzu(home, "ledger", "import", "--withdraw", copy.stem).exit_code == 0
    assert objections(home) == []


def test_a_copy_that_goes_wrong_while_it_is_asked_is_named(home: Path):
    (origin,) = asked(home)
    (copy,) = (home / "foreign").glob("*.sqlite3")
    connection = sqlite3.connect(copy)
    connection.execute("DROP TRIGGER entries_are_not_changed")
    connection.execute("UPDATE entries SET body = replace(body, 'c014', 'c015')")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match=f"the imported ledger {origin} cannot be asked"):
        objections(home)
    assert origin in genzu(home, "credits", "Mori Aoi").output
    assert genzu(home, "ledger", "import", "--withdraw", origin).exit_code == 0
    assert objections(home) == []


def test_what_is_imported_again_must_continue_what_was_withdrawn(home: Path, tmp_path: Path):
    (origin,) = asked(home)
    shutil.copytree(tmp_path / "theirs", tmp_path / "fork")
    for number, place in enumerate(("theirs", "fork")):
        with open_ledger(tmp_path / place) as theirs:
            theirs.request(recorded(f"pic-later-{number}"))
            theirs.export(tmp_path / f"{place}.jsonl")
    assert take_in(home, tmp_path / "theirs.jsonl").exit_code == 0
    assert genzu(home, "ledger", "import", "--withdraw", origin).exit_code == 0
    # Another history of the same length, and an older state: neither continues what we have seen.
    forked = take_in(home, tmp_path / "fork.jsonl")
    assert forked.exit_code == 1
    assert "contradicts itself" in forked.output
    assert isinstance(take_in(home, tmp_path / "log.jsonl").exception, ConsistencyError)
    assert asked(home) == []
    assert take_in(home, tmp_path / "theirs.jsonl").exit_code == 0
    assert asked(home) == [origin]


def test_what_was_never_imported_cannot_be_withdrawn(home: Path):
    (origin,) = asked(home)
    done = genzu(home, "ledger", "import", "--withdraw", "genzu/0000000000000000")
    assert isinstance(done.exception, NotRecorded)
    assert origin in str(done.exception)
    assert asked(home) == [origin]


@pytest.mark.parametrize("words", [(), ("log.jsonl", "--list"), ("--list", "--withdraw", "x")])
def test_one_thing_is_asked_at_a_time(home: Path, words: tuple[str, ...]):
    assert genzu(home, "ledger", "import", *words).exit_code == 2


def test_of_two_who_withdraw_one_ledger_at_once_only_one_is_told_where_its_copy_is(home: Path, monkeypatch):
    (origin,) = asked(home)
    turn, done = foreign.turnstile_of, []

    def after_somebody_else(path: Path):
        monkeypatch.setattr(foreign, "turnstile_of", turn)
        done.append(genzu(home, "ledger", "import", "--withdraw", origin))
        return turn(path)

    monkeypatch.setattr(foreign, "turnstile_of", after_somebody_else)
    late = genzu(home, "ledger", "import", "--withdraw", origin)
    assert done[0].exit_code == 0 and "its copy is kept at" in done[0].output
    assert isinstance(late.exception, NotRecorded) and origin in str(late.exception)
    assert len([*(home / "foreign" / "withdrawn").iterdir()]) == 1
