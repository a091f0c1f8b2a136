"""What the page says is for visitors: no option, no command and no setting stands in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABS = [ROOT / "provenance" / "tabs", ROOT / "generation" / "tabs"]
CODE = sorted(path for folder in TABS for path in folder.glob("*.py") if path.name != "remedies.py")
FRAGMENTS = sorted((ROOT / "provenance" / "tabs" / "look" / "fragments").glob("*.html"))
FOR_THE_TERMINAL = re.compile(r"(?<![\w-])--(?!gz-)[a-z]{2,}|\bgenzu [a-z]+\b|GENZU_[A-Z]+|\bpip install\b")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def said(path: Path) -> Iterator[str]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


@pytest.mark.parametrize("path", CODE, ids=place)
def test_no_text_of_a_tab_speaks_of_the_command_line(path):
    assert [text for text in said(path) if FOR_THE_TERMINAL.search(text)] == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=place)
def test_no_fragment_speaks_of_the_command_line(path):
    shown = re.sub(
        r"<style.*?</style>|\{#.*?#\}|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert FOR_THE_TERMINAL.findall(re.sub(r"var\(--[\w-]+\)", "", shown)) == []


def test_a_text_for_the_terminal_is_seen_when_there_is_one():
    for text in ('add --by "prompt: NAME"', "run genzu audit", "raise GENZU_MAX_MEGABYTES"):
        assert FOR_THE_TERMINAL.search(text)
    assert not FOR_THE_TERMINAL.search("Genzu is a record; genzu-house painted it -- twice")
