"""What is erased is gone: from every answer, from the file, from its write-ahead log and from the text index."""

import sqlite3
from pathlib import Path

import pytest
from ledger_samples import PROMPT, open_ledger, painted, recorded, release

from provenance.errors import StatementError
from provenance.ledger import Ledger
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.kind import EntryKind
from provenance.proof.receipt import Receipt
from provenance.proof.receipt import verify as verify_receipt
from provenance.statement.commitment import ERASED
from provenance.statement.credit import Credit, Role

NAME, SECRET = "Kazamatsuri Uranai", "quincunx marmalade"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A ledger with a name and a prompt that nobody would guess, among others."""
    home = tmp_path / "home"
    with open_ledger(home) as ledger:
        for number in range(30):
            ledger.request(painted(f"pic-{number}", by=("layout: Mori Aoi",)))
        ledger.request(painted("pic-x", by=(f"layout: {NAME}",), prompt=f"a {SECRET} sky", note=SECRET))
        release(ledger, "pic-x")
        ledger.checkpoint()
    return home


def bytes_of(home: Path) -> bytes:
    """Everything on the disk, as `grep` would read it."""
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def words_in_index(home: Path) -> set[str]:
    connection = sqlite3.connect(home / "ledger.sqlite3")
    connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search, row)")
    found = {row[0] for row in connection.execute("SELECT term FROM terms")}
    connection.close()
    return found


def holds_no_trace(home: Path, *words: str) -> None:
    data = bytes_of(home).lower()
    for word in words:
        assert word.lower().encode() not in data, word
    assert not {word.lower() for word in words} & words_in_index(home)


def test_an_erased_name_leaves_no_bytes_while_the_ledger_is_open(home: Path):
    assert b"Kazamatsuri" in bytes_of(home)
    with open_ledger(home) as ledger:
        (person,) = ledger.people_named(NAME)
        entry = ledger.erase(person.person)
        assert entry is not None
        assert entry.kind is EntryKind.PRIVATE_ERASED
        data = bytes_of(home).lower()  # the write-ahead log is there too
        assert b"kazamatsuri" not in data
        assert b"uranai" not in data
    holds_no_trace(home, "kazamatsuri", "uranai")


def test_an_erased_prompt_and_note_leave_no_bytes_and_the_rest_stays(home: Path):
    with open_ledger(home) as ledger:
        ledger.erase("pic-x")
        assert ledger.picture("pic-x").statement.prompt.text == ERASED  # type: ignore[union-attr]
        assert ledger.picture("pic-x").statement.note == ERASED
        assert ledger.picture("pic-1").statement.prompt.text == PROMPT  # type: ignore[union-attr]
        assert [each.picture for each in ledger.pictures(text="kazamatsuri")] == ["pic-x"]
    holds_no_trace(home, "quincunx", "marmalade")


def test_after_an_erasure_every_answer_and_every_proof_still_holds(home: Path):
    with open_ledger(home) as ledger:
        before = ledger.checkpoint()
        asked = ledger.picture("pic-x").requested
        receipt = str(ledger.receipt(asked))
        (person,) = ledger.people_named(NAME)
        ledger.erase(person.person)
        ledger.erase("pic-x")
        assert ledger.people_named(NAME) == []
        assert ledger.person(person.person).erased
        assert ledger.picture("pic-x").statement.credits[0].name == ERASED
        assert [each.role for each in ledger.credits_of(person.person)] == [Role.LAYOUT]
        assert ledger.pictures(text="kazamatsuri") == ledger.pictures(text="quincunx") == []
        assert verify_receipt(ledger.receipt(asked)).opened == ()
        assert ledger.erase("pic-x") is None
        ledger.rebuild()
        assert ledger.person(person.person).erased
    # What was handed out before cannot be recalled, and still verifies.
    assert verify_receipt(Receipt.parse(receipt)).opened
    assert before.checkpoint.size < len(_entries(home))
    assert verify(home / "ledger.sqlite3", thorough=True).ok


def test_an_erased_person_can_still_be_credited_by_id_and_never_by_the_word(home: Path):
    with open_ledger(home) as ledger:
        (person,) = ledger.people_named(NAME)
        ledger.erase(person.person)
        ledger.request(recorded(by=[Credit(Role.LAYOUT, ERASED, person.person)]))
        with pytest.raises(StatementError):
            ledger.request(recorded(by=[Credit(Role.LAYOUT, ERASED)]))


def test_an_erasure_that_a_reader_delays_is_finished_at_the_next_start(home: Path):
    connection = sqlite3.connect(home / "ledger.sqlite3", isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM private").fetchone()
    with open_ledger(home) as ledger:
        ledger._db._writer.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]
        (person,) = ledger.people_named(NAME)
        ledger.erase(person.person)
        assert ledger.people_named(NAME) == []
        assert b"Kazamatsuri" in bytes_of(home)
        connection.execute("ROLLBACK")
        connection.close()
    open_ledger(home).close()
    holds_no_trace(home, "kazamatsuri", "uranai")


def _entries(home: Path) -> list[object]:
    with Ledger.open(home / "ledger.sqlite3", key=home / "key", read_only=True) as ledger:
        return list(ledger.entries())
