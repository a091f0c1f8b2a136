"""The history of a picture as a graph: steps, and what went into what. provenance/inspection/lineage.py makes it.

Texts stay as written; to show them, use provenance/statement/untrusted.py.
"""

from dataclasses import dataclass

from provenance.credentials.read.chain import ChainStep, Named, Reason, Signer, Verdict
from provenance.inspection.basis import Evidence
from provenance.statement.vocabulary import BY_AI, BY_HAND, C2PA_SOURCE, IPTC, Maker, Relation, SourceType

MASK = "Mask picture"
AGAIN = "Signed again"  # signed with other credits, its pixels as they were
EDITS = frozenset({SourceType.HUMAN_EDITS.value, SourceType.MINOR_HUMAN_EDITS.value})


@dataclass(frozen=True, slots=True)
class Node:
    """One step. `vouched` when its credentials are intact and known, or our ledger recorded it.

    `open_ended` when it says that it was made over something that is not in the graph.
    """

    id: str
    label: str
    maker: Maker
    evidence: Evidence
    source_type: str | None = None  # the IPTC code, or the URI where it is none
    vouched: bool = False
    open_ended: bool = False
    verdict: Verdict | None = None  # None for a recorded step
    reasons: tuple[Reason, ...] = ()
    signer: Signer | None = None
    people: tuple[Named, ...] = ()
    models: tuple[str, ...] = ()
    software: str | None = None
    prompt: str | None = None
    when: str | None = None
    title: str = ""
    picture: str | None = None  # id in a ledger
    note: str = ""  # the state of a recorded picture that never left
    said: ChainStep | None = None  # of an observed step: all that its manifest states
    shares: frozenset[Maker] = (
        frozenset()
    )  # every maker that the step tells of; more than one in one manifest
    edited_by_hand: bool = False  # by AI, and a hand went over it, in one step
    both: bool = False  # it says that all was done by hand or camera, and that AI had a part
    held_against: tuple[
        str, ...
    ] = ()  # what spoke against it when it was signed as the work of a hand or a camera

    @property
    def program(self) -> str | None:
        """The program that made it, where the step names one. What signed the file or wrote the record did not."""
        if self.said is not None:
            return self.said.agent
        return None if self.evidence is Evidence.RECORDED else self.software

    @property
    def mixed(self) -> bool:
        """Whether AI and a hand or a camera had their parts in this one step."""
        return self.maker in BY_AI and bool(self.shares & BY_HAND)


@dataclass(frozen=True, slots=True)
class Edge:
    """`parent` went into `child`; a `mask` only said where."""

    parent: str
    child: str
    relation: Relation
    mask: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, oldest first; the last is the picture itself. Edges run from earlier to later nodes only.

    `altered` when the file's credentials say so, whichever step they blame; `unread` when the file holds others, which
    could not be read.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    altered: bool = False
    unread: bool = False

    def parents(self, node: Node) -> list[tuple[Node, Relation]]:
        """What went into a node."""
        return self.above().get(node.id, [])

    def above(self) -> dict[str, list[tuple[Node, Relation]]]:
        """What went into each node, by the node's id; for questions about many nodes."""
        by_id = {each.id: each for each in self.nodes}
        found: dict[str, list[tuple[Node, Relation]]] = {}
        for edge in self.edges:
            found.setdefault(edge.child, []).append((by_id[edge.parent], edge.relation))
        return found


def source_code(uri: str | None) -> str | None:
    """The short code of an IPTC or C2PA source type, as a reader knows it."""
    if uri is None:
        return None
    return uri.strip().replace("https://", "http://", 1).removeprefix(IPTC).removeprefix(C2PA_SOURCE)
