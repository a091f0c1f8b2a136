"""Who made this: the whole history of a picture in one sentence, oldest step first, AI named.

    AI-assisted: drawn by Mori Aoi, painted by genzu-house, revised by Tanaka Yui.
    AI-generated: painted by Adobe Firefly, by the file's own word.
    Unknown: no record; this does not mean human-made.
    Unknown: this very file has no record; it looks like pic-…, which proves no origin and does not mean human-made.

Everything that answers "who made this" opens with this sentence: the page, the command line, a report, a certificate.
It is decided here, from the same graph that the classification is made from; the words are in sentence.py.

A hand that nobody is named for is told as just that. Prompt writers, directors and supervisors drew nothing: they
stand in `credits`, with everybody else who is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from provenance.credentials.read.chain import Named
from provenance.credentials.read.contents import IDENTITY
from provenance.inspection.answers import AI_ANSWERS, Classification, Classified
from provenance.inspection.basis import Evidence
from provenance.inspection.graph import AGAIN, EDITS, Graph, Node
from provenance.inspection.sentence import Deed, History, Part
from provenance.lookup.likeness import Likeness
from provenance.statement.credit import DRAWING, Role
from provenance.statement.vocabulary import BY_AI, Maker, Relation

__all__ = ["Deed", "History", "Part", "history_of", "with_likeness"]

if TYPE_CHECKING:
    from provenance.media.generators.generator_trace import Trace

# What a role did, where the step itself does not say it more closely.
_BY_ROLE = {
    Role.LAYOUT.value: Deed.DRAWN,
    Role.KEY_DRAWING.value: Deed.DRAWN,
    Role.CONCEPT.value: Deed.DESIGNED,
    Role.BACKGROUND.value: Deed.BRUSHED,
    Role.COMPOSITING.value: Deed.COMPOSITED,
    Role.RETOUCH.value: Deed.REVISED,
}
# On a step by AI these people did their part before the model or after it.
_BEFORE_AI = frozenset({Deed.DRAWN, Deed.DESIGNED})
_AFTER_AI = frozenset({Deed.REVISED, Deed.COMPOSITED})
# They are credited, and the sentence does not call them makers of the picture.
_BESIDE = frozenset(role.value for role in Role if role not in DRAWING)


def history_of(graph: Graph, answer: Classified, hints: Sequence["Trace"] = ()) -> History:
    """The history that a graph tells, under the answer that was found for it. `hints` count where there is no graph."""
    if answer.answer is Classification.ALTERED:
        return History(answer.answer, because=answer.because)
    if not graph.nodes:
        return _hinted(answer, hints)
    if answer.answer in AI_ANSWERS and not any(node.maker in BY_AI for node in graph.nodes):
        # The steps do not tell of AI: unsigned text does.
        return replace(_hinted(answer, hints), credits=_everybody(graph))
    before, placed = _named_before(graph), _placed(graph)
    parts = _told_once(
        part
        for node, looked_at in _shown(_named_anew(graph))
        for part in _parts(node, looked_at, before[node.id], placed=node.id in placed)
    )
    return History(
        answer.answer,
        tuple(parts),
        _everybody(graph),
        because=answer.because,
        own_word=any(_own_word(node) for node in graph.nodes),
        both=any(node.both for node in graph.nodes) and answer.both,
        doubt=_doubt(answer, hints),
        beside=_is_beside(hints),
        held_against=answer.both and any(node.held_against for node in graph.nodes),
    )


def with_likeness(history: History, likely: Likeness | None) -> History:
    """The history of a file that nothing is known of, naming the record that it looks like; no other changes."""
    if likely is None or history.parts or history.because:
        return history
    return replace(history, alike=likely.picture, marked=likely.has_mark)


def _hinted(answer: Classified, hints: Sequence["Trace"]) -> History:
    """What unsigned text alone says."""
    hint = _telling(hints)
    if hint is None or answer.answer is Classification.UNKNOWN:
        return History(answer.answer)
    part = Part(Deed.PAINTED, hint.painters)
    return History(answer.answer, (part,), because=answer.because, unsigned=hint.tool, beside=hint.beside)


def _telling(hints: Sequence["Trace"]) -> "Trace | None":
    """Of those that speak of AI the one that tells most: with which model, else by which program."""
    by_ai = [each for each in hints if each.maker in BY_AI]
    return max(
        by_ai, key=lambda each: (not each.beside, bool(each.models), bool(each.painters)), default=None
    )


def _is_beside(hints: Sequence["Trace"]) -> bool:
    """Whether the text that speaks of AI lies in a file beside the picture."""
    return next((each.beside for each in hints if each.maker in BY_AI), False)


def _doubt(answer: Classified, hints: Sequence["Trace"]) -> str:
    """The program whose unsigned text speaks of AI, where that leaves open what is stated as human work."""
    if answer.answer is not Classification.UNKNOWN or not answer.both:
        return ""
    return next((each.tool for each in hints if each.maker in BY_AI), "")


def _shown(graph: Graph) -> Iterator[tuple[Node, bool]]:
    """The steps that somebody made, oldest first, each with whether it was only looked at. Masks are left out."""
    material = _material(graph)
    masks = {edge.parent for edge in graph.edges if edge.mask} - material
    masks -= {edge.parent for edge in graph.edges if not edge.mask}
    # A part of which nothing is stated, in a step that tells of AI and a hand itself, is told by that step.
    mixed = {node.id for node in graph.nodes if node.mixed}
    masks |= {
        edge.parent for edge in graph.edges if edge.child in mixed and edge.relation is Relation.COMPONENT
    } & {node.id for node in graph.nodes if node.maker is Maker.UNKNOWN}
    nodes = [node for node in graph.nodes if node.id not in masks]
    # Signed once more is nobody's step, unless it is the only one that is told.
    steps = [node for node in nodes if not node.label.startswith(AGAIN)] or nodes
    for node in sorted(steps, key=lambda each: each.id in material):
        yield node, node.id not in material


def _material(graph: Graph) -> set[str]:
    """The steps of which something is in the picture: back from the last one over all but mere references."""
    above: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.relation is not Relation.INPUT:
            above.setdefault(edge.child, []).append(edge.parent)
    found: set[str] = set()
    waiting = [graph.nodes[-1].id]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += above.get(name, [])
    return found


def _named_anew(graph: Graph) -> Graph:
    """The graph in which a picture that its own keeper signed again has the names of the newest signature.

    Role by role: a correction takes the place of what it corrects, and whoever is named beside it stays.
    """
    nodes = {node.id: node for node in graph.nodes}
    signed: dict[str, str] = {}  # what was signed again, by the step that did so
    for edge in graph.edges:
        again, before = nodes[edge.child], nodes[signed.get(edge.parent, edge.parent)]
        if not again.label.startswith(AGAIN) or edge.relation is Relation.INPUT:
            continue
        signed[again.id] = before.id
        if _same_keeper(before, again):
            roles = {each.role for each in again.people}
            kept = (each for each in before.people if each.role not in roles)
            nodes[before.id] = replace(before, people=(*kept, *again.people))
    return replace(graph, nodes=tuple(nodes.values()))


def _same_keeper(before: Node, again: Node) -> bool:
    """Whether one ledger has both steps: it is ours, or both name it and were signed with one certificate."""
    if before.said is None or again.said is None:
        return before.evidence is again.evidence is Evidence.RECORDED
    one, other = (
        (node.said.ref and node.said.ref.ledger, node.signer and node.signer.fingerprint)
        for node in (before, again)
        if node.said is not None
    )
    return one == other and all(one)


def _named_before(graph: Graph) -> dict[str, frozenset[Named]]:
    """For each step, whom the steps that it was made from name: as they are named today, and in their manifests."""
    above = graph.above()
    found: dict[str, frozenset[Named]] = {}
    for node in graph.nodes:
        behind: frozenset[Named] = frozenset()
        for parent, relation in above.get(node.id, ()):
            if relation is not Relation.INPUT:
                behind |= found[parent.id].union(parent.people, parent.said.people if parent.said else ())
        found[node.id] = behind
    return found


def _placed(graph: Graph) -> set[str]:
    """What was placed in a later step and was itself made from nothing that is known: no step, and no beginning."""
    material = [edge for edge in graph.edges if edge.relation is not Relation.INPUT]
    began = {edge.parent for edge in material if edge.relation is Relation.PARENT}
    return {edge.parent for edge in material} - began - {edge.child for edge in material}


def _parts(node: Node, looked_at: bool, before: frozenset[Named], *, placed: bool) -> Iterator[Part]:
    """What one step tells: on a step by AI the hands before it and after it, too."""
    hands = [each for each in node.people if each.role not in _BESIDE and not _vouches(each)]
    if node.evidence is Evidence.OBSERVED and node.picture is None:
        # Our manifests name the people of a step. Other programs name those of the picture, and carry them along.
        hands = [each for each in hands if each not in before]
    if node.maker in BY_AI:
        yield from _around_ai(node, hands, looked_at)
    elif node.maker is Maker.CAMERA:
        yield Part(Deed.PHOTOGRAPHED, _names(hands), looked_at)
    elif node.maker is Maker.HUMAN:
        yield from _by_hand(node, hands, looked_at)
    elif node.maker is Maker.SOFTWARE:
        deed = Deed.PROGRAMMED if node.source_type == "algorithmicMedia" else Deed.PROCESSED
        yield Part(deed, _program(node), looked_at)
    else:
        nothing = Deed.PLACED if placed and not looked_at else Deed.UNSTATED
        yield Part(Deed.UNRECORDED if _unrecorded(node) else nothing, _names(hands), looked_at)


def _by_hand(node: Node, hands: Sequence[Named], looked_at: bool) -> Iterator[Part]:
    if node.source_type in EDITS:
        yield Part(Deed.REVISED, _names(hands), looked_at)
        return
    deeds: dict[Deed, list[Named]] = {}
    for each in hands:
        deeds.setdefault(_BY_ROLE.get(each.role, Deed.MADE), []).append(each)
    for deed, people in deeds.items():
        yield Part(deed, _names(people), looked_at)
    if not deeds:
        yield Part(Deed.DRAWN, (), looked_at)


def _around_ai(node: Node, hands: Sequence[Named], looked_at: bool) -> Iterator[Part]:
    deeds: dict[Deed, list[Named]] = {}
    for each in hands:
        deeds.setdefault(_BY_ROLE.get(each.role, Deed.MADE), []).append(each)
    shares = node.shares
    # A manifest that tells of a hand and of AI in one step does not say who held the brush.
    unsaid = _names(deeds.get(Deed.MADE, ()))
    if Maker.CAMERA in shares:
        yield Part(Deed.PHOTOGRAPHED, unsaid, looked_at)
    elif Maker.HUMAN in shares and not node.edited_by_hand and not deeds.keys() & _BEFORE_AI:
        yield Part(Deed.DRAWN, unsaid, looked_at)
    for deed in Deed:
        if deed in _BEFORE_AI and deed in deeds:
            yield Part(deed, _names(deeds[deed]), looked_at)
    yield Part(Deed.PAINTED, node.models or _program(node), looked_at)
    for deed in Deed:
        if deed in _AFTER_AI and deed in deeds:
            yield Part(deed, _names(deeds[deed]), looked_at)
    if node.edited_by_hand and Deed.REVISED not in deeds:
        yield Part(Deed.REVISED, unsaid, looked_at)


def _program(node: Node) -> tuple[str, ...]:
    return (node.program,) if node.program else ()


def _told_once(parts: Iterable[Part]) -> list[Part]:
    """A part that only says again what was said before it is left out: two passes, one credit on two steps."""
    told: list[Part] = []
    for part in parts:
        if part.by and any(part.deed is each.deed and set(part.by) <= set(each.by) for each in told[-2:]):
            continue
        told.append(part)
    # A picture of which nothing is stated, while a later step says who drew it: it is told by that.
    drawn = max(
        (number for number, part in enumerate(told) if part.deed is Deed.DRAWN and part.by), default=-1
    )
    nothing = (Part(Deed.UNSTATED), Part(Deed.UNRECORDED))
    return [part for number, part in enumerate(told) if number > drawn or part not in nothing]


def _everybody(graph: Graph) -> tuple[Named, ...]:
    """Everybody who is named, in each role once, oldest first; last whom the picture was signed again to name."""
    again = (node for node in graph.nodes if node.label.startswith(AGAIN))
    nodes = (*(node for node, _ in _shown(graph)), *again)
    return tuple(dict.fromkeys(each for node in nodes for each in node.people if not _vouches(each)))


def _names(people: Iterable[Named]) -> tuple[str | None, ...]:
    """Each name once; everybody who asked not to be named counts."""
    named = [each.name for each in people]
    hidden = named.count(None)
    return (*dict.fromkeys(each for each in named if each is not None), *([None] * hidden))


def _vouches(each: Named) -> bool:
    """Whether somebody is named only as who stands by what is said (CAWG identity): no credit."""
    return each.role.startswith(IDENTITY)


def _unrecorded(node: Node) -> bool:
    """Whether it is a picture that went in and that our ledger knows by its bytes alone."""
    return node.evidence is Evidence.RECORDED and node.picture is None


def _own_word(node: Node) -> bool:
    return node.evidence is Evidence.OBSERVED and not node.vouched and node.signer is not None
