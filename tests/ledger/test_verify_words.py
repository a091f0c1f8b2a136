"""What `genzu ledger verify` says: nothing that its own faults contradict, and what it did not look at."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ledger_attacks import Attack, attack, regrow, rehash, sign_again, slip_in
from ledger_samples import open_ledger, painted, recorded, release

from provenance.commands.ledger_verify import verify_command
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.entry import leaf_of
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.key_files import parse_checkpoints
from provenance.ledger.store import tree
from provenance.proof.merkle import leaf_hash, root
from provenance.settings import Settings
from provenance.storage.vault import Vault

PICTURES = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a checkpoint after each picture, its vault, and a copy of the last checkpoint in `kept.txt`."""
    folder = tmp_path_factory.mktemp("made")
    home = folder / "home"
    vault = Vault(home / "vault")
    vault.put(b"layout")
    with open_ledger(home) as ledger:
        for number in range(PICTURES):
            ledger.request(painted(f"pic-{number}", note=f"note {number}"))
            release(ledger, f"pic-{number}")
            vault.put(f"signed pic-{number}".encode())
            (folder / "kept.txt").write_text(str(ledger.checkpoint()))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "home", tmp_path / "home")
    return tmp_path / "home"


def checked(home: Path, *words: str | Path) -> Result:
    done = CliRunner().invoke(verify_command, [str(each) for each in words], obj=Settings(home=home))
    assert done.exit_code in (0, 1), done.exception
    return done


def regrow_by_hand(connection: sqlite3.Connection) -> None:
    """The stored tree made to fit the stored hashes, and nothing else."""
    tree.rebuild(connection)


def note_lost(home: Path) -> None:
    (home / "checkpoints.txt").write_text((home / "checkpoints.txt").read_text().replace("\n6\n", "\n8\n"))


def file_lost(home: Path) -> None:
    path = next(each for each in (home / "vault").rglob("*") if each.is_file())
    path.write_bytes(b"torn")


def other_key(home: Path) -> None:
    (home / "keys" / "ledger.key").unlink()
    with open_ledger(home.with_name("other")):
        pass
    shutil.copy(home.with_name("other") / "keys" / "ledger.key", home / "keys" / "ledger.key")


