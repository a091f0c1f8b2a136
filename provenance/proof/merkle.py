"""The Merkle tree of RFC 9162, section 2.1: roots, proofs and their verification. It stores nothing itself.

A leaf hashes as SHA-256(0x00 || leaf), two subtrees join as SHA-256(0x01 || left || right), and a tree of n
leaves splits at the largest power of two below n. Seven leaves, and the perfect subtrees, (level, position):

    root          ────┐
    (2,0)   ─┐        ├──────────┐
    (1,0)   (1,1)   (1,2)        │
    0   1   2   3   4   5        6

Perfect subtrees never change, so they are worth storing: `Frontier.append` returns the ones that a new leaf
completes, and every proof is made from them (`inclusion_nodes`, `consistency_nodes`), not from all leaves.

>>> leaves = [leaf_hash(bytes([i])) for i in range(7)]
>>> inclusion_nodes(2, 7)       # leaf 3; (1,0); and the subtree over 4, 5 and 6, from two perfect ones
[(Node(0, 3),), (Node(1, 0),), (Node(1, 2), Node(0, 6))]
>>> proof = inclusion_proof(2, 7, nodes_of(leaves))
>>> verify_inclusion(2, 7, leaves[2], proof, root(leaves))
>>> verify_inclusion(3, 7, leaves[2], proof, root(leaves))  # doctest: +ELLIPSIS
Traceback (most recent call last):
provenance.errors.InclusionError: the path of entry 3 leads to root bff..., the checkpoint of size 7 says ...
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from provenance.errors import ConsistencyError, InclusionError, ProofError

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """A perfect subtree: 2**level leaves, the first of them leaf position * 2**level. Level 0 is a leaf."""

    level: int
    position: int

    def __repr__(self) -> str:
        return f"Node({self.level}, {self.position})"


Lookup: TypeAlias = Callable[[Node], bytes]


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the hashes of its perfect subtrees from left to right, largest first.

    There are as many as `size` has one-bits. `hashes` and `size` are all that has to be kept to go on;
    `frontier_nodes(size)` says which subtrees they are.
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        expected = self.size.bit_count()
        if self.size < 0 or len(self.hashes) != expected:
            raise ProofError(
                f"the right edge of {self.size} leaves has {expected} hashes, not {len(self.hashes)}"
            )
        _check_lengths(self.hashes, ProofError)

    def append(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Takes a leaf hash; returns the inner subtrees that it completes, lowest first (one on average)."""
        if len(leaf) != HASH_SIZE:
            raise ProofError(f"a tree hash has {HASH_SIZE} bytes, this one {len(leaf)}")
        completed = []
        index, level, top = self.size, 0, leaf
        while index & 1:
            top = node_hash(self.hashes.pop(), top)
            index, level = index >> 1, level + 1
            completed.append((Node(level, index), top))
        self.hashes.append(top)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root over the leaves so far; SHA-256 of nothing for none."""
        return fold(self.hashes) if self.hashes else EMPTY_ROOT

    def copy(self) -> "Frontier":
        return Frontier(self.size, list(self.hashes))


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over all leaf hashes, in one pass and O(log n) memory."""
    frontier = Frontier()
    for each in leaf_hashes:
        frontier.append(each)
    return frontier.root()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a subtree from those of its perfect subtrees, left to right."""
    joined = hashes[-1]
    for left in hashes[-2::-1]:
        joined = hashlib.sha256(
            b"\x01" + left + joined
        ).digest()  # node_hash, without a call for each of a million
    return joined


def nodes_of(leaf_hashes: Sequence[bytes]) -> Lookup:
    """The lookup of a tree that is held in memory, for small trees and tests."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda node: levels[node.level][node.position]


def frontier_nodes(size: int) -> tuple[Node, ...]:
    """The perfect subtrees of a tree of `size` leaves, left to right; their fold is its root."""
    return _perfect(0, size)


def inclusion_nodes(index: int, size: int) -> list[tuple[Node, ...]]:
    """For each hash of the proof, leaf's sibling first, the perfect subtrees whose fold it is."""
    if not 0 <= index < size:
        raise InclusionError(f"a tree of {size} entries has no entry {index}; the first is 0")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return [_perfect(*each) for each in reversed(ranges)]


def consistency_nodes(old: int, new: int) -> list[tuple[Node, ...]]:
    """For each hash of the proof that `new` leaves continue `old`, the perfect subtrees whose fold it is."""
    if not 0 <= old <= new:
        raise ConsistencyError(f"a log only grows: {new} entries cannot continue {old}")
    if old in (0, new):
        return []
    start, end, ranges = 0, new, []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # else the old tree is itself this subtree, and the verifier has its root
        ranges.append((start, end))
    return [_perfect(*each) for each in reversed(ranges)]


