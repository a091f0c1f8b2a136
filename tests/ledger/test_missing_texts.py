"""A private text that is neither held nor erased is missing, and is never told as erased."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from film_chain import Film
from ledger_samples import open_ledger, painted, release

from provenance.commands import credits, log, people
from provenance.commands.ledger_verify import verify_command
from provenance.errors import StatementError
from provenance.inspection.inspection import inspect
from provenance.ledger.foreign import foreign_ledgers, import_log
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.commitment import ERASED, MISSING, NOT_DISCLOSED
from provenance.statement.credit import Credit, Role


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_archive(Settings(home=tmp_path / "home")):
        pass
    with open_ledger(tmp_path / "home") as ledger:
        ledger.request(painted("pic-a", by=("layout: Mori Aoi", "prompt: Sato Hana"), note="a note"))
        release(ledger, "pic-a")
        ledger.checkpoint()
    return tmp_path / "home"


def genzu(home: Path, *words: str) -> Result:
    group = click.Group(commands=[*credits.COMMANDS, *log.COMMANDS, *people.COMMANDS])
    return CliRunner().invoke(group, words, obj=Settings(home=home))


def lose(home: Path, where: str) -> None:
    connection = sqlite3.connect(home / "ledger.sqlite3")
    assert connection.execute(f"DELETE FROM private WHERE {where}").rowcount
    connection.commit()
    connection.close()


@pytest.mark.parametrize("field", ["prompt", "negative prompt", "note"])
def test_a_lost_text_of_a_picture_is_missing_and_an_erased_one_is_erased(home: Path, field: str):
    lose(home, f"field = '{field}'")
    with open_ledger(home) as ledger:
        said = ledger.picture("pic-a").statement
        assert said.prompt is not None
        texts = {"prompt": said.prompt.text, "negative prompt": said.prompt.negative, "note": said.note}
        assert [name for name, text in texts.items() if text == MISSING] == [field]
        assert ERASED not in texts.values()
        ledger.erase("pic-a")
        said = ledger.picture("pic-a").statement
        assert said.prompt is not None
        texts = {"prompt": said.prompt.text, "negative prompt": said.prompt.negative, "note": said.note}
        assert texts.pop(field) == MISSING  # what was lost before cannot have been erased
        assert set(texts.values()) == {ERASED}
    assert f'"{MISSING}"' in genzu(home, "show", "pic-a", "--json").output


def test_a_lost_name_is_missing_wherever_it_would_stand(home: Path):
    lose(home, "value = 'Mori Aoi'")
    with open_ledger(home) as ledger:
        assert [each.name for each in ledger.picture("pic-a").statement.credits] == [MISSING, "Sato Hana"]
        lost = ledger.people()[0]
        assert (lost.name, lost.erased, lost.absent) == (None, False, MISSING)
        person = register_of(ledger).everybody()[0]
        assert (person.shown(), person.erased, person.not_named) == (MISSING, False, False)
    for words in (("show", "pic-a"), ("show", lost.person), ("log",), ("people", "list")):
        done = genzu(home, *words)
        assert MISSING in done.output, words
        assert ERASED not in done.output, words


def test_who_is_asked_for_by_a_lost_name_is_not_said_to_be_unknown_and_no_more(home: Path):
    lose(home, "value = 'Mori Aoi'")
    done = genzu(home, "credits", "Mori Aoi")
    assert "is missing from the ledger" in done.output
    with open_ledger(home) as ledger:
        person = ledger.people()[0].person
    assert person in done.output
    told = json.loads(genzu(home, "credits", "Mori Aoi", "--json").stdout)
    assert any("is missing" in each for each in told["doubts"])
    shown = genzu(home, "credits", person, "--name").output
    assert MISSING in shown
    assert "1 credit" in shown


def test_an_erased_name_stays_erased(home: Path):
    with open_ledger(home) as ledger:
        ledger.erase(ledger.people()[0].person)
        assert ledger.picture("pic-a").statement.credits[0].name == ERASED
        assert ledger.people()[0].erased
    done = genzu(home, "credits", "Mori Aoi")
    assert "is missing from the ledger" not in done.output
    assert CliRunner().invoke(verify_command, [], obj=Settings(home=home)).exit_code == 0


def test_a_lost_text_is_named_by_verify(home: Path):
    lose(home, "value = 'Mori Aoi'")
    done = CliRunner().invoke(verify_command, [], obj=Settings(home=home))
    assert done.exit_code == 1
    assert "is gone, and no entry says why" in done.output


def test_a_lost_name_does_not_make_the_file_contradict_the_ledger(archive: Archive, tmp_path: Path):
    made = Film(archive, tmp_path).layout("layout: Mori Aoi")
    lose(archive.settings.home, "value = 'Mori Aoi'")
    told = inspect(made.path, trust=archive.trust, ledger=archive.ledger)
    words = " ".join(each.words for each in told.findings)
    assert "A name is missing from the ledger" in words
    assert "only the file names" not in words


def test_nobody_is_credited_anew_by_a_name_that_is_missing(home: Path):
    lose(home, "value = 'Mori Aoi'")
    with open_ledger(home) as ledger:
        person = ledger.people()[0].person
        for credit in (Credit(Role.LAYOUT, None, person), Credit(Role.LAYOUT, MISSING, person)):
            with pytest.raises(StatementError, match="missing"):
                ledger.request(replace(painted(), credits=(credit,)))


def test_in_another_studios_ledger_a_text_that_did_not_come_is_not_disclosed(home: Path, tmp_path: Path):
    with open_ledger(home) as ledger:
        ledger.erase(ledger.people()[1].person)
        ledger.export(tmp_path / "log.jsonl")
    import_log(tmp_path / "ours", [tmp_path / "log.jsonl"], own=None)
    with foreign_ledgers(tmp_path / "ours") as (theirs,):
        said = theirs.picture("pic-a").statement
        assert [each.name for each in said.credits] == [NOT_DISCLOSED, ERASED]
        assert [each.shown() for each in register_of(theirs).everybody()] == [NOT_DISCLOSED, ERASED]
