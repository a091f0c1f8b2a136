"""Checkpoints: their one form, whose key, what continues what, and the file that proves a fork."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import ConsistencyError, NoteError, ProofError
from provenance.proof.checkpoint import (
    Checkpoint,
    Continuation,
    Misbehaviour,
    SignedCheckpoint,
    check_continues,
    continuation,
    misbehaviour,
    new_log_key,
    origin_of,
)
from provenance.proof.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, nodes_of, root
from provenance.proof.note import SigningKey, public_of

SEED = bytes(range(32))
KEY = SigningKey(origin_of(public_of(SEED)), SEED)
LEAVES = [leaf_hash(bytes([i])) for i in range(40)]
# The same log, but somebody's name was taken out of entry 2.
FORGED = [*LEAVES[:2], leaf_hash(b"somebody else"), *LEAVES[3:]]


def signed(leaves, key=KEY):
    return SignedCheckpoint.sign(Checkpoint(key.name, len(leaves), root(leaves)), key)


def test_the_example_of_the_specification_is_read():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(checkpoint) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n１\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n" + "9" * 5000 + "\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
    ],
)
def test_a_checkpoint_in_any_other_form_is_refused(text):
    with pytest.raises(ProofError):
        Checkpoint.parse(text)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1, max_size=20),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text("abc ", min_size=1), max_size=2),
)
def test_checkpoints_survive_their_text_form(origin, size, top, extensions):
    checkpoint = Checkpoint(origin, size, top, tuple(extensions))
    assert Checkpoint.parse(str(checkpoint)) == checkpoint
    whole = SignedCheckpoint.sign(checkpoint, KEY)
    assert SignedCheckpoint.parse(str(whole)) == whole


def test_a_checkpoint_is_only_taken_from_its_own_logs_key():
    other = new_log_key()
    whole = signed(LEAVES)
    assert whole.verify(KEY.verify_key).size == 40
    with pytest.raises(NoteError, match="this checkpoint is of log"):
        whole.verify(other.verify_key)
    foreign = SignedCheckpoint.sign(whole.checkpoint, other)
    with pytest.raises(NoteError, match="known is"):
        foreign.verify(KEY.verify_key)


def test_a_fresh_key_is_named_after_itself():
    key = new_log_key()
    assert key.name == origin_of(key.verify_key.public)
    assert key.name != new_log_key().name


def test_a_grown_log_continues_its_old_checkpoint_and_a_rewritten_one_does_not():
    old, new = signed(LEAVES[:7]).checkpoint, signed(LEAVES).checkpoint
    check_continues(old, new, consistency_proof(7, 40, nodes_of(LEAVES)))
    with pytest.raises(ConsistencyError):
        check_continues(old, signed(FORGED).checkpoint, consistency_proof(7, 40, nodes_of(FORGED)))
    with pytest.raises(ConsistencyError, match="two logs"):
        check_continues(old, Checkpoint("another", 40, root(LEAVES)), [])


@pytest.mark.parametrize("old", range(0, 41))
def test_a_continuation_file_shows_that_a_log_only_grew(old):
    found = continuation(KEY.verify_key, signed(LEAVES[:old]), signed(LEAVES), nodes_of(LEAVES))
    assert found.verify().size == 40
    assert Continuation.parse(str(found)) == found
    with pytest.raises(ProofError, match="not of the form"):
        Misbehaviour.parse(str(found))


def test_a_rewritten_log_gives_no_continuation():
    with pytest.raises(ConsistencyError):
        continuation(KEY.verify_key, signed(LEAVES[:12]), signed(FORGED), nodes_of(FORGED))


def test_two_records_of_one_size_prove_a_split_view():
    found = misbehaviour(KEY.verify_key, signed(LEAVES), signed(FORGED))
    assert found is not None
    assert "two different records of 40 entries" in found.verify()
    assert Misbehaviour.parse(str(found)) == found


@pytest.mark.parametrize("old", range(3, 40))
def test_a_rewritten_entry_is_proved_from_an_older_checkpoint_of_any_size(old):
    found = misbehaviour(KEY.verify_key, signed(FORGED), signed(LEAVES[:old]), nodes_of(FORGED))
    assert found is not None
    assert f"whose first {old} are not those" in found.verify()
    assert Misbehaviour.parse(str(found)) == found


@pytest.mark.parametrize("old", range(1, 41))
def test_an_honest_log_cannot_be_accused(old):
    assert misbehaviour(KEY.verify_key, signed(LEAVES[:old]), signed(LEAVES), nodes_of(LEAVES)) is None
    # Not by another's path, either.
    assert misbehaviour(KEY.verify_key, signed(LEAVES[:old]), signed(LEAVES), nodes_of(FORGED)) is None


def test_a_checkpoint_of_nothing_accuses_nobody():
    empty = SignedCheckpoint.sign(Checkpoint(KEY.name, 0, EMPTY_ROOT), KEY)
    assert misbehaviour(KEY.verify_key, empty, signed(LEAVES), nodes_of(LEAVES)) is None


def test_an_accusation_with_a_key_of_ones_own_making_is_refused():
    framed = SigningKey(KEY.name, bytes(32))
    found = misbehaviour(framed.verify_key, signed(LEAVES, framed), signed(FORGED, framed))
    assert found is not None  # true of the key in the file …
    with pytest.raises(NoteError, match="belongs to genzu/"):
        found.verify()  # … which is not the key of the log that it names
    with pytest.raises(NoteError, match="the key that was given"):
        found.verify(KEY.verify_key)


@pytest.mark.parametrize(
    "found",
    [
        misbehaviour(KEY.verify_key, signed(LEAVES[:12]), signed(FORGED), nodes_of(FORGED)),
        continuation(KEY.verify_key, signed(LEAVES[:12]), signed(LEAVES), nodes_of(LEAVES)),
    ],
)
def test_every_changed_line_of_a_file_about_two_checkpoints_is_noticed(found):
    lines = str(found).split("\n")
    for place in range(len(lines)):
        for change in (
            lines[:place] + lines[place + 1 :],
            [*lines[:place], lines[place] + "A", *lines[place + 1 :]],
        ):
            with pytest.raises(ProofError):
                type(found).parse("\n".join(change)).verify()
