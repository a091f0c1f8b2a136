"""The rules of docs/architecture.md: who may import which library, how long a file is, what is loaded at start.

Which of our own rooms may import which stands in pyproject.toml, for import-linter.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted(path for package in ("provenance", "generation") for path in (ROOT / package).rglob("*.py")),
    ROOT / "app.py",
]

# Package -> the places that may import it.
ONLY_IN = {
    "torch": ["generation/engine/", "generation/house/"],
    "openvino": ["generation/engine/converted.py"],
    "diffusers": ["generation/engine/", "generation/model/", "generation/quiet.py", "generation/house/"],
    "transformers": [
        "generation/engine/engine_depth.py",
        "generation/words/reader.py",
        "generation/quiet.py",
        "generation/house/",
    ],
    "gradio": ["generation/app.py", "generation/tabs/", "provenance/tabs/"],
    "c2pa": ["provenance/credentials/"],
    "sqlite3": [
        "provenance/ledger/",
        "provenance/audit/kept.py",
        "provenance/lookup/index_file.py",
        "provenance/lookup/rows_file.py",
    ],
    "cv2": ["provenance/lookup/", "generation/house/"],
    "sqlite_utils": ["provenance/ledger/"],
    "msgspec": ["provenance/ledger/", "provenance/audit/kept.py", "provenance/statement/json_value.py"],
    "ray": ["generation/batch/cluster.py", "provenance/audit/nodes.py"],
}
FILE_LINES, FUNCTION_LINES = 400, 45
BANNED_NAMES = re.compile(r"(^|_)(utils?|common|base|helpers?|manager|service|misc)(_|$)")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=place)
def test_a_file_imports_only_what_its_place_allows(path):
    where, found = place(path), {name.split(".")[0] for name in imports(path)}
    for package, allowed in ONLY_IN.items():
        if package in found:
            assert any(where.startswith(each) for each in allowed), f"{where} imports {package}"
    assert "app" not in found
    if where.startswith("provenance/"):
        assert "generation" not in found


@pytest.mark.parametrize("path", FILES, ids=place)
def test_a_file_is_one_noun_that_opens_by_saying_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= FILE_LINES, f"{lines} lines"
    assert not BANNED_NAMES.search(path.stem)
    if tree.body:
        assert ast.get_docstring(tree), "no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            signature = node.body[0].lineno - node.lineno  # a request has as many fields as a request has
            assert node.end_lineno - node.lineno - signature < FUNCTION_LINES, f"{node.name} is too long"


def test_environment_variables_are_read_in_one_place():
    readers = {
        place(path)
        for path in FILES
        if re.search(r"os\.environ|os\.getenv|getenv\(", path.read_text(encoding="utf-8"))
    }
    assert readers <= {
        "provenance/settings.py",
        "generation/__init__.py",
        "generation/engine/engine.py",
        "generation/files/hub.py",
    }


def test_why_the_system_refused_is_worded_in_one_place():
    speaking = [path.relative_to(ROOT).as_posix() for path in FILES if ".strerror" in path.read_text()]
    assert speaking == ["provenance/errors.py"]


def test_no_command_imports_torch_diffusers_or_gradio_before_it_runs():
    script = (
        "import sys; from generation.cli import genzu; [genzu.commands[word] for word in genzu.commands]; "
        "print(sorted({'torch','diffusers','gradio','transformers','ray'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
