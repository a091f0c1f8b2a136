"""An old receipt beside what the log says today."""

import itertools

import pytest

from provenance.errors import ProofError
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, new_log_key
from provenance.proof.comparison import Standing, claims_of, compare, read_claims
from provenance.proof.merkle import EMPTY_ROOT
from provenance.proof.receipt import Receipt
from tests import proof_samples as samples

KEY = samples.KEY.verify_key
FILES = {name: text for name, text in samples.good().items() if not name.startswith(("misb", "another"))}
OLD = read_claims(FILES["receipt.tlog-proof"])


def standing(name):
    return compare(OLD, read_claims(FILES[name], KEY)).standing


def test_a_new_receipt_of_the_same_entry_from_a_grown_log_leaves_it_open_and_a_continuation_closes_it():
    assert standing("later.tlog-proof") is Standing.OPEN
    assert standing("checkpoint-9.txt") is Standing.OPEN
    assert standing("continuation.txt") is Standing.AGREE
    assert standing("checkpoint-5.txt") is Standing.AGREE


def test_an_old_receipt_shows_a_credit_that_was_taken_out():
    found = compare(OLD, read_claims(FILES["rewritten.tlog-proof"]))
    assert found.standing is Standing.CONTRADICT
    assert found.why == f"{KEY.name} signed for two different entries 3: its record was rewritten"


def test_a_rewritten_log_of_the_same_size_is_noticed_by_any_entry_of_it():
    found = compare(OLD, read_claims(FILES["rewritten-elsewhere.tlog-proof"]))
    assert found.why == f"{KEY.name} signed two different records of 5 entries"
    assert standing("checkpoint-5-rewritten.txt") is Standing.CONTRADICT
    assert standing("continuation-rewritten.txt") is Standing.CONTRADICT


def test_the_order_of_comparing_does_not_matter():
    claims = [read_claims(text, KEY) for text in FILES.values()]
    for one, other in itertools.combinations(claims, 2):
        assert compare(one, other).standing is compare(other, one).standing
    for each in claims:
        assert compare(each, each).standing is Standing.AGREE


def test_statements_of_two_logs_are_not_compared():
    other = new_log_key()
    checkpoint = SignedCheckpoint.sign(Checkpoint(other.name, 0, EMPTY_ROOT), other)
    with pytest.raises(ProofError, match="two logs"):
        compare(OLD, read_claims(str(checkpoint), other.verify_key))


def test_receipts_of_two_logs_are_not_compared():
    with pytest.raises(ProofError, match="two logs"):
        compare(OLD, read_claims(samples.good()["another-log.tlog-proof"]))


def test_a_checkpoint_needs_its_key_and_a_broken_file_claims_nothing():
    with pytest.raises(ProofError, match="give the log's key"):
        read_claims(FILES["checkpoint-5.txt"])
    for text in samples.broken().values():
        with pytest.raises(ProofError):
            read_claims(text)
    assert claims_of(Receipt.parse(FILES["receipt.tlog-proof"])) == OLD
