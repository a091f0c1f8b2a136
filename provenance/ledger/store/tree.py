"""The Merkle tree as it is stored: leaf hashes in `entries`, perfect subtrees above them in `tree_nodes`.

A node's number counts the subtrees in the order in which they were completed, so that the table only ever
grows at its end; m entries have m - popcount(m) inner subtrees:

    (2,0) = 2       leaves 0..3          after 1, 2, 3, 4 entries there are 0, 1, 1, 3 nodes
    (1,0) = 0  (1,1) = 1

>>> [number_of(node) for node in (Node(1, 0), Node(1, 1), Node(2, 0), Node(1, 2), Node(1, 3), Node(3, 0))]
[0, 1, 2, 3, 4, 6]
"""

import sqlite3

from provenance.errors import LedgerDamaged
from provenance.proof.merkle import Frontier, Lookup, Node, fold, frontier_nodes


def number_of(node: Node) -> int:
    """Where an inner subtree (level 1 and above) stands in the order of completion."""
    before = ((node.position + 1) << node.level) - 1  # the leaves before the one that completed it
    return count_inner(before) + node.level - 1


def count_inner(size: int) -> int:
    """How many inner subtrees (level 1 and above) the first `size` entries complete."""
    return size - size.bit_count()


def size_of(connection: sqlite3.Connection) -> int:
    """How many entries there are."""
    found: int = connection.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
    return found


def nodes_in(connection: sqlite3.Connection) -> Lookup:
    """The stored hashes, by node."""

    def look(node: Node) -> bytes:
        if node.level == 0:
            row = connection.execute(
                "SELECT leaf_hash FROM entries WHERE seq = ?", (node.position,)
            ).fetchone()
        else:
            row = connection.execute(
                "SELECT hash FROM tree_nodes WHERE number = ?", (number_of(node),)
            ).fetchone()
        if row is None or not isinstance(row[0], bytes) or len(row[0]) != 32:
            first, last = node.position << node.level, ((node.position + 1) << node.level) - 1
            raise LedgerDamaged(f"the tree over entries {first} to {last} is missing")
        found: bytes = row[0]
        return found

    return look


def load_frontier(connection: sqlite3.Connection) -> Frontier:
    """The right edge of the stored tree, from as many rows as the size has one-bits."""
    size, look = size_of(connection), nodes_in(connection)
    return Frontier(size, [look(node) for node in frontier_nodes(size)])


def root_at(connection: sqlite3.Connection, size: int) -> bytes:
    """The root of the first `size` entries (at least one), from the stored tree."""
    look = nodes_in(connection)
    return fold([look(node) for node in frontier_nodes(size)])


def store_leaf(connection: sqlite3.Connection, frontier: Frontier, leaf_hash: bytes) -> None:
    """Takes one leaf into the edge and stores the subtrees that it completes."""
    completed = frontier.append(leaf_hash)
    if completed:
        connection.executemany(
            "INSERT INTO tree_nodes (number, hash) VALUES (?, ?)",
            [(number_of(node), value) for node, value in completed],
        )


def rebuild(connection: sqlite3.Connection) -> None:
    """Makes every subtree again from the stored leaf hashes."""
    connection.execute("DELETE FROM tree_nodes")
    frontier, done = Frontier(), 0
    while True:
        rows = connection.execute(
            "SELECT leaf_hash FROM entries WHERE seq >= ? ORDER BY seq LIMIT 10000", (done,)
        ).fetchall()
        for row in rows:
            store_leaf(connection, frontier, row[0])
        if not rows:
            return
        done += len(rows)
