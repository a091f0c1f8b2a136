"""Whether a whole ledger is as it was written: one pass with one answer, yes or no.

It looks at all that provenance/ledger/check/entries.py looks at, a stretch of entries at a time, and takes half as
long because it cannot say what is wrong: at the first thing that is not as it should be it stops, and the other pass
finds out what.
"""

import hashlib
import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import gt, itemgetter
from typing import Any

import msgspec

from provenance.errors import StatementError
from provenance.ledger.entries.bodies import Erased
from provenance.ledger.entries.codec import ABOUT_PEOPLE, DECODERS
from provenance.ledger.entries.entry import TIME
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.sealed import check_text
from provenance.ledger.entries.shape import Shape
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.texts import is_foreign
from provenance.ledger.store.tree import count_inner
from provenance.proof.merkle import fold
from provenance.statement.commitment import SALT, commitments

STRETCH = 200  # entries taken at once: as many as stay in a processor's cache
KINDS = frozenset(kind.value for kind in EntryKind)
MAX_TIMES = 20  # places at which the clock ran back, that are told
# What an opened text is called, and the field that it was sealed in; kinds about people choose their own words.
PLACES = {
    "prompt": "text",
    "negative prompt": "negative",
    "given prompt": "given",
    "note": "note",
    "name": "name",
}
LABELLED = frozenset({EntryKind.PICTURE_REQUESTED.value, EntryKind.PERSON_ADDED.value})

_ENDS = {label: f'"{place}":' for label, place in PLACES.items()}
_NO_END = "\0"  # stands in no body
_HEX = 64
_SEALED = '{"private":"'
_TIMES = re.compile(rf"(?:{TIME.pattern}\n)+")
_TIME_LINE = 28  # characters, with the end of the line
_ENTRIES = "SELECT rowid, at, kind, body, leaf_hash FROM entries ORDER BY rowid"
_NODES = "SELECT number, hash FROM tree_nodes ORDER BY number"
_SIGNED = "SELECT size, root FROM checkpoints ORDER BY size"
_TEXTS = "SELECT entry, position, field, about, salt, value FROM private ORDER BY entry, position"

Row = tuple[int, str, str, str, bytes]
Text = tuple[int, int, str, str, bytes, str]


class _Other(Exception):
    """Something is not as it was written."""


@dataclass(slots=True)
class Passed:
    """What the pass came to: the right edge of the tree, the roots at the sizes that were watched, what was signed.

    `backwards` are the times at which the log's clock ran back: the entry, the time before it, its own.
    """

    size: int = 0
    edge: list[bytes] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    checkpoints: int = 0
    backwards: list[tuple[int, str, str]] = field(default_factory=list)


def fast_pass(
    connection: sqlite3.Connection, watch: frozenset[int], on_progress: Callable[[int, int], None] | None
) -> Passed | None:
    """The ledger's end where every entry, subtree, checkpoint and private text is as it was written, else None."""
    try:
        return _Pass(connection, watch).run(on_progress)
    except (_Other, sqlite3.Error, TypeError, ValueError, KeyError, StatementError, RecursionError):
        return None
    except msgspec.MsgspecError:
        return None


