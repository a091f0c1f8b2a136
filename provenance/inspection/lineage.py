"""The history of a picture as a graph: from a file's credentials (observed) or from the ledger (recorded).

Both become the same nodes, so that one rule classifies them (provenance/inspection/classification.py) and one hand
draws them (provenance/show/graph.py). Texts stay as written; to show them, use provenance/statement/untrusted.py.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING

from provenance.credentials.read.chain import Chain, ChainStep, Named, Verdict
from provenance.credentials.read.newest import OTHERS_INSIDE
from provenance.credentials.read.record_ref import RecordRef
from provenance.errors import NotRecorded
from provenance.inspection.basis import Evidence
from provenance.inspection.classification import classify
from provenance.inspection.graph import AGAIN, EDITS, MASK, Edge, Graph, Node, source_code
from provenance.inspection.history import history_of
from provenance.inspection.sentence import History
from provenance.ledger.ancestry import record_of
from provenance.ledger.store.records import PictureRecord, State, held_against
from provenance.people.dispute import open_disputes
from provenance.people.register import register_of
from provenance.statement.json_value import Json
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import (
    BY_AI,
    BY_HAND,
    Action,
    Maker,
    Relation,
    SourceType,
    Step,
)

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger

MODEL_NAME_KEYS = ("name", "title", "model", "source")


def lineage(source: "Chain | PictureRecord", ledger: "AnyLedger | None" = None) -> Graph:
    """The graph of a file's chain, or of a record and all that it was made from (needs its ledger)."""
    if isinstance(source, Chain):
        return _from_chain(source)
    return _from_ledger(source, ledger)


def history_of_record(ledger: "AnyLedger", record: PictureRecord) -> History:
    """The history of a recorded picture, by its ledger, with the names as they hold today."""
    graph = lineage(record, ledger)
    return history_of(graph, classify(graph))


def disputes_behind(ledger: "AnyLedger", record: PictureRecord) -> list[str]:
    """Which records in the history of a recorded picture are disputed, as sentences, its own first."""
    nodes = lineage(record, ledger).nodes
    return open_disputes(
        register_of(ledger).disputes.values(), [each.picture for each in reversed(nodes) if each.picture]
    )


def history_of_chain(chain: Chain, ledger: "AnyLedger | None") -> History:
    """The history that a file's credentials tell, with the names that hold today of the steps that are ours."""
    graph = with_names_today(lineage(chain), ledger)
    return history_of(graph, classify(graph))


def _from_chain(chain: Chain) -> Graph:
    if not chain.steps:
        return Graph((), altered=chain.verdict is Verdict.ALTERED)
    masks = frozenset[str]().union(*(step.masks for step in chain.steps))
    nodes = [_observed(step, masks) for step in chain.steps]
    edges = (
        Edge(parent, step.id, relation, relation is Relation.INPUT and parent in step.masks)
        for step in chain.steps
        for parent, relation in step.parents
    )
    unread = (
        any(each.code == OTHERS_INSIDE for each in chain.reasons) and chain.verdict is Verdict.NOT_CHECKED
    )
    return replace(_arranged(nodes, edges), altered=chain.verdict is Verdict.ALTERED, unread=unread)


def _observed(step: ChainStep, masks: frozenset[str]) -> Node:
    code = source_code(step.source_type)
    unsigned = step.verdict is Verdict.NO_CREDENTIALS and step.maker is Maker.UNKNOWN
    again = step.update or (Action.METADATA.value in step.actions and _AGAIN.issuperset(step.actions))
    says_opened = Action.OPENED.value in step.actions or code in EDITS
    return Node(
        id=step.id,
        label=_unsigned_label(step, masks)
        if unsigned
        else AGAIN
        if again
        else _mixed_label(step) or _label(step.maker, code, step.people),
        maker=step.maker,
        evidence=Evidence.OBSERVED,
        source_type=code,
        vouched=step.verdict is Verdict.INTACT_KNOWN,
        open_ended=says_opened and not any(relation is Relation.PARENT for _, relation in step.parents),
        verdict=step.verdict,
        reasons=step.reasons,
        signer=step.signer,
        people=step.people,
        models=tuple(dict.fromkeys(_models(step))),
        software=step.software,
        prompt=step.prompt,
        when=step.when,
        title=step.title,
        picture=(step.ref.picture or None) if step.ref is not None else None,
        said=step,
        shares=step.shares or frozenset({step.maker}),
        edited_by_hand=step.maker in BY_AI and step.edited_by_hand,
        both=step.both,
        held_against=tuple(held_against(step.run)),
    )


