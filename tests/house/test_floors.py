"""The plan of the house: few loose files, rooms on floors, no circle, and a graph of imports that stays shallow.

import-linter holds which room may import which (pyproject.toml). Here it is measured how deep the whole is, with every
import counted, those for types alone and those inside functions too.
"""

from collections.abc import Callable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
LOOSE_FILES = {"provenance": 4, "generation": 9}
ROOMS_DEEP = 10
MODULES_DEEP = 12  # only ever lowered: every step less is a file that can be read without the ones above it

Edges = Mapping[str, set[str]]


@pytest.fixture(scope="module")
def modules() -> Edges:
    """What each module imports of our own."""
    graph = grimp.build_graph("provenance", "generation", exclude_type_checking_imports=False, cache_dir=None)
    return {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}


def room_of(module: str) -> str:
    """`provenance.people` of `provenance.people.person`."""
    return ".".join(module.split(".")[:2])


def joined(edges: Edges, name: Callable[[str], str]) -> Edges:
    found: dict[str, set[str]] = {name(each): set() for each in edges}
    for each, below in edges.items():
        found[name(each)] |= {name(other) for other in below} - {name(each)}
    return found


def longest(edges: Edges) -> list[str]:
    """The longest way down from import to import."""

    @cache
    def down(each: str) -> tuple[str, ...]:
        ways = [down(below) for below in sorted(edges[each])]
        return (each, *max(ways, key=len, default=()))

    return list(max((down(each) for each in edges), key=len))


def circle(edges: Edges) -> list[str]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize(("package", "most"), LOOSE_FILES.items())
def test_few_files_lie_outside_the_rooms(package, most):
    loose = sorted(path.name for path in (ROOT / package).glob("*.py"))
    assert len(loose) <= most, loose


def test_no_module_imports_itself_in_a_circle(modules):
    assert circle(modules) == []


def test_no_room_imports_itself_in_a_circle_and_the_house_has_few_floors(modules):
    rooms = joined(
        {each: below for each, below in modules.items() if each.startswith("provenance.")}, room_of
    )
    assert circle(rooms) == []
    way = longest(rooms)
    assert len(way) <= ROOMS_DEEP, " > ".join(way)


def test_the_longest_chain_of_imports_is_bounded(modules):
    way = longest(modules)
    assert len(way) <= MODULES_DEEP, " > ".join(way)


def test_a_circle_and_a_chain_are_seen_when_they_are_there():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert longest({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == ["a", "b", "c"]
    assert joined({"p.one.x": {"p.two.y"}, "p.two.y": set()}, room_of) == {"p.one": {"p.two"}, "p.two": set()}
