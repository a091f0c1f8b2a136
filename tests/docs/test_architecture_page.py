"""docs/architecture.md draws the house as it is, and as import-linter holds it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def drawn() -> list[set[str]]:
    """The rooms of each floor, from the top."""
    floors: dict[int, set[str]] = {}
    for floor, room in re.findall(r"^\| (\d+) \| `([\w/]+)` \|", PAGE, re.MULTILINE):
        floors.setdefault(int(floor), set()).add(room.strip("/"))
    return [floors[number] for number in sorted(floors, reverse=True)]


def test_the_floors_on_the_page_are_those_that_are_held():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (house,) = (each for each in contracts if each.get("containers") == ["provenance"])
    assert house["exhaustive"]
    assert drawn() == [set(re.split(r" [|:] ", layer)) for layer in house["layers"]]


def test_each_room_of_the_house_is_on_the_page():
    rooms = {path.parent.name for path in (ROOT / "provenance").glob("*/__init__.py")}
    files = {path.stem for path in (ROOT / "provenance").glob("*.py")} - {"__init__", "__main__"}
    assert set().union(*drawn()) == rooms | files


def test_the_page_says_where_a_source_of_evidence_goes():
    (place,) = re.findall(r"^\| a source of evidence .*\| a file in `([\w/]+)` \|$", PAGE, re.MULTILINE)
    assert (ROOT / place).is_dir()
