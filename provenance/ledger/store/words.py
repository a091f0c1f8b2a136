"""The full-text index over private texts: their words as it holds them, as it is asked for them, and put in and out."""

import re
import sqlite3
from collections.abc import Iterable, Sequence

# A word is a run of letters in most scripts; Chinese, Japanese and Korean text has no spaces to split at.
_UNSPACED = re.compile(
    r"([\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3100-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003fffd])"
)


def searchable(values: Iterable[str]) -> str:
    """The texts as they are indexed: every unspaced character is a word of its own."""
    return _UNSPACED.sub(r" \1 ", "\n".join(values))


def query(words: str) -> str:
    """An FTS5 query for entries that hold every one of these words; nothing in it is an operator.

    >>> query('snow "AND 犬と')
    '"snow" "AND" "犬 と"'
    """
    quoted = []
    for word in words.split():
        inner = " ".join(_UNSPACED.sub(r" \1 ", word.replace('"', " ").replace("\0", " ")).split())
        if inner:
            quoted.append(f'"{inner}"')
    return " ".join(quoted)


def index_words(connection: sqlite3.Connection, seq: int, values: Sequence[str]) -> None:
    """Makes an entry's private texts findable."""
    if values:
        connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (seq, searchable(values)))


def forget_words(connection: sqlite3.Connection, seq: int, values: Sequence[str]) -> None:
    """Takes an entry out of the index; `values` are all that it was indexed with."""
    if values:
        connection.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (seq, searchable(values))
        )