def inclusion_proof(index: int, size: int, node: Lookup) -> list[bytes]:
    """The hashes beside the path from entry `index` up to the root of `size` entries (2.1.3.1)."""
    return [fold([node(each) for each in group]) for group in inclusion_nodes(index, size)]


def consistency_proof(old: int, new: int, node: Lookup) -> list[bytes]:
    """The hashes that lead from the root of `old` entries to that of `new` (2.1.4.1)."""
    return [fold([node(each) for each in group]) for group in consistency_nodes(old, new)]


def prefix_proof(old: int, new: int, node: Lookup) -> list[bytes]:
    """Hashes from which `prefix_roots` computes the roots of both trees, 0 < old < new, knowing neither."""
    path = consistency_proof(old, new, node)
    # The RFC leaves out the old tree where that is one perfect subtree: its verifier has the root.
    return [node(frontier_nodes(old)[0]), *path] if old.bit_count() == 1 else path


def prefix_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the first `old` and of all `new` entries that these hashes lead to."""
    if not 0 < old < new:
        raise ConsistencyError(f"there is nothing to show from {old} to {new} entries")
    expected = len(consistency_nodes(old, new)) + (old.bit_count() == 1)
    if len(path) != expected:
        raise ConsistencyError(f"from {old} to {new} entries it takes {expected} hashes, not {len(path)}")
    _check_lengths(path, ConsistencyError)
    return _climb(old, new, path)


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> None:
    """Raises InclusionError unless leaf hash `leaf` is entry `index` under root `expected` (2.1.3.2)."""
    groups = inclusion_nodes(index, size)
    if len(proof) != len(groups):
        raise InclusionError(
            f"the proof of entry {index} among {size} has {len(groups)} hashes, this one {len(proof)}"
        )
    _check_lengths([leaf, *proof, expected], InclusionError)
    step, last, computed = index, size - 1, leaf
    for sibling in proof:
        if step & 1 or step == last:
            computed = node_hash(sibling, computed)
            while not step & 1 and step:
                step, last = step >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        step, last = step >> 1, last >> 1
    if computed != expected:
        raise InclusionError(
            f"the path of entry {index} leads to root {computed.hex()}, "
            f"the checkpoint of size {size} says {expected.hex()}"
        )


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ConsistencyError unless the tree of `new` entries begins with that of `old` (2.1.4.2)."""
    groups = consistency_nodes(old, new)
    if len(proof) != len(groups):
        raise ConsistencyError(
            f"the proof from {old} to {new} entries has {len(groups)} hashes, this one {len(proof)}"
        )
    _check_lengths([old_root, new_root, *proof], ConsistencyError)
    if old == 0:
        found_old, found_new = EMPTY_ROOT, new_root if new else EMPTY_ROOT
    elif old == new:
        found_old, found_new = old_root, old_root
    else:
        found_old, found_new = _climb(old, new, [old_root, *proof] if old.bit_count() == 1 else proof)
    if found_old != old_root:
        raise ConsistencyError(
            f"the proof leads to root {found_old.hex()} for {old} entries, "
            f"the older checkpoint says {old_root.hex()}"
        )
    if found_new != new_root:
        raise ConsistencyError(
            f"the proof leads to root {found_new.hex()} for {new} entries, "
            f"the newer checkpoint says {new_root.hex()}"
        )


def _climb(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a path leads to; its first hash is the last subtree of the old tree."""
    step, last = old - 1, new - 1
    while step & 1:
        step, last = step >> 1, last >> 1
    found_old = found_new = path[0]
    for each in path[1:]:
        if step & 1 or step == last:
            found_old = node_hash(each, found_old)
            found_new = node_hash(each, found_new)
            while not step & 1 and step:
                step, last = step >> 1, last >> 1
        else:
            found_new = node_hash(found_new, each)
        step, last = step >> 1, last >> 1
    return found_old, found_new


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _perfect(start: int, end: int) -> tuple[Node, ...]:
    """The perfect subtrees of a range that is itself a subtree, left to right."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return tuple(found)


def _check_lengths(hashes: Iterable[bytes], error: type[ProofError]) -> None:
    for each in hashes:
        if len(each) != HASH_SIZE:
            raise error(f"a tree hash has {HASH_SIZE} bytes, this one {len(each)}")
