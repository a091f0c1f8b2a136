"""The tables, as migrations that are never edited once released; a change is a new migration at the end.

    entries        the truth: append-only, one leaf of the tree each
    private        names, prompts and notes with their salts, apart from the entries: what can be erased
    tree_nodes     the perfect subtrees above the leaves, in the order in which they were completed
    checkpoints    the signed sizes and roots
    anchors        time stamps over checkpoints, and those that are still to be asked for
    housekeeping   work that a crash must not lose
    people models pictures credits inputs corrections search     projections: dropped and made again at will
    people_with_names pictures_with_credits picture_inputs     views, made for reading

A projection's row is keyed by the number of the entry that made it: `pictures.requested`, `people.added`,
`models.recorded` all refer to `entries.seq`. Digests are 32 bytes in tables and `sha256:…` in views.
`PRAGMA user_version` counts the migrations that were applied: opening loads sqlite-utils only to migrate.
"""

import hashlib
import sqlite3

from provenance.errors import LedgerDamaged, LedgerError, Remedy, Way

APPLICATION_ID = 0x47454E5A  # "GENZ": what `file` and SQLite's own tools show

# In `housekeeping`:
SCRUB = "scrub"  # erased texts whose bytes are still to be written over
FOREIGN = "foreign"  # another's log, whose texts may stay sealed
# Written as in the index `entries_beside_pictures`, or SQLite does not use it.
BESIDE_PICTURES = "kind NOT IN ('picture.requested', 'picture.released')"

# What these hold follows from the entries alone: a rebuild empties them in this order, and fills them again.
PROJECTIONS = ("corrections", "inputs", "credits", "pictures", "models", "people")

_ENTRIES = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY CHECK (seq >= 0),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
);
CREATE TRIGGER entries_are_not_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only: append a correction'); END;
CREATE TRIGGER entries_are_not_removed BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only: erase private values, not entries'); END;
CREATE TRIGGER entries_have_no_gap BEFORE INSERT ON entries
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries are numbered 0, 1, 2 without a gap'); END;

CREATE TABLE private (
    entry INTEGER NOT NULL REFERENCES entries (seq),
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    about TEXT NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    value TEXT NOT NULL,
    PRIMARY KEY (entry, position)
) WITHOUT ROWID;
CREATE INDEX private_about ON private (about);
CREATE INDEX private_names ON private (value) WHERE field = 'name';

