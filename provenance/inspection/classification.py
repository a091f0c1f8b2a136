"""What a whole chain says about how a picture was made: one rule over every step, never the first one found.

| answer                 | when                                                                            |
|------------------------|---------------------------------------------------------------------------------|
| altered                | a step's signature or content does not hold                                     |
| AI-generated           | all that the picture came from is AI; nobody's hand or camera is stated         |
| AI-assisted            | AI made a part, or went in as a reference, beside other material                |
| recorded as human-made | every step from the origin is stated as hand or camera, and each is vouched for |
| unknown                | anything else; above all: no credentials                                        |

AI needs little evidence and human-made much: nobody gains by a false "AI", and missing data proves nothing.
A step that says "all AI" (`trainedAlgorithmicMedia`) ends the look back: nothing earlier is left in it.
"""

from collections.abc import Iterable, Mapping

from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import AI_ANSWERS, Classification, Classified
from provenance.inspection.graph import AGAIN, Graph, Node
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import BY_AI, BY_HAND, Maker, Relation, SourceType

HAND_BY_STRANGERS = (
    "a signature that does not count here says that it was made by hand or camera, "
    "and its unsigned text speaks of AI"
)
NOTHING = Classified(Classification.UNKNOWN, "nothing states how this picture was made")
HAND_BY_TEXT = "only unsigned text says that it was made by hand or camera, and anybody can write that"


def weigh(
    file: Classified,
    record: Classified | None,
    hints: Iterable[Maker] = (),
    *,
    beside: bool = False,
    by_strangers: bool = False,
) -> Classified:
    """One answer from the file's credentials, the ledger's record, and unsigned hints in its metadata.

    `beside`: it is a file beside it that hints at AI. `by_strangers`: signatures that do not count
    here say that all of it was made by hand or camera.
    """
    if file.answer is Classification.ALTERED:
        return file
    said = [each for each in (file, record) if each is not None]
    # Credentials see the steps before the ledger's first: where both say AI, theirs is the fuller word.
    for each in said:
        if each.answer in AI_ANSWERS:
            return each
    doubted = next((each for each in said if each.both), None)
    makers = [*hints]
    hinted = next((maker for maker in makers if maker in BY_AI), None)
    human = next((each for each in said if each.answer is Classification.HUMAN_MADE), None)
    if hinted is not None and (human is not None or doubted is not None):
        because = "it is recorded as human-made, yet carries the text that a painting program leaves"
        if beside:
            because = (
                "it is recorded as human-made, yet a file beside it carries the text of a painting program"
            )
        return Classified(Classification.UNKNOWN, because, both=True)
    if hinted is not None:
        return _by_text(hinted, by_strangers, by_hand=not BY_HAND.isdisjoint(makers), beside=beside)
    if record is None and file == NOTHING and not BY_HAND.isdisjoint(makers):
        return Classified(Classification.UNKNOWN, HAND_BY_TEXT)
    return doubted or human or next((each for each in said if each is record), file)


def _by_text(hinted: Maker, by_strangers: bool, *, by_hand: bool, beside: bool) -> Classified:
    """The answer where unsigned text alone speaks of AI."""
    answer = Classification.AI_GENERATED if hinted is Maker.AI else Classification.AI_ASSISTED
    if by_strangers:
        return Classified(answer, HAND_BY_STRANGERS, both=True)
    if by_hand:
        both = "its unsigned text says both that AI had a part in it and that it was made by hand or camera"
        return Classified(answer, both, both=True)
    where = "by unsigned text in the file, which anybody can write or remove"
    if beside:
        where = "by unsigned text in a file beside it, which anybody can write or remove"
    return Classified(answer, where)


def classify(graph: Graph) -> Classified:
    """The answer for the whole graph; one without nodes is unknown."""
    altered = [node for node in graph.nodes if node.verdict is Verdict.ALTERED]
    if altered:
        return Classified(Classification.ALTERED, f"{_names(altered)} was changed after it was signed")
    if graph.altered:
        return Classified(Classification.ALTERED, "the file was changed after it was signed")
    if any(node.maker in BY_AI for node in graph.nodes):
        return _with_ai(graph)
    return _without_ai(graph)


