"""The database against what it should be: its pages, its schema, and its projections made again from the entries."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from itertools import zip_longest

from provenance.errors import LedgerDamaged, StatementError
from provenance.ledger.check.entries import Fault
from provenance.ledger.store import schema
from provenance.ledger.store.rebuild import project_or_skip
from provenance.ledger.store.rows import COLUMNS, entry_of
from provenance.ledger.store.schema import FOREIGN, SCRUB
from provenance.ledger.store.words import index_words
from provenance.statement.canonical import parse_canonical

PAGE = 500
_KEYS = {"people": "added", "models": "recorded", "pictures": "requested", "credits": "picture, position",
         "inputs": "picture, position", "corrections": "picture, entry"}  # fmt: skip
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
# A page's number in `search_data` is its segment's and its own; up to 10 are FTS5's own records.
_STRAY = """
SELECT count(*) FROM search_idx WHERE typeof(term) <> 'blob'
OR NOT EXISTS (SELECT 1 FROM search_data WHERE id = (segid << 37) + (pgno >> 1))
"""
_UNREACHED = """
SELECT count(*) FROM (SELECT DISTINCT id >> 37 FROM search_data WHERE id > 10 EXCEPT SELECT segid FROM search_idx)
"""
_WORDS = "SELECT term, doc, offset FROM temp.words ORDER BY term, doc, offset"


def database_faults(connection: sqlite3.Connection, *, thorough: bool) -> Iterator[Fault]:
    """What SQLite itself finds; `thorough` compares every index with its table."""
    check = "integrity_check" if thorough else "quick_check"
    for row in connection.execute(f"PRAGMA {check}(50)"):
        if row[0] != "ok":
            yield Fault("database", str(row[0]))
    if thorough:
        for row in connection.execute("PRAGMA foreign_key_check"):
            yield Fault("database", f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there")


def schema_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Whether tables, triggers, indexes and views are those that this version makes."""
    wanted = _expected_schema()
    found = set(connection.execute(_SCHEMA))
    names = [(number, "genzu", each[0], "") for number, each in enumerate(schema.MIGRATIONS, 1)]
    applied = connection.execute(
        "SELECT id, migration_set, name, applied_at FROM _sqlite_migrations"
    ).fetchall()
    for kind, name, *_ in sorted(wanted - found, key=str):
        yield Fault("database", f"the {kind} {name} is missing or was changed")
    for kind, name, *_ in sorted(found - wanted, key=str):
        if not any(name == each[1] for each in wanted):
            yield Fault("database", f"the {kind} {name} is none of the ledger's")
    if sorted(applied, key=str) != names:
        yield Fault("database", "the list of migrations is not that of this version")


def aside_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Rows that follow from no entry: anchors by their digest, tasks by what may stand there."""
    rows = connection.execute("SELECT size, authority, asked_at, time_stamp, digest FROM anchors")
    for *values, digest in rows:
        if schema.digest_of(*values) != digest:
            yield Fault("anchor", f"the time stamp or request over {values[0]} entries was changed")
    for task, since in connection.execute("SELECT task, since FROM housekeeping"):
        erased = "SELECT 1 FROM entries WHERE kind = 'private.erased' AND at = ?"
        known = (task == FOREIGN and since == "") or (
            task == SCRUB and connection.execute(erased, (since,)).fetchone() is not None
        )
        if not known:
            yield Fault(
                "database", "a task in housekeeping is none of the ledger's, or follows from no entry"
            )


@cache
def _expected_schema() -> frozenset[tuple[str, ...]]:
    expected = sqlite3.connect(":memory:", isolation_level=None)
    try:
        schema.migrate(expected)
        return frozenset(expected.execute(_SCHEMA))
    finally:
        expected.close()


def projection_faults(
    connection: sqlite3.Connection, size: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[Fault]:
    """Every projected row and indexed word against those made again from the entries, in a database of its own."""
    # Without a name: SQLite keeps it in memory, and in a file that it removes itself once it outgrows the cache.
    made = sqlite3.connect("", isolation_level=None)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -32000"):
            made.execute(f"PRAGMA {pragma}")
        _empty().backup(made)
        made.execute("PRAGMA foreign_keys = OFF")  # the entries that rows refer to stay where they are
        yield from _replay(connection, made, size, on_progress)
        for table, key in _KEYS.items():
            yield from _table_faults(connection, made, table, key)
        yield from _word_faults(connection, made)
        yield from _index_faults(connection, made)
    finally:
        made.close()


@cache
def _empty() -> sqlite3.Connection:
    """The tables of this version without a row, to be copied."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for _, script in schema.MIGRATIONS:
        schema.run(made, script)
    return made


