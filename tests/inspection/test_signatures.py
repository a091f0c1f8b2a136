"""What is told of when something was signed: a stamp that something speaks against proves no time, whoever gave it."""

import pytest

from provenance.credentials.read.chain import Chain, ChainStep, Reason, Signer, Stamp, Verdict
from provenance.credentials.read.verdicts import reason
from provenance.inspection.evidence.signatures import signatures
from provenance.statement.vocabulary import Maker


@pytest.mark.parametrize(
    ("known_by", "doubt", "words"),
    [
        ("the C2PA's list", None, "A time-stamp authority that we know saw the signature"),
        ("the C2PA's list", reason("timeStamp.mismatch"), "The time stamp on the signature does not count"),
        ("", None, "Somebody who is not known here stamped the signature"),
    ],
)
def test_a_stamp_counts_where_its_authority_is_known_and_nothing_speaks_against_it(
    known_by: str, doubt: Reason | None, words: str
):
    stamp = Stamp("2026-11-01T10:00:00+00:00", "Clock", known_by, doubt)
    signer = Signer("Genzu", "Genzu", "sha256:00", True, stamp.at, known_by="our own root", stamp=stamp)
    step = ChainStep("a", "a.png", Maker.HUMAN, None, (), Verdict.INTACT_KNOWN, signer=signer)
    told = [each.words for each in signatures(Chain(step.verdict, (), (step,))) if each.about == "time"]
    assert len(told) == 1 and told[0].startswith(words)
