"""What a look-up asks of SQLite: an index each time, however large the ledger; and a check in flat memory."""

import hmac
import re
import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import open_ledger, painted, release, resource

from provenance.ledger import Ledger
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.receipts import receipt_of
from provenance.ledger.store.checkpoints import checkpoints_above, last_checkpoint
from provenance.ledger.store.reader import Reader
from provenance.ledger.store.records import State
from provenance.ledger.store.rows import entry_at
from provenance.ledger.store.tree import root_at, size_of
from provenance.people.claim import Claim, claim_body
from provenance.statement.commitment import Opening, Private, commitment
from provenance.statement.credit import Role

LAYOUT, SIGNED = resource("layout"), resource("signed pic-1")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory):
    with open_ledger(tmp_path_factory.mktemp("plans")) as made:
        for number in range(4):
            made.request(painted(f"pic-{number}", parent="pic-0" if number == 3 else None))
            release(made, f"pic-{number}")
        made.checkpoint()
        yield made


def person(reader: Reader) -> str:
    return reader.ids_named("Mori Aoi")[0]


QUESTIONS: dict[str, Callable[[sqlite3.Connection, Ledger], object]] = {
    "a picture by id": lambda db, _: Reader(db).picture("pic-1"),
    "by file": lambda db, _: Reader(db).pictures_with_file(SIGNED.digest),
    "by pixels": lambda db, _: Reader(db).pictures_with_pixels(SIGNED.pixels),  # type: ignore[arg-type]
    "made from a file": lambda db, _: Reader(db).pictures_made_from(LAYOUT.digest),
    "children": lambda db, _: Reader(db).children("pic-0"),
    "a person by name": lambda db, _: Reader(db).people_named("Mori Aoi"),
    "credits of a person": lambda db, _: Reader(db).credits_of(person(Reader(db))),
    "the newest of a shot": lambda db, _: Reader(db).pictures(
        state=None, shot="c014", production=None, text=None, limit=10
    ),
    "the newest of a shot that are out": lambda db, _: Reader(db).pictures(
        state=State.RELEASED, shot="c014", production="The Long Way", text=None, limit=10
    ),
    "the newest of a production": lambda db, _: Reader(db).pictures(
        state=None, shot=None, production="The Long Way", text=None, limit=10
    ),
    "the newest": lambda db, _: Reader(db).pictures(
        state=None, shot=None, production=None, text=None, limit=10
    ),
    "a model": lambda db, _: Reader(db).model(painted().model.digest),  # type: ignore[union-attr]
    "an entry": lambda db, _: entry_at(db, 5),
    "a receipt": lambda db, made: receipt_of(
        db,
        4,
        last_checkpoint(db),
        made.verify_key,
        opened=True,  # type: ignore[arg-type]
    ),
    "size and root, as at an opening": lambda db, _: root_at(db, size_of(db)),
    "the checkpoints that a file lacks": lambda db, _: list(checkpoints_above(db, 3)),
}


def plans(ledger: Ledger, question: Callable[[sqlite3.Connection, Ledger], object]) -> list[str]:
    """How SQLite goes about each statement that a question makes."""

    def ask(db: sqlite3.Connection) -> list[str]:
        asked: list[str] = []
        db.set_trace_callback(asked.append)
        question(db, ledger)
        db.set_trace_callback(None)
        assert asked
        return [
            row[3]
            for sql in dict.fromkeys(asked)
            for row in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]

    return ledger.ask(ask)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_look_up_walks_no_table_and_sorts_nothing_large(ledger: Ledger, name: str):
    for plan in plans(ledger, QUESTIONS[name]):
        # Walked from its newest row and stopped by the limit; a handful of rows that an index gave; a table of tasks.
        bounded = {"SCAN checkpoints", "SCAN found", "SCAN housekeeping"}
        if name == "the newest":
            bounded.add("SCAN pictures")
        if plan.startswith("SCAN"):
            assert plan in bounded or plan.startswith(("SCAN CONSTANT", "SCAN (subquery")), plan
        assert not (re.match("USE TEMP B-TREE FOR ORDER BY", plan) and "pictures" in name), plan


def test_opening_reads_the_newest_checkpoint_and_no_other(ledger: Ledger):
    (plan,) = plans(ledger, lambda db, _: last_checkpoint(db))
    assert plan == "SCAN checkpoints"  # by its key, from the end, one row
    bytecode = ledger.ask(
        lambda db: [
            row[1] for row in db.execute("EXPLAIN SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        ]
    )
    assert "SorterOpen" not in bytecode
    assert "Last" in bytecode


def test_the_memory_of_a_check_does_not_grow_with_the_ledger(tmp_path: Path):
    peaks = []
    with open_ledger(tmp_path) as ledger:
        ledger.request(painted("pic-x"))
        by = ledger.people()[0].person
        body = claim_body(Claim("pic-x", by, Role.LAYOUT, by))
        for size in (3_000, 12_000):
            ledger.append_all([(EntryKind.CREDIT_CLAIMED, body)] * (size - len(ledger)))
            ledger.checkpoint()
            tracemalloc.start()
            assert verify(tmp_path / "ledger.sqlite3", checkpoints=tmp_path / "checkpoints.txt").ok
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] + 100_000, peaks


@settings(deadline=None)
@given(st.binary(max_size=100), st.text())
def test_a_commitment_is_an_hmac_for_a_salt_of_any_length(salt: bytes, value: str):

    for each in (salt, (salt * 40)[:32].ljust(32, b"s")):
        wanted = hmac.new(each, value.encode(errors="replace"), "sha256").hexdigest()
        assert commitment(each, value.encode(errors="replace").decode()) == wanted
        assert Opening(Private(value, "", ""), each).private.value == value
