"""An old receipt beside a ledger that no longer holds what the receipt has seen."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ledger_attacks import attack, regrow, sign_again
from ledger_samples import open_ledger, painted, recorded, release

from provenance.commands.receipt_compare import compare_command
from provenance.settings import Settings


def compared(home: Path, receipt: Path, *words: str) -> Result:
    return CliRunner().invoke(compare_command, [str(receipt), *words], obj=Settings(home=home))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "home") as ledger:
        ledger.request(painted("pic-a"))
        release(ledger, "pic-a")
        ledger.checkpoint()
    return tmp_path / "home"


def receipts(home: Path, folder: Path) -> dict[str, Path]:
    """Receipts of today for a picture, a person and an entry."""
    made = {}
    with open_ledger(home) as ledger:
        for name, seq in (
            ("picture", ledger.picture("pic-a").requested),
            ("person", ledger.people()[0].added),
            ("entry", 0),
        ):
            made[name] = folder / name
            made[name].write_text(str(ledger.receipt(seq)))
    return made


WHAT = ["picture", "person", "entry"]


@pytest.mark.parametrize("what", WHAT)
def test_an_older_copy_put_back_contradicts_a_receipt_though_it_holds_the_entry(
    home: Path, tmp_path: Path, what: str
):
    shutil.copytree(home, tmp_path / "old")
    with open_ledger(home) as ledger:
        ledger.request(recorded())
    held = receipts(home, tmp_path)[what]
    assert compared(home, held).exit_code == 0
    done = compared(tmp_path / "old", held)
    assert done.exit_code == 1
    assert "does not hold" in done.output
    assert "the ledger has" in done.output
    assert "nothing changed" not in done.output
    told = json.loads(compared(tmp_path / "old", held, "--json").output)
    assert told["holds"] is False


@pytest.mark.parametrize("what", WHAT)
def test_entries_cut_off_by_one_contradict_a_receipt(home: Path, tmp_path: Path, what: str):
    with open_ledger(home) as ledger:
        ledger.request(recorded())
        last = len(ledger) - 1
    held = receipts(home, tmp_path)[what]
    attack(home, f"DELETE FROM entries WHERE seq = {last}", regrow, sign_again(home))
    done = compared(home, held)
    assert done.exit_code == 1
    assert "cut off" in done.output


@pytest.mark.parametrize("what", WHAT)
def test_another_history_of_the_same_length_contradicts_a_receipt(home: Path, tmp_path: Path, what: str):
    shutil.copytree(home, tmp_path / "fork")
    for place in (home, tmp_path / "fork"):
        with open_ledger(place) as ledger:
            ledger.request(recorded())
            ledger.request(recorded())
    held = receipts(home, tmp_path)[what]
    done = compared(tmp_path / "fork", held)
    assert done.exit_code == 1
    assert "rewritten" in done.output


@pytest.mark.parametrize("what", WHAT)
def test_of_a_ledger_that_only_grew_no_more_is_said_than_was_looked_at(home: Path, tmp_path: Path, what: str):
    held = receipts(home, tmp_path)[what]
    with open_ledger(home) as ledger:
        ledger.request(recorded())
    done = compared(home, held)
    assert done.exit_code == 0, done.output
    assert ("nothing changed since" in done.output) is (what != "entry")
    assert ("the entry stands as it did" in done.output) is (what == "entry")
