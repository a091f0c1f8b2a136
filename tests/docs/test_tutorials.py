"""The tutorials and the site: each command runs as it stands, each named test is there, the site builds."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TUTORIALS = sorted([*DOCS.glob("tutorials/*.md"), *DOCS.glob("ja/*.md")])
SHOWN = {  # what the last lines of a tutorial's commands tell, in their order or not
    "first-signed-picture.md": ["Tanaka Ren", "AI-assisted", "genzu-house", "as written"],
    "hajimete.md": ["田中 蓮", "AI使用"],
    "is-this-my-work.md": ["Nadja Grün", "unknown signer", "holds: entry 0"],
    "audit-a-first-delivery.md": ["AI-assisted", "unknown"],
}


def lines_of(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with `genzu` and `python` on the PATH, as after `pip install`."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in {"genzu": "-m generation", "python": ""}.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        path.chmod(0o755)
    given = {name: value for name, value in os.environ.items() if not name.startswith("GENZU_")}
    return given | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, programs: dict[str, str]) -> Path:
    """What `genzu demo` makes: painted once for all tutorials."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(["genzu", "demo"], cwd=folder, env=programs, check=True, capture_output=True)
    return folder / "genzu-demo"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda each: each.name)
def test_every_command_of_a_tutorial_runs_as_it_stands(page, programs, demo, tmp_path):
    lines, told = lines_of(page), ""
    assert lines[0] == "genzu demo" and len(lines) >= 4
    shutil.copytree(demo, tmp_path / "genzu-demo")
    for line in lines[1:]:
        done = subprocess.run(
            ["sh", "-c", line], capture_output=True, text=True, check=False, cwd=tmp_path,
            env=programs | {"GENZU_HOME": str(tmp_path / "home")},
        )  # fmt: skip
        # An unknown signer and no credentials are answers of `inspect`, not failures.
        fine = {0, 3, 4} if "inspect" in line else {0}
        assert done.returncode in fine, (line, done.stdout, done.stderr)
        told += done.stdout
    told += "".join(path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("*.json")))
    assert [words for words in SHOWN[page.name] if words not in told] == []


def test_every_page_is_reached_from_the_first_one():
    """By links in the pages of docs/, whichever way; decisions have a list of their own."""
    seen, todo = set(), [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in seen or not page.is_file():
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        todo += [(page.parent / each).resolve() for each in links]
    first = (DOCS / "index.md").read_text(encoding="utf-8")
    assert set(DOCS.rglob("*.md")) <= seen
    assert [each.name for each in DOCS.glob("how-to/*.md") if f"how-to/{each.name}" not in first] == []


def test_each_tutorial_is_tried():
    assert {each.name for each in TUTORIALS} == set(SHOWN)


def test_each_point_of_the_limits_has_a_test_that_is_there_or_says_that_we_cannot():
    text = (DOCS / "limits.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "our answer" not in line]
    assert len(rows) > 20
    for row in rows:
        point, answer, shown = (part.strip() for part in row.strip("|").split("|"))
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", shown)
        assert named or "cannot" in answer or "can**" in answer or "Not measured" in answer, point
        for path, name in named:
            assert name in names_in(path), name


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_each_threat_names_tests_that_are_there():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| (?!threat|---)", line)]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row.rsplit("|", 2)[1])
        assert named, row
        for path, name in named:
            assert name in names_in(path), (path, name)


@pytest.mark.parametrize("page", ["README.ja.md", "docs/ja/hajimete.md"])
def test_the_japanese_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.slow
def test_the_site_builds_without_a_warning_has_its_search_and_fetches_nothing(tmp_path):
    pytest.importorskip("mkdocs", reason="the site needs genzu[docs]")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
    found = str(json.loads((tmp_path / "site" / "search" / "search_index.json").read_bytes()))
    assert "SynthID" in found and "夕焼け" in found
    front = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|woff2?)"', front)