def _unsigned_label(step: ChainStep, masks: frozenset[str]) -> str:
    return MASK if step.id in masks else "Unsigned picture"


def _models(step: ChainStep) -> Iterator[str]:
    """The models that went in, and those that a disclosure or a maker's own assertion names."""
    yield from filter(None, (_model_name(model) for model in step.models))
    yield from filter(None, (word.model for word in step.ai))


def _model_name(model: Mapping[str, Json]) -> str:
    """The name of a model as its manifest gives it, whichever key holds it."""
    return next((value for key in MODEL_NAME_KEYS if isinstance(value := model.get(key), str) and value), "")


def _from_ledger(record: PictureRecord, ledger: "AnyLedger | None") -> Graph:
    records = {record.picture: record}
    told = {record.picture: _recorded(record, ledger)}
    edges: list[Edge] = []
    strangers: dict[str, list[Node]] = {}
    waiting = [record]
    while waiting:
        current = waiting.pop()
        for given in current.statement.inputs:
            found = None if ledger is None else record_of(ledger, given)
            original = given.role is InputRole.ORIGINAL
            if original and (found is None or found.picture == current.picture):
                continue  # a recorded original is the picture itself, not something that it was made from
            if found is None:
                node = _unrecorded(given)
                strangers.setdefault(current.picture, []).append(node)
            else:
                if found.picture not in records:
                    records[found.picture] = found
                    told[found.picture] = _recorded(found, ledger)
                    waiting.append(found)
                node = told[found.picture]
            relation = Relation.PARENT if original else given.relation
            edges.append(Edge(node.id, current.picture, relation, given.role is InputRole.MASK))
    nodes: dict[str, Node] = {}
    for each in sorted(records.values(), key=lambda known: known.requested):
        for node in (*strangers.get(each.picture, ()), told[each.picture]):
            nodes.setdefault(node.id, node)
    # The picture that was asked about comes last, whatever else was recorded after it.
    nodes[record.picture] = nodes.pop(record.picture)
    return _arranged(list(nodes.values()), edges)


def _recorded(record: PictureRecord, ledger: "AnyLedger | None") -> Node:
    statement = record.statement
    people = people_today(record, ledger)
    maker = statement.source_type.maker
    again = any(each.role is InputRole.ORIGINAL and each.picture for each in statement.inputs)
    return Node(
        id=record.picture,
        label=AGAIN if again else _label(maker, statement.source_type.value, people),
        maker=maker,
        evidence=Evidence.RECORDED,
        source_type=statement.source_type.value,
        vouched=record.state is State.RELEASED,
        open_ended=statement.step is Step.RETOUCH and statement.parent is None,
        people=people,
        models=tuple(each.public.name for each in statement.models),
        software=f"{statement.software.name} {statement.software.version}".strip(),
        prompt=statement.prompt.text if statement.prompt else None,
        when=record.at,
        picture=record.picture,
        note="" if record.state is State.RELEASED else record.state.value,
        shares=frozenset({maker}),
        held_against=tuple(record.held_against),
    )


def people_today(record: PictureRecord, ledger: "AnyLedger | None") -> tuple[Named, ...]:
    """The people of a recorded picture as the credits hold today; by the other name where its file shows another."""
    if ledger is None:
        said = record.statement.credits
        return tuple(Named(credit.shown or credit.name, credit.role.value) for credit in said)
    return tuple(Named(each.person.shown(), each.role.value) for each in register_of(ledger).credits(record))


def with_names_today(graph: Graph, ledger: "AnyLedger | None", recorded: Graph | None = None) -> Graph:
    """A file's graph with the names that hold today, for those steps that this very ledger recorded.

    `recorded` is the graph of the ledger's own record of it, where that was made before: it has the names.
    """
    if ledger is None:
        return graph
    known = {} if recorded is None else {node.picture: node.people for node in recorded.nodes}
    nodes = tuple(_named_today(node, ledger, known) for node in graph.nodes)
    return graph if all(map(is_, nodes, graph.nodes)) else replace(graph, nodes=nodes)


