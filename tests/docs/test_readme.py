"""The README is true: its commands run, in its order, as they stand there; its links lead somewhere."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import draw_house
from PIL import Image

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Every `genzu …` line of a code block; what stands after three spaces is a remark."""
    blocks = re.findall(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [re.split(r"\s{3,}(?=[a-z])", line)[0].strip() for line in lines if line.startswith("genzu ")]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_commands_run_in_the_order_in_which_they_stand(tmp_path):
    draw_house((256, 192)).save(tmp_path / "layout.png")
    env = {**os.environ, "GENZU_HOME": str(tmp_path / "home")}
    told = commands()
    assert len(told) >= 9
    for line in told:
        words = shlex.split(line)
        if "retouch" in line:  # somebody paints over the pass
            Image.open(tmp_path / "pass-1.png").convert("RGB").transpose(
                Image.Transpose.FLIP_LEFT_RIGHT
            ).save(tmp_path / "revised.png")
        if "audit" in line:
            (tmp_path / "delivery").mkdir()
            (tmp_path / "final.png").rename(tmp_path / "delivery" / "final.png")
        if " ID" in line:
            said = subprocess.run(
                [sys.executable, "-m", "generation", "log", "--json"],
                capture_output=True, text=True, env=env, cwd=tmp_path, check=True,
            )  # fmt: skip
            found = re.search(r"pic-[a-z2-7]{20}", json.dumps(json.loads(said.stdout)))
            words = shlex.split(line.replace(" ID", f" {found[0]}"))
        done = subprocess.run(
            [sys.executable, "-m", "generation", *words[1:]],
            capture_output=True, text=True, env=env, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert (tmp_path / "audit.html").is_file()


def test_the_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def in_blocks(text: str) -> list[str]:
    """Every line of a code block, without the remark behind it."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [re.split(r"\s{3,}(?=[^-\s])", line.strip())[0] for block in blocks for line in block.splitlines()]


def test_the_japanese_readme_has_the_same_commands_figures_and_chapters():
    japanese = (ROOT / "README.ja.md").read_text(encoding="utf-8")
    english = README.split("---", 2)[2]
    assert len(in_blocks(english)) >= 20 and in_blocks(japanese) == in_blocks(english)
    for figures in (r"\d+\.\d+", r"\]\((docs/images/[^)]+)\)"):
        found = [sorted(set(re.findall(figures, text, re.MULTILINE))) for text in (japanese, english)]
        assert found[0] == found[1], figures
    assert japanese.count("\n## ") == english.count("\n## ")


def test_what_it_costs_is_what_the_page_of_figures_says():
    said = README.split("## What it costs")[1].split("## ")[0]
    figures = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    sheet, start = (figures.split(f"(`bench {name}`)")[1].split("\n## ")[0] for name in ("sheet", "start"))
    ours, bare, first = re.findall(r"(\d+\.\d+) s\b", said)
    assert f"| {bare}, " in sheet and f", {ours} |" in sheet and f" and {first} s |" in start


def test_the_first_screen_says_the_two_commands():
    top = README.split("---", 2)[2][:1200]
    assert "make run" in top
    assert "make test" in top
