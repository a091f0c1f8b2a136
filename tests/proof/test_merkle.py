"""The tree of RFC 9162: published vectors, every size up to 128, and pymerkle as a second opinion."""

import hashlib

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import ConsistencyError, InclusionError, ProofError
from provenance.proof.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_nodes,
    consistency_proof,
    fold,
    frontier_nodes,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    prefix_proof,
    prefix_roots,
    root,
    verify_consistency,
    verify_inclusion,
)

# The reference vectors of the Certificate Transparency implementations (RFC 6962, which hashes alike).
CT_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = [  # index, size, path
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CT_CONSISTENCY = [  # old, new, path
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
LEAVES = [leaf_hash(bytes([i])) for i in range(128)]


def by_definition(leaf_hashes):
    """RFC 9162, 2.1.1, as it is written."""
    if not leaf_hashes:
        return hashlib.sha256(b"").digest()
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    k = 1
    while 2 * k < len(leaf_hashes):
        k *= 2
    return node_hash(by_definition(leaf_hashes[:k]), by_definition(leaf_hashes[k:]))


def path_by_definition(index, leaf_hashes):
    """RFC 9162, 2.1.3.1, as it is written."""
    if len(leaf_hashes) == 1:
        return []
    k = 1 << (len(leaf_hashes) - 1).bit_length() - 1
    if index < k:
        return [*path_by_definition(index, leaf_hashes[:k]), by_definition(leaf_hashes[k:])]
    return [*path_by_definition(index - k, leaf_hashes[k:]), by_definition(leaf_hashes[:k])]


def subproof_by_definition(old, leaf_hashes, whole=True):
    """RFC 9162, 2.1.4.1, as it is written."""
    if old == len(leaf_hashes):
        return [] if whole else [by_definition(leaf_hashes)]
    k = 1 << (len(leaf_hashes) - 1).bit_length() - 1
    if old <= k:
        return [*subproof_by_definition(old, leaf_hashes[:k], whole), by_definition(leaf_hashes[k:])]
    return [*subproof_by_definition(old - k, leaf_hashes[k:], False), by_definition(leaf_hashes[:k])]


def flipped(data, bit=0):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_published_vectors(size):
    assert root(map(leaf_hash, CT_LEAVES[:size])).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), CT_INCLUSION)
def test_inclusion_proofs_are_those_of_the_published_vectors(index, size, path):
    hashes = [leaf_hash(each) for each in CT_LEAVES[:size]]
    assert [each.hex() for each in inclusion_proof(index, size, nodes_of(hashes))] == path
    verify_inclusion(
        index, size, hashes[index], [bytes.fromhex(each) for each in path], bytes.fromhex(CT_ROOTS[size])
    )


@pytest.mark.parametrize(("old", "new", "path"), CT_CONSISTENCY)
def test_consistency_proofs_are_those_of_the_published_vectors(old, new, path):
    hashes = [leaf_hash(each) for each in CT_LEAVES]
    assert [each.hex() for each in consistency_proof(old, new, nodes_of(hashes))] == path
    roots = bytes.fromhex(CT_ROOTS[old]), bytes.fromhex(CT_ROOTS[new])
    verify_consistency(old, new, *roots, [bytes.fromhex(each) for each in path])


def test_the_root_is_that_of_the_definition_at_every_size_up_to_128():
    for size in range(129):
        assert root(LEAVES[:size]) == by_definition(LEAVES[:size])


def test_proofs_are_those_of_the_definition_at_every_size_up_to_40():
    node = nodes_of(LEAVES)
    for size in range(1, 41):
        for index in range(size):
            assert inclusion_proof(index, size, node) == path_by_definition(index, LEAVES[:size])
            assert consistency_proof(index + 1, size, node) == subproof_by_definition(
                index + 1, LEAVES[:size]
            )


def test_every_entry_of_every_tree_up_to_128_is_proved_and_no_other_index_is():
    node = nodes_of(LEAVES)
    for size in range(1, 129):
        top = root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            verify_inclusion(index, size, LEAVES[index], proof, top)
            with pytest.raises(InclusionError):
                verify_inclusion((index + 1) % (size + 1), size, LEAVES[index], proof, top)
            with pytest.raises(InclusionError):
                verify_inclusion(index, size, LEAVES[index - 1], [*proof, LEAVES[0]], top)


def test_every_pair_of_sizes_up_to_128_is_proved_and_no_other_root_is():
    node = nodes_of(LEAVES)
    tops = [root(LEAVES[:size]) for size in range(129)]
    for new in range(129):
        for old in range(new + 1):
            proof = consistency_proof(old, new, node)
            verify_consistency(old, new, tops[old], tops[new], proof)
            with pytest.raises(ConsistencyError):
                verify_consistency(old, new, flipped(tops[old]), tops[new], proof)
            if old:  # no entries at all are the beginning of any log
                with pytest.raises(ConsistencyError):
                    verify_consistency(old, new, tops[old], flipped(tops[new]), proof)


@given(st.integers(1, 128), st.data())
def test_one_changed_bit_anywhere_breaks_an_inclusion_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, top = inclusion_proof(index, size, nodes_of(LEAVES)), root(LEAVES[:size])
    parts = [LEAVES[index], top, *proof]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flipped(parts[place], bit)
    with pytest.raises(InclusionError):
        verify_inclusion(index, size, parts[0], parts[2:], parts[1])


