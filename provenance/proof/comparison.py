"""What two statements of one log, made at different times, show when they are laid beside each other.

An artist's receipt is worth most later: against a newer receipt, checkpoint or continuation of the same log it
shows whether the record was only added to, or rewritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from provenance.errors import KeyMissing, LogForked, ProofError
from provenance.proof.checkpoint import (
    CONTINUATION,
    MISBEHAVIOUR,
    Checkpoint,
    Continuation,
    Misbehaviour,
    SignedCheckpoint,
)
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import HEADER, Included, Receipt, verify


class Standing(StrEnum):
    """How two statements stand to each other."""

    AGREE = "agree"  # one log, and what both speak of is the same
    CONTRADICT = "contradict"  # both are signed, and both cannot be true: the log was rewritten or forked
    OPEN = "open"  # they share no checkpoint; only a continuation between them would tell


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer and the sentence that says why."""

    standing: Standing
    why: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified file says of its log: roots by size, leaves by number."""

    key: VerifyKey
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)


def read_claims(text: str, key: VerifyKey | None = None) -> Claims:
    """What a receipt, a continuation or (with `key`) a signed checkpoint claims, verified; ProofError otherwise.

    KeyMissing for anything else without a key: nothing can be told of it.
    LogForked for a misbehaviour file that holds: its log has no one record to speak of.
    """
    if text.startswith(f"{HEADER}\n"):
        return claims_of(Receipt.parse(text), key)
    if text.startswith(f"{CONTINUATION}\n"):
        found = Continuation.parse(text)
        found.verify(key)
        return _claims(found.key, found.older.checkpoint, found.newer.checkpoint)
    if text.startswith(f"{MISBEHAVIOUR}\n"):
        raise LogForked(Misbehaviour.parse(text).verify(key))
    if key is None:
        raise KeyMissing("this is no receipt; a checkpoint alone does not say its key: give the log's key")
    return _claims(key, SignedCheckpoint.parse(text).verify(key))


def claims_of(receipt: Receipt, key: VerifyKey | None = None) -> Claims:
    """What a receipt claims, verified."""
    proved = verify(receipt, key)
    every = (Included(receipt.index, receipt.leaf, receipt.proof), *receipt.also)
    roots = {proved.checkpoint.size: proved.checkpoint.root}
    return Claims(proved.key, roots, {each.index: each.leaf for each in every})


def compare(one: Claims, other: Claims) -> Comparison:
    """How they stand to each other; ProofError when they are of two logs."""
    if one.key != other.key:
        raise ProofError(f"these are of two logs, {one.key} and {other.key}")
    for index in sorted(one.leaves.keys() & other.leaves.keys()):
        if one.leaves[index] != other.leaves[index]:
            why = f"{one.key.name} signed for two different entries {index}: its record was rewritten"
            return Comparison(Standing.CONTRADICT, why)
    common = sorted(one.roots.keys() & other.roots.keys())
    for size in common:
        if one.roots[size] != other.roots[size]:
            why = f"{one.key.name} signed two different records of {size} entries"
            return Comparison(Standing.CONTRADICT, why)
    if not common:
        why = (
            f"{one.key.name} had {_sizes(one)} entries in one and {_sizes(other)} in the other: "
            "nothing contradicts, and only a continuation between the two checkpoints would show more"
        )
        return Comparison(Standing.OPEN, why)
    return Comparison(
        Standing.AGREE, f"{one.key.name} signed the same record of {common[-1]} entries in both"
    )


def follow(mine: Claims, others: Sequence[Claims]) -> Comparison:
    """How the record behind `mine` stands to all that `others` say of it, taken together; ProofError for another log.

    Continuations lead from one size to the next: an old receipt and a new one agree where they do between them.
    """
    every = (mine, *others)
    for number, one in enumerate(every):
        for other in every[number + 1 :]:
            found = compare(one, other)
            if found.standing is Standing.CONTRADICT:
                return found
    steps = {(min(each.roots), max(each.roots)) for each in every}
    own = max(mine.roots)
    known = _one_record(own, steps)
    apart = sorted({max(each.roots) for each in others} - known)
    if apart:
        why = (
            f"nothing contradicts, and nothing leads from the {own} entries of this file to the {apart[0]} of another: "
            "ask the log's keeper for a continuation (genzu ledger continue)"
        )
        return Comparison(Standing.OPEN, why)
    if max(known) == own:
        return Comparison(
            Standing.AGREE, f"{mine.key.name} signed the same record of {own} entries in all of them"
        )
    why = f"{mine.key.name} only grew: its record of {max(known)} entries begins with the {own} of this file, unchanged"
    return Comparison(Standing.AGREE, why)


def _one_record(own: int, steps: set[tuple[int, int]]) -> set[int]:
    """The sizes whose records are shown to continue that of `own` entries, or to be continued by it.

    What continues a record that continues ours continues ours. Two beginnings of one record are one another's
    beginnings; two continuations of one beginning need not be each other's.
    """
    found, waiting = {own}, [own]
    while waiting:
        here = waiting.pop()
        further = {old for old, new in steps if new == here}
        if here >= own:
            further |= {new for old, new in steps if old == here}
        waiting += further - found
        found |= further
    return found


def _claims(key: VerifyKey, *checkpoints: Checkpoint) -> Claims:
    return Claims(key, {each.size: each.root for each in checkpoints})


def _sizes(claims: Claims) -> str:
    return " and ".join(map(str, sorted(claims.roots)))
