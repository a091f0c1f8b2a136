"""Every single bit of a small ledger, flipped: reported by the check, or every row reads back as it was.

The file has pages of 512 bytes and holds each kind of row. What lies in it is of two kinds. Entries, sealed texts, the
tree, checkpoints, anchors, tasks, the list of migrations and the schema: all that a rebuild cannot make again. And
tables for reading with every index: what a rebuild makes from the entries. Flips that change nothing readable are in
bytes that SQLite does not read: unused space of a page, spare fields of the file's header, a field in the pages of the
word index that FTS5 passes over (each word and each search for one is as before).
"""

import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ledger_samples import open_ledger, painted, release

from provenance.errors import ProvenanceError
from provenance.ledger import timestamps as anchors
from provenance.ledger.check.verify import verify

# What a rebuild cannot make again; "sqlite_schema" is the first page with the file's header, and what follows it.
TRUTH = {"entries", "private", "tree_nodes", "checkpoints", "anchors", "housekeeping", "_sqlite_migrations",
         "sqlite_schema"}  # fmt: skip
PARTS = 24  # of the whole file, each a test of its own
# The whole sweep takes half an hour: a run of the tests takes two parts of it, one with `GENZU_FLIPS=all` all of it.
ALL = os.environ.get("GENZU_FLIPS") == "all"
SWEEP = range(PARTS) if ALL else (3, 9)


@dataclass
class Small:
    """The ledger's bytes, what can be read in it, and whose each page is."""

    home: Path
    good: bytes
    rows: list[object]
    owners: dict[int, str]

    @property
    def path(self) -> Path:
        return self.home / "ledger.sqlite3"

    def owner(self, offset: int) -> str:
        """The table or index whose page a byte lies in; "" for a page that is free."""
        return self.owners.get(offset // 512, "")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-0", note="a note"))
        release(ledger, "pic-0")
        ledger.request(painted("pic-1", parent="pic-0"))
        ledger.erase("pic-1")
        anchors.ask(ledger, "http://127.0.0.1:9/tsa")
        list(anchors.send(ledger, lambda data, _: b"a time stamp over " + data[:40]))
        ledger.checkpoint()
    connection = sqlite3.connect(home / "ledger.sqlite3", isolation_level=None)
    for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM"):
        connection.execute(statement)
    connection.close()
    return home


@pytest.fixture
def small(original: Path, tmp_path: Path) -> Small:
    shutil.copytree(original, tmp_path / "home")
    path = tmp_path / "home" / "ledger.sqlite3"
    connection = sqlite3.connect(path)
    owners = {page - 1: name for name, page in connection.execute("SELECT name, pageno FROM dbstat")}
    connection.close()
    return Small(path.parent, path.read_bytes(), rows(path), owners)


def rows(path: Path) -> list[object]:
    """Every row of every table and of the schema, and every word of the index with where it stands.

    Together with SQLite's own comparison of each index with its table, which the check runs, this is all that a query
    can give.
    """
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        connection.text_factory = bytes
        schema = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
        ).fetchall()
        # The index's own pages are read through its words and through a search for each of them.
        tables = [
            name.decode()
            for kind, name, *_ in schema
            if kind == b"table" and name not in {b"search", b"search_data"}
        ]
        pragmas = [
            connection.execute(f"PRAGMA {each}").fetchall()
            for each in ("application_id", "user_version", "encoding")
        ]
        found = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables]
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
        words = connection.execute("SELECT * FROM temp.words").fetchall()
        hits = [
            connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (b'"%b"' % term,)).fetchall()
            for term in dict.fromkeys(row[0] for row in words)
        ]
        return [schema, pragmas, found, words, hits]
    finally:
        connection.close()


def answer(small: Small, offset: int, bit: int) -> str:
    """ "reported", or "unread" where every row reads back as it was; anything else fails the test."""
    flipped = bytearray(small.good)
    flipped[offset] ^= 1 << bit
    small.path.write_bytes(flipped)
    for thorough in (False, True):  # the first is quicker, and finds most
        try:
            report = verify(small.path, checkpoints=small.home / "checkpoints.txt", thorough=thorough)
        except ProvenanceError:
            return "reported"
        if not report.ok:
            return "reported"
    where = f"byte {offset}, bit {bit}, of {small.owner(offset) or 'a free page'}"
    assert rows(small.path) == small.rows, where
    return "unread"


def flip_all(small: Small, places: Iterator[tuple[int, int]]) -> Counter[str]:
    return Counter(answer(small, *place) for place in places)


def test_the_small_ledger_is_whole_and_holds_each_kind_of_row(small: Small):
    report = verify(small.path, checkpoints=small.home / "checkpoints.txt", thorough=True)
    assert report.ok, report.faults
    assert set(small.owners.values()) >= TRUTH
    connection = sqlite3.connect(small.path)
    empty = [name for name in TRUTH - {"sqlite_schema", "housekeeping"}
             if not connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]]  # fmt: skip
    connection.close()
    assert empty == []


def test_flips_anywhere_are_reported_or_change_nothing(small: Small):
    chance = random.Random(20261123)
    found = flip_all(small, ((chance.randrange(len(small.good)), chance.randrange(8)) for _ in range(60)))
    assert found["reported"] > 20


def test_each_bit_of_an_entrys_text_is_reported_with_that_entry(small: Small):
    place = small.good.index(b'"picture":"pic-0"')
    for number in range(8 * len(b'"picture":"pic-0"')):
        flipped = bytearray(small.good)
        flipped[place + number // 8] ^= 1 << number % 8
        small.path.write_bytes(flipped)
        faults = verify(small.path, checkpoints=small.home / "checkpoints.txt").faults
        assert [fault.entry for fault in faults if fault.code == "entry"] == [4], number


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", SWEEP)
def test_every_bit_of_what_cannot_be_made_again(small: Small, part: int):
    offsets = [each for each in range(len(small.good)) if small.owner(each) in TRUTH][part::PARTS]
    found = flip_all(small, ((offset, bit) for offset in offsets for bit in range(8)))
    assert found["reported"] > found["unread"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", SWEEP)
def test_every_byte_of_what_is_made_for_reading(small: Small, part: int):
    """One bit of each byte, another one for each, so that every bit comes up all over the file; all if asked."""
    offsets = [each for each in range(len(small.good)) if small.owner(each) not in TRUTH][part::PARTS]
    flip_all(small, ((offset, bit) for offset in offsets for bit in (range(8) if ALL else [offset * 5 % 8])))