def _named_today(node: Node, ledger: "AnyLedger", known: Mapping[str | None, tuple[Named, ...]]) -> Node:
    record = record_of_step(node.said, ledger) if node.said is not None else None
    if record is None:
        return node
    people = known[record.picture] if record.picture in known else people_today(record, ledger)
    return node if people == node.people else replace(node, people=people)


def record_of_step(step: ChainStep, ledger: "AnyLedger") -> PictureRecord | None:
    """The ledger's record of a step, where the step names it and the ledger names the step's manifest."""
    record = record_named(step.ref, ledger)
    return record if record is not None and record.manifest == step.id else None


def records_behind(recorded: Graph, chain: Chain, ledger: "AnyLedger") -> list[str]:
    """A ledger's pictures in the history of one, newest first: by its record there and by the file's own steps."""
    by_record = [each.picture for each in reversed(recorded.nodes) if each.picture]
    by_file = filter(None, (record_of_step(step, ledger) for step in reversed(chain.steps)))
    return list(dict.fromkeys([*by_record, *(each.picture for each in by_file)]))


def record_named(ref: RecordRef | None, ledger: "AnyLedger") -> PictureRecord | None:
    """The record that a manifest names, where it is one of this ledger."""
    if ref is None or ref.ledger != ledger.id:
        return None
    try:
        return ledger.picture(ref.picture)
    except NotRecorded:
        return None


def _unrecorded(given: Input) -> Node:
    """An input that the ledger knows by its bytes alone."""
    return Node(
        id=str(given.resource.digest),
        label=f"{given.role.value.capitalize()} picture",
        maker=Maker.UNKNOWN,
        evidence=Evidence.RECORDED,
        note="no record of how it was made",
    )


def _arranged(nodes: list[Node], edges: Iterable[Edge]) -> Graph:
    """Parents before children, otherwise in the order given; edges that would close a circle are left out."""
    by_id = {node.id: node for node in nodes}
    links = [edge for edge in dict.fromkeys(edges) if edge.parent in by_id and edge.child in by_id]
    needs: dict[str, list[str]] = {name: [] for name in by_id}
    for link in links:
        needs[link.child].append(link.parent)
    order: dict[str, int] = {}
    entered: set[str] = set()
    # Depth first, without recursion: a hostile file nests as deep as it likes.
    for start in by_id:
        path = [start]
        while path:
            name = path[-1]
            entered.add(name)
            above = next((each for each in needs[name] if each not in entered), None)
            if above is not None:
                path.append(above)
            else:
                order.setdefault(path.pop(), len(order))
    return Graph(
        tuple(_numbered([by_id[name] for name in order])),
        tuple(link for link in links if order[link.parent] < order[link.child]),
    )


def _numbered(nodes: list[Node]) -> Iterator[Node]:
    """Labels told apart: "AI pass 1", "AI pass 2"; a label that stands alone keeps no number."""
    total = Counter(node.label for node in nodes)
    seen: Counter[str] = Counter()
    for node in nodes:
        seen[node.label] += 1
        yield replace(node, label=f"{node.label} {seen[node.label]}") if total[node.label] > 1 else node


_AGAIN = frozenset({Action.OPENED.value, Action.METADATA.value})


def _mixed_label(step: ChainStep) -> str:
    """The word for a step in which AI and a hand or a camera had a share, by one manifest; "" for any other."""
    if step.both:
        return "Step that says both"
    if step.maker not in BY_AI or not step.shares & BY_HAND:
        return ""
    if Maker.CAMERA in step.shares:
        return "Photograph with AI parts"
    return "AI picture, edited by hand" if step.edited_by_hand else "Drawing with AI parts"


def _label(maker: Maker, code: str | None, people: tuple[Named, ...]) -> str:
    """The word for a step that a painter would use."""
    if maker is Maker.HUMAN:
        if code in EDITS:
            return "Hand revision"
        if code == SourceType.PRINT.value:
            return "Scanned drawing"
        return "Layout" if any(each.role.lower() == "layout" for each in people) else "Drawing"
    if code == SourceType.ALGORITHMIC_MEDIA.value:
        return "Drawn by a program"
    if code == SourceType.DIGITAL_ART.value:
        return "Digital art"
    return {
        Maker.AI: "AI picture",
        Maker.AI_ASSISTED: "AI pass",
        Maker.CAMERA: "Photograph",
        Maker.SOFTWARE: "Processing",
    }.get(maker, "Unstated step")
