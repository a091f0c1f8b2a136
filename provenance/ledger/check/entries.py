"""One pass over the entries: each leaf hashed again, the tree built beside the stored one, each root compared.

Where provenance/ledger/check/fast.py finds all as it was written, that was the pass; else this one says what is not.
A subtree that disagrees is reported once, and the stored hash taken in its place: then the subtrees above agree
again, and the report names the two entries that the fault lies in instead of everything to the right of it. Roots are
another matter: they are those of the entries as they stand, and no stored hash takes part in them.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from provenance.errors import StatementError
from provenance.ledger.check.fast import (
    KINDS,
    LABELLED,
    MAX_TIMES,
    PLACES,
    fast_pass,
    runs_back,
)
from provenance.ledger.entries.bodies import Erased
from provenance.ledger.entries.codec import ABOUT_PEOPLE, read_text
from provenance.ledger.entries.entry import TIME
from provenance.ledger.entries.sealed import check_text
from provenance.ledger.entries.shape import Shape
from provenance.ledger.store.references import KnownIds
from provenance.ledger.store.texts import is_foreign
from provenance.ledger.store.tree import count_inner
from provenance.proof.merkle import HASH_SIZE, fold, leaf_hash, node_hash
from provenance.statement.commitment import commitment

MAX_FAULTS = 200  # after as many, what is wrong is plain
EVERY = 1000  # entries between two signs of progress
Progress = Callable[[int, int], None]

_SEALED = b'{"private":"'
_HEX = 64
_LABELS = {place.encode(): label for label, place in PLACES.items()}
# As bytes: what was damaged may be no text.
_ENTRIES = """
SELECT rowid, at, kind, coalesce(CAST(leaf_hash AS BLOB), x''), coalesce(CAST(body AS BLOB), x''),
       typeof(body) = 'text' AND typeof(leaf_hash) = 'blob'
