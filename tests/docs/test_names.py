"""What docs, docstrings and comments name is there: paths, modules, functions, decisions, colours, error classes."""

import ast
import importlib
import inspect
import io
import os
import pkgutil
import re
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import generation
import provenance
from provenance.credentials.identity.authorities import add_roots
from provenance.release.job import Job
from provenance.release.release import record
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.statement.words import MAKERS

ROOT = Path(__file__).parents[2]
OUR_FOLDERS = ("provenance", "generation", "hooks", "deploy", "docs", "tests", "bench", "requirements")
SOURCES = sorted(
    path
    for folder in OUR_FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
PAGES = sorted(
    [*ROOT.glob("*.md"), *(path for folder in OUR_FOLDERS for path in (ROOT / folder).rglob("*.md"))]
)
# Rejected alternatives and other people's packages are named in these, so only their paths are held.
FREE_WORDS = ("docs/decisions", "generation/house/training", "CHANGELOG.md")
# Where a path in a text may start: at the root, in a package, or beside the text.
STARTS = ("", "provenance", "provenance/ledger", "generation", "docs")
# Not ours to define: a variable of the hub, a system command, how the name of a log begins, what a command writes.
ELSEWHERE = {"HF_TOKEN", "grep", "genzu", "audit.html"}

PATH = re.compile(r"(?<![\w/.<>*…-])[\w.-]*(?:/[\w.-]+)*\w\.(?:py|md|css|js|html)\b(?!\w)")
FOLDER = re.compile(r"`((?:[\w-]+/)+)`")
DOTTED = re.compile(r"(?<![\w./-])(?:provenance|generation)(?:\.[A-Za-z_]\w*)+")
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(\))?`")
DECISION = re.compile(r"\b[Dd]ecisions?[ /](\d{4})\b")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> frozenset[str]:
    """Every file of the house and every folder above one, as a text from the root."""
    top = [path for path in ROOT.iterdir() if path.is_file()]
    below = [path for folder in OUR_FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    there = {place(path) for path in [*top, *below] if "__pycache__" not in path.parts}
    return frozenset(there | {parent.as_posix() for each in there for parent in Path(each).parents})


@cache
def home_names() -> frozenset[str]:
    """What lies in a user's archive, as docs/formats.md draws it."""
    drawn = (ROOT / "docs/formats.md").read_text(encoding="utf-8").split("GENZU_HOME/\n")[1].split("```")[0]
    return frozenset(line.split()[0].strip("/") for line in drawn.splitlines() if line.strip())


@cache
def alone() -> frozenset[str]:
    """Every file's name without its folder."""
    return frozenset(each.rsplit("/", 1)[-1] for each in files())


def exists(name: str, beside: Path) -> bool:
    around = [folder for folder in (beside.parent, beside.parent.parent) if folder.is_relative_to(ROOT)]
    starts = [*STARTS, *map(place, around)]
    if any(os.path.normpath(Path(start, name)) in files() for start in starts):
        return True
    return name in alone() or name.split("/", maxsplit=1)[0] in home_names()


@cache
def prose_of(path: Path) -> str:
    """The docstrings and comments of a Python file; the whole of any other. Without addresses on the web."""
    text = path.read_text(encoding="utf-8")
    if path.name == "extending.md":  # its blocks, and the files that it makes, are what is not there yet
        text = re.sub(r"^```.*?^```|^New file .*?$|^It shows .*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    prose = "\n".join(_prose_of_code(text)) if path.suffix == ".py" else text
    return re.sub(r"https?://\S+", "", prose)


def _prose_of_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


@cache
def spoken() -> frozenset[str]:
    """Every name that our code defines or uses, and every word of its texts: what prose may call by name."""
    found: set[str] = set()
    for path in SOURCES:
        if path == Path(__file__):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node)
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if id(node) not in docstrings:
                found |= set(_names(node))
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        found |= set(re.findall(r"\w+", (ROOT / name).read_text(encoding="utf-8")))
    for path in (ROOT / "provenance").rglob("*"):
        if path.suffix in {".css", ".js", ".html", ".sql"}:
            found |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return frozenset(found)


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name
        case ast.alias(name=name):
            yield from name.split(".")
        case ast.Constant(value=str(text)):
            yield from re.findall(r"\w+", text)
        case ast.Constant(value=bytes(raw)):
            yield from re.findall(r"\w+", raw.decode("latin-1"))


