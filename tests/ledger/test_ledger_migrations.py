"""Ledgers of every earlier version open, keep every entry and every checkpoint, and pass the whole check."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from ledger_samples import open_ledger, painted

from provenance.errors import LedgerError
from provenance.ledger import Ledger
from provenance.ledger.check.verify import verify
from provenance.ledger.store import schema
from provenance.ledger.store.records import State

GOLDEN = Path(__file__).parents[1] / "golden"
VERSIONS = range(1, schema.VERSION)


@pytest.fixture(params=VERSIONS, ids=lambda number: f"version {number}")
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger as that version of the program left it."""
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    stem = f"ledger-v{request.param}"
    shutil.copy(GOLDEN / f"{stem}.sqlite3", home / "ledger.sqlite3")
    shutil.copy(GOLDEN / f"{stem}.key", home / "keys" / "ledger.key")
    shutil.copy(GOLDEN / f"{stem}.checkpoints.txt", home / "checkpoints.txt")
    return home


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(f"SELECT * FROM {table}").fetchall()
    connection.close()
    return found


def test_there_is_a_golden_ledger_of_every_earlier_version():
    assert {path.stem for path in GOLDEN.glob("ledger-v*.sqlite3")} == {
        f"ledger-v{number}" for number in VERSIONS
    }


def test_an_earlier_ledger_is_brought_up_to_date_and_keeps_everything(home: Path):
    path = home / "ledger.sqlite3"
    before = {table: rows(path, table) for table in ("entries", "private", "tree_nodes", "checkpoints")}
    with open_ledger(home) as ledger:
        assert ledger.picture("pic-golden-1").state is State.RELEASED
        assert [each.picture for each in ledger.children("pic-golden-1")] == ["pic-golden-2"]
        assert ledger.people_named("Mori Aoi")
    assert {table: rows(path, table) for table in before} == before
    assert rows(path, "pictures_with_credits")[0][:3] == (4, "pic-golden-1", "released")
    assert verify(path, checkpoints=home / "checkpoints.txt", thorough=True).ok
    with open_ledger(home) as ledger:
        ledger.request(painted())
        ledger.checkpoint()
    assert verify(path, checkpoints=home / "checkpoints.txt", thorough=True).ok


def test_an_earlier_ledger_is_not_changed_by_reading(home: Path):
    path = home / "ledger.sqlite3"
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="genzu init"):
        Ledger.open(path, key=home / "key", read_only=True)
    assert path.read_bytes() == before


def test_an_earlier_ledger_is_checked_without_its_key_and_left_as_it_is(home: Path):
    path = home / "ledger.sqlite3"
    (home / "keys" / "ledger.key").unlink()
    before = path.read_bytes()
    report = verify(path, checkpoints=home / "checkpoints.txt", thorough=True)
    assert report.ok and report.copied and report.size == len(rows(path, "entries"))
    assert path.read_bytes() == before
    assert [each.name for each in home.iterdir() if each.name.startswith("ledger")] == ["ledger.sqlite3"]
    connection = sqlite3.connect(path)
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'entries'"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE entries SET body = replace(body, 'golden', 'silver') WHERE seq = 4")
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()
    assert {each.entry for each in verify(path, checkpoints=home / "checkpoints.txt").faults} == {4}


def test_a_number_of_a_version_that_was_never_there_is_no_earlier_ledger(home: Path):
    path = home / "ledger.sqlite3"
    open_ledger(home).close()
    connection = sqlite3.connect(path)
    for number in VERSIONS:
        connection.execute(f"PRAGMA user_version = {number}")
        connection.commit()
        with pytest.raises(LedgerError, match=f"version {number}"):
            verify(path)
    connection.close()


def test_a_migrated_schema_is_that_of_a_new_ledger(home: Path, tmp_path: Path):
    open_ledger(home).close()
    open_ledger(tmp_path / "new").close()
    assert sorted(rows(home / "ledger.sqlite3", "sqlite_schema"), key=str)
    question = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
    schemas = []
    for each in (home, tmp_path / "new"):
        connection = sqlite3.connect(each / "ledger.sqlite3")
        schemas.append(connection.execute(question).fetchall())
        connection.close()
    assert schemas[0] == schemas[1]