@given(st.integers(2, 128), st.data())
def test_one_changed_bit_anywhere_breaks_a_consistency_proof(new, data):
    old = data.draw(st.integers(1, new - 1))
    parts = [root(LEAVES[:old]), root(LEAVES[:new]), *consistency_proof(old, new, nodes_of(LEAVES))]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flipped(parts[place], bit)
    with pytest.raises(ConsistencyError):
        verify_consistency(old, new, parts[0], parts[1], parts[2:])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=300), st.data())
def test_pymerkle_finds_the_same_roots_and_proofs(entries, data):
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for each in entries:
        theirs.append_entry(each)
    hashes = [leaf_hash(each) for each in entries]
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert theirs.get_root(size) == root(hashes[:size])
    proof = theirs.prove_inclusion(index + 1, size)
    assert proof.path == [hashes[index], *inclusion_proof(index, size, nodes_of(hashes))]
    # Its consistency proofs go down to single leaves, unlike the RFC's: each must hold for the other's roots.
    roots = theirs.get_root(old), theirs.get_root(size)
    verify_consistency(old, size, *roots, consistency_proof(old, size, nodes_of(hashes)))
    theirs.prove_consistency(old, size).verify(root(hashes[:old]), root(hashes[:size]))


@given(st.integers(0, 200), st.integers(0, 60))
def test_a_frontier_kept_as_its_hashes_goes_on_as_if_never_stopped(first, more):
    leaves = [leaf_hash(i.to_bytes(2)) for i in range(first + more)]
    kept = Frontier()
    for each in leaves[:first]:
        kept.append(each)
    kept = Frontier(kept.size, list(kept.hashes))
    for each in leaves[first:]:
        kept.append(each)
    assert kept.root() == root(leaves)
    assert kept.size == first + more


def test_the_subtrees_that_appending_completes_are_all_that_proofs_ever_need():
    stored, frontier = {}, Frontier()
    for index, leaf in enumerate(LEAVES):
        stored[Node(0, index)] = leaf
        stored.update(frontier.append(leaf))
        size = index + 1
        assert fold([stored[each] for each in frontier_nodes(size)]) == root(LEAVES[:size])
        assert frontier.hashes == [stored[each] for each in frontier_nodes(size)]
        for old in range(size + 1):
            consistency_proof(old, size, stored.__getitem__)
        for each in range(size):
            inclusion_proof(each, size, stored.__getitem__)


@given(st.integers(2, 2**60), st.data())
def test_proofs_hold_in_logs_of_any_length(size, data):
    # All leaves alike: a perfect subtree's hash depends on its level alone, so no log has to be built.
    levels = [LEAVES[0]]
    while len(levels) < 61:
        levels.append(node_hash(levels[-1], levels[-1]))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))

    def top(count):
        return Frontier(count, [levels[each.level] for each in frontier_nodes(count)]).root()

    def look(node):
        return levels[node.level]

    verify_inclusion(index, size, LEAVES[0], inclusion_proof(index, size, look), top(size))
    verify_consistency(old, size, top(old), top(size), consistency_proof(old, size, look))
    assert prefix_roots(old, size, prefix_proof(old, size, look)) == (top(old), top(size))


def test_a_proof_among_a_million_entries_needs_few_stored_subtrees():
    size = 1_000_003
    for index in (0, 1, 524_287, 524_288, 999_999, 1_000_002):
        assert sum(len(group) for group in inclusion_nodes(index, size)) <= 2 * size.bit_length()
    for old in (1, 2, 524_288, 999_999, size - 1):
        assert sum(len(group) for group in consistency_nodes(old, size)) <= 2 * size.bit_length()


@pytest.mark.parametrize("size", [2, 3, 7, 8, 100])
def test_an_inner_hash_does_not_pass_for_an_entry(size):
    node = nodes_of(LEAVES)
    proof, top = inclusion_proof(0, size, node), root(LEAVES[:size])
    with pytest.raises(InclusionError, match="hashes, this one"):
        verify_inclusion(0, size, node_hash(LEAVES[0], LEAVES[1]), proof[1:], top)
    with pytest.raises(InclusionError, match="hashes, this one"):
        verify_inclusion(0, size, LEAVES[0], [*proof, top], top)


def test_no_entries_at_all_are_the_beginning_of_any_log():
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    verify_consistency(0, 5, EMPTY_ROOT, root(LEAVES[:5]), [])
    with pytest.raises(ConsistencyError):
        verify_consistency(0, 5, LEAVES[0], root(LEAVES[:5]), [])
    with pytest.raises(ConsistencyError):
        verify_consistency(0, 0, EMPTY_ROOT, LEAVES[0], [])


def test_a_log_that_shrank_is_refused():
    with pytest.raises(ConsistencyError, match="a log only grows: 4 entries cannot continue 5"):
        verify_consistency(5, 4, root(LEAVES[:5]), root(LEAVES[:4]), [])
    with pytest.raises(ConsistencyError, match="cannot continue -1"):
        consistency_nodes(-1, 4)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, -1)])
def test_an_entry_outside_the_tree_has_no_proof(index, size):
    with pytest.raises(InclusionError, match="has no entry"):
        inclusion_proof(index, size, nodes_of(LEAVES))


def test_a_hash_of_another_length_is_refused_wherever_it_stands():
    proof, top = inclusion_proof(1, 4, nodes_of(LEAVES)), root(LEAVES[:4])
    with pytest.raises(InclusionError, match="32 bytes"):
        verify_inclusion(1, 4, LEAVES[1], [proof[0][:31], proof[1]], top)
    with pytest.raises(ProofError, match="32 bytes"):
        Frontier().append(b"short")
    with pytest.raises(ProofError, match="has 2 hashes, not 1"):
        Frontier(3, [LEAVES[0]])
