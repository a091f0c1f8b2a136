"""docs/architecture.md draws both houses as they are, and as import-linter holds them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


HOUSE, TABS, PAINTING = re.split(r"^### (?:The page|Painting)$", PAGE, flags=re.MULTILINE)
DRAWINGS = {"provenance": HOUSE, "provenance.tabs": TABS, "generation": PAINTING}
HOUSES = pytest.mark.parametrize(("package", "drawing"), DRAWINGS.items(), ids=list(DRAWINGS))


def drawn(drawing: str) -> list[set[str]]:
    """The rooms of each floor, from the top."""
    floors: dict[int, set[str]] = {}
    for floor, room in re.findall(r"^\| (\d+) \| `([\w/]+)` \|", drawing, re.MULTILINE):
        floors.setdefault(int(floor), set()).add(room.strip("/"))
    return [floors[number] for number in sorted(floors, reverse=True)]


@HOUSES
def test_the_floors_on_the_page_are_those_that_are_held(package, drawing):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (house,) = (each for each in contracts if each.get("containers") == [package])
    assert house["exhaustive"]
    held = [set(re.split(r" [|:] ", layer)) for layer in house["layers"] if layer != "__main__"]
    assert drawn(drawing) == held


@HOUSES
def test_each_room_of_the_house_is_on_the_page(package, drawing):
    folder = ROOT / package.replace(".", "/")
    rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "__main__"}
    assert set().union(*drawn(drawing)) == rooms | files


def test_the_page_says_where_a_source_of_evidence_goes():
    (place,) = re.findall(r"^\| a source of evidence .*\| a file in `([\w/]+)` \|$", PAGE, re.MULTILINE)
    assert (ROOT / place).is_dir()
