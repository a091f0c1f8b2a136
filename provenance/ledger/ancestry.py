"""The recorded ancestry of a picture: what it was made from, and from what that was, oldest first."""

from collections.abc import Iterable, Sequence

from provenance.errors import NotRecorded
from provenance.ledger.store.records import AnyPictures, PictureRecord
from provenance.statement.canonical import Digest
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Step

FOLLOWED = 1_000  # pictures made from one picture that are looked at


def ancestry(ledger: AnyPictures, record: PictureRecord) -> list[PictureRecord]:
    """The picture and every recorded picture behind it, oldest first; the picture itself is the last."""
    return [*ancestors(ledger, record.statement.inputs), record]


def ancestors(ledger: AnyPictures, inputs: Iterable[Input]) -> list[PictureRecord]:
    """Every recorded picture that these inputs come from, oldest first."""
    found: dict[str, PictureRecord] = {}
    waiting = list(inputs)
    while waiting:
        record = record_of(ledger, waiting.pop())
        if record is not None and record.picture not in found:
            found[record.picture] = record
            waiting += record.statement.inputs
    return sorted(found.values(), key=lambda each: each.requested)


def descendants(ledger: AnyPictures, record: PictureRecord) -> list[PictureRecord]:
    """Every recorded picture made from this one, directly or not, oldest first; at most FOLLOWED of them."""
    found: dict[str, PictureRecord] = {}
    waiting = [record]
    while waiting and len(found) < FOLLOWED:
        for each in ledger.children(waiting.pop().picture):
            if each.picture not in found and each.picture != record.picture:
                found[each.picture] = each
                waiting.append(each)
    return sorted(found.values(), key=lambda each: each.requested)


def references_of(ledger: AnyPictures, records: Iterable[PictureRecord]) -> set[str]:
    """Of the way of these pictures, those that went in as a reference, and what they were made from."""
    given = (each for record in records for each in record.statement.inputs)
    return {
        each.picture for each in ancestors(ledger, (one for one in given if one.role is InputRole.REFERENCE))
    }


def record_of(ledger: AnyPictures, given: Input) -> PictureRecord | None:
    """The record of an input picture, where there is one."""
    if given.picture is not None:
        try:
            return ledger.picture(given.picture)
        except NotRecorded:
            return None
    if given.role is InputRole.ORIGINAL:
        # What was taken in is the picture itself. A kind that holds no credentials keeps its bytes, so that a later
        # record of it would be taken for what it was made from.
        return None
    return next(iter(ledger.pictures_with_file(given.resource.digest)), None)


def recorded_again(record: PictureRecord) -> str | None:
    """The picture that this is only another record of, such as one signed again after a correction."""
    if record.statement.step is not Step.RECORD:
        return None
    return next((each.picture for each in record.statement.inputs if each.role is InputRole.ORIGINAL), None)


def shown_inputs(inputs: Sequence[Input]) -> list[Input]:
    """Inputs that carry somebody's work: masks are left out."""
    return [each for each in inputs if each.role is not InputRole.MASK]


def is_original(digest: Digest, record: PictureRecord) -> bool:
    """Whether these are the bytes that were taken into a record, before they were signed."""
    given = record.statement.inputs
    return any(each.role is InputRole.ORIGINAL and each.resource.digest == digest for each in given)
