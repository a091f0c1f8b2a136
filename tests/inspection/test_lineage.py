"""A chain and a ledger's record become the same graph; hostile shapes end."""

from reading_samples import DRAWN, LOOKED_AT, OVER, PARENT, chain, film, hostile, step

from provenance.credentials.read.chain import Chain, Verdict
from provenance.inspection.basis import Evidence
from provenance.inspection.lineage import lineage
from provenance.statement.vocabulary import Maker, Relation, SourceType


def test_each_step_has_a_painters_word_and_the_passes_are_numbered():
    graph = lineage(film())
    assert [node.label for node in graph.nodes] == ["Layout", "AI pass 1", "AI pass 2", "Hand revision"]
    assert [(edge.parent, edge.child) for edge in graph.edges] == [
        ("layout", "pass-1"), ("pass-1", "pass-2"), ("pass-2", "final"),
    ]  # fmt: skip
    assert {node.evidence for node in graph.nodes} == {Evidence.OBSERVED}


def test_a_picture_that_a_program_drew_by_rule_says_so():
    (node,) = lineage(chain(step("a", SourceType.ALGORITHMIC_MEDIA))).nodes
    assert (node.label, node.maker) == ("Drawn by a program", Maker.SOFTWARE)


def test_a_step_that_changed_more_than_words_is_not_called_signed_again():
    opened, words = "c2pa.opened", "c2pa.edited.metadata"
    for actions, label in (
        ((opened, words), "Signed again"),
        ((opened, words, "c2pa.cropped"), "Unstated step"),
    ):
        assert lineage(chain(step("a", None, actions=actions))).nodes[0].label == label


def test_an_unsigned_ingredient_is_a_node_that_states_nothing():
    first = lineage(chain(step("a", signer=None), step("b", OVER, [("a", PARENT)]))).nodes[0]
    assert (first.label, first.maker, first.vouched) == ("Unsigned picture", Maker.UNKNOWN, False)


def test_parents_come_before_children_whatever_the_order_of_the_file():
    graph = lineage(Chain(Verdict.INTACT_KNOWN, (), tuple(reversed(film().steps))))
    assert [node.id for node in graph.nodes] == ["layout", "pass-1", "pass-2", "final"]


def test_a_circle_ends_and_loses_the_edge_that_closes_it():
    graph = lineage(
        chain(
            step("a", DRAWN, [("b", PARENT)]),
            step("b", OVER, [("a", PARENT)]),
            step("c", OVER, [("c", PARENT)]),
        )
    )
    place = {node.id: index for index, node in enumerate(graph.nodes)}
    assert len(place) == 3
    assert all(place[edge.parent] < place[edge.child] for edge in graph.edges)


def test_an_edge_to_nowhere_and_a_repeated_one_are_left_out():
    graph = lineage(
        chain(step("a", DRAWN), step("b", OVER, [("gone", PARENT), ("a", PARENT), ("a", PARENT)]))
    )
    assert [(edge.parent, edge.relation) for edge in graph.edges] == [("a", Relation.PARENT)]


def test_two_thousand_nested_and_two_thousand_side_by_side_end_quickly():
    deep = [step(f"d{n}", OVER, [(f"d{n - 1}", PARENT)] if n else []) for n in range(2000)]
    assert len(lineage(chain(*deep)).nodes) == 2000
    wide = [step(f"w{n}", DRAWN) for n in range(2000)]
    top = step("top", OVER, [(each.id, LOOKED_AT) for each in wide])
    assert len(lineage(chain(*wide, top)).edges) == 2000


def test_a_model_is_named_whichever_key_holds_its_name():
    node = lineage(
        chain(step("a", OVER, models=({"title": "m1"}, {"name": "m2", "title": "no"}, {"name": 3}, {})))
    ).nodes[0]
    assert node.models == ("m1", "m2")


def test_wrong_types_in_a_record_assertion_are_no_picture():
    assert lineage(hostile()).nodes[0].picture is None
