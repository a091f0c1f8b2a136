"""Whether a file and a ledger that has the very same picture tell two histories of it.

A painting of ours that is stripped and signed anew as hand-drawn keeps its pixels. Neither side is taken at its word
then: the contradiction is told before all else. It is `grave` where one side names AI and the other a hand alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from provenance.credentials.read.contents import IDENTITY
from provenance.inspection.answers import AI_ANSWERS, Classification
from provenance.inspection.classification import classify
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.graph import AGAIN, Graph
from provenance.media.generators.generator_trace import Trace
from provenance.statement.commitment import STAND_INS
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import BY_AI, BY_HAND

CONFLICT = "conflict"  # what a line on such a contradiction is about


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two histories of one picture, in words; `grave`: a hand alone against AI."""

    words: str
    grave: bool = False


def contradiction(findings: Iterable[Finding]) -> Finding | None:
    """The line that says that our record of the same picture tells another history than the file; None without one."""
    return next((each for each in findings if each.fault and each.about == CONFLICT), None)


def conflict_of(told: Graph, recorded: Graph, whose: str, says: str) -> Conflict | None:
    """What the file's own credentials say against a ledger's record. `says` is the record's sentence."""
    if not told.nodes or not recorded.nodes or told.altered:
        return None
    in_ledger = classify(recorded)
    theirs = f"{whose} has the same picture as “{says}”"
    if _ai(recorded) and not _ai(told):
        return _without_ai(told, recorded, theirs)
    if _ai(told) and in_ledger.answer is Classification.HUMAN_MADE:
        return Conflict(_two("its credentials say that AI had a part", theirs), grave=True)
    answer = classify(told).answer
    if answer in AI_ANSWERS and in_ledger.answer in AI_ANSWERS and answer is not in_ledger.answer:
        return Conflict(_two(f"its credentials say {answer.value}", theirs))
    return _other_people(told, recorded, whose)


def _without_ai(told: Graph, recorded: Graph, theirs: str) -> Conflict:
    """A file that is silent on the AI which a ledger tells of; grave where it says that a hand alone made it."""
    if not _hand(told):
        return Conflict(f"Its credentials do not say how it was made, and {theirs}.")
    if all(node.open_ended for node in told.nodes) and not _by_ai_last(recorded):
        return Conflict(f"Its credentials do not say what it was made over, and {theirs}.")
    return Conflict(_two("its credentials say that it was made by hand or camera alone", theirs), grave=True)


def unsigned_conflict(traces: Iterable[Trace], recorded: Graph, whose: str, says: str) -> Conflict | None:
    """What unsigned text in the file or beside it says against a ledger's record of AI."""
    hand = next((each for each in traces if each.maker in BY_HAND), None)
    # A revision by hand says of itself that a hand made it, whatever lies below.
    if hand is None or not _by_ai_last(recorded):
        return None
    said = f"unsigned text in the file ({hand.field}) says that it was made by hand or camera"
    if hand.beside:
        said = f"unsigned text in a file beside it ({hand.field}) says that it was made by hand or camera"
    return Conflict(_two(said, f"{whose} has the same picture as “{says}”"))


def _other_people(told: Graph, recorded: Graph, whose: str) -> Conflict | None:
    names = other_names(told, recorded)
    return Conflict(_two(f"its credentials name {names[0]}", f"{whose} names {names[1]}")) if names else None


def other_names(one: Graph, other: Graph) -> tuple[str, str] | None:
    """Whom each names, where both name people and none of them is the same; None where that is not known.

    A name that is not held (erased, or not disclosed in an export) may be any of them.
    """
    ours, theirs = _names(one), _names(other)
    if not ours or not theirs or ours & theirs or not STAND_INS.isdisjoint(ours | theirs):
        return None
    return _listed(ours), _listed(theirs)


def _two(one: str, other: str) -> str:
    return f"File and ledger contradict each other: {one}; {other}."


def _ai(graph: Graph) -> bool:
    return any(node.maker in BY_AI for node in graph.nodes)


def _by_ai_last(graph: Graph) -> bool:
    """Whether the picture itself came out of a model: its last step, signing again left out."""
    steps = [node for node in graph.nodes if not node.label.startswith(AGAIN)]
    return bool(steps) and steps[-1].maker in BY_AI


def _hand(graph: Graph) -> bool:
    return any(node.maker in BY_HAND or node.mixed for node in graph.nodes)


def _names(graph: Graph) -> set[str]:
    people = (each for node in graph.nodes for each in node.people)
    return {each.name for each in people if each.name and not each.role.startswith(IDENTITY)}


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:4]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(plain(each, 100) for each in shown) + more
