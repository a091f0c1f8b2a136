"""The keys of recorded pictures' first rows, by the digest of their pixels, in one SQLite file beside the ledger.

    first-rows.sqlite3   a row a picture: the digest of its pixels (32 bytes), the key (8 bytes, media/first_rows.py),
                         and 4 bytes of a digest over both

A key follows from the pixels alone and says nothing of its own. The file may be deleted: an audit then decodes more
files, and finds the same. `genzu index build` makes it again from the vault. A row that is damaged counts as missing.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from pathlib import Path

from provenance.errors import IndexTrouble, Remedy, Way, why
from provenance.lookup.index_file import make_private

PATIENCE = 2.0  # seconds: a picture that is released does not wait long for a key that may be missing
VERSION = 1
_TABLE = "CREATE TABLE IF NOT EXISTS rows (pixels BLOB PRIMARY KEY, key BLOB NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID"
_AT_ONCE = 500


def note_keys(path: Path, keys: Mapping[bytes, int]) -> None:
    """Keeps the keys of these pixels. IndexTrouble where that is not possible."""
    told = [(pixels, key.to_bytes(8)) for pixels, key in keys.items()]
    try:
        make_private(path)
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")  # what is lost is made again; what is damaged is seen
            db.execute("BEGIN IMMEDIATE")
            db.execute(_TABLE)
            db.execute(f"PRAGMA user_version = {VERSION}")
            rows = [(pixels, key, _sum(pixels, key)) for pixels, key in told]
            db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)
            db.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        words = f"{path} cannot be written ({why(error)})"
        raise IndexTrouble(words, remedies=(Remedy(Way.INDEX_ANEW),)) from error


def keys_of(path: Path, wanted: Collection[bytes]) -> Mapping[bytes, int]:
    """The keys of those of these pixels that are known; none where there is no such file, or it cannot be read."""
    found: dict[bytes, int] = {}
    if not wanted or not path.is_file():
        return found
    with suppress(sqlite3.Error), closing(_opened(path)) as db:
        if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            return found
        asked_for = list(wanted)
        for at in range(0, len(asked_for), _AT_ONCE):
            some = asked_for[at : at + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            asked = f"SELECT pixels, key, sum FROM rows WHERE pixels IN ({marks})"  # noqa: S608  (question marks)
            rows = db.execute(asked, some).fetchall()
            found |= {pixels: int.from_bytes(key) for pixels, key, told in rows if told == _sum(pixels, key)}
    return found


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)


def _sum(pixels: bytes, key: object) -> bytes:
    """What stands beside a key; b"" beside what is none."""
    return hashlib.sha256(pixels + key).digest()[:4] if isinstance(key, bytes) else b""
