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


def test_the_first_screen_says_the_two_commands():
    top = README.split("---", 2)[2][:1200]
    assert "make run" in top
    assert "make test" in top
