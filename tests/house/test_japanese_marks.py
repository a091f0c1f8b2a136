"""Marks in Japanese sentences are as wide as its letters: in the tables, in the code, in the Japanese pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from japanese_marks import half_width

from provenance.statement.translation import rows_of

ROOT = Path(__file__).parents[2]
TABLES = sorted(ROOT.glob("provenance/**/*.po"))
PAGES = [ROOT / "README.ja.md", *sorted((ROOT / "docs/ja").glob("*.md"))]
NO_SENTENCES = {
    "provenance/statement/cut.py",  # patterns, and lists of letters
    "provenance/audit/place.py",
    "provenance/media/generators/generator_xmp.py",
    "provenance/statement/names.py",
}


def constants(path: Path) -> Iterator[str]:
    """The texts in a file's code, docstrings left out; of one that is put together, its parts with {} between."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def test_what_is_half_width_is_seen():
    for wrong in (
        "作画(氏名なし)",
        "署名: {}",
        "{}件: {}",
        "例:森",
        "はい, いいえ",
        "何ですか?",
        "SB 942: 提供者",
        "です. 次",
    ):
        assert half_width(wrong), wrong
    for right in (
        "署名：{}（氏名なし）",
        "IPTC: {}",
        "「役割：名前」は 'layout: 森' と書く",
        "layout: Mori",
        "12:30 に",
        "絵.png に",
    ):
        assert not half_width(right), right


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_no_row_of_a_table_has_half_width_marks(path):
    assert [each for words in rows_of(path).values() for each in half_width(words)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_japanese_page_has_half_width_marks(path):
    assert half_width(path.read_text(encoding="utf-8")) == []


def test_no_sentence_in_the_code_has_half_width_marks():
    found = {}
    for package in ("provenance", "generation"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if name not in NO_SENTENCES:
                found[name] = [each for text in constants(path) for each in half_width(text)]
    assert {name: each for name, each in found.items() if each} == {}
