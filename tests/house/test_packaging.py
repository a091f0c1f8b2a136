"""What is installed: wheel and source hold what they need, and each way in starts or says why it does not."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from generation.extras import PACKAGES

ROOT = Path(__file__).parents[2]
PAINT = list(PACKAGES["paint"])

# Stands in the way of every import of what is not installed, as a plain `pip install genzu` leaves it.
BLOCKED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
sys.argv = ["genzu", *{words!r}]
from generation.__main__ import main
main()
"""


def without(blocked: list[str], *words: object, cwd: Path) -> "subprocess.CompletedProcess[str]":
    code = BLOCKED.format(blocked=set(blocked), words=[str(each) for each in words])
    env = os.environ | {"PYTHONPATH": str(ROOT), "GENZU_HOME": str(cwd / "home")}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, env=env, check=False
    )


# --- a plain installation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("blocked", [PAINT, ["torch"], ["diffusers", "transformers"], ["safetensors"]])
@pytest.mark.parametrize("command", ["paint", "demo", "serve"])
def test_without_the_extras_a_command_that_paints_says_in_a_sentence_what_to_install(
    tmp_path, layout, blocked, command
):
    given = {
        "paint": ["paint", layout, "--prompt", "night", "--by", "layout: Mori Aoi", "-o", "out.png"],
        "demo": ["demo"],
        "serve": ["serve", "--no-open"],
    }
    before = sorted(tmp_path.iterdir())
    done = without(blocked, *given[command], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"genzu: [^\n]+ pip install 'genzu\[paint\]'\n", done.stderr), done.stderr
    assert all(name in done.stderr for name in blocked)
    assert sorted(tmp_path.iterdir()) == before


def test_the_page_names_both_extras_where_both_are_missing(tmp_path):
    done = without([*PAINT, "gradio"], "serve", cwd=tmp_path)
    assert done.returncode == 2 and "pip install 'genzu[paint,app]'" in done.stderr
    assert "pip install 'genzu[app]'" in without(["gradio"], "serve", cwd=tmp_path).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_lora_without_its_package_is_told_before_anything_is_opened(tmp_path, layout):
    words = ["paint", layout, "--prompt", "night", "--lora", "ink.safetensors", "--by", "layout: Mori Aoi"]
    done = without(["peft"], *words, "-o", "out.png", cwd=tmp_path)
    assert done.returncode == 2 and "pip install 'genzu[lora]'" in done.stderr
    assert not (tmp_path / "home").exists()


def test_what_checks_and_records_works_without_any_extra(tmp_path, layout):
    blocked = [name for names in PACKAGES.values() for name in names]
    words = ["record", layout, "--source", "print", "--by", "layout: Mori Aoi", "-o", "signed.png"]
    assert without(blocked, *words, cwd=tmp_path).returncode == 0
    assert "Mori Aoi" in without(blocked, "inspect", "signed.png", cwd=tmp_path).stdout


def test_the_packages_of_an_extra_are_those_that_it_installs():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for extra, packages in PACKAGES.items():
        listed = said["project"]["optional-dependencies"][extra]
        names = {re.match(r"[\w-]+", each)[0].replace("-", "_") for each in listed}
        assert {{"pyopenssl": "OpenSSL"}.get(each, each) for each in names} == set(packages)


def test_a_hosted_space_installs_all_that_the_page_needs():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = said["optional-dependencies"]
    needed = {*said["dependencies"], *extras["paint"], *extras["app"], *extras["lookup"]}
    needed.discard("numpy>=1.26")  # looking up wants a newer one
    listed = {each.strip() for each in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()}
    # The hosts that lend a GPU have a torch of their own.
    assert {each for each in needed if not each.startswith("torch")} - listed == set()
    assert any(each.startswith("torch>=") for each in listed)


# --- another package named provenance ----------------------------------------------------------------------


def started(cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "generation", "--version"],
        capture_output=True, text=True, cwd=cwd, env=os.environ | env, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["provenance/__init__.py", "provenance.py", "provenance/artifacts/__init__.py"]
)
def test_another_package_named_provenance_is_told_and_not_run(tmp_path, name):
    stranger = tmp_path / name
    stranger.parent.mkdir(parents=True, exist_ok=True)
    stranger.write_text("print('run')\nraise SystemExit(77)\n")
    done = started(tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    if name.count("/") == 2:  # a mere folder of that name is no package, and hides nothing
        assert done.returncode == 0, done.stderr
        return
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"genzu: another package named provenance is in the way [^\n]+\n", done.stderr)
    assert str(tmp_path) in done.stderr


def test_ours_overwritten_by_another_is_told_without_a_trace(tmp_path):
    for package in ("generation", "provenance"):
        (tmp_path / package).mkdir()
    for name in ("generation/__init__.py", "generation/__main__.py", "generation/threads.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "provenance" / "__init__.py").write_text("from provenance.core import everything\n")
    done = started(tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2 and "another package named provenance" in done.stderr
    assert "Traceback" not in done.stderr


# --- wheel and source --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling builds the distributions")
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return target


@pytest.mark.slow
def test_the_wheel_holds_the_two_packages_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {
        "generation",
        "provenance",
    }


@pytest.mark.slow
def test_the_source_holds_every_file_of_a_checkout(built, tmp_path):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no checkout")
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {each for each in listed.stdout.split("\0") if each and (ROOT / each).is_file()} - held == set()


@pytest.mark.slow
def test_the_installed_wheel_starts_away_from_its_source(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", tmp_path]
    subprocess.run([*install, wheel], check=True, capture_output=True)
    assert not (tmp_path / "app.py").exists()
    done = started(tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0 and "genzu" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("word", ["run", "test", "lint", "bench", "demo", "docs"])
def test_make_finds_all_that_it_needs_in_the_unpacked_source(built, tmp_path, word):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    planned = subprocess.run(
        ["make", "-n", word, f"PYTHON={sys.executable}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert planned.returncode == 0, planned.stderr
    for named in re.findall(r"(?:-r |-m )((?:requirements/|bench|docs|generation)[\w./]*)", planned.stdout):
        path = folder / named if "/" in named else folder / named.replace(".", "/")
        assert path.exists() or path.with_suffix(".py").exists(), named


# --- another system ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["generation.cli", "generation.commands.paint", "generation.app"])
def test_what_paints_starts_where_there_is_no_posix_system(tmp_path, start):
    if start == "generation.app":
        pytest.importorskip("gradio", reason="the page needs genzu[app]")
    code = BLOCKED.format(blocked={"fcntl", "pwd", "grp", "resource"}, words=[]).partition("sys.argv")[0]
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport {start}"],
        capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