def _with_ai(graph: Graph) -> Classified:
    sources = _sources(graph)
    remaining = _remaining(graph, sources)
    origins = [node for node in remaining if node.maker is Maker.AI or not sources.get(node.id)]
    by_hand = [node for node in remaining if node.maker in BY_HAND or node.mixed]
    ai = [node for node in graph.nodes if node.maker in BY_AI]
    hands = [node for node in graph.nodes if node.maker in BY_HAND]
    contradicting = next((node for node in remaining if node.both), None)
    if contradicting is not None:
        return Classified(Classification.AI_ASSISTED, _both_words(contradicting), both=True)
    if all(node.maker is Maker.AI for node in origins) and not by_hand:
        words = f"AI made {_names(ai)}; "
        words += (
            f"{_names(hands)} went in before, but the AI step says that AI made all of it"
            if hands
            else "no hand or camera is stated"
        )
        return Classified(Classification.AI_GENERATED, words)
    return Classified(Classification.AI_ASSISTED, f"AI had a part in {_names(ai)}; {_beside_ai(ai, hands)}")


def _beside_ai(ai: Iterable[Node], hands: list[Node]) -> str:
    """What else the picture is made of, as far as it is stated."""
    if hands:
        return f"a hand or a camera made {_names(hands)}"
    if any(node.mixed for node in ai):
        return "a hand or a camera had its part in the same step"
    return "what it was made over is not stated"


def _both_words(node: Node) -> str:
    """The two things that one step says, each with where it says it."""
    said = node.said
    if said is None or not said.ai:
        return "one of the file's words on the whole picture names AI, another a hand or camera alone"
    word = said.ai[0]
    model = f" {plain(word.model, 60)}" if word.model else ""
    by_hand = f"that it was made by hand or camera ({plain(node.source_type or '', 60)})"
    return f"the file says both {by_hand} and that AI had a part ({word.where}{model})"


def _without_ai(graph: Graph) -> Classified:
    if not graph.nodes:
        return NOTHING
    doubt = next(filter(None, map(_not_by_hand, graph.nodes)), None)
    if doubt is not None:
        return doubt
    if graph.unread:
        return Classified(Classification.UNKNOWN, "the file also holds credentials that could not be read")
    return Classified(
        Classification.HUMAN_MADE, f"each step is stated as made by hand or camera ({_names(graph.nodes)})"
    )


def _not_by_hand(node: Node) -> Classified | None:
    """Why a step does not count as made by hand or camera; None where it does."""
    if node.maker not in BY_HAND:
        return Classified(Classification.UNKNOWN, _unstated(node))
    if node.held_against:
        return Classified(Classification.UNKNOWN, _doubted(node), both=True)
    if node.open_ended:
        return Classified(Classification.UNKNOWN, f"{node.label} was made over a picture that is not stated")
    return None if node.vouched else Classified(Classification.UNKNOWN, _unvouched(node))


def _unvouched(node: Node) -> str:
    """Why the word of whoever signed a step by hand or camera does not count."""
    said = f"{node.label} is stated as made by hand or camera"
    if node.verdict is Verdict.NOT_CHECKED:
        return f"{said}, but its credentials could not be checked"
    if node.signer is not None and node.signer.known_by:
        return f"{said}, but its signer's certificate does not count"
    return f"{said}, but by no signer that we know"


def _doubted(node: Node) -> str:
    against = plain(node.held_against[0], 200)
    return f"{node.label} was signed as made by hand or camera, though something spoke against it ({against})"


def _unstated(node: Node) -> str:
    if node.source_type == SourceType.DIGITAL_ART.value:
        return f"the source type of {node.label} says neither hand nor machine"
    if node.maker is Maker.SOFTWARE:
        return f"the source type of {node.label} names a program, and neither hand nor AI"
    return f"nothing states how {node.label} was made"


def _remaining(graph: Graph, sources: Mapping[str, list[Node]]) -> list[Node]:
    """The steps whose material is still there: back from the last one, up to steps that are all AI."""
    found: dict[str, Node] = {}
    waiting = [graph.nodes[-1]]
    while waiting:
        node = waiting.pop()
        if node.id not in found:
            found[node.id] = node
            if node.maker is not Maker.AI:
                waiting += sources.get(node.id, [])
    return list(found.values())


def _sources(graph: Graph) -> dict[str, list[Node]]:
    """What each step was made over or put together from; a mere reference is neither."""
    above = graph.above().items()
    return {
        name: [parent for parent, relation in parents if relation is not Relation.INPUT]
        for name, parents in above
    }


def _names(nodes: Iterable[Node]) -> str:
    labels = [node.label for node in nodes]
    # Signed once more is nobody's step, and no further pass of a model.
    labels = [each for each in labels if not each.startswith(AGAIN)] or labels
    return ", ".join(labels[:4]) + (f" and {len(labels) - 4} more" if len(labels) > 4 else "")
