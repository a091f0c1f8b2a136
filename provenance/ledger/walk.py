"""One pass over the entries: each leaf hashed again, the tree built beside the stored one, each root compared.

A subtree that disagrees is reported once, and the stored hash taken in its place: then the subtrees above agree
again, and the report names the two entries that the fault lies in instead of everything to the right of it.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from provenance.errors import StatementError
from provenance.ledger.body import read_erased
from provenance.ledger.entry import EntryKind, leaf_of
from provenance.ledger.query import is_foreign
from provenance.private import commitment
from provenance.proof.merkle import fold, leaf_hash, node_hash

MAX_FAULTS = 200  # after as many, what is wrong is plain
EVERY = 1000  # entries between two signs of progress
Progress = Callable[[int, int], None]

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_KINDS = frozenset(kind.value for kind in EntryKind)
_SEALED = '{"private":"'
_HEX = 64
# What an opened text is called, by the field that it was sealed in; kinds about people choose their own words.
_LABELS = {"text": "prompt", "negative": "negative prompt", "note": "note", "name": "name"}
_LABELLED = frozenset({EntryKind.PICTURE_REQUESTED, EntryKind.PERSON_ADDED})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written. `entry` is the number of the entry at fault, where there is one."""

    code: str
    words: str
    entry: int | None = None


class Walk:
    """The pass. `faults` fill up while it runs; `size`, `edge` and `roots` are what it found."""

    def __init__(
        self, connection: sqlite3.Connection, watch: frozenset[int], on_progress: Progress | None
    ) -> None:
        self._db = connection
        self._watch = watch
        self._progress = on_progress
        self.faults: list[Fault] = []
        self.more = 0  # faults beyond MAX_FAULTS
        self.edge: list[bytes] = []
        self.size = 0
        self.whole = True  # False once an entry is missing: then no root can be computed
        self.roots: dict[int, bytes] = {}  # at the sizes to watch
        self.checkpoints = 0
        self._agreed = 0  # the largest size whose stored checkpoint has the right root
        self._disagreed = False
        self._missing: dict[int, int] = {}  # entry -> private texts that are not held

    def run(self) -> None:
        total = self._db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
        nodes = self._db.execute("SELECT number, hash FROM tree_nodes ORDER BY number")
        private = _Groups(
            self._db.execute(
                "SELECT entry, salt, value, field, about, position FROM private ORDER BY entry, position"
            )
        )
        signed = _Groups(self._db.execute("SELECT size, root FROM checkpoints ORDER BY size"))
        for seq, at, kind, body, stored in self._db.execute(
            "SELECT seq, at, kind, body, leaf_hash FROM entries ORDER BY seq"
        ):
            if seq != self.size:
                self._gap(seq)
            self._row(seq, at, kind, body, stored)
            self._sealed(seq, kind, body, private)
            if kind == EntryKind.PRIVATE_ERASED:
                self._forgotten(seq, body)
            self.size = seq + 1
            if self.whole:
                self._grow(seq, stored, nodes)
                for _, root in signed.take(self.size):
                    self._signed(root)
            if self._progress is not None and seq % EVERY == 0:
                self._progress(seq, total)
        self._ends(nodes, signed, private)

    def fault(self, code: str, words: str, entry: int | None = None) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(code, words, entry))
        else:
            self.more += 1

    def root(self) -> bytes | None:
        return fold(self.edge) if self.whole and self.edge else None

    def _gap(self, found: int) -> None:
        words = f"entries {self.size} to {found - 1} are missing"
        if found == self.size + 1:
            words = f"entry {self.size} is missing"
        self.fault("entry", f"{words}; the next one is {found}", self.size)
        self.whole = False

    def _row(self, seq: int, at: object, kind: object, body: object, stored: object) -> None:
        if not isinstance(body, str) or not isinstance(at, str) or not _AT.fullmatch(at):
            self.fault(
                "entry", f"entry {seq} holds no entry: its time or body is not text of the right form", seq
            )
        elif kind not in _KINDS:
            self.fault("entry", f"entry {seq} is of no known kind", seq)
        elif leaf_hash(leaf_of(seq, at, str(kind), body)) != stored:
            self.fault("entry", f"entry {seq} was changed after it was written: its hash is another", seq)

    def _grow(self, seq: int, stored: object, nodes: Iterator[tuple[int, bytes]]) -> None:
        """Takes the leaf into the edge, comparing each subtree that it completes with the stored one."""
        top = stored if isinstance(stored, bytes) and len(stored) == 32 else b"\0" * 32
        place, level = seq, 0
        while place & 1:
            top = node_hash(self.edge.pop(), top)
            place, level = place >> 1, level + 1
            row = next(nodes, None)
            number = (seq - seq.bit_count()) + level - 1
            if row is None or row[0] != number:
                self.fault("tree", f"the stored tree over entries {place << level} to {seq} is missing", seq)
                self.whole = False
                return
            if row[1] != top:
                first = place << level
                words = f"entry {first} or {seq}" if level == 1 else f"an entry from {first} to {seq}"
                self.fault("tree", f"{words} is not the one that the stored tree was made of", first)
                if isinstance(row[1], bytes) and len(row[1]) == 32:
                    top = row[1]
        self.edge.append(top)
        if self.size in self._watch:
            self.roots[self.size] = fold(self.edge)

    def _signed(self, root: object) -> None:
        self.checkpoints += 1
        if fold(self.edge) == root:
            self._agreed = self.size
        elif not self._disagreed:
            self._disagreed = True
            self.fault(
                "checkpoint",
                f"entries {self._agreed} to {self.size - 1} are not those that were signed for at size {self.size}",
                self._agreed,
            )

    def _sealed(self, seq: int, kind: object, body: object, private: "_Groups") -> None:
        rows = private.take(seq)
        if not rows and not (isinstance(body, str) and _SEALED in body):
            return
        text = body if isinstance(body, str) else ""
        sealed = _sealed_in(text)
        count = len(sealed)
        for _, salt, value, label, about, position in rows:
            digest = commitment(salt, value) if isinstance(salt, bytes) and isinstance(value, str) else ""
            if digest not in sealed:
                self.fault("private", f"a private text of entry {seq} is not the one it was sealed with", seq)
                continue
            place = sealed.pop(digest)
            if kind in _LABELLED and (
                label != _LABELS.get(place) or f'"{about}"' not in text or position not in range(count)
            ):
                self.fault(
                    "private", f"a private text of entry {seq} carries a label that is not its own", seq
                )
        if sealed:
            self._missing[seq] = len(sealed)

    def _forgotten(self, seq: int, body: object) -> None:
        """What a private.erased entry says is gone may be missing."""
        try:
            said = read_erased(json.loads(str(body))).erased
        except (ValueError, StatementError, RecursionError):
            self.fault("entry", f"entry {seq} cannot be read", seq)
            return
        for entry, _ in said:
            left = self._missing.get(entry, 0) - 1
            if left < 0:
                self.fault(
                    "private", f"entry {seq} says that entry {entry} was erased, and its text is held", entry
                )
            elif left == 0:
                del self._missing[entry]
            else:
                self._missing[entry] = left

    def _ends(self, nodes: Iterator[tuple[int, bytes]], signed: "_Groups", private: "_Groups") -> None:
        if self.whole and next(nodes, None) is not None:
            words = f"the stored tree covers more than {self.size} entries: the last were cut off"
            self.fault("tree", words, self.size)
        for size, _ in signed.rest():
            self.fault("checkpoint", f"{size} entries were signed for, and {self.size} are left", self.size)
        for row in (*private.stray, *private.rest()):
            self.fault("private", f"a private text belongs to entry {row[0]}, which is not there")
        for row in signed.stray:
            self.fault("checkpoint", f"a stored checkpoint has the impossible size {row[0]}")
        for seq in () if is_foreign(self._db) else self._missing:
            self.fault("private", f"a private text of entry {seq} is gone, and no entry says why", seq)