CREATE TABLE tree_nodes (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY CHECK (size > 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL
);
CREATE TRIGGER checkpoints_are_not_changed BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_are_not_removed BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TABLE housekeeping (
    task TEXT PRIMARY KEY,
    since TEXT NOT NULL
) WITHOUT ROWID;
"""

_PROJECTIONS = """
CREATE TABLE people (
    added INTEGER PRIMARY KEY REFERENCES entries (seq),
    person TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    named INTEGER NOT NULL,
    erased INTEGER REFERENCES entries (seq)
);
CREATE TABLE models (
    recorded INTEGER PRIMARY KEY REFERENCES entries (seq),
    digest BLOB NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    revision TEXT NOT NULL,
    license TEXT NOT NULL,
    training TEXT NOT NULL
);
CREATE INDEX models_by_digest ON models (digest);
CREATE TABLE pictures (
    requested INTEGER PRIMARY KEY REFERENCES entries (seq),
    picture TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    source_type TEXT NOT NULL,
    production TEXT NOT NULL,
    episode TEXT NOT NULL,
    shot TEXT NOT NULL,
    stage TEXT NOT NULL,
    model INTEGER REFERENCES models (recorded),
    closed INTEGER REFERENCES entries (seq),
    output_digest BLOB,
    output_pixels BLOB
);
CREATE INDEX pictures_by_state ON pictures (state);
CREATE INDEX pictures_by_shot ON pictures (shot, production);
CREATE INDEX pictures_by_production ON pictures (production);
CREATE INDEX pictures_by_output ON pictures (output_digest);
CREATE INDEX pictures_by_pixels ON pictures (output_pixels);
CREATE TABLE credits (
    picture INTEGER NOT NULL REFERENCES pictures (requested),
    position INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES people (added),
    role TEXT NOT NULL,
    PRIMARY KEY (picture, position)
) WITHOUT ROWID;
CREATE INDEX credits_by_person ON credits (person);
CREATE TABLE inputs (
    picture INTEGER NOT NULL REFERENCES pictures (requested),
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    relation TEXT NOT NULL,
    digest BLOB NOT NULL,
    pixels BLOB,
    source INTEGER REFERENCES pictures (requested),
    PRIMARY KEY (picture, position)
) WITHOUT ROWID;
CREATE INDEX inputs_by_digest ON inputs (digest);
CREATE INDEX inputs_by_source ON inputs (source);
CREATE VIRTUAL TABLE search USING fts5 (words, content='', tokenize='unicode61 remove_diacritics 2');
"""

_VIEWS = """
CREATE VIEW people_with_names AS
SELECT people.added, people.person, people.kind,
       CASE WHEN people.erased IS NOT NULL THEN '(erased)'
            WHEN people.named = 0 THEN '(asked not to be named)'
            ELSE (SELECT value FROM private WHERE entry = people.added AND field = 'name') END AS name,
       (SELECT count(*) FROM credits WHERE credits.person = people.added) AS credits,
       entries.at AS added_at
FROM people JOIN entries ON entries.seq = people.added;

CREATE VIEW picture_inputs AS
SELECT pictures.picture, inputs.role, inputs.relation, made_of.picture AS made_of,
       'sha256:' || lower(hex(inputs.digest)) AS file,
       inputs.picture AS requested, inputs.source AS made_of_requested
FROM inputs JOIN pictures ON pictures.requested = inputs.picture
LEFT JOIN pictures AS made_of ON made_of.requested = inputs.source;
"""
_PICTURES = """
CREATE VIEW pictures_with_credits AS
SELECT pictures.requested, pictures.picture, pictures.state, pictures.step, pictures.production,
       pictures.episode, pictures.shot, pictures.stage,
       (SELECT group_concat(credits.role || ': ' || people_with_names.name, '; ')
        FROM credits JOIN people_with_names ON people_with_names.added = credits.person
        WHERE credits.picture = pictures.requested) AS credits,
       (SELECT value FROM private WHERE entry = pictures.requested AND field = 'prompt') AS prompt,
       models.name AS model, models.training AS model_training, pictures.source_type,
       asked.at AS requested_at, closing.at AS closed_at,
       'sha256:' || lower(hex(pictures.output_digest)) AS output
FROM pictures
JOIN entries AS asked ON asked.seq = pictures.requested
LEFT JOIN entries AS closing ON closing.seq = pictures.closed
LEFT JOIN models ON models.recorded = pictures.model;
"""

_PEOPLE = """
ALTER TABLE people ADD COLUMN name_entry INTEGER REFERENCES entries (seq);
CREATE INDEX entries_beside_pictures ON entries (seq)
WHERE kind NOT IN ('picture.requested', 'picture.released');
DROP VIEW people_with_names;
CREATE VIEW people_with_names AS
SELECT people.added, people.person, people.kind,
       CASE WHEN people.erased IS NOT NULL THEN '(erased)'
            WHEN people.named = 0 THEN '(asked not to be named)'
            ELSE (SELECT value FROM private
                  WHERE entry = coalesce(people.name_entry, people.added) AND field = 'name') END AS name,
       (SELECT count(*) FROM credits WHERE credits.person = people.added) AS credits,
       entries.at AS added_at
FROM people JOIN entries ON entries.seq = people.added;
"""

_ANCHORS = """
CREATE TABLE anchors (
    size INTEGER NOT NULL REFERENCES checkpoints (size),
    authority TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    time_stamp BLOB,
    PRIMARY KEY (size, authority)
) WITHOUT ROWID;
CREATE INDEX people_by_name_entry ON people (name_entry) WHERE name_entry IS NOT NULL;
"""

_SHOTS = """
DROP INDEX pictures_by_shot;
CREATE INDEX pictures_by_shot ON pictures (shot);
"""  # with the production in the index, the newest of a shot had to be sorted out of all of them

_CORRECTIONS = """
CREATE TABLE corrections (
    picture INTEGER NOT NULL REFERENCES pictures (requested),
    entry INTEGER NOT NULL REFERENCES entries (seq),
    PRIMARY KEY (picture, entry)
) WITHOUT ROWID;
INSERT OR IGNORE INTO corrections
SELECT pictures.requested, entries.seq FROM entries
JOIN pictures ON pictures.picture = json_extract(entries.body, '$.picture')
WHERE entries.kind = 'credit.corrected';
INSERT OR IGNORE INTO corrections
SELECT pictures.requested, entries.seq FROM entries, json_each(entries.body, '$.pictures') AS named
JOIN pictures ON pictures.picture = named.value
WHERE entries.kind = 'person.split';
ALTER TABLE anchors ADD COLUMN digest BLOB;
UPDATE anchors SET digest = digest_of(size, authority, asked_at, time_stamp);
"""  # an anchor is signed for by nobody until its stamp has come: its digest finds a damaged one

# Without it, a credit that was corrected since looked like one that stands.
_CORRECTED = "DROP VIEW pictures_with_credits;" + _PICTURES.replace(  # noqa: S608
    ") AS credits,",
    ") AS credits,\n       (SELECT group_concat(entry, ', ') FROM corrections"
    "\n        WHERE corrections.picture = pictures.requested) AS credits_corrected_by,",
)

# The name of a migration is written into the database: it never changes.
MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("m001_entries_and_projections", _ENTRIES + _PROJECTIONS + _VIEWS + _PICTURES),
    ("m002_people_change", _PEOPLE),
    ("m003_anchors", _ANCHORS),
    ("m004_newest_of_a_shot", _SHOTS),
    ("m005_corrections", _CORRECTIONS),
    ("m006_view_tells_of_corrections", _CORRECTED),
)
VERSION = len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """How many migrations this database has had; 0 for an empty one."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def check_current(connection: sqlite3.Connection) -> None:
    """Raises LedgerError unless the tables are those of this version."""
    check_readable(connection)
    if version(connection) != VERSION:
        raise LedgerError(f"this ledger is of version {version(connection)}; bring it up to date: genzu init")


def check_readable(connection: sqlite3.Connection) -> None:
    """Raises LedgerDamaged unless this is a ledger, and of no later version than this program knows."""
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise LedgerDamaged("this database is no ledger", remedies=(Remedy(Way.ANOTHER_HOME),))
    if version(connection) > VERSION:
        raise LedgerDamaged(
            f"this ledger is of version {version(connection)}; update this program", remedies=()
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the database to the newest version, all or nothing; two processes at once take turns."""
    check_readable(connection)
    if version(connection) == VERSION:
        return
    from sqlite_utils import Database, Migrations  # half a second to load, and needed once in a ledger's life

    steps = Migrations("genzu")
    for name, script in MIGRATIONS:
        steps(name=name)(lambda database, script=script: run(database.conn, script))
    connection.execute("BEGIN IMMEDIATE")
    try:
        steps.apply(Database(connection, execute_plugins=False, recursive_triggers=False))
        # When a migration was applied says nothing of the record, and nothing would show that it was changed.
        connection.execute("UPDATE _sqlite_migrations SET applied_at = ''")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def run(connection: sqlite3.Connection, script: str) -> None:
    """Runs each statement of a script. Connection.executescript would commit the transaction around it."""
    connection.create_function("digest_of", -1, digest_of, deterministic=True)
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def digest_of(*values: int | str | bytes | None) -> bytes:
    """SHA-256 over the values of a row, each told from the next: it finds damage, and signs for nothing."""
    return hashlib.sha256(repr(values).encode()).digest()