def resolves(dotted: str) -> bool:
    """Whether a dotted name leads to a module, or to something in one."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found is not None
    return False


TEXTS = [*SOURCES, *PAGES, *sorted((ROOT / "provenance").rglob("*.css")), ROOT / "Makefile"]


@pytest.mark.parametrize("path", TEXTS, ids=place)
def test_each_path_that_a_text_names_exists(path):
    prose = prose_of(path)
    named = {*PATH.findall(prose), *(each.strip("/") for each in FOLDER.findall(prose))}
    assert sorted(each for each in named - ELSEWHERE if not exists(each, path)) == []


@pytest.mark.parametrize("path", TEXTS, ids=place)
def test_each_module_and_decision_that_a_text_names_exists(path):
    prose = prose_of(path)
    assert sorted(each for each in set(DOTTED.findall(prose)) if not resolves(each)) == []
    numbers = {each.name[:4] for each in (ROOT / "docs/decisions").glob("0*.md")}
    assert set(DECISION.findall(prose)) <= numbers


@pytest.mark.parametrize(
    "path", [path for path in TEXTS if not place(path).startswith(FREE_WORDS)], ids=place
)
def test_each_name_in_back_ticks_is_one_that_the_program_has(path):
    prose = prose_of(path)
    parts = {part for each in NAME.findall(prose) if each not in alone() for part in each.split(".")}
    assert sorted(parts - spoken() - ELSEWHERE) == []


def test_each_colour_of_a_style_sheet_that_is_used_is_defined():
    for path in (ROOT / "provenance").rglob("*.css"):
        sheet = path.read_text(encoding="utf-8")
        defined = set(re.findall(r"(--gz-[\w-]+)\s*:", sheet)) | {f"--gz-{maker.value}" for maker in MAKERS}
        assert set(re.findall(r"var\((--gz-[\w-]+)", sheet)) <= defined


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__") and ".training" not in found.name:
            yield importlib.import_module(found.name)


def drawn(module: ModuleType) -> list[tuple[str, str | None]]:
    """(class, the class above it) for each line of the tree in a module's docstring."""
    above: list[str] = []
    found = []
    for line in (module.__doc__ or "").splitlines():
        branch = re.match(r"    ([│ ]*(?:[├└]── )?)([A-Z]\w+)(?:\s|$)", line)
        if branch:
            depth = len(branch[1]) // 4
            above = [*above[:depth], branch[2]]
            found.append((branch[2], above[depth - 1] if depth else None))
    return found


def test_an_archive_holds_what_the_page_on_formats_draws_and_nothing_else(archive, layout, tmp_path):
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.png")
    record(archive, layout, job, source_type=SourceType.DIGITAL_CREATION)
    archive.close()
    add_roots(archive.settings, archive.settings.keys / "root.pem")
    there = {each.name for each in archive.settings.home.iterdir()}
    assert {"ledger.sqlite3", "trust", "staging-turn"} <= there
    assert [each for each in there if not any(fnmatch(each, drawn) for drawn in home_names())] == []


@pytest.mark.parametrize("package", [provenance, generation], ids=lambda each: each.__name__)
def test_the_drawn_tree_of_errors_is_exactly_the_classes(package):
    errors = importlib.import_module(f"{package.__name__}.errors")
    classes = {
        each
        for module in modules(package)
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, BaseException)
        and each.__module__.split(".")[0] == package.__name__
        and not each.__name__.startswith("_")
    }
    assert {each.__name__ for each in classes if each.__module__ != errors.__name__} == set()
    names = {each.__name__ for each in classes}
    tree = [
        (each.__name__, base.__name__ if (base := each.__bases__[0]).__name__ in names else None)
        for each in classes
    ]
    assert sorted(drawn(errors), key=str) == sorted(tree, key=str)