class _Pass:
    def __init__(self, connection: sqlite3.Connection, watch: frozenset[int]) -> None:
        self._db = connection
        self._watch = watch
        self._found = Passed()
        self._nodes = connection.execute(_NODES)
        self._signed = _Ahead(connection.execute(_SIGNED))
        self._texts = _Ahead(connection.execute(_TEXTS))
        self._missing: dict[int, int] = {}  # entry -> private texts that are not held
        self._known = KnownIds(connection)
        self._clock = ""  # the time of the last entry

    def run(self, on_progress: Callable[[int, int], None] | None) -> Passed:
        found = self._found
        total = self._db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
        entries = self._db.execute(_ENTRIES)
        while rows := entries.fetchmany(STRETCH):
            self._entries(rows)
            self._private(rows, self._read(rows))
            self._tree([row[4] for row in rows])
            if on_progress is not None:
                on_progress(found.size, total)
        self._needs(not self._missing or is_foreign(self._db))
        self._needs(self._nodes.fetchone() is None and not self._signed.rest() and not self._texts.rest())
        return found

    def _needs(self, fact: bool) -> None:
        if not fact:
            raise _Other

    def _entries(self, rows: Sequence[Row]) -> None:
        """Each of them of a known kind, in its place, and what its hash was taken over."""
        seqs, times, kinds, bodies, stored = zip(*rows, strict=True)
        size = self._found.size
        self._needs(seqs == tuple(range(size, size + len(rows))) and KINDS.issuperset(kinds))
        self._needs({*map(type, times), *map(type, bodies)} == {str})
        # As many characters as there are lines of this form: no time holds a line of its own.
        lines = "\n".join(times) + "\n"
        self._needs(len(lines) == _TIME_LINE * len(rows) and _TIMES.fullmatch(lines) is not None)
        if self._clock > times[0] or any(map(gt, times, times[1:])):
            found = self._found.backwards
            found += runs_back(self._clock, size, times)[: MAX_TIMES - len(found)]
        self._clock = times[-1]
        sha256 = hashlib.sha256
        made = [  # `leaf_hash(leaf_of(…))`, without two calls for each of a million
            sha256(f'\0{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq}}}'.encode()).digest()
            for seq, at, kind, body, _ in rows
        ]
        self._needs(made == list(stored))

    def _read(self, rows: Sequence[Row]) -> list[Shape]:
        """What each of them says, and nothing of it about somebody who is not on record."""
        said = [DECODERS[row[2]].decode(row[3]) for row in rows]
        for each, (seq, _, kind, _, _) in zip(said, rows, strict=True):
            if kind in ABOUT_PEOPLE:
                self._known.refuse_unknown(each, seq)
        return said

    def _tree(self, leaves: Sequence[bytes]) -> None:
        """The subtrees that they complete, and the roots that were signed for on the way, against those stored."""
        found, edge, watch, sha256 = self._found, self._found.edge, self._watch, hashlib.sha256
        size, stop = found.size, found.size + len(leaves)
        first, signed, made = count_inner(size), dict(self._signed.until(stop)), []
        found.checkpoints += len(signed)
        for leaf in leaves:
            place, top = size, leaf
            while place & 1:
                top = sha256(b"\1" + edge.pop() + top).digest()
                made.append(top)
                place >>= 1
            edge.append(top)
            size += 1
            if size in signed:
                self._needs(fold(edge) == signed.pop(size))
            if size in watch:
                found.roots[size] = fold(edge)
        self._needs(not signed and self._nodes.fetchmany(len(made)) == list(enumerate(made, first)))
        found.size = stop

    def _private(self, rows: Sequence[Row], said: Sequence[Shape]) -> None:
        """Each text that is held against what its entry committed to; those not held are to be told of as erased."""
        texts: list[Text] = self._texts.until(rows[-1][0])
        salts, values = [text[4] for text in texts], [text[5] for text in texts]
        self._needs({bytes}.issuperset(map(type, salts)) and {str}.issuperset(map(type, values)))
        self._needs({SALT}.issuperset(map(len, salts)))
        for text in texts:
            check_text(text[2], text[5])
        made = commitments(zip(salts, values, strict=True))
        at, texts_left = 0, len(texts)
        for (seq, _, kind, body, _), each in zip(rows, said, strict=True):
            before, *parts = body.split(_SEALED)
            if parts:
                end = at
                while end < texts_left and texts[end][0] == seq:
                    end += 1
                # What stands in the body, each with the text before it, which ends in the name of its field.
                sealed = dict(zip([part[:_HEX] for part in parts], [before, *parts], strict=False))
                self._needs(len(sealed) == len(parts))
                self._needs(_fits(kind, body, sealed, texts[at:end], made[at:end]))
                if end - at < len(parts):
                    self._missing[seq] = len(parts) - (end - at)
                at = end
            if isinstance(each, Erased):
                self._forget(each)
        self._needs(at == texts_left)

    def _forget(self, said: Erased) -> None:
        """What a private.erased entry says is gone may be missing."""
        for gone in said.erased:
            left = self._missing.pop(gone.entry, 0) - 1
            self._needs(left >= 0)
            if left:
                self._missing[gone.entry] = left


def runs_back(before: str, first: int, times: Sequence[str]) -> list[tuple[int, str, str]]:
    """Where a time is earlier than the one before it: the entry, the time before, its own. `first` is their number.

    >>> runs_back("2026", 7, ["2036", "2026"])
    [(8, '2036', '2026')]
    """
    found = []
    for seq, at in enumerate(times, first):
        if at < before:
            found.append((seq, before, at))
        before = at
    return found


def _fits(kind: str, body: str, sealed: dict[str, str], texts: Sequence[Text], made: Sequence[str]) -> bool:
    """Whether the commitments made of these texts stand in the body, each once and under its own name."""
    if kind not in LABELLED:
        return sealed.keys() >= set(made) and len(set(made)) == len(made)
    count = len(sealed)
    for (_, position, name, about, _, _), each in zip(texts, made, strict=True):
        if not sealed.pop(each, "").endswith(_ENDS.get(name, _NO_END)) or not 0 <= position < count:
            return False
        if about != texts[0][3]:
            return False
    return not texts or f'"{texts[0][3]}"' in body


class _Ahead:
    """Rows that are sorted by their first column, a number, taken up to a key."""

    def __init__(self, rows: sqlite3.Cursor) -> None:
        self._rows = rows
        self._held: list[tuple[Any, ...]] = []

    def until(self, key: int) -> list[Any]:
        """The rows up to and with this key, behind those that were taken before."""
        while not self._held or self._held[-1][0] <= key:
            more = self._rows.fetchmany(STRETCH)
            if not more:
                break
            self._held += more
        end = bisect_right(self._held, key, key=itemgetter(0))
        found, self._held = self._held[:end], self._held[end:]
        return found

    def rest(self) -> list[Any]:
        return [*self._held, *self._rows.fetchmany(1)]
