"""What reads a record needs no lock: it works where the system has none, as on Windows; what writes says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from film_chain import Film

from provenance.release.opening import open_archive
from provenance.settings import Settings

ROOT = Path(__file__).parents[2]
WITH = [sys.executable, "-m", "generation"]
# A Python in which what only Linux and macOS have is not there. None in sys.modules makes an import fail.
WITHOUT = """
import os, runpy, subprocess, sys
for name in ("fcntl", "grp", "pwd", "resource"):
    sys.modules[name] = None
for name in ("O_DIRECTORY", "posix_fadvise"):
    delattr(os, name)
runpy.run_module("generation", run_name="__main__", alter_sys=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a film in it, another studio's ledger beside it, a delivered file and a receipt."""
    folder = tmp_path_factory.mktemp("made")
    theirs = folder / "theirs"
    theirs.mkdir()
    with open_archive(Settings(home=theirs / "home")) as archive:
        Film(archive, theirs).layout("layout: Suzuki Ren")
        archive.ledger.export(folder / "theirs.jsonl", names=True)
    with open_archive(Settings(home=folder / "home")) as archive:
        done = Film(archive, folder).chain()
        (folder / "delivery").mkdir()
        (folder / "delivery" / "cut.png").write_bytes(done[-1].path.read_bytes())
        (folder / "receipt").write_text(str(archive.ledger.receipt(done[0].record.requested)))
        archive.ledger.export(folder / "own.jsonl")
    done = started(WITH, folder, "ledger", "import", "theirs.jsonl")
    assert done.returncode == 0, done.stderr
    return folder


def genzu(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return started([sys.executable, "-c", WITHOUT], folder, *words)


def started(program: list[str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*program, "--home", str(folder / "home"), *words]
    ours = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=ours, check=False)


READING = [
    ("--help",),
    ("--version",),
    ("inspect", "delivery/cut.png"),
    ("audit", "delivery"),
    ("credits", "delivery/cut.png"),
    ("credits", "Sato Hana"),
    ("credits", "Suzuki Ren"),
    ("receipt", "verify", "receipt"),
    ("receipt", "compare", "receipt"),
    ("people", "list"),
    ("log",),
    ("show", "0"),
    ("ledger", "verify", "--rebuild", "--files"),
    ("ledger", "find", "delivery/cut.png"),
    ("ledger", "key"),
    ("roll", "--production", "The Dog & The Boy"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_reads_works_without_locks(made: Path, words: tuple[str, ...]):
    done = genzu(made, *words)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout.strip()


def test_the_answers_are_the_same_without_locks(made: Path):
    words = ("credits", "Sato Hana", "--json")
    told = json.loads(genzu(made, *words).stdout)
    assert told == json.loads(started(WITH, made, *words).stdout)
    assert told["people"]


@pytest.mark.parametrize(
    "words",
    [
        ("record", "delivery/cut.png", "--by", "layout: A B", "--source", "print", "-o", "out.png"),
        ("init",),
        ("people", "add", "Somebody New"),
        ("ledger", "checkpoint"),
        ("ledger", "import", "own.jsonl"),
    ],
    ids=lambda words: words[0],
)
def test_what_writes_says_in_a_sentence_what_it_lacks_and_leaves_nothing(made: Path, words: tuple[str, ...]):
    before = sorted(each.name for each in made.iterdir())
    done = genzu(made, *words)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    if words[1:2] != ("import",):
        assert "no file locks" in done.stderr
    assert sorted(each.name for each in made.iterdir()) == before


def test_a_first_start_without_locks_says_so(tmp_path: Path):
    done = genzu(tmp_path, "init")
    assert done.returncode == 2
    assert "no file locks" in done.stderr
    assert not (tmp_path / "home").exists()
