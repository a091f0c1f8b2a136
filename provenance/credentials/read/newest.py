"""Which credentials count where a file holds some and others lie beside it: the newest that fit its bytes.

Those beside a file are tied to all of its bytes, the credentials in it included. So where they fit, they were made
later, and what lies in the file is their history. Where they do not, they are of another state of the file.

| in the file | beside it | the answer |
|---|---|---|
| none | any | those beside it |
| any | those in the file once more, or do not fit | those in the file; told where they are others |
| are among the history of those beside | fit | those beside it |
| fit, and those beside say nothing of them | fit | those beside it, over those in the file |
| do not fit, and are no history of those beside | fit | those beside it, and the file counts as altered |
| cannot be read | fit | those beside it, and the file counts as not checked |
"""

from dataclasses import replace

from provenance.credentials.read.chain import Chain, Reason, Verdict
from provenance.credentials.read.verdicts import changes_first, fits, of_step, worse
from provenance.statement.vocabulary import Relation

BESIDE = "in a file beside it"
_NOTHING_INSIDE = frozenset({"genzu.credentials.none", "genzu.file.unreadable"})
ELSEWHERE = "genzu.credentials.elsewhere"
OTHERS_INSIDE = "genzu.credentials.inside"
OTHERS_BESIDE = "genzu.credentials.beside"


def newest(inside: Chain, beside: Chain) -> Chain:
    """The chain that counts of the two, with a reason about the other where that is not part of its history."""
    if not inside.steps and {each.code for each in inside.reasons} <= _NOTHING_INSIDE:
        return beside
    if not _fits(beside):
        return _with_others_beside(inside, beside)
    if inside.file is not None and inside.file.id in {step.id for step in beside.steps}:
        # The same credentials, kept twice; or a part of the history.
        return inside if inside.file.id == _active(beside) else beside
    return _with_others_inside(beside, inside)


def _active(chain: Chain) -> str | None:
    return chain.file.id if chain.file is not None else None


def _fits(chain: Chain) -> bool:
    """Whether the credentials were read and are tied to these bytes."""
    return chain.file is not None and fits(each.code for each in chain.file.reasons)


def _with_others_beside(inside: Chain, beside: Chain) -> Chain:
    """Those in the file, and a word on those beside it, unless they are a part of its history."""
    if _active(beside) in {step.id for step in inside.steps}:
        return inside
    words = "the credentials beside it do not fit it, so they were left aside"
    return replace(inside, reasons=(*inside.reasons, Reason(OTHERS_BESIDE, words)))


def _with_others_inside(beside: Chain, inside: Chain) -> Chain:
    """Those beside the file, and a word on those in it, of which they say nothing."""
    if ELSEWHERE in {each.code for each in inside.reasons}:
        return replace(beside, reasons=(*beside.reasons, *inside.reasons))
    if inside.file is None:
        verdict, words = Verdict.NOT_CHECKED, "it also holds credentials that could not be read"
    elif _fits(inside):
        verdict, words = (
            inside.verdict,
            "it also holds older credentials, of which those beside it say nothing",
        )
        beside = _over(beside, inside)
    else:
        verdict = Verdict.ALTERED
        words = "it also holds older credentials that do not fit it: it was changed after those were made"
    reasons = changes_first((Reason(OTHERS_INSIDE, words), *beside.reasons))
    return replace(beside, verdict=worse(beside.verdict, verdict), reasons=reasons)


def _over(beside: Chain, inside: Chain) -> Chain:
    """Those beside a file with those in it as their history, which they are silent about: what a file says of AI is
    not taken back by a file that anybody can put beside it.
    """
    below, above = inside.steps[-1], beside.steps[-1]
    newer = {step.id for step in beside.steps}
    older = tuple(step for step in inside.steps if step.id not in newer)
    last = replace(above, parents=(*above.parents, (below.id, Relation.PARENT)))
    reasons = (of_step(each, step) for step in reversed(older) for each in step.reasons)
    return replace(beside, steps=(*older, *beside.steps[:-1], last), reasons=(*beside.reasons, *reasons))
