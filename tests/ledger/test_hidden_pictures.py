"""A picture that an edited table no longer shows is missed, and said to be."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from ledger_attacks import attack
from ledger_samples import open_ledger, painted, recorded, release

from provenance.commands import credits, log
from provenance.commands.remedies import told
from provenance.errors import LedgerDamaged, LedgerError
from provenance.ledger import Ledger
from provenance.ledger.entries.kind import EntryKind
from provenance.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "home") as ledger:
        for number in range(3):
            ledger.request(painted(f"pic-{number}"))
            release(ledger, f"pic-{number}")
        ledger.request(painted("pic-3", by=("prompt: Sato Hana",)))
        ledger.close_without("pic-3", EntryKind.PICTURE_FAILED, "x")
        ledger.checkpoint()
    return tmp_path / "home"


def genzu(home: Path, *words: str) -> Result:
    group = click.Group(commands=[*credits.COMMANDS, *log.COMMANDS])
    return CliRunner().invoke(group, words, obj=Settings(home=home))


HIDDEN = {
    "a credit is gone": "DELETE FROM credits WHERE picture = 4",
    "a credit is another's": "UPDATE credits SET person = (SELECT added FROM people WHERE named = 0 LIMIT 1)"
    " WHERE picture = 4 AND position = 0",
    "a picture is gone": "DELETE FROM pictures WHERE picture = 'pic-1'",
    "every credit is gone": "DELETE FROM credits",
    "a picture was never finished": "UPDATE pictures SET state = 'requested', closed = NULL WHERE picture = 'pic-2'",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_picture_that_a_table_hides_is_missed_until_a_rebuild(home: Path, name: str):
    assert "3 credits" in genzu(home, "credits", "Mori Aoi").output
    attack(home, HIDDEN[name])
    done = genzu(home, "credits", "Mori Aoi")
    assert isinstance(done.exception, LedgerDamaged), done.output
    assert told(done.exception).endswith("they were changed; run `genzu ledger rebuild`")
    with open_ledger(home) as ledger:
        ledger.rebuild()
    assert "3 credits" in genzu(home, "credits", "Mori Aoi").output


def test_a_person_whom_a_table_hides_is_an_error(home: Path):
    attack(home, "DELETE FROM people WHERE added = 1")
    assert isinstance(genzu(home, "credits", "Mori Aoi").exception, LedgerError)


def test_what_is_written_while_a_ledger_is_open_is_counted(home: Path):
    with open_ledger(home) as ledger:
        aoi = ledger.people_named("Mori Aoi")[0].person
        assert len(ledger.credits_of(aoi)) == 3
        ledger.request(recorded("pic-later"))
        assert len(ledger.credits_of(aoi)) == 4
        with Ledger.open(home / "ledger.sqlite3", key=home / "key", read_only=True) as reader:
            assert len(reader.credits_of(aoi)) == 4