def _replay(
    connection: sqlite3.Connection,
    made: sqlite3.Connection,
    size: int,
    on_progress: Callable[[int, int], None] | None,
) -> Iterator[Fault]:
    made.execute("BEGIN")
    for start in range(0, size, PAGE):
        if on_progress is not None:
            on_progress(start, size)
        try:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq",  # noqa: S608
                (start, start + PAGE),
            ).fetchall()
            entries = [(entry_of(row), row[3]) for row in rows]
        except LedgerDamaged as error:
            yield Fault("projection", f"the projections cannot be made again: {error}")
            break
        for entry, body in entries:
            trouble = _not_canonical(body) or project_or_skip(made, entry)
            if trouble:
                yield Fault("entry", f"entry {entry.seq} cannot be true: {trouble}", entry.seq)
            texts = connection.execute(
                "SELECT value FROM private WHERE entry = ? ORDER BY position", (entry.seq,)
            )
            index_words(made, entry.seq, [str(row[0]) for row in texts])
    made.execute("COMMIT")


def _not_canonical(body: str) -> str:
    try:
        parse_canonical(body.encode())
    except StatementError as error:
        return str(error)
    return ""


def _table_faults(
    connection: sqlite3.Connection, made: sqlite3.Connection, table: str, key: str
) -> Iterator[Fault]:
    question = f"SELECT * FROM {table} ORDER BY {key}"  # noqa: S608
    for found, wanted in zip_longest(connection.execute(question), made.execute(question)):
        if found != wanted:
            row = wanted or found
            yield Fault(
                "projection", f"{table}: the row of entry {row[0]} is not what the entries say", row[0]
            )
            return  # what follows is shifted; a rebuild makes all of it again


def _word_faults(connection: sqlite3.Connection, made: sqlite3.Connection) -> Iterator[Fault]:
    connection.execute(
        "PRAGMA query_only = OFF"
    )  # a temporary table; the file itself is open for reading only
    for each in (connection, made):
        each.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, instance)")
    try:
        for found, wanted in zip_longest(connection.execute(_WORDS), made.execute(_WORDS)):
            if found != wanted:
                row = wanted or found
                yield Fault("projection", f"search: the words of entry {row[1]} are not its texts'", row[1])
                return
        settings = "SELECT k, v FROM search_config ORDER BY k"
        if connection.execute(settings).fetchall() != made.execute(settings).fetchall():
            yield Fault("projection", "search: its settings are not those that this version writes")
        sizes = "SELECT id, sz FROM search_docsize ORDER BY id"
        for found, wanted in zip_longest(connection.execute(sizes), made.execute(sizes)):
            if found != wanted:
                yield Fault(
                    "projection", "search: the number of words of an entry is wrong", (wanted or found)[0]
                )
                return
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.words")


def _index_faults(connection: sqlite3.Connection, made: sqlite3.Connection) -> Iterator[Fault]:
    """The index's inner structure, by FTS5's own check. That check writes, so it works on a copy.

    It passes over an entry point to a segment, or a page of one, that is not there: those are looked for here.
    """
    if connection.execute(_STRAY).fetchone()[0] or connection.execute(_UNREACHED).fetchone()[0]:
        yield Fault(
            "projection", "search: the index does not hold together (its pages are not those it names)"
        )
    made.execute(
        "CREATE VIRTUAL TABLE copied USING fts5 (words, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    try:
        for part in ("data", "idx", "docsize", "config"):
            made.execute(f"DELETE FROM copied_{part}")  # noqa: S608
            rows = connection.execute(f"SELECT * FROM search_{part}")  # noqa: S608
            marks = ", ".join("?" * len(rows.description))
            made.executemany(f"INSERT INTO copied_{part} VALUES ({marks})", rows)  # noqa: S608
        made.execute("INSERT INTO copied (copied) VALUES ('integrity-check')")
    except sqlite3.Error as error:
        yield Fault("projection", f"search: the index does not hold together ({error})")
