"""The rules of docs/architecture.md: who may import what, how long a file is, what is loaded at start."""

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
    "torch": [
        "generation/call.py",
        "generation/chunks.py",
        "generation/converted.py",
        "generation/engine",
        "generation/networks.py",
        "generation/shortcuts.py",
        "generation/tuning.py",
        "generation/house/",
    ],
    "openvino": ["generation/converted.py"],
    "diffusers": [
        "generation/converted.py",
        "generation/networks.py",
        "generation/schedulers.py",
        "generation/engine",
        "generation/families",
        "generation/pipelines",
        "generation/quiet",
        "generation/house/",
    ],
    "transformers": [
        "generation/engine_depth.py",
        "generation/reader.py",
        "generation/quiet",
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
SEAM = [
    "generation/request.py",
    "generation/ready.py",
    "generation/studio.py",
    "generation/any_studio.py",
    "generation/how.py",
    "generation/replay.py",
    "generation/alike.py",
    "generation/like.py",
    "generation/policy.py",
    "generation/batch/table.py",
    "generation/batch/row.py",
    "generation/batch/before.py",
    "generation/batch/outcome.py",
    "generation/batch/painting.py",
    "generation/batch/paper.py",
    "generation/batch/rehearsal.py",
    "generation/batch/run.py",
    "generation/film.py",
    "generation/brush.py",
    "generation/cli.py",
    "generation/commands/",
    "generation/app.py",
    "generation/tabs/",
]
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
    if where.startswith("generation/") and not any(where.startswith(each) for each in SEAM):
        records = {name for name in imports(path) if name.split(".")[0] == "provenance"}
        assert records <= {"provenance.errors"}  # why the system refused something


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
        "generation/engine.py",
        "generation/hub.py",
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