def _sealed_in(body: str) -> dict[str, str]:
    """The commitments in a canonical body, each with the name of the field that it stands in, "" in a list.

    Found by their place in the text: canonical JSON has one spelling, and a pattern takes ten times as long.
    """
    found = {}
    at = body.find(_SEALED)
    while at >= 0:
        end = at + len(_SEALED) + _HEX
        if body[end : end + 2] == '"}':
            named = body[at - 2 : at] == '":'
            found[body[end - _HEX : end]] = body[body.rfind('"', 0, at - 2) + 1 : at - 2] if named else ""
        at = body.find(_SEALED, at + 1)
    return found


class _Groups:
    """Rows that are sorted by their first column, taken key by key beside another sorted walk."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self.stray: list[tuple[Any, ...]] = []  # rows whose key the walk passed over

    def take(self, key: int) -> list[tuple[Any, ...]]:
        if self._next is None or (isinstance(self._next[0], int) and self._next[0] > key):
            return []
        found = []
        while self._next is not None and not (isinstance(self._next[0], int) and self._next[0] > key):
            if self._next[0] == key:
                found.append(self._next)
            elif len(self.stray) < MAX_FAULTS:
                self.stray.append(self._next)
            self._next = next(self._rows, None)
        return found

    def rest(self) -> Iterator[tuple[Any, ...]]:
        while self._next is not None:
            yield self._next
            self._next = next(self._rows, None)