EDIT = "UPDATE entries SET body = replace(body, 'c014', 'c015') WHERE seq = 10"
ENTRY_LOST = "DELETE FROM entries WHERE seq = 9"
# What was done, and whether the entries still lead to the checkpoint that somebody kept.
SCENARIOS: dict[str, tuple[tuple[str | Attack, ...] | Callable[[Path], None], bool]] = {
    "an edited body": ((EDIT,), False),
    "an edited body and its hash": ((EDIT, rehash), False),
    "an edited body, its hash and the tree": ((EDIT, rehash, regrow), False),
    "an edited time": (("UPDATE entries SET at = replace(at, '2', '1') WHERE seq = 9",), False),
    "another kind": (("UPDATE entries SET kind = 'picture.failed' WHERE seq = 10",), False),
    "an edited hash": (("UPDATE entries SET leaf_hash = zeroblob(32) WHERE seq = 9",), True),
    "an edited hash in a tree that fits it": (
        ("UPDATE entries SET leaf_hash = zeroblob(32) WHERE seq = 9", regrow_by_hand),
        True,
    ),
    "a body that is no text": (("UPDATE entries SET body = zeroblob(9) WHERE seq = 9",), False),
    "an entry that is gone": ((ENTRY_LOST,), False),
    "entries cut off": (("DELETE FROM entries WHERE seq > 9", "DELETE FROM private WHERE entry > 9"), False),
    "two entries swapped": (
        (
            "UPDATE entries SET seq = 10000 WHERE seq = 10",
            "UPDATE entries SET seq = 10 WHERE seq = 7",
            "UPDATE entries SET seq = 7 WHERE seq = 10000",
        ),
        False,
    ),
    "a subtree edited": (("UPDATE tree_nodes SET hash = zeroblob(32) WHERE number = 3",), True),
    "a subtree gone": (("DELETE FROM tree_nodes WHERE number = 3",), True),
    "a name edited": (("UPDATE private SET value = 'Somebody Else' WHERE field = 'name'",), True),
    "a prompt gone": (("DELETE FROM private WHERE field = 'prompt' AND entry > 4",), True),
    "a stored root edited": (("UPDATE checkpoints SET root = zeroblob(32) WHERE size > 12",), True),
    "a stored signature edited": (("UPDATE checkpoints SET note = replace(note, '=', 'A')",), True),
    "the checkpoints file edited": (note_lost, True),
    "a trigger added": (
        (lambda db: db.execute("CREATE TRIGGER x AFTER INSERT ON entries BEGIN SELECT 1; END") and None,),
        True,
    ),
    "a table edited": (("UPDATE pictures SET shot = 'c999' WHERE picture = 'pic-3'",), True),
    "a credit hidden": (("DELETE FROM credits WHERE picture = 4",), True),
    "a file of the vault torn": (file_lost, True),
    "another ledger's key": (other_key, True),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_sentence_says_that_all_is_well_beside_a_fault(home: Path, made: Path, name: str):
    steps, leads = SCENARIOS[name]
    attack(home, *steps) if isinstance(steps, tuple) else steps(home)
    done = checked(home, "--rebuild", "--files", "--against", made / "kept.txt")
    assert done.exit_code == 1, done.output
    for words in ("none was changed", "none of these was changed", ": as written", "all as written"):
        assert words not in done.output, done.output
    assert ("None of the checkpoints from outside agrees" in done.output) is not leads, done.output
    told = json.loads(checked(home, "--rebuild", "--files", "--against", made / "kept.txt", "--json").stdout)
    assert (told["outside"] is None) is not leads


def test_of_two_checkpoints_from_outside_the_one_that_disagrees_decides_the_sentence(
    home: Path, made: Path, tmp_path: Path
):
    attack(home, EDIT, rehash, regrow, sign_again(home))
    first = next(parse_checkpoints((made / "home" / "checkpoints.txt").read_text()))
    (tmp_path / "early.txt").write_text(str(first))
    done = checked(home, "--against", tmp_path / "early.txt", "--against", made / "kept.txt")
    assert done.exit_code == 1
    assert "covers the first" in done.output
    assert "was changed" not in done.output.rpartition("A checkpoint from outside")[2]


def test_the_root_is_that_of_the_entries_as_they_stand(home: Path):
    attack(home, EDIT)
    connection = sqlite3.connect(home / "ledger.sqlite3")
    rows = connection.execute("SELECT seq, at, kind, body FROM entries ORDER BY seq").fetchall()
    connection.close()
    report = verify(home / "ledger.sqlite3")
    assert [each.entry for each in report.faults] == [10]
    assert report.root == root(leaf_hash(leaf_of(*row)) for row in rows)


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ("UPDATE pictures SET shot = 'c999' WHERE picture = 'pic-3'", "--rebuild"),
        ("DELETE FROM credits WHERE picture = 4", "--rebuild"),
        ("UPDATE people SET kind = 'organisation'", "--rebuild"),
        (file_lost, "--files"),
    ],
)
def test_what_was_not_checked_is_said_with_the_option_that_checks_it(
    home: Path, change: str | Callable[[Path], None], needs: str
):
    attack(home, change) if isinstance(change, str) else change(home)
    done = checked(home)
    assert done.exit_code == 0
    assert "all as written" not in done.output
    (line,) = [each for each in done.output.splitlines() if each.startswith("Not checked") and needs in each]
    assert line
    assert checked(home, needs).exit_code == 1
    assert needs not in checked(home, needs).output.replace("--misbehaviour", "")


def test_checkpoints_that_are_gone_are_said_not_to_be_compared(home: Path):
    assert "checkpoints.txt" not in checked(home).output
    (home / "checkpoints.txt").unlink()
    done = checked(home)
    assert "Not checked: checkpoints.txt, which is not there" in done.output
    assert "checkpoints file" in json.loads(checked(home, "--json").stdout)["not_checked"]


def test_a_key_that_is_gone_is_told_and_another_ledgers_is_a_fault(home: Path):
    assert "key, which" not in checked(home).output
    (home / "keys" / "ledger.key").rename(home / "ledger.key")
    assert "Not checked: the ledger's key, which is not there" in checked(home).output
    (home / "ledger.key").rename(home / "keys" / "ledger.key")
    (home / "keys" / "ledger.key").write_text("no key at all\n")
    assert "key: " in checked(home).output
    other_key(home)
    done = checked(home)
    assert done.exit_code == 1
    assert "not this ledger's" in done.output


def test_times_that_run_back_are_told_and_are_no_fault(home: Path):
    assert "the clock ran back" not in checked(home).output
    with open_ledger(home) as ledger:
        before = len(ledger)
        person = {"person": "per-late", "kind": "person", "name": None}
        slip_in(ledger, EntryKind.PERSON_ADDED, person)  # with a time of long ago
        ledger.rebuild()
        ledger.request(recorded())
        ledger.checkpoint()
    done = checked(home, "--rebuild")
    assert done.exit_code == 0, done.output
    assert f"the clock ran back at entry {before}: " in done.output
    told = json.loads(checked(home, "--json").stdout)["clock_ran_back"]
    assert [each["entry"] for each in told] == [before]
    attack(home, EDIT)
    assert f"the clock ran back at entry {before}: " in checked(home).output
