"""docs/extending.md works: each recipe is followed on a copy of the program, and shows what it says it shows."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
PROGRAMS = {
    "genzu": [sys.executable, "-m", "generation"],
    "lint-imports": [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
}


# What the copy begins with; the rest was made by a first try.
KEPT = {"provenance", "generation", "pyproject.toml", "layout.png"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One step: `block` goes into `file` below, or in place of, the first line with `anchor`; "" makes the file."""

    file: str
    anchor: str
    replaces: bool
    block: str

    def do(self, copy: Path) -> None:
        path = copy / self.file
        if not self.anchor:
            assert not path.exists()
            path.write_text(self.block, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (at, *others) = [number for number, line in enumerate(lines) if self.anchor in line]
        assert not others, f"{self.anchor!r} stands in {len(others) + 1} lines of {self.file}"
        lines[at : at + 1] = [self.block] if self.replaces else [lines[at], self.block]
        path.write_text("".join(lines), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A section: its steps, the commands to try, and what the last of them shows."""

    title: str
    edits: list[Edit] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)


def recipes() -> list[Recipe]:
    return [read(*section.split("\n", 1)) for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]]


def read(title: str, text: str) -> Recipe:
    step = re.compile(
        r"^(?:New file `(?P<new>[^`]+)`|In `(?P<file>[^`]+)`, (?P<how>below|in place of) `(?P<anchor>[^`\n]+)`):\n\n"
        r"```\w+\n(?P<block>.*?)^```$",
        re.MULTILINE | re.DOTALL,
    )
    edits = [
        Edit(each["new"] or each["file"], each["anchor"] or "", each["how"] == "in place of", each["block"])
        for each in step.finditer(text)
    ]
    assert len(edits) == len(re.findall(r"^```\w+$", text, re.MULTILINE)), (
        f"a step of {title!r} is not understood"
    )
    tried = re.search(r"^Try it:\n\n```\n(.*?)^```\n\nIt shows (.*)\.$", text, re.MULTILINE | re.DOTALL)
    assert tried is not None, title
    return Recipe(title, edits, tried[1].splitlines(), re.findall(r"`([^`]+)`", tried[2]))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program and what it is checked by; the weights are linked, not copied."""
    copy = tmp_path / "copy"
    for package in ("provenance", "generation"):
        ignore = shutil.ignore_patterns("weights", "training", "__pycache__")
        shutil.copytree(ROOT / package, copy / package, ignore=ignore)
    (copy / "generation/house/weights").symlink_to(ROOT / "generation/house/weights")
    shutil.copy(ROOT / "pyproject.toml", copy)
    Image.radial_gradient("L").resize((96, 64)).convert("RGB").save(copy / "layout.png")
    return copy


def run(line: str, copy: Path) -> subprocess.CompletedProcess[str]:
    """A line of a block; it may begin with a variable."""
    words = shlex.split(line)
    named = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    program, *rest = words[len(named) :]
    return subprocess.run(
        [*PROGRAMS.get(program, [program]), *rest],
        capture_output=True, text=True, check=False, cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "GENZU_HOME": str(copy / "home"), **named},
    )  # fmt: skip


def tried(recipe: Recipe, copy: Path) -> tuple[list[int], str]:
    """The exit codes of the recipe's commands, and what the last of them printed."""
    done = [run(line, copy) for line in recipe.commands]
    return [each.returncode for each in done], done[-1].stdout + done[-1].stderr


@pytest.mark.slow
@pytest.mark.parametrize("recipe", recipes(), ids=lambda each: each.title)
def test_a_recipe_does_what_it_says_and_nothing_else_does(recipe, copy):
    _, before = tried(recipe, copy)
    assert [words for words in recipe.shows if words not in before], "it is shown without the recipe, too"
    made = {*copy.iterdir()} - {copy / name for name in KEPT}
    for each in made:
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    assert recipe.edits
    for edit in recipe.edits:
        edit.do(copy)
    codes, shown = tried(recipe, copy)
    assert set(codes) <= {0, 3}, shown  # 3: no credentials in the file
    assert [words for words in recipe.shows if words not in shown] == [], shown
    floors = run("lint-imports", copy)
    assert floors.returncode == 0, floors.stdout


def test_there_is_a_recipe_for_each_common_addition():
    titles = [recipe.title for recipe in recipes()]
    assert titles == [
        "A role",
        "A source of evidence",
        "An output format",
        "A model family",
        "A setting",
        "A column of the audit report",
        "A command",
    ]