FROM entries ORDER BY rowid
"""
_TEXTS = "SELECT entry, salt, value, field, about, position FROM private ORDER BY entry, position"


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
        self.backwards: list[tuple[int, str, str]] = []  # entry, the time before it, its own earlier one
        self._clock = ""
        self._known = KnownIds(connection)
        self._stored_edge: list[bytes] = []  # as `edge`, of the hashes that are stored
        self._tree_whole = True  # False once a stored subtree is missing: those after it cannot be told apart
        self.roots: dict[int, bytes] = {}  # at the sizes to watch
        self.checkpoints = 0
        self._agreed = 0  # the largest size whose stored checkpoint has the right root
        self._disagreed = False
        self._missing: dict[int, int] = {}  # entry -> private texts that are not held

    def run(self) -> None:
        found = fast_pass(self._db, self._watch, self._progress)
        if found is None:
            self.search()
            return
        self.size, self.edge, self.roots = found.size, found.edge, found.roots
        self.checkpoints = found.checkpoints
        self.backwards = found.backwards

    def search(self) -> None:
        """Finds what is wrong, entry by entry."""
        total = self._db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
        nodes = self._db.execute("SELECT number, hash FROM tree_nodes ORDER BY number")
        private = _Groups(self._db.execute(_TEXTS))
        signed = _Groups(self._db.execute("SELECT size, root FROM checkpoints ORDER BY size"))
        entries = self._db.execute(_ENTRIES)
        for seq, at, kind, stored, body, typed in entries:
            leaf = self._entry(seq, at, kind, stored, body, typed)
            if seq != self.size:
                self._gap(seq)
            self._sealed(seq, kind, body, private)
            said = self._read(seq, kind, body, told=leaf != stored)
            if isinstance(said, Erased):
                self._forgotten(seq, said)
            self.size = seq + 1
            if self.whole:
                _grow(self.edge, seq, leaf)
            if self.whole and self._tree_whole:
                self._compare(seq, stored, nodes)
            if self.size in self._watch and self.whole:
                self.roots[self.size] = fold(self.edge)
            for _, root in signed.take(self.size) if self.whole else ():
                self._signed(root)
            if self._progress is not None and seq % EVERY == 0:
                self._progress(self.size, total)
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

    def _entry(self, seq: int, at: object, kind: object, stored: bytes, body: bytes, typed: object) -> bytes:
        """The hash of the entry as it stands; says what of the entry itself is not as it should be."""
        if not isinstance(at, str) or not TIME.fullmatch(at) or not isinstance(kind, str):
            self.fault(
                "entry", f"entry {seq} holds no entry: its time or kind is not text of the right form", seq
            )
            return _NO_LEAF
        if len(self.backwards) < MAX_TIMES:
            self.backwards += runs_back(self._clock, seq, [at])
        self._clock = at
        leaf = leaf_hash(_leaf(seq, at, kind, body))
        if not typed:
            self.fault("entry", f"entry {seq} holds no entry: its body is not text of the right form", seq)
        elif kind not in KINDS:
            self.fault("entry", f"entry {seq} is of no known kind", seq)
        elif leaf != stored:
            self.fault(
                "entry", f"entry {seq} is not what its hash was taken over: one of them was changed", seq
            )
        return leaf

    def _read(self, seq: int, kind: object, body: bytes, *, told: bool) -> Shape | None:
        """What the entry says; None, and a fault, where nobody can read it. `told`: it is named already as changed."""
        if kind not in KINDS:
            return None
        try:
            said = read_text(str(kind), body)
            if kind in ABOUT_PEOPLE:
                self._known.refuse_unknown(said, seq)
        except StatementError as error:
            if not told:
                self.fault("entry", f"entry {seq} cannot be read, and is skipped: {error}", seq)
            return None
        return said

    def _compare(self, seq: int, stored: object, nodes: Iterator[tuple[int, bytes]]) -> None:
        """Takes the stored hash into the stored edge, comparing each subtree that it completes with the stored one."""
        top = stored if isinstance(stored, bytes) and len(stored) == HASH_SIZE else b"\0" * HASH_SIZE
        place, level = seq, 0
        while place & 1:
            top = node_hash(self._stored_edge.pop(), top)
            place, level = place >> 1, level + 1
            row = next(nodes, None)
            number = count_inner(seq) + level - 1
            if row is None or row[0] != number:
                self.fault("tree", f"the stored tree over entries {place << level} to {seq} is missing", seq)
                self._tree_whole = False
                return
            if row[1] != top:
                first = place << level
                words = f"entry {first} or {seq}" if level == 1 else f"an entry from {first} to {seq}"
                self.fault("tree", f"{words} is not the one that the stored tree was made of", first)
                if isinstance(row[1], bytes) and len(row[1]) == HASH_SIZE:
                    top = row[1]
        self._stored_edge.append(top)

    def _signed(self, root: object) -> None:
        self.checkpoints += 1
        # Of the stored hashes: an entry that its hash does not fit is named already.
        if fold(self._stored_edge if self._tree_whole else self.edge) == root:
            self._agreed = self.size
        elif not self._disagreed:
            self._disagreed = True
            self.fault(
                "checkpoint",
                f"entries {self._agreed} to {self.size - 1} are not those that were signed for at size {self.size}",
                self._agreed,
            )

    def _sealed(self, seq: int, kind: str, body: bytes, private: "_Groups") -> None:
        """The texts of an entry against what it committed to."""
        sealed = _sealed_in(body)
        count, named = len(sealed), None
        for _, salt, value, label, about, position in private.take(seq) if private.key <= seq else ():
            digest = b""
            if isinstance(salt, bytes) and isinstance(value, str):
                digest = commitment(salt, value).encode()
            place = sealed.pop(digest, None)
            if place is None:
                self.fault("private", f"a private text of entry {seq} is not the one it was sealed with", seq)
                continue
            try:
                check_text(str(label), str(value))
            except StatementError as error:
                self.fault("entry", f"entry {seq} cannot be read, and is skipped: {error}", seq)
            if kind in LABELLED:
                if about != named and f'"{about}"'.encode() in body:
                    named = about
                if label != _LABELS.get(place) or about != named or position not in range(count):
                    words = f"a private text of entry {seq} carries a label that is not its own"
                    self.fault("private", words, seq)
        if sealed:
            self._missing[seq] = len(sealed)

    def _forgotten(self, seq: int, said: Erased) -> None:
        """What a private.erased entry says is gone may be missing."""
        for gone in said.erased:
            entry = gone.entry
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
        if self.whole and self._tree_whole and next(nodes, None) is not None:
            words = f"the stored tree covers more than {self.size} entries: the last were cut off"
            self.fault("tree", words, self.size)
        for size, _ in signed.rest():
            if size <= self.size:  # behind a gap, whose fault is told: no root can be computed there
                continue
            self.fault("checkpoint", f"{size} entries were signed for, and {self.size} are left", self.size)
        for row in (*private.stray, *private.rest()):
            self.fault("private", f"a private text belongs to entry {row[0]}, which is not there")
        for row in signed.stray:
            self.fault("checkpoint", f"a stored checkpoint has the impossible size {row[0]}")
        for seq in () if is_foreign(self._db) else self._missing:
            self.fault("private", f"a private text of entry {seq} is gone, and no entry says why", seq)


_NO_LEAF = b"\0" * HASH_SIZE  # of what is no entry: no signed root was made with it


def _grow(edge: list[bytes], seq: int, leaf: bytes) -> None:
    """Takes a leaf into the right edge of a tree."""
    place = seq
    while place & 1:
        leaf, place = node_hash(edge.pop(), leaf), place >> 1
    edge.append(leaf)


def _leaf(seq: int, at: str, kind: str, body: bytes) -> bytes:
    """`leaf_of(…)`, from the body's bytes, which may be no text."""
    return b'{"at":"%b","body":%b,"kind":"%b","seq":%d}' % (at.encode(), body, kind.encode(), seq)


def _sealed_in(body: bytes) -> dict[bytes, bytes]:
    """The commitments in a body, each with the name of the field that it stands in, b"" in a list.

    Found by their place in the text: canonical JSON has one spelling, and a pattern takes ten times as long.
    """
    found = {}
    before, *parts = body.split(_SEALED)
    for part in parts:
        if part[_HEX : _HEX + 2] == b'"}':
            named = before.endswith(b'":')
            found[part[:_HEX]] = before[before.rfind(b'"', 0, -2) + 1 : -2] if named else b""
        before = part
    return found


class _Groups:
    """Rows that are sorted by their first column, taken key by key beside another sorted walk.

    `key` is that of the next rows, infinite after the last: nothing is to be taken before the walk has come so far.
    """

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self.key: float = 0
        self.stray: list[tuple[Any, ...]] = []  # rows whose key the walk passed over
        self._step()

    def _step(self) -> None:
        found, self._rows = next(self._groups, (math.inf, iter(())))
        self.key = found if isinstance(found, int | float) else -1  # what is no number belongs to nothing

    def take(self, key: int) -> list[tuple[Any, ...]]:
        """The rows of this key, which the walk has come to."""
        while self.key < key:
            self.stray += islice(self._rows, MAX_FAULTS)
            self._step()
        if self.key != key:
            return []
        found = list(self._rows)
        self._step()
        return found

    def rest(self) -> Iterator[tuple[Any, ...]]:
        """What no key of the walk was equal to, behind its end."""
        while self.key != math.inf:
            yield from self._rows
            self._step()
