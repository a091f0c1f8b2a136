"""docs/reading.md says of every sentence what it rests on: the sentences are taken from the program's own source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance.credentials.read import verdicts

ROOT = Path(__file__).parents[2]
PAGE = re.sub(r"\s+", " ", (ROOT / "docs/reading.md").read_text(encoding="utf-8"))
SPOKEN = [
    *sorted((ROOT / "provenance/inspection/evidence").glob("*.py")),
    ROOT / "provenance/inspection/classification.py",
    ROOT / "provenance/credentials/read/verdicts.py",
]
GAP = "…"
# No words of ours: codes, the pattern of an address in a manifest, how an error of the library begins.
PARTS = re.compile(r"^[\w.]+$|^self#|^Other: ")


def sentences(path: Path) -> Iterator[str]:
    """Each text of a file that is a sentence or a clause, a gap in the place of what differs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(each) for each in ast.walk(node)} - {id(node)}
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            inner |= {id(each) for each in ast.walk(node.body[0])}
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [each.value if isinstance(each, ast.Constant) else GAP for each in node.values]
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def fixed_parts(sentence: str) -> list[str]:
    """What of a sentence is the same each time, in pieces of three words at least."""
    pieces = re.split(r"…|[:;,.()] ?(?=…)|\s(?=…)", re.sub(r"\s+", " ", sentence))
    return [piece.strip(" .,:;()") for piece in pieces if len(re.findall(r"[A-Za-z']{2,}", piece)) >= 3]


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.name)
def test_each_sentence_of_an_inspection_stands_on_the_page(path):
    said = [each for each in sentences(path) if not PARTS.match(each)]
    missing = [piece for each in said for piece in fixed_parts(each) if piece not in PAGE]
    assert missing == []


def test_each_reason_stands_beside_its_code():
    for code, words in (verdicts._ALTERED | verdicts._UNKNOWN_SIGNER).items():
        assert re.search(rf"\| [^|]*{re.escape(words)}[^|]*\| [^|]*`{re.escape(code)}`", PAGE), code


def test_a_sentence_that_is_not_there_is_missed():
    assert fixed_parts(f"It was drawn by a cat of {GAP}.") == ["It was drawn by a cat of"]
    assert "It was drawn by a cat of" not in PAGE
