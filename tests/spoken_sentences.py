"""The sentences that a file of the program says, out of its source; a gap in the place of what differs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

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
